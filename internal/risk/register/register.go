// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// World is an assessment as a register needs it.
type World struct {
	Catalogue   *law.Catalogue
	Result      *judge.Result
	Members     []judge.Member
	Claims      []fact.Claim
	Day         fact.Day
	At, KnownAt time.Time
	Types       map[fact.Subject]string   // what identification found a device to be
	Medical     func(fact.Subject) bool   // of a device
	Public      map[fact.Subject][]string // public addresses that a device spoke with
	Inside      map[fact.Subject]int      // how many other devices a device spoke with
	Name        func(fact.Subject) string
	Treatments  []Kept // in the order in which they were made
}

// Register is all risks that the case shows, gravest first.
type Register struct {
	Data   *Data
	Risks  []Risk
	Assets int
	// Quiet are devices of which nothing is known to be weak: they are not known to be sound, either.
	Quiet []fact.Subject
	// Held and Open count, over all devices, the controls that are shown to hold and those of which it is not known.
	Held, Open int
	Closed     []Kept // treatments of risks that the evidence does not show any more
	snapshot   *fact.Snapshot
	name       func(fact.Subject) string
}

// Risk is a threat to an asset.
type Risk struct {
	ID         string
	Asset      fact.Subject
	Threat     *Threat
	Weaknesses []Weakness
	Signs      []string // what the wire showed of the threat at work
	Likelihood Weight
	Impact     Weight
	Level      int // place in the scale of levels; before treatment
	Stale      bool
	Treatment  *Treated // nil: nobody decided anything
	Residual   int      // place in the scale of levels, after what was decided and shown
}

// Weight is a step of a scale, from 1, and why.
type Weight struct {
	Step int
	Why  []string
}

// Weakness is a control that is not met, by what is so.
type Weakness struct {
	Control *law.Control
	Facts   []Seen
}

// Seen is a fact that makes a weakness, with what carries it.
type Seen struct {
	Subject fact.Subject
	Fact    fact.Name
	Value   fact.Value
	Stale   bool // it was so when somebody last looked, and nobody has looked again
	Support []*fact.Claim
}

// Make derives the register.
func Make(w *World, d *Data) *Register {
	r := &Register{Data: d, name: w.Name}
	dv := newDeriver(w, d)
	r.snapshot = dv.snapshot
	dv.devices(r)
	dv.reasons()
	dv.signs()
	for _, key := range dv.order {
		risk := dv.risks[key]
		risk.distil()
		dv.weigh(risk)
		r.Risks = append(r.Risks, *risk)
	}
	treat(w, r)
	assets := map[fact.Subject]bool{}
	for i := range r.Risks {
		assets[r.Risks[i].Asset] = true
	}
	r.Assets = len(assets)
	slices.SortFunc(r.Risks, func(x, y Risk) int {
		return cmp.Or(cmp.Compare(y.Level, x.Level), cmp.Compare(y.Likelihood.Step+y.Impact.Step,
			x.Likelihood.Step+x.Impact.Step),
			strings.Compare(w.Name(x.Asset), w.Name(y.Asset)), cmp.Compare(x.ID, y.ID))
	})
	return r
}

// Find gives the risks whose ID holds a text, or that are called threat@name; one that is named whole is alone.
func (r *Register) Find(id string) (found []*Risk) {
	for i := range r.Risks {
		x := &r.Risks[i]
		switch {
		case x.ID == id:
			return []*Risk{x}
		case strings.Contains(x.ID, id), strings.EqualFold(x.Threat.ID+"@"+r.name(x.Asset), id):
			found = append(found, x)
		}
	}
	return found
}

// Untreated counts the risks of a level that asks for treatment, and for which none stands.
func (r *Register) Untreated() (n int) {
	for i := range r.Risks {
		if x := &r.Risks[i]; r.Data.Scales.Levels[x.Level].Treat && (x.Treatment == nil || !x.Treatment.Stands()) {
			n++
		}
	}
	return n
}
