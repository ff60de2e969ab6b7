// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
)

// maxPayloadLine bounds a payload's line: its body, its salt and its names.
const maxPayloadLine = evidence.MaxPayload + 1<<10

// lines gives the lines of an entry, each at most limit bytes long and each ended. f may keep no line.
func (v *verifier) lines(name string, limit int, f func(line []byte) error) error {
	s := v.archive.Open(name)
	if s == nil {
		return refuse(EntryChanged, name, "the dossier has no such entry")
	}
	r := bufio.NewReaderSize(s, limit+1)
	for {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil
		case errors.Is(err, io.EOF):
			return refuse(EntryChanged, name, "its last line is cut short")
		case errors.Is(err, bufio.ErrBufferFull):
			return refuse(EntryChanged, name, "a line of more than %d bytes", limit)
		case err != nil:
			return fmt.Errorf("%s: reading: %w", name, err)
		}
		if err := f(line[:len(line)-1]); err != nil {
			return err
		}
	}
}

// leaves adds up the log and compares its root with the checkpoint's.
func (v *verifier) leaves() error {
	v.roots = map[int64]tlog.Hash{}
	for _, note := range v.options.Checkpoints {
		if pin, err := OpenCheckpoint(note, v.manifest.Key); err == nil {
			v.roots[pin.Size] = tlog.Hash{}
		}
	}
	var tree Tree
	v.root(&tree)
	err := v.lines(nameLeaves, MaxLeaf, func(line []byte) error {
		l, err := DecodeLeaf(line)
		switch n := tree.Size(); {
		case err != nil:
			return refuseLeaf(LeafChanged, n, "%v", err)
		case l.By != v.manifest.Key.ID():
			return refuseLeaf(LeafChanged, n, "signed by key %s, the dossier by %s", short(l.By),
				short(v.manifest.Key.ID()))
		case n > 0 && l.At.Before(v.leafs[n-1].At):
			return refuseLeaf(LeafChanged, n, "its time lies before that of the leaf under it")
		}
		v.leafs = append(v.leafs, l)
		tree.Append(LeafHash(line))
		v.root(&tree)
		return nil
	})
	if err != nil {
		return err
	}
	if cp := v.manifest.Checkpoint; tree.Size() != cp.Size || tree.Root() != cp.Root {
		return refuse(LeafChanged, nameLeaves,
			"its %d leaves do not give the root of the checkpoint of %d leaves: one was changed, added or removed",
			tree.Size(), cp.Size)
	}
	for size := range v.roots {
		if size > tree.Size() {
			delete(v.roots, size)
		}
	}
	return nil
}

// root notes the tree's root where a checkpoint from outside asks for it.
func (v *verifier) root(t *Tree) {
	if _, asked := v.roots[t.Size()]; asked {
		v.roots[t.Size()] = t.Root()
	}
}

// book gives every leaf its statement or its stub, in order.
func (v *verifier) book() error {
	place := make(map[evidence.Digest]int64, len(v.leafs))
	for i, l := range v.leafs {
		place[l.Statement] = int64(i)
	}
	taken := make([]bool, len(v.leafs))
	if err := v.statements(place, taken); err != nil {
		return err
	}
	if err := v.readStubs(place, taken); err != nil {
		return err
	}
	for i, l := range v.leafs {
		if !taken[i] {
			return refuseLeaf(StatementGone, int64(i), "its statement %s was removed, and no stub stands for it",
				short(l.Statement))
		}
	}
	v.result.Statements, v.result.Withheld = len(v.entry), len(v.stubs)
	return nil
}

func (v *verifier) statements(place map[evidence.Digest]int64, taken []bool) error {
	last := int64(-1)
	return v.lines(nameStatements, evidence.MaxStatement, func(line []byte) error {
		d := evidence.DigestOf(line)
		i, ok := place[d]
		if !ok {
			return v.stray(d, last+1, taken)
		}
		if i <= last {
			return refuseLeaf(StatementFalse, i, "its statement comes out of order, or twice")
		}
		l := &v.leafs[i]
		signed, err := evidence.Open(bytes.Clone(line), l.Signature, v.manifest.Key.Public)
		if err != nil {
			return refuseLeaf(StatementFalse, i, "%v", err)
		}
		e := Entry{Index: i, KnownAt: l.At, Signed: signed}
		if err := l.Check(&e); err != nil {
			return refuseLeaf(StatementFalse, i, "%v", err)
		}
		v.entry = append(v.entry, e)
		last, taken[i] = i, true
		return nil
	})
}

// stray says of a statement without a leaf which one it stands in the place of.
func (v *verifier) stray(d evidence.Digest, next int64, taken []bool) error {
	if next < int64(len(v.leafs)) && !taken[next] {
		return refuseLeaf(StatementFalse, next,
			"its statement was changed: its bytes have the digest %s, the leaf covers %s", short(d),
			short(v.leafs[next].Statement))
	}
	return refuse(StatementFalse, nameStatements, "statement %s was added: no leaf covers it", short(d))
}

func (v *verifier) readStubs(place map[evidence.Digest]int64, taken []bool) error {
	last := int64(-1)
	return v.lines(nameStubs, evidence.MaxStatement, func(line []byte) error {
		s, err := DecodeStub(line)
		if err != nil {
			return refuse(StatementFalse, nameStubs, "%v", err)
		}
		i, ok := place[s.Statement]
		if !ok || i <= last || taken[i] {
			return refuse(StatementFalse, nameStubs, "stub of %s: no leaf needs it there", short(s.Statement))
		}
		l := &v.leafs[i]
		if err := evidence.VerifyDigest(s.Statement, l.Signature, v.manifest.Key.Public); err != nil {
			return refuseLeaf(StatementFalse, i, "%v", err)
		}
		if err := l.CheckStub(&s); err != nil {
			return refuseLeaf(StatementFalse, i, "%v", err)
		}
		s.Index, s.KnownAt = i, l.At
		v.stubs = append(v.stubs, s)
		last, taken[i] = i, true
		return nil
	})
}

// payloads checks each payload against the digest in its statement.
func (v *verifier) payloads() error {
	at, due := 0, 0
	for i := range v.entry {
		if v.entry[i].Statement.Payload != "" {
			due++
		}
	}
	err := v.lines(namePayloads, maxPayloadLine, func(line []byte) error {
		var w wirePayload
		if err := decodeCanonical(line, maxPayloadLine, &w); err != nil {
			return refuse(EntryChanged, namePayloads, "%v", err)
		}
		for at < len(v.entry) && v.entry[at].Digest != w.Statement {
			at++
		}
		if at == len(v.entry) {
			return refuse(EntryChanged, namePayloads, "payload of %s: no statement needs it there", short(w.Statement))
		}
		salt, err := hex.DecodeString(w.Salt)
		if err != nil || len(salt) != 32 || hex.EncodeToString(salt) != w.Salt {
			return refuse(EntryChanged, namePayloads, "payload of leaf %d: its salt is no 32 bytes", v.entry[at].Index)
		}
		p := &evidence.Payload{Salt: [32]byte(salt), Body: bytes.Clone(w.Body)}
		if p.Digest() != v.entry[at].Statement.Payload {
			return refuse(EntryChanged, namePayloads, "payload of leaf %d: it is not the one that its statement names",
				v.entry[at].Index)
		}
		v.entry[at].Payload = p
		v.result.Payloads++
		at++
		return nil
	})
	v.result.PayloadsKept = due - v.result.Payloads
	return err
}
