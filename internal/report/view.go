// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package report shows an assessment: text for a terminal, JSON for programs, one HTML page for
// people. It orders and words; it never changes a verdict, and a page says once what it is.
package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// row is one law's line in the matrix, own and supplier duties apart.
type row struct {
	Instrument *law.Instrument
	Bound      string // own, supplier, no, undetermined
	Displaced  law.InstrumentID
	Own        judge.Counts
	Supplier   judge.Counts
	Missing    []judge.MissingFact
	Because    []string
}

// matrix is the verdict matrix by law, in the catalogue's order.
func matrix(a *assess.Assessment) []row {
	rows := make([]row, 0, len(a.Result.Instruments))
	at := map[law.InstrumentID]int{}
	for _, i := range a.Result.Instruments {
		at[i.Instrument.ID] = len(rows)
		rows = append(rows, row{Instrument: i.Instrument, Bound: i.Bound, Displaced: i.Displaced,
			Missing: i.Missing, Because: i.Because})
	}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		n, ok := at[v.Provision.Instrument.ID]
		if !ok || v.Provision.Force != law.Must {
			continue
		}
		if v.Bearer == judge.Supplier {
			tally(&rows[n].Supplier, v)
		} else {
			tally(&rows[n].Own, v)
		}
	}
	return rows
}

// tally adds a verdict to a vector.
func tally(c *judge.Counts, v *judge.Verdict) {
	switch s := standingOf(v); s {
	case shown:
		c.Met++
	case contradicted:
		c.Violated++
	case outside:
		c.NotApplicable++
	default:
		c.NotShown++
		if s == indicated {
			c.BreachIndicated++
		}
	}
}

// line is one line of the matrix as people read it.
type line struct {
	Whose  string // ours, suppliers', not bound, undetermined
	Counts judge.Counts
}

// Open is what is not shown and nothing points against.
func (l line) Open() int { return l.Counts.NotShown - l.Counts.BreachIndicated }

// lines are a law's: ours, then suppliers'. A law under which nobody here owes anything has one that says
// so; where only suppliers owe, ours says that we are not bound, or is left out where it says nothing.
func (r *row) lines() []line {
	var out []line
	none := judge.Counts{}
	if r.Own != none || r.Supplier == none {
		out = append(out, line{r.whose(), r.Own})
	}
	if r.Supplier != none {
		out = append(out, line{bearerWord(judge.Supplier), r.Supplier})
	}
	return out
}

func (r *row) whose() string {
	switch c := r.Own; {
	case c.Met+c.Violated > 0 || r.Bound == "own":
		return bearerWord(judge.Own)
	case r.Bound == "no", c.NotShown == 0 && c.NotApplicable > 0:
		return "not bound"
	}
	return "undetermined"
}

// settled says whether a law's hold is known, or something was found under it: such a law has lines of its own.
func (r *row) settled() bool {
	found := r.Own.Met + r.Own.Violated + r.Supplier.Met + r.Supplier.Violated
	return found > 0 || r.Bound == "own" || r.Bound == "supplier"
}

// sorted puts the matrix into the laws that bind somebody here, those of which that is open, and those that bind
// nobody.
func sorted(rows []row) (bind, open, out []row) {
	for _, r := range rows {
		switch {
		case r.settled():
			bind = append(bind, r)
		case r.Bound == "no" && r.Supplier.NotShown == 0:
			out = append(out, r)
		default:
			open = append(open, r)
		}
	}
	return bind, open, out
}

// binding names the laws of which it is known that they bind somebody here. What is found under others waits for
// that answer, and would drown what is at hand.
func binding(a *assess.Assessment) map[*law.Instrument]bool {
	bind, _, _ := sorted(matrix(a))
	out := map[*law.Instrument]bool{}
	for _, r := range bind {
		out[r.Instrument] = true
	}
	return out
}

// sum is one row for many: what they hold together.
func sum(rows []row) (own, supplier judge.Counts) {
	for _, r := range rows {
		own, supplier = plus(own, r.Own), plus(supplier, r.Supplier)
	}
	return own, supplier
}

func plus(a, b judge.Counts) judge.Counts {
	return judge.Counts{Met: a.Met + b.Met, Violated: a.Violated + b.Violated, NotShown: a.NotShown + b.NotShown,
		BreachIndicated: a.BreachIndicated + b.BreachIndicated, NotApplicable: a.NotApplicable + b.NotApplicable}
}

// shorts names laws as people say them, the first of many.
func shorts(rows []row) string {
	const most = 24
	var all []string
	for _, r := range rows[:min(most, len(rows))] {
		all = append(all, r.Instrument.Short)
	}
	if n := len(rows) - most; n > 0 {
		all = append(all, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(all, ", ")
}

// depths counts verdicts by how deep the law behind them goes.
func depths(a *assess.Assessment) map[law.Depth]int {
	out := map[law.Depth]int{}
	for i := range a.Result.Verdicts {
		out[a.Result.Verdicts[i].Provision.Depth]++
	}
	return out
}

// evidenceUntil says for which moment the verdicts speak.
func evidenceUntil(a *assess.Assessment) string {
	if a.PerSubject {
		return "the end of the newest input that shows a thing; for all else, " + stamp(a.At)
	}
	return stamp(a.At)
}

func itoa(n int) string { return strconv.Itoa(n) }
