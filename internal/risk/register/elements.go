// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
)

// Standing of an element of an analysis.
type Standing string

// The standings. Incomplete is there in part: what lacks is said.
const (
	Present    Standing = "present"
	Incomplete Standing = "incomplete"
	Missing    Standing = "missing"
	Human      Standing = "human" // only a person can complete it
)

// Shown is an element of an analysis as the register has it.
type Shown struct {
	Element
	Standing Standing
	Says     string
}

// Document is an analysis that a law asks for, as far as the register gives it.
type Document struct {
	Analysis
	Short    string    // the law's
	Bound    string    // own, supplier, no, undetermined
	From     *fact.Day // of a law that binds nobody yet: the day from which it does
	Elements []Shown
}

// Counts of the elements by standing.
func (d *Document) Counts() map[Standing]int {
	out := map[Standing]int{}
	for _, e := range d.Elements {
		out[e.Standing]++
	}
	return out
}

// Documents are the analyses that laws ask for: those that bind us first, then those of which that is open.
func (r *Register) Documents(w *World) (out []Document) {
	for _, a := range r.Data.Analyses {
		d := Document{Analysis: a, Bound: "no"}
		for _, i := range w.Result.Instruments {
			if i.Instrument.ID == a.Law {
				d.Short, d.Bound = i.Instrument.Short, i.Bound
				if from := i.Instrument.AppliesFrom; from != nil && *from > w.Day {
					d.From = from
				}
			}
		}
		for _, e := range a.Elements {
			s := r.show(w, &e)
			d.Elements = append(d.Elements, Shown{e, s.Standing, s.Says})
		}
		out = append(out, d)
	}
	rank := []string{"own", "undetermined", "supplier", "no"}
	slices.SortStableFunc(out, func(x, y Document) int {
		return slices.Index(rank, x.Bound) - slices.Index(rank,
			y.Bound)
	})
	return out
}

func (r *Register) show(w *World, e *Element) Shown {
	s := r.given(w, e)
	if e.Human != "" && s.Standing == Present && e.From != "record" {
		s.Standing = Incomplete // the register gives its part, and a person has to add theirs
	}
	return s
}

// given is what the register has for an element.
func (r *Register) given(w *World, e *Element) Shown {
	weaknesses, threats := r.count()
	switch e.From {
	case "":
		return Shown{Standing: Human}
	case "record":
		return r.record(w, e)
	case "criteria":
		return Shown{Standing: Present, Says: "the scales and the matrix stand at the end (" +
			r.Data.Scales.Source + ")"}
	case "suppliers":
		return r.suppliers(w)
	case "scope":
		return Shown{Standing: Incomplete,
			Says: fmt.Sprintf("%d devices are known, with what is known of their data; "+
				"that these are all, and what lies outside the network, is for a person to say", r.devices(w))}
	case "measures":
		return Shown{Standing: Incomplete,
			Says: fmt.Sprintf("%d times a control is shown to hold on a device; %d times it is not known",
				r.Held, r.Open)}
	case "treatments":
		return r.treatments()
	}
	if len(r.Risks) == 0 {
		return Shown{Standing: Missing, Says: "nothing that was seen is known to be weak; that is no analysis"}
	}
	switch e.From {
	case "threats":
		return Shown{Standing: Present, Says: fmt.Sprintf("%d threats to %d assets, of what was looked at",
			threats, r.Assets)}
	case "weaknesses":
		s := Shown{Standing: Present, Says: fmt.Sprintf("%d weaknesses, each with the facts it rests on", weaknesses)}
		if r.Open > 0 {
			s.Standing, s.Says = Incomplete,
				s.Says+fmt.Sprintf("; %d times it is not known whether a control holds on a device", r.Open)
		}
		return s
	case "owners":
		return r.treatments()
	}
	return Shown{Standing: Present,
		Says: fmt.Sprintf("each of the %d risks that were found has one, with its reasons", len(r.Risks))}
}

func (r *Register) devices(w *World) (n int) {
	for i := range w.Members {
		if w.Members[i].Subject.Kind == fact.Device {
			n++
		}
	}
	return n
}

func (r *Register) count() (weaknesses, threats int) {
	seen := map[string]bool{}
	for i := range r.Risks {
		weaknesses += len(r.Risks[i].Weaknesses)
		seen[r.Risks[i].Threat.ID] = true
	}
	return weaknesses, len(seen)
}

func (r *Register) treatments() Shown {
	line := 0
	for i := range r.Risks {
		if r.Data.Scales.Levels[r.Risks[i].Level].Treat {
			line++
		}
	}
	open := r.Untreated()
	switch {
	case line == 0:
		return Shown{Standing: Incomplete, Says: "no risk that was found asks for treatment"}
	case open == 0:
		return Shown{Standing: Present,
			Says: fmt.Sprintf("each of the %d risks that ask for treatment has one that stands", line)}
	case open == line:
		return Shown{Standing: Missing,
			Says: fmt.Sprintf("none of the %d risks that ask for treatment has one that stands: writ risk treat", line)}
	}
	return Shown{Standing: Incomplete,
		Says: fmt.Sprintf("%d of the %d risks that ask for treatment have none that stands: writ risk treat",
			open, line)}
}

// suppliers says what evidence holds against the products of others.
func (r *Register) suppliers(w *World) Shown {
	products := map[fact.Subject]bool{}
	n := 0
	for i := range w.Result.Verdicts {
		v := &w.Result.Verdicts[i]
		if v.Bearer == judge.Supplier && (v.Outcome == judge.Violated || slices.Contains(v.Flags,
			judge.BreachIndicated)) {
			n++
			products[v.Subject] = true
		}
	}
	return Shown{Standing: Incomplete,
		Says: fmt.Sprintf("evidence points against %d duties over %d products of suppliers; "+
			"their practices are for a person to assess: writ plan --for suppliers", n, len(products))}
}

// record looks for a record of ours that says so: of an organisation or a product.
func (r *Register) record(w *World, e *Element) Shown {
	no := false
	for i := range w.Members {
		m := &w.Members[i]
		s := r.snapshot.State(m.Subject, e.Fact)
		if s.State != fact.Known {
			continue
		}
		if s.Value.IsFalse() {
			no = true
			continue
		}
		says := fmt.Sprintf("%s is recorded", e.Fact)
		if len(s.Support) > 0 {
			says += " on " + fact.DayOf(s.Support[0].ObservedAt).String()
		}
		return Shown{Standing: Present, Says: says}
	}
	if no {
		return Shown{Standing: Missing, Says: fmt.Sprintf("a record says no: %s", e.Fact)}
	}
	return Shown{Standing: Human, Says: "no record says so"}
}
