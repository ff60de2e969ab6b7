// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Hold says whether an instrument binds somebody, why, and what would settle it where that is open.
type Hold struct {
	Instrument  law.InstrumentID `json:"instrument"`
	Short       string           `json:"short"`
	Bound       string           `json:"bound"` // own, supplier, no, undetermined
	Because     []string         `json:"because"`
	Questions   []Question       `json:"questions,omitempty"` // whose answers would decide
	DisplacedBy law.InstrumentID `json:"displaced_by,omitempty"`
}

// Question is a fact that is missing, with what to ask for it.
type Question struct {
	Subject fact.Subject `json:"subject"`
	Fact    fact.Name    `json:"fact"`
	Ask     string       `json:"ask"`
}

// Applies says which laws hold the organisation of a profile, by what the profile says and nothing else.
func Applies(cat *law.Catalogue, engine Engine, p *profile.Profile, day fact.Day, at time.Time) []Hold {
	return Holds(cat, engine.Judge(profileInput(p, day, at)))
}

// Holds reads the same out of any result.
func Holds(cat *law.Catalogue, result *judge.Result) []Hold {
	holds := make([]Hold, 0, len(result.Instruments))
	for _, a := range result.Instruments {
		h := Hold{Instrument: a.Instrument.ID, Short: a.Instrument.Short, Bound: a.Bound, Because: a.Because, DisplacedBy: a.Displaced}
		for _, m := range a.Missing {
			h.Questions = append(h.Questions, Question{m.Subject, m.Fact, askFor(cat, m.Fact)})
		}
		holds = append(holds, h)
	}
	return holds
}

// askFor is the fact's own question, or its meaning where no profile can answer it.
func askFor(cat *law.Catalogue, n fact.Name) string {
	d, ok := cat.Vocabulary.Lookup(n)
	switch {
	case !ok:
		return ""
	case d.Question != "":
		return d.Question
	}
	return "Is it so that " + d.Meaning + "?"
}

// profileInput is the world as a profile describes it: its legal persons, their products and devices.
func profileInput(p *profile.Profile, day fact.Day, at time.Time) judge.Input {
	own := func(id string, known bool) fact.Subject {
		if !known {
			return fact.Subject{}
		}
		return fact.Subject{Kind: fact.Organisation, ID: cmp.Or(id, "own")}
	}
	in := judge.Input{Day: day, At: at}
	for _, o := range p.People() {
		m := judge.Member{Subject: own(o.ID, true), Own: true}
		in.Members = append(in.Members, m)
		in.Claims = append(in.Claims, profile.Claims(p.OfOrganisation(m.Subject, o))...)
	}
	for k := range p.Products {
		pr := &p.Products[k]
		m := judge.Member{Subject: fact.Subject{Kind: fact.Product, ID: pr.ID}}
		if pr.Ours {
			m.Maker = own(pr.Maker, true)
		}
		in.Members = append(in.Members, m)
		in.Claims = append(in.Claims, profile.Claims(p.OfProduct(m.Subject, pr, time.Time{}))...)
	}
	for k := range p.Devices {
		d := &p.Devices[k]
		m := judge.Member{Subject: fact.Subject{Kind: fact.Device, ID: fmt.Sprintf("device-%d", k+1)}, Runner: own(p.Unseen(d))}
		if d.Product != "" {
			m.Product = fact.Subject{Kind: fact.Product, ID: d.Product}
		}
		in.Members = append(in.Members, m)
		in.Claims = append(in.Claims, profile.Claims(p.OfDevice(m.Subject, d, time.Time{}))...)
	}
	return in
}

// WriteHolds writes holds for people: what binds first, then what is open, then what does not bind.
func WriteHolds(w io.Writer, holds []Hold) error {
	p := &paper{w: w}
	for _, part := range []struct{ bound, title string }{
		{"own", "Bind us"}, {"supplier", "Bind makers of what we run"},
		{"undetermined", "Open"}, {"no", "Do not bind us"},
	} {
		first := true
		for _, h := range holds {
			if h.Bound != part.bound {
				continue
			}
			if first {
				p.head(part.title)
				first = false
			}
			p.hold(h)
		}
	}
	return p.err
}

func (p *paper) hold(h Hold) {
	p.line("  %s  %s", h.Instrument, h.Short)
	if h.DisplacedBy != "" {
		p.entry("", "displaced by "+string(h.DisplacedBy))
	}
	for _, b := range h.Because {
		p.entry("because", b)
	}
	for _, q := range h.Questions {
		p.entry("ask", fmt.Sprintf("%s (%s of %s)", q.Ask, q.Fact, q.Subject))
	}
}
