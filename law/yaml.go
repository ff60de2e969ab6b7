// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// NodeKind is what a node holds.
type NodeKind uint8

// The kinds of node.
const (
	Scalar NodeKind = iota
	Map
	List
)

// Node is a part of a YAML file with its place. Scalars keep their text as written: which type it has is
// for the reader to say, so 164.312 and no stay what the author wrote.
type Node struct {
	Kind    NodeKind
	Pos     Pos
	Text    string  // of a scalar
	Quoted  bool    // the scalar stood in quotes or in a block
	Empty   bool    // nothing was written where a value belongs
	Entries []Entry // of a map, in the file's order
	Items   []*Node // of a list
}

// Entry is a key of a map with its value.
type Entry struct {
	Key   string
	Pos   Pos // of the key
	Value *Node
}

// ParseYAML reads one strict YAML document: no anchors, aliases, tags, merge keys, no second document, no
// key twice. An empty file is an empty map. The error is Problems.
func ParseYAML(name string, src []byte) (*Node, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	if p := scan(name, src); p != nil {
		return nil, Problems{p}
	}
	tokens := lexer.Tokenize(string(src))
	p := &yamlReader{name: name, src: src}
	if bad := p.refuse(tokens); bad != nil {
		return nil, Problems{bad}
	}
	file, err := p.parse(tokens)
	if err != nil {
		return nil, Problems{p.syntax(err)}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return &Node{Kind: Map, Pos: Pos{name, 1, 1}}, nil
	}
	n := p.node(file.Docs[0].Body)
	if len(p.problems) > 0 {
		return nil, p.problems.Sort()
	}
	return n, nil
}

type yamlReader struct {
	name     string
	src      []byte
	problems Problems
}

// parse turns a panic of the parser on a malformed file into an error: a file is input, never a reason
// to stop.
func (p *yamlReader) parse(tokens token.Tokens) (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			file, err = nil, fmt.Errorf("not readable as YAML")
		}
	}()
	return parser.Parse(tokens, 0)
}

// refusedTokens are the parts of YAML that the format does not have.
var refusedTokens = map[token.Type]string{
	token.AnchorType:         "an anchor",
	token.AliasType:          "an alias",
	token.TagType:            "a tag",
	token.MergeKeyType:       "a merge key",
	token.DirectiveType:      "a directive",
	token.DocumentHeaderType: "a document mark",
	token.DocumentEndType:    "a document mark",
	token.MappingKeyType:     "an explicit key",
}

// refuse looks at the tokens before the parser does: it recurses on what is nested.
func (p *yamlReader) refuse(tokens token.Tokens) *Problem {
	depth := 0
	for _, t := range tokens {
		if what, ok := refusedTokens[t.Type]; ok {
			return p.problem(p.pos(t), what+" is not part of the format",
				"quote the value if it begins with & * ! % or ?")
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			if depth++; depth > maxDepth {
				return p.problem(p.pos(t), fmt.Sprintf("nested deeper than %d", maxDepth), "")
			}
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
	}
	return nil
}

func (p *yamlReader) syntax(err error) *Problem {
	var s *yaml.SyntaxError
	if !errors.As(err, &s) || s.Token == nil {
		return &Problem{Pos: Pos{File: p.name}, What: "not readable as YAML"}
	}
	what, hint := s.Message, ""
	switch {
	case strings.Contains(what, "already defined"):
		what, hint = fmt.Sprintf("key %q twice in one map", s.Token.Value), "a key stands once"
	case strings.HasPrefix(what, "mapping value is not allowed"):
		hint = "a value that contains a colon and a space stands in quotes"
	}
	return p.problem(p.pos(s.Token), what, hint)
}

func (p *yamlReader) problem(pos Pos, what, hint string) *Problem {
	return &Problem{Pos: pos, What: what, Hint: hint, Line: sourceLine(p.src, pos.Line)}
}

func (p *yamlReader) pos(t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{File: p.name, Line: 1, Col: 1}
	}
	return Pos{File: p.name, Line: t.Position.Line, Col: t.Position.Column}
}

func (p *yamlReader) node(n ast.Node) *Node {
	switch n := n.(type) {
	case *ast.MappingNode:
		return p.mapping(n)
	case *ast.MappingValueNode:
		m := &Node{Kind: Map, Pos: p.pos(n.Key.GetToken())}
		p.entry(m, nil, n)
		return m
	case *ast.SequenceNode:
		l := &Node{Kind: List, Pos: p.pos(n.Start), Items: make([]*Node, 0, len(n.Values))}
		for _, v := range n.Values {
			l.Items = append(l.Items, p.node(v))
		}
		return l
	}
	return p.scalar(n)
}

func (p *yamlReader) scalar(n ast.Node) *Node {
	switch n := n.(type) {
	case *ast.StringNode:
		quoted := n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
		return &Node{Pos: p.pos(n.Token), Text: n.Value, Quoted: quoted}
	case *ast.LiteralNode:
		return &Node{Pos: p.pos(n.Start), Text: n.Value.Value, Quoted: true}
	case *ast.NullNode:
		return &Node{Pos: p.pos(n.Token), Text: n.Token.Value, Empty: true}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		t := n.GetToken()
		return &Node{Pos: p.pos(t), Text: strings.TrimSpace(t.Value)}
	}
	var t *token.Token
	if n != nil {
		t = n.GetToken()
	}
	p.problems = append(p.problems, p.problem(p.pos(t), "not part of the format", ""))
	return &Node{Pos: p.pos(t), Empty: true}
}

func (p *yamlReader) mapping(n *ast.MappingNode) *Node {
	m := &Node{Kind: Map, Pos: p.pos(n.Start), Entries: make([]Entry, 0, len(n.Values))}
	if !n.IsFlowStyle && len(n.Values) > 0 {
		m.Pos = p.pos(n.Values[0].Key.GetToken()) // the parser's own start is the first colon
	}
	if len(n.Values) > maxKeys {
		what := fmt.Sprintf("a map of more than %d keys", maxKeys)
		p.problems = append(p.problems, p.problem(m.Pos, what, ""))
		return m
	}
	seen := make(map[string]int, len(n.Values))
	for _, v := range n.Values {
		p.entry(m, seen, v)
	}
	return m
}

// entry adds a key to the map; seen holds the line of each key so far.
func (p *yamlReader) entry(m *Node, seen map[string]int, v *ast.MappingValueNode) {
	key := p.scalar(v.Key)
	if line, twice := seen[key.Text]; twice {
		what := fmt.Sprintf("key %q twice in one map: first at line %d", key.Text, line)
		p.problems = append(p.problems, p.problem(key.Pos, what, "a key stands once"))
		return
	}
	if seen != nil {
		seen[key.Text] = key.Pos.Line
	}
	m.Entries = append(m.Entries, Entry{Key: key.Text, Pos: key.Pos, Value: p.node(v.Value)})
}

// sourceLine is line number n of src, from one.
func sourceLine(src []byte, n int) string {
	s := string(src)
	for ; n > 1; n-- {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			return ""
		}
		s = s[i+1:]
	}
	line, _, _ := strings.Cut(s, "\n")
	if !utf8.ValidString(line) {
		return ""
	}
	return line
}
