// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
)

// Reader takes values out of nodes and collects every problem on the way, so that an author sees all of
// them at once. Its methods give functions that read one node into one place: a format reads as a table.
type Reader struct {
	name     string
	src      []byte
	Problems Problems
}

// NewReader reads the file name, whose bytes are src.
func NewReader(name string, src []byte) *Reader { return &Reader{name: name, src: src} }

// Field is a key of a map and what reads its value.
type Field struct {
	Key      string
	Required bool
	Read     func(*Node)
}

// Need is a key that must stand there; Opt one that may.
func Need(key string, read func(*Node)) Field { return Field{Key: key, Required: true, Read: read} }

// Opt is a key that may be absent.
func Opt(key string, read func(*Node)) Field { return Field{Key: key, Read: read} }

// Add notes a problem.
func (r *Reader) Add(pos Pos, what, hint string) {
	r.Problems = append(r.Problems, &Problem{Pos: pos, What: what, Hint: hint, Line: sourceLine(r.src, pos.Line)})
}

// Err is the problems so far, in order; nil when there are none.
func (r *Reader) Err() error {
	r.Problems = r.Problems.Sort()
	return r.Problems.Err()
}

// Object reads a map that has these keys and no other. What names it in messages: "a provision".
func (r *Reader) Object(n *Node, what string, fields ...Field) {
	if n.Kind != Map {
		r.Add(n.Pos, what+" is a map of keys and values", "")
		return
	}
	var misspelt []string // the keys that an unknown one most likely means
	for _, e := range n.Entries {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == e.Key })
		switch {
		case i < 0:
			misspelt = append(misspelt, r.unknownKey(e, what, fields))
		case e.Value.Empty:
			r.Add(e.Value.Pos, fmt.Sprintf("key %q of %s has no value", e.Key, what),
				"leave the key out, or give it a value")
		default:
			fields[i].Read(e.Value)
		}
	}
	for _, f := range fields {
		if f.Required && !n.Has(f.Key) && !slices.Contains(misspelt, f.Key) {
			r.Add(n.Pos, fmt.Sprintf("%s lacks the key %q", what, f.Key), "")
		}
	}
}

// Has says whether a map has the key.
func (n *Node) Has(key string) bool {
	return slices.ContainsFunc(n.Entries, func(e Entry) bool { return e.Key == key })
}

func (r *Reader) unknownKey(e Entry, what string, fields []Field) (meant string) {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Key
	}
	hint := DidYouMean(e.Key, keys)
	if hint == "" {
		hint = "its keys are " + strings.Join(keys, ", ")
	}
	r.Add(e.Pos, fmt.Sprintf("unknown key %q in %s", e.Key, what), hint)
	return Suggest(e.Key, keys)
}

// Scalar is the node's text, and whether it is one.
func (r *Reader) Scalar(n *Node) (string, bool) {
	if n.Kind != Scalar || n.Empty {
		r.Add(n.Pos, "want a single value here", "")
		return "", false
	}
	if what, ok := ToFill(n.Text); ok {
		r.Add(n.Pos, Unfilled, what)
		return "", false
	}
	return n.Text, true
}

// Fill begins each value that writ law new leaves to the author. No file that still holds one is read, so
// that nobody is judged by half a law.
const Fill = "FILL "

// Unfilled is what is wrong with such a value.
const Unfilled = "still to be filled in"

// ToFill is what an author is told to put in the place of a value.
func ToFill(value string) (what string, ok bool) { return strings.CutPrefix(value, Fill) }

// Text reads a text; line breaks of a folded one become spaces.
func (r *Reader) Text(to *string) func(*Node) {
	return func(n *Node) {
		if s, ok := r.Scalar(n); ok {
			*to = strings.Join(strings.Fields(s), " ")
		}
	}
}

// TextAt is Text that also keeps the place.
func (r *Reader) TextAt(to *string, pos *Pos) func(*Node) {
	return func(n *Node) {
		*pos = n.Pos
		before := len(r.Problems)
		r.Text(to)(n)
		if *to == "" && len(r.Problems) == before {
			r.Add(n.Pos, "an empty text", "")
		}
	}
}

// Texts reads a list of texts.
func (r *Reader) Texts(to *[]string) func(*Node) {
	return r.List(func(n *Node) {
		var s string
		r.Text(&s)(n)
		*to = append(*to, s)
	})
}

// List reads each item of a list.
func (r *Reader) List(item func(*Node)) func(*Node) {
	return func(n *Node) {
		if n.Kind != List {
			r.Add(n.Pos, "want a list here: [a, b]", "")
			return
		}
		for _, i := range n.Items {
			if i.Empty {
				r.Add(i.Pos, "an empty entry of a list", "")
				continue
			}
			item(i)
		}
	}
}

// Word reads one of the words; what names them: "kind of instrument".
func Word[T ~string](r *Reader, to *T, what string, words []T) func(*Node) {
	return func(n *Node) {
		s, ok := r.Scalar(n)
		if !ok {
			return
		}
		if slices.Contains(words, T(s)) {
			*to = T(s)
			return
		}
		all := make([]string, len(words))
		for i, w := range words {
			all[i] = string(w)
		}
		hint := DidYouMean(s, all)
		if hint == "" {
			hint = "one of " + strings.Join(all, ", ")
		}
		r.Add(n.Pos, fmt.Sprintf("%q is no %s", s, what), hint)
	}
}

// Bool reads yes, no, true or false.
func (r *Reader) Bool(to *bool) func(*Node) {
	return func(n *Node) {
		s, ok := r.Scalar(n)
		switch {
		case !ok:
		case s == "yes" || s == "true":
			*to = true
		case s == "no" || s == "false":
			*to = false
		default:
			r.Add(n.Pos, fmt.Sprintf("%q is neither yes nor no", s), "")
		}
	}
}

// Int reads a whole number from 0 to limit.
func (r *Reader) Int(to *int, limit int) func(*Node) {
	return func(n *Node) {
		s, ok := r.Scalar(n)
		if !ok {
			return
		}
		i, err := strconv.Atoi(s)
		if err != nil || i < 0 || i > limit {
			r.Add(n.Pos, fmt.Sprintf("%q is no whole number from 0 to %d", s, limit), "")
			return
		}
		*to = i
	}
}

// Day reads a day written 2027-12-11.
func (r *Reader) Day(to *fact.Day) func(*Node) {
	return func(n *Node) {
		s, ok := r.Scalar(n)
		if !ok {
			return
		}
		d, err := fact.ParseDay(s)
		if err != nil {
			r.Add(n.Pos, err.Error(), "")
			return
		}
		*to = d
	}
}
