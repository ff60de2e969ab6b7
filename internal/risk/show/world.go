// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package show writes a risk register and the risk analyses that laws ask for: text for a terminal, one HTML page for
// people, JSON for programs, CSV for a sheet. It weighs nothing.
package show

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/internal/risk/register"
)

// Sheet is a register with what it is shown with.
type Sheet struct {
	*register.Register
	a         *assess.Assessment
	world     *register.World
	documents []register.Document
	todo      map[todoKey][]string // what the plan offers against a control on an asset
}

type todoKey struct {
	asset   fact.Subject
	control string
}

// Of derives the register of an assessment.
func Of(a *assess.Assessment, v *plan.Vocabulary, d *register.Data, treatments []register.Kept) *Sheet {
	p := report.PlanOf(a)
	w := &register.World{Catalogue: a.Catalogue, Result: a.Result, Members: a.Members, Claims: a.Facts,
		Day: a.Day, At: a.At,
		KnownAt: a.KnownAt, Types: map[fact.Subject]string{}, Medical: v.Medical(p), Public: public(a), Inside: inside(a),
		Name: a.Name, Treatments: treatments}
	for i := range a.Things {
		w.Types[a.Things[i].Subject] = a.Things[i].Type
	}
	s := &Sheet{Register: register.Make(w, d), a: a, world: w, todo: map[todoKey][]string{}}
	s.documents = s.Register.Documents(w)
	for _, act := range plan.Make(p, v, plan.Options{}).Actions {
		for _, part := range act.Parts {
			for _, asset := range part.Subjects {
				for _, c := range act.Controls {
					k := todoKey{asset, string(c)}
					s.todo[k] = append(s.todo[k], act.Title)
				}
			}
		}
	}
	return s
}

// inside counts the devices that each device spoke with.
func inside(a *assess.Assessment) map[fact.Subject]int {
	ours := map[string]bool{}
	for i := range a.Things {
		ours[a.Things[i].Subject.ID] = true
	}
	type pair struct{ a, b string }
	seen, out := map[pair]bool{}, map[fact.Subject]int{}
	for _, e := range a.Edges {
		p := pair{min(e.From, e.To), max(e.From, e.To)}
		if !ours[p.a] || !ours[p.b] || p.a == p.b || seen[p] {
			continue
		}
		seen[p] = true
		out[fact.Subject{Kind: fact.Device, ID: p.a}]++
		out[fact.Subject{Kind: fact.Device, ID: p.b}]++
	}
	return out
}

// public are the addresses outside that each device spoke with.
func public(a *assess.Assessment) map[fact.Subject][]string {
	out := map[fact.Subject][]string{}
	for _, e := range a.Edges {
		for _, x := range [][2]string{{e.From, e.To}, {e.To, e.From}} {
			s := fact.Subject{Kind: fact.Device, ID: x[0]}
			ip, err := netip.ParseAddr(x[1])
			if err == nil && ip.IsGlobalUnicast() && !ip.IsPrivate() && !slices.Contains(out[s], x[1]) {
				out[s] = append(out[s], x[1])
			}
		}
	}
	return out
}

func (s *Sheet) name(x fact.Subject) string { return paper.Clean(s.a.Name(x)) }

// offers are the plan's actions against the weaknesses of a risk.
func (s *Sheet) offers(r *register.Risk) (out []string) {
	for _, w := range r.Weaknesses {
		if w.Control == nil {
			continue
		}
		for _, t := range s.todo[todoKey{r.Asset, string(w.Control.ID)}] {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// weakness says what is not so, and by which facts.
func (s *Sheet) weakness(w *register.Weakness) string {
	var facts []string
	for _, f := range w.Facts {
		facts = append(facts, s.fact(&f))
	}
	text := "seen"
	if w.Control != nil {
		text = fmt.Sprintf("not so: %s (%s)", w.Control.Title, w.Control.Severity)
	}
	return text + ": " + strings.Join(facts, "; ")
}

// fact says what is so, how it became known and where it was seen.
func (s *Sheet) fact(f *register.Seen) string {
	text := fmt.Sprintf("%s is %s", f.Fact, f.Value)
	if f.Stale {
		text += ", when somebody last looked"
	}
	if len(f.Support) == 0 {
		return text
	}
	c := f.Support[0]
	text += fmt.Sprintf(", %s of %s", c.Method, fact.DayOf(c.ObservedAt))
	if len(c.Sources) > 0 {
		text += ", " + s.place(c.Sources[0])
	}
	return text
}

func (s *Sheet) place(src fact.Source) string {
	name := src.Input[:min(12, len(src.Input))]
	for _, in := range s.a.Inputs {
		if in.SHA256 == src.Input && in.Path != "" {
			name = paper.Clean(in.Path[strings.LastIndexByte(in.Path, '/')+1:])
		}
	}
	if len(src.Frames) == 0 {
		return name
	}
	f := src.Frames[0]
	if f[0] == f[1] {
		return fmt.Sprintf("frame %d of %s", f[0], name)
	}
	return fmt.Sprintf("frames %d-%d of %s", f[0], f[1], name)
}

func (s *Sheet) level(i int) string { return s.Data.Scales.Levels[i].Name }

func (s *Sheet) likelihood(r *register.Risk) string {
	return s.Data.Scales.Likelihood[r.Likelihood.Step-1].Name
}

func (s *Sheet) impact(r *register.Risk) string { return s.Data.Scales.Impact[r.Impact.Step-1].Name }

// treatment is what was decided, in a few words.
func treatment(r *register.Risk) string {
	t := r.Treatment
	if t == nil {
		return "open"
	}
	return fmt.Sprintf("%s, %s", t.Option, t.State)
}

// tally counts risks by level, gravest first.
func (s *Sheet) tally() string {
	n := map[int]int{}
	for i := range s.Risks {
		n[s.Risks[i].Level]++
	}
	var out []string
	for i := len(s.Data.Scales.Levels) - 1; i >= 0; i-- {
		out = append(out, fmt.Sprintf("%d %s", n[i], s.level(i)))
	}
	return strings.Join(out, ", ")
}

// summary says in a paragraph what the register holds, and what it does not.
func (s *Sheet) summary() string {
	if len(s.Risks) == 0 {
		return "Nothing that was seen or recorded is known to be weak. That is no low risk: it is not known."
	}
	text := fmt.Sprintf("%s to %s: %s. %d of those that ask for treatment have none that stands.",
		plan.Count(len(s.Risks), "risk", "risks"),
		plan.Count(s.Assets, "asset", "assets"), s.tally(), s.Untreated())
	if n := len(s.Quiet); n > 0 {
		text += fmt.Sprintf(" Of %s nothing is known to be weak, which does not make them sound.", plan.Count(n,
			"device", "devices"))
	}
	return text + " A risk, and what is decided of it, changes no verdict."
}

// State says in a few words how a risk stands: decided, or open.
func (s *Sheet) State(id string) string {
	for _, r := range s.Find(id) {
		if r.ID == id && r.Treatment != nil {
			return string(r.Treatment.State) + " (" + r.Treatment.Why + ")"
		}
	}
	return "open"
}

// Called is how people call a risk: what may happen, to what.
func (s *Sheet) Called(r *register.Risk) string { return r.Threat.Title + ": " + s.name(r.Asset) }
