// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Of keeps of an assessment the verdicts on one thing, and on the product that it is a unit of.
func Of(a *assess.Assessment, name string) (*assess.Assessment, error) {
	subjects, err := called(a, name)
	if err != nil {
		return nil, err
	}
	out, result := *a, *a.Result
	result.Verdicts = nil
	result.Own, result.Supplier = judge.Counts{}, judge.Counts{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if !slices.Contains(subjects, v.Subject) {
			continue
		}
		result.Verdicts = append(result.Verdicts, *v)
		if v.Provision.Force == law.Must && v.Bearer == judge.Supplier {
			tally(&result.Supplier, v)
		} else if v.Provision.Force == law.Must {
			tally(&result.Own, v)
		}
	}
	out.Result = &result
	out.Things = slices.DeleteFunc(slices.Clone(a.Things), func(t assess.Thing) bool {
		return !slices.Contains(subjects, t.Subject)
	})
	return &out, nil
}

// called finds what people call by a name, an address or an ID: a device with its product, a product, a person.
func called(a *assess.Assessment, name string) ([]fact.Subject, error) {
	var found []fact.Subject
	var all []string
	for s, n := range a.Names {
		if all = append(all, n); n == name || s.String() == name {
			found = append(found, s)
		}
	}
	for i := range a.Things {
		t := &a.Things[i]
		if slices.Contains(t.IPs, name) || slices.Contains(t.MACs, name) || slices.Contains(t.Hostnames, name) {
			found = append(found, t.Subject)
		}
	}
	slices.SortFunc(found, fact.Subject.Compare)
	found = slices.Compact(found)
	if len(found) == 0 {
		hint := ""
		if near := law.Suggest(name, all); near != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, fmt.Errorf("nothing and nobody here is called %q%s", name, hint)
	}
	for i := range a.Things {
		if t := &a.Things[i]; slices.Contains(found, t.Subject) && !t.Product.IsZero() {
			found = append(found, t.Product)
		}
	}
	return found, nil
}

// About writes what is known of one thing: who it is, and every duty on it that evidence decides or points against.
func About(w io.Writer, a *assess.Assessment, width int) error {
	p := newPrinter(w, width)
	p.header(a)
	for i := range a.Things {
		t := thingOf(a, &a.Things[i])
		p.Title(t.Name)
		for _, f := range [][2]string{{"is", strings.TrimSpace(t.Kind + " " + t.Product)},
			{"known by", strings.Join(t.Signals, "; ")}, {"addresses", t.Addresses}, {"last seen", t.Last}} {
			if f[1] != "" {
				p.Field(9, f[0], f[1])
			}
		}
	}
	p.Title("Duties that evidence decides, or points against")
	g := &paper.Grid{Width: p.Width}
	g.Head("standing", "whose", "law", "pinpoint")
	bind, left, maybe := binding(a), 0, 0
	for _, v := range byStanding(a) {
		switch s := standingOf(v); {
		case s == outside:
		case s == open:
			left++
		case !bind[v.Provision.Instrument]:
			maybe++
		default:
			g.Row(wordOf(s, v.Bearer), bearerWord(v.Bearer), v.Provision.Instrument.Short, v.Provision.Pinpoint)
			g.Paint(0, paints[s])
		}
	}
	p.F("%s", g)
	p.F("not shown: %s\n", count(left, "further duty", "further duties"))
	if maybe > 0 {
		p.F("under laws of which it is open whether they bind: %d that evidence points against or decides\n", maybe)
	}
	p.F("\n")
	p.Text(0, faint, Disclaimer)
	return p.Err
}

// byStanding are the verdicts on duties that must be met, the worst first.
func byStanding(a *assess.Assessment) []*judge.Verdict {
	var all []*judge.Verdict
	for i := range a.Result.Verdicts {
		if v := &a.Result.Verdicts[i]; v.Provision.Force == law.Must {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(x, y *judge.Verdict) int {
		return cmp.Or(cmp.Compare(standingOf(x), standingOf(y)), cmp.Compare(bearerWord(x.Bearer), bearerWord(y.Bearer)))
	})
	return all
}
