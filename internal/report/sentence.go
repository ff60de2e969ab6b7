// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
)

// sentences are the reasons as text, outermost first, indented by two spaces a level.
func sentences(a *assess.Assessment, v *judge.Verdict, because []judge.Because) []string {
	var out []string
	var say func(bs []judge.Because, indent string)
	say = func(bs []judge.Because, indent string) {
		for i := range bs {
			out = append(out, indent+sentence(a, v, &bs[i]))
			say(bs[i].Children, indent+"  ")
		}
	}
	say(because, "")
	return out
}

// sentence is one node of the reasons in words.
func sentence(a *assess.Assessment, v *judge.Verdict, b *judge.Because) string {
	switch b.Kind {
	case "conjunct":
		at := b.ID
		if b.Pinpoint != "" {
			at += ", " + b.Pinpoint
		}
		return fmt.Sprintf("%s: applies (%s): %s", truth(b.Truth), at, b.Text)
	case "control":
		return fmt.Sprintf("%s: control %s: %s", truth(b.Truth), b.ID, b.Text)
	case "fact":
		return factSentence(a, v, b)
	}
	if b.Truth == "" {
		return b.Text
	}
	return truth(b.Truth) + ": " + b.Text
}

func truth(s string) string {
	switch s {
	case "true":
		return "yes"
	case "false":
		return "no"
	}
	return "open"
}

// factSentence says a fact's value or why it is not known, of whom, and by which way it became known.
func factSentence(a *assess.Assessment, v *judge.Verdict, b *judge.Because) string {
	s := b.ID
	if b.Subject != nil && *b.Subject != v.Subject {
		s += " of " + name(a, *b.Subject)
	}
	if b.Fact == nil || b.Fact.State != fact.Known {
		return s + " is not known: " + plain(b.Text)
	}
	return fmt.Sprintf("%s is %s (%s)", s, b.Fact.Value, methods(b.Fact))
}

func methods(r *fact.Resolved) string {
	var all []string
	for _, c := range r.Support {
		add(&all, string(c.Method))
	}
	return strings.Join(all, ", ")
}
