// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"io"

	"github.com/writ-iot/writ/internal/risk"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Exposure is what an instrument that binds, or may bind, threatens.
type Exposure struct {
	Instrument law.InstrumentID `json:"instrument"`
	Short      string           `json:"short"`
	Bound      string           `json:"bound"` // own, undetermined
	Maxima     []risk.Maximum   `json:"maxima"`
}

// Exposures works out the penalties of every instrument that binds the organisation itself, or may.
func Exposures(result *judge.Result, t risk.Turnover) []Exposure {
	var out []Exposure
	for _, a := range result.Instruments {
		if a.Bound != "own" && a.Bound != "undetermined" || len(a.Instrument.Penalties) == 0 {
			continue
		}
		e := Exposure{Instrument: a.Instrument.ID, Short: a.Instrument.Short, Bound: a.Bound}
		for i := range a.Instrument.Penalties {
			e.Maxima = append(e.Maxima, risk.Of(&a.Instrument.Penalties[i], t))
		}
		out = append(out, e)
	}
	return out
}

// WriteExposures writes exposures for people: what binds first.
func WriteExposures(w io.Writer, all []Exposure, t risk.Turnover) error {
	p := &paper{w: w}
	for _, bound := range []string{"own", "undetermined"} {
		for _, e := range all {
			if e.Bound != bound {
				continue
			}
			p.head(e.Short + map[string]string{"undetermined": " (whether it binds is open)"}[bound])
			for _, m := range e.Maxima {
				p.entry(m.Pinpoint, m.For+": "+m.Formula)
				p.entry("", "= "+m.Arithmetic+doubt(m.Confidence))
			}
		}
	}
	p.line("\nA maximum is what a statute allows, not a forecast. Maxima of different laws are not added up: the same conduct is often punished once.")
	if !t.Known {
		p.line("The turnover is not known: org.turnover_eur_m in the profile.")
	}
	return p.err
}
