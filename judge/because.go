// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

// Because gives the reasons. They weigh more than all else of a verdict, so they are made when they are asked
// for: the provision is held against the same facts again.
func (v *Verdict) Because() []Because {
	if v.Given != nil || v.court == nil {
		return v.Given
	}
	s := &sitting{court: v.court}
	d := v.court.byProvision[v.Provision]
	p := v.court.party(d, v.Person, v.Subject)
	t := s.on(v.court.day).try(d, &p, v.court.adopted)
	return t.because(t.outcome())
}

// because gives the reasons: the conditions of applicability, and of what applies, or may, the parts of
// the requirement. Of what does not apply, what takes it out.
func (t *trial) because(o Outcome) []Because {
	var out []Because
	for _, n := range t.conditions {
		if o != NotApplicable || n.truth == expr.False {
			out = append(out, n.because()...)
		}
	}
	if o == NotApplicable {
		return out
	}
	for _, n := range t.parts {
		out = append(out, n.because()...)
	}
	return out
}

// because shows a node, or what lies below one that has no label.
func (n *node) because() []Because {
	var below []Because
	if n.op == asked {
		below = n.ask.because()
	}
	for _, k := range n.toShow() {
		below = append(below, k.because()...)
	}
	if n.label == nil {
		return below
	}
	return []Because{{Kind: n.kind, ID: n.id, Pinpoint: n.pinpoint, Truth: n.truth.String(), Text: n.text,
		Children: distinct(below)}}
}

func (n *node) toShow() []*node {
	if n.show != nil {
		return n.show
	}
	return n.kids
}

// distinct keeps each reason once: the same fact may bear on several parts of a formula.
func distinct(all []Because) []Because {
	if len(all) < 2 {
		return all
	}
	type key struct {
		kind, id, pinpoint string
		who                fact.Subject
	}
	seen := make(map[key]bool, len(all))
	out := make([]Because, 0, len(all))
	for i := range all {
		b := &all[i]
		k := key{b.Kind, b.ID, b.Pinpoint, subjectOf(b)}
		if !seen[k] {
			seen[k], out = true, append(out, *b)
		}
	}
	return out
}

// subjectOf a reason, or of the first below it: gates are told apart by whom they ask.
func subjectOf(b *Because) fact.Subject {
	switch {
	case b.Subject != nil:
		return *b.Subject
	case len(b.Children) > 0:
		return subjectOf(&b.Children[0])
	}
	return fact.Subject{}
}

// because lists the facts of an answer, each with its state and what it rests on.
func (a *answer) because() []Because {
	out := make([]Because, 0, len(a.Facts))
	for i, n := range a.Facts {
		k := &a.known[i]
		b := Because{Kind: "fact", ID: string(n), Truth: truthOf(k.value), Subject: &k.who, Fact: k.state}
		switch {
		case k.state.State == fact.Known && k.value.Type() == fact.None:
			b.Text = "declared " + k.state.Value.String() + ", without a document"
		case k.state.State == fact.Known:
			b.Text = k.state.Value.String()
		default:
			b.Text = string(a.reason(i))
		}
		out = append(out, b)
	}
	return out
}

// truthOf is empty for a known value that is neither yes nor no.
func truthOf(v fact.Value) string {
	switch {
	case v.IsTrue():
		return expr.True.String()
	case v.IsFalse():
		return expr.False.String()
	case v.Type() == fact.None:
		return expr.Unknown.String()
	}
	return ""
}
