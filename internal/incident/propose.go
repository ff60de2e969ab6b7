// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// Proposal is what the wire shows of one device that a person should look at as an incident. It is no incident before
// a person opens one.
type Proposal struct {
	ID          string // botnet-0f3a12bc
	Title       string
	Thing       Thing
	First, Last time.Time // when what it rests on was seen
	Recorded    time.Time // when the case first knew; zero: given with the input
	Shown       []Shown
	Asks        []Question
	rule        *proposing
	maker       bool // what it shows is the product's, too
}

// Thing is a device as people know it.
type Thing struct {
	Device, Product fact.Subject
	Name            string
	Model           string // vendor and model
}

// Shown is a fact that a proposal rests on, with where it was seen.
type Shown struct {
	Fact      fact.Name
	Meaning   string
	Statement string
	At        time.Time
	Sources   []fact.Source
}

type proposing struct {
	id, title, text string
	when, ofMaker   *expr.Expr
	also, asks      []string
	says, maker     []pair
	pos             law.Pos
}

type pair struct{ key, value string }

func (v *Vocabulary) readProposals(r *law.Reader, root *law.Node) {
	r.Object(root, "what proposes incidents", law.Need("proposals", r.List(func(n *law.Node) {
		v.spoil(r, func() bool {
			p := &proposing{pos: n.Pos}
			before := len(r.Problems)
			var of string
			r.Object(n, "a proposal",
				law.Need("id", r.Text(&p.id)), law.Need("title", r.Text(&p.title)),
				law.Need("when", v.expression(r, &p.when, &p.text)),
				law.Need("also", r.Texts(&p.also)), law.Need("asks", r.Texts(&p.asks)),
				law.Opt("maker-when", v.expression(r, &p.ofMaker, &of)),
				law.Need("says", v.readSays(r, &p.says)), law.Need("maker", v.readSays(r, &p.maker)))
			for _, a := range p.also {
				v.lookup(r, n.Pos, a)
			}
			for _, a := range p.asks {
				v.answerable(r, n.Pos, a)
			}
			if len(r.Problems) > before {
				return false
			}
			v.proposals = append(v.proposals, p)
			return true
		})
	})))
}

func (v *Vocabulary) readSays(r *law.Reader, to *[]pair) func(*law.Node) {
	return func(n *law.Node) {
		for _, e := range n.Entries {
			p := pair{key: e.Key}
			r.Text(&p.value)(e.Value)
			if _, err := v.canonical(p.key, p.value, time.UTC); err != nil {
				r.Add(e.Pos, fmt.Sprintf("%s: %v", p.key, err), "")
			}
			*to = append(*to, p)
		}
	}
}

// Propose finds what the claims of a case propose, the newest first. What was seen once counts, however long ago.
func (v *Vocabulary) Propose(claims []fact.Claim, things []Thing) (all []Proposal) {
	seen := map[fact.Subject]map[fact.Name][]*fact.Claim{}
	for n := range claims {
		c := &claims[n]
		if c.Subject.Kind != fact.Device || !c.Value.IsTrue() || !c.Withdrawn.IsZero() || c.Withheld {
			continue
		}
		if seen[c.Subject] == nil {
			seen[c.Subject] = map[fact.Name][]*fact.Claim{}
		}
		seen[c.Subject][c.Fact] = append(seen[c.Subject][c.Fact], c)
	}
	for _, t := range things {
		of := seen[t.Device]
		for _, p := range v.proposals {
			if of != nil && v.holds(p.when, t, of) {
				all = append(all, v.proposal(p, t, of))
			}
		}
	}
	slices.SortFunc(all, func(a, b Proposal) int { return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.ID, b.ID)) })
	return all
}

// holds asks a rule of the facts that were once seen to be so.
func (v *Vocabulary) holds(e *expr.Expr, t Thing, of map[fact.Name][]*fact.Claim) bool {
	w := &World{State: func(s fact.Subject, n fact.Name) fact.Resolved {
		if s == t.Device && len(of[n]) > 0 {
			return fact.Resolved{State: fact.Known, Value: fact.BoolValue(true)}
		}
		return fact.Resolved{}
	}}
	a := &asking{v, &Incident{About: []string{t.Device.String()}}, w, ""}
	return a.truth(e.Tree) == expr.True
}

func (v *Vocabulary) proposal(p *proposing, t Thing, of map[fact.Name][]*fact.Claim) Proposal {
	const digits = 8
	out := Proposal{ID: p.id + "-" + t.Device.ID[:min(digits, len(t.Device.ID))], Thing: t, rule: p,
		maker: p.ofMaker == nil || v.holds(p.ofMaker, t, of)}
	for _, name := range p.also {
		d, ok := v.law.Vocabulary.Lookup(fact.Name(name))
		if !ok {
			continue
		}
		for _, c := range of[d.Name] {
			out.Shown = append(out.Shown, Shown{d.Name, d.Meaning, c.Statement, c.ObservedAt, c.Sources})
			if out.First.IsZero() || c.ObservedAt.Before(out.First) {
				out.First = c.ObservedAt
			}
			if c.ObservedAt.After(out.Last) {
				out.Last = c.ObservedAt
			}
			if !c.RecordedAt.IsZero() && (out.Recorded.IsZero() || c.RecordedAt.Before(out.Recorded)) {
				out.Recorded = c.RecordedAt
			}
		}
	}
	out.Title = out.fill(p.title)
	for _, a := range p.asks {
		out.Asks = append(out.Asks, v.question(fact.Name(a)))
	}
	return out
}

// fill puts what is known of the device in the place of words in braces.
func (p *Proposal) fill(text string) string {
	var shown []string
	for _, s := range p.Shown {
		if !slices.Contains(shown, s.Meaning) {
			shown = append(shown, s.Meaning)
		}
	}
	return strings.NewReplacer("{name}", p.Thing.Name, "{product}", cmp.Or(p.Thing.Model, "a product that is not known"),
		"{first}", p.First.UTC().Format("2006-01-02 15:04Z"), "{last}", p.Last.UTC().Format("2006-01-02 15:04Z"),
		"{shown}", strings.Join(shown, "; ")).Replace(text)
}

// Says is what the evidence suggests of the incident, to the operator of the device or to the maker of its product.
// Who opens the incident answers for it.
func (p *Proposal) Says(maker bool) (all []Said) {
	add := func(key, value string) { all = append(all, Said{Key: key, Value: value, Source: "proposal " + p.ID}) }
	add("occurrence", p.First.UTC().Format(time.RFC3339))
	if !p.Recorded.IsZero() && !p.Recorded.Before(p.First) {
		add("detection", p.Recorded.UTC().Format(time.RFC3339))
	}
	pairs := p.rule.says
	if maker && p.maker {
		pairs = slices.Concat(pairs, p.rule.maker)
	}
	for _, s := range pairs {
		add(s.key, p.fill(s.value))
	}
	return all
}
