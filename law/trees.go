// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Trees are YAML files as they parse, kept so that a program that carries a catalogue need not parse it at every
// start. A tree stands for a file only where the file's bytes are those that it was made of, so trees that are
// out of date cost time and nothing else. They come with the program, never with the catalogue that is read: a
// stranger's trees could say something else than his files.
//
//	writ trees v1\n, then deflated for each file: name, SHA-256 of its bytes, tree; names and trees with their length before them
type Trees struct{ files map[string]tree }

type tree struct{ sum, nodes string }

const treesMark = "writ trees v1\n"

// EncodeTrees parses the files of a catalogue that Load reads, and writes their trees.
func EncodeTrees(fsys fs.FS) ([]byte, error) {
	names, err := catalogueFiles(fsys)
	if err != nil {
		return nil, err
	}
	var out []byte
	for _, name := range names {
		src, err := ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading catalogue: %w", err)
		}
		root, err := ParseYAML(name, src)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(src)
		out = appendString(out, name)
		out = append(out, sum[:]...)
		out = appendString(out, string(appendNode(nil, root)))
	}
	var b bytes.Buffer
	b.WriteString(treesMark)
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level is known
	if _, err := w.Write(out); err != nil {
		return nil, fmt.Errorf("writing trees: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("writing trees: %w", err)
	}
	return b.Bytes(), nil
}

// maxTrees bounds what trees may unpack to.
const maxTrees = 64 << 20

// ReadTrees reads what EncodeTrees wrote.
func ReadTrees(s string) (*Trees, error) {
	t := &Trees{files: map[string]tree{}}
	rest, ok := strings.CutPrefix(s, treesMark)
	if !ok {
		return nil, fmt.Errorf("reading trees: they do not begin with their mark")
	}
	var b strings.Builder
	if _, err := io.Copy(&b, io.LimitReader(flate.NewReader(strings.NewReader(rest)), maxTrees)); err != nil {
		return nil, fmt.Errorf("reading trees: %w", err)
	}
	r := treeReader{s: b.String()}
	for r.s != "" {
		name := r.text()
		sum := r.bytes(sha256.Size)
		nodes := r.text()
		if r.bad {
			return nil, fmt.Errorf("reading trees: they end within %q", name)
		}
		t.files[name] = tree{sum, nodes}
	}
	return t, nil
}

// of gives the tree of a file; nil where there is none of these bytes.
func (t *Trees) of(name string, src []byte) *Node {
	if t == nil {
		return nil
	}
	kept, ok := t.files[name]
	if !ok {
		return nil
	}
	if sum := sha256.Sum256(src); string(sum[:]) != kept.sum {
		return nil
	}
	r := treeReader{s: kept.nodes, file: name}
	n := r.node(0)
	if r.bad || r.s != "" {
		return nil
	}
	return n
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func appendPos(b []byte, p Pos) []byte {
	b = binary.AppendUvarint(b, uint64(p.Line))
	return binary.AppendUvarint(b, uint64(p.Col))
}

// A node's first byte holds its kind and, above it, whether it was quoted or empty.
const (
	kindBits   = 3
	quotedFlag = 4
	emptyFlag  = 8
)

func appendNode(b []byte, n *Node) []byte {
	head := byte(n.Kind)
	if n.Quoted {
		head |= quotedFlag
	}
	if n.Empty {
		head |= emptyFlag
	}
	b = appendPos(append(b, head), n.Pos)
	switch n.Kind {
	case Scalar:
		b = appendString(b, n.Text)
	case Map:
		b = binary.AppendUvarint(b, uint64(len(n.Entries)))
		for _, e := range n.Entries {
			b = appendNode(appendPos(appendString(b, e.Key), e.Pos), e.Value)
		}
	case List:
		b = binary.AppendUvarint(b, uint64(len(n.Items)))
		for _, i := range n.Items {
			b = appendNode(b, i)
		}
	}
	return b
}

// treeReader reads strings that lie in s without copying them.
type treeReader struct {
	s, file string
	slab    []Node // nodes are cut from it, many to an allocation
	bad     bool
}

const maxTreeDepth = 64

func (r *treeReader) node(depth int) *Node {
	if len(r.slab) == 0 {
		r.slab = make([]Node, 256)
	}
	n := &r.slab[0]
	r.slab = r.slab[1:]
	head := r.bytes(1)
	if r.bad || depth > maxTreeDepth {
		r.bad = true
		return n
	}
	n.Kind, n.Quoted, n.Empty = NodeKind(head[0]&kindBits), head[0]&quotedFlag != 0, head[0]&emptyFlag != 0
	n.Pos = r.pos()
	switch n.Kind {
	case Scalar:
		n.Text = r.text()
	case Map:
		n.Entries = make([]Entry, r.count())
		for i := range n.Entries {
			n.Entries[i] = Entry{Key: r.text(), Pos: r.pos(), Value: r.node(depth + 1)}
		}
	case List:
		n.Items = make([]*Node, r.count())
		for i := range n.Items {
			n.Items[i] = r.node(depth + 1)
		}
	default:
		r.bad = true
	}
	return n
}

func (r *treeReader) pos() Pos { return Pos{r.file, r.number(), r.number()} }

// count is a number of parts: each takes a byte at least.
func (r *treeReader) count() int {
	n := r.number()
	if n > len(r.s) {
		r.bad = true
		return 0
	}
	return n
}

func (r *treeReader) text() string { return r.bytes(r.number()) }

func (r *treeReader) bytes(n int) string {
	if r.bad || n > len(r.s) {
		r.bad, r.s = true, ""
		return ""
	}
	v := r.s[:n]
	r.s = r.s[n:]
	return v
}

// number reads a varint of at most four bytes: no place and no length is larger.
func (r *treeReader) number() int {
	v := 0
	for i := 0; i < len(r.s) && i < 4; i++ {
		v |= int(r.s[i]&0x7f) << (7 * i)
		if r.s[i] < 0x80 {
			r.s = r.s[i+1:]
			return v
		}
	}
	r.bad, r.s = true, ""
	return 0
}
