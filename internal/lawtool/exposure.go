// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"io"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/risk"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Exposure is what an instrument that binds, or may bind, threatens.
type Exposure struct {
	Person     string           `json:"person,omitempty"` // of several: the one that it threatens
	Instrument law.InstrumentID `json:"instrument"`
	Short      string           `json:"short"`
	Bound      string           `json:"bound"` // own, undetermined
	Maxima     []risk.Maximum   `json:"maxima"`
}

// Exposures works out the penalties of every instrument that binds a person itself, or may; "" names nobody.
func Exposures(person string, instruments []judge.Applicability, f risk.Figures) []Exposure {
	var out []Exposure
	for _, a := range instruments {
		may := a.Bound == "undetermined" && a.OpenFor != judge.Supplier
		if a.Bound != "own" && !may || len(a.Instrument.Penalties) == 0 {
			continue
		}
		e := Exposure{Person: person, Instrument: a.Instrument.ID, Short: a.Instrument.Short, Bound: a.Bound}
		for i := range a.Instrument.Penalties {
			e.Maxima = append(e.Maxima, risk.Of(&a.Instrument.Penalties[i], f))
		}
		out = append(out, e)
	}
	return out
}

// WriteExposures writes the exposures of one person for people: what binds first, and last the figures that would
// narrow a range, with what each means.
func WriteExposures(w io.Writer, all []Exposure, meaning func(fact.Name) string) error {
	p := &paper{w: w}
	if len(all) > 0 && all[0].Person != "" {
		p.head("== " + all[0].Person)
	}
	var missing []fact.Name
	for _, bound := range []string{"own", "undetermined"} {
		for _, e := range all {
			if e.Bound != bound {
				continue
			}
			p.head(e.Short + map[string]string{"undetermined": " (whether it binds is open)"}[bound])
			for _, m := range e.Maxima {
				p.entry(m.Pinpoint, m.For+": "+m.Formula)
				p.entry("", "= "+m.Arithmetic+doubt(m.Confidence))
				missing = append(missing, m.Missing...)
			}
		}
	}
	p.line("\nA maximum is what a statute allows, not a forecast. Maxima of different laws are not added up: the same conduct is often punished once.")
	slices.Sort(missing)
	if missing = slices.Compact(missing); len(missing) > 0 {
		p.line("\nNot known, and asked of the profile:")
	}
	for _, n := range missing {
		p.entry(string(n), meaning(n))
	}
	return p.err
}
