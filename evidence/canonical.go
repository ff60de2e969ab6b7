// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of canonical JSON: no statement needs more, and no input may grow the
// stack.
const maxDepth = 64

// ErrNotCanonical says that bytes are JSON, but not in the one form that RFC 8785 allows.
var ErrNotCanonical = errors.New("not in canonical form (RFC 8785)")

// Marshal encodes v as canonical JSON (RFC 8785): no space, keys in UTF-16 order, numbers as
// ECMAScript writes them. The same value always gives the same bytes. A whole number that a double
// cannot hold exactly is an error: it would be rounded in silence.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encoding canonical JSON: %w", err)
	}
	return canonicalize(&parser{in: b.Bytes(), safe: true})
}

// Canonicalize rewrites JSON text in canonical form. It refuses what I-JSON (RFC 7493) forbids: a key
// said twice, text that is not UTF-8, a lone surrogate, a number beyond a double, and anything after
// the value.
func Canonicalize(text []byte) ([]byte, error) {
	return canonicalize(&parser{in: text})
}

func canonicalize(p *parser) ([]byte, error) {
	p.out = make([]byte, 0, len(p.in))
	p.space()
	if err := p.value(0); err != nil {
		return nil, err
	}
	p.space()
	if p.at != len(p.in) {
		return nil, p.errorf("text after the value")
	}
	return p.out, nil
}

// CheckCanonical says whether text is canonical JSON, byte for byte.
func CheckCanonical(text []byte) error {
	c, err := Canonicalize(text)
	if err != nil {
		return err
	}
	if !bytes.Equal(c, text) {
		return fmt.Errorf("byte %d: %w", firstDifference(c, text), ErrNotCanonical)
	}
	return nil
}

func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// parser reads JSON and writes its canonical form as it goes.
type parser struct {
	in   []byte
	at   int
	out  []byte
	safe bool // refuse whole numbers beyond MaxSafe
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("JSON byte %d: %s", p.at, fmt.Sprintf(format, args...))
}

func (p *parser) space() {
	for p.at < len(p.in) {
		switch p.in[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// peek is the next byte; 0 at the end, which no JSON token begins with.
func (p *parser) peek() byte {
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return 0
}

func (p *parser) value(depth int) error {
	if depth > maxDepth {
		return p.errorf("nested deeper than %d", maxDepth)
	}
	switch c := p.peek(); {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		s, err := p.text()
		if err == nil {
			p.out = appendString(p.out, s)
		}
		return err
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(p.in[p.at:], []byte(word)) {
			p.at += len(word)
			p.out = append(p.out, word...)
			return nil
		}
	}
	return p.errorf("want a value")
}

func (p *parser) array(depth int) error {
	p.at++
	p.out = append(p.out, '[')
	for n := 0; ; n++ {
		p.space()
		if n == 0 && p.peek() == ']' {
			break
		}
		if n > 0 {
			p.out = append(p.out, ',')
		}
		if err := p.value(depth + 1); err != nil {
			return err
		}
		p.space()
		if p.peek() == ']' {
			break
		}
		if p.peek() != ',' {
			return p.errorf("want , or ] in an array")
		}
		p.at++
	}
	p.at++
	p.out = append(p.out, ']')
	return nil
}

// member is a key and the place of its canonical value in the object's own buffer.
type member struct {
	key      string
	units    []uint16 // the key as UTF-16: RFC 8785 section 3.2.3 sorts by these
	from, to int
}

func (p *parser) object(depth int) error {
	p.at++
	outer := p.out
	p.out = nil
	members, err := p.members(depth)
	if err != nil {
		return err
	}
	slices.SortFunc(members, func(a, b member) int { return slices.Compare(a.units, b.units) })
	outer = append(outer, '{')
	for i, m := range members {
		if i > 0 {
			if members[i-1].key == m.key {
				return p.errorf("key %q is said twice", m.key)
			}
			outer = append(outer, ',')
		}
		outer = append(appendString(outer, m.key), ':')
		outer = append(outer, p.out[m.from:m.to]...)
	}
	p.out = append(outer, '}')
	return nil
}

func (p *parser) members(depth int) ([]member, error) {
	var all []member
	for {
		p.space()
		if len(all) == 0 && p.peek() == '}' {
			break
		}
		if p.peek() != '"' {
			return nil, p.errorf("want a key")
		}
		key, err := p.text()
		if err != nil {
			return nil, err
		}
		p.space()
		if p.peek() != ':' {
			return nil, p.errorf("want : after a key")
		}
		p.at++
		p.space()
		m := member{key: key, units: utf16.Encode([]rune(key)), from: len(p.out)}
		if err := p.value(depth + 1); err != nil {
			return nil, err
		}
		m.to = len(p.out)
		all = append(all, m)
		p.space()
		if p.peek() == '}' {
			break
		}
		if p.peek() != ',' {
			return nil, p.errorf("want , or } in an object")
		}
		p.at++
	}
	p.at++
	return all, nil
}

// text reads a JSON string and gives what it says.
func (p *parser) text() (string, error) {
	p.at++
	start := p.at
	for i := start; i < len(p.in); i++ {
		switch c := p.in[i]; {
		case c == '"':
			if !utf8.Valid(p.in[start:i]) {
				return "", p.errorf("text that is not UTF-8")
			}
			p.at = i + 1
			return string(p.in[start:i]), nil
		case c < 0x20:
			return "", p.errorf("a bare control character in text")
		case c == '\\':
			return p.escaped(start)
		}
	}
	return "", p.errorf("text without an end")
}

// escaped reads a string that holds an escape, from its first byte.
func (p *parser) escaped(start int) (string, error) {
	var b []byte
	for i := start; i < len(p.in); {
		c := p.in[i]
		switch {
		case c == '"':
			if !utf8.Valid(b) {
				return "", p.errorf("text that is not UTF-8")
			}
			p.at = i + 1
			return string(b), nil
		case c < 0x20:
			return "", p.errorf("a bare control character in text")
		case c != '\\':
			b = append(b, c)
			i++
		default:
			r, n, ok := unescape(p.in[i:])
			if !ok {
				return "", p.errorf("a bad escape, or a lone surrogate, in text")
			}
			b = utf8.AppendRune(b, r)
			i += n
		}
	}
	return "", p.errorf("text without an end")
}

// unescape reads one escape, or two where they are a surrogate pair, and says how long it was.
func unescape(s []byte) (r rune, n int, ok bool) {
	if len(s) < 2 {
		return 0, 0, false
	}
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), s[1]); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), 2, true
	}
	r, ok = hex4(s)
	if !ok || !utf16.IsSurrogate(r) {
		return r, 6, ok
	}
	low, ok := hex4(s[6:])
	if !ok {
		return 0, 0, false
	}
	r = utf16.DecodeRune(r, low)
	return r, 12, r != utf8.RuneError
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}

// appendString writes a string as RFC 8785 section 3.2.2.2 says: only what must be escaped is.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= 0x20:
			b = append(b, c)
		case c == '\b':
			b = append(b, `\b`...)
		case c == '\f':
			b = append(b, `\f`...)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		default:
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	return append(b, '"')
}
