// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// binds says whether the law's own words put a day between a first day and a last: nil from is never, nil until
// is for ever. It is the tests' own reading of the dates, beside judge's and the list's.
func binds(from, until *fact.Day, day fact.Day) bool {
	return from != nil && *from <= day && (until == nil || day < *until)
}

// span is the time in which a provision binds: its instrument's, narrowed by its own days.
func span(i *law.Instrument, p *law.Provision) (from, until *fact.Day) {
	from, until = i.AppliesFrom, i.Repealed
	if from != nil && p.From != nil && *p.From > *from {
		from = p.From
	}
	if p.Until != nil && (until == nil || *p.Until < *until) {
		until = p.Until
	}
	return from, until
}

// days are those on which something may turn: every milestone and every date of the text, with the day before.
func days(i *law.Instrument) []fact.Day {
	var all []fact.Day
	add := func(d *fact.Day) {
		if d != nil {
			all = append(all, *d-1, *d)
		}
	}
	for k := range i.Milestones {
		add(&i.Milestones[k].Day)
	}
	add(i.AppliesFrom)
	add(i.Repealed)
	for _, p := range i.Provisions {
		add(p.From)
		add(p.Until)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestTheListTurnsOnItsDaysAndOnNoOther looks at every instrument on every milestone of any, and on the day before.
func TestTheListTurnsOnItsDaysAndOnNoOther(t *testing.T) {
	cat, _ := lawtest.Whole(t)
	var all []fact.Day
	for _, i := range cat.Instruments {
		all = append(all, days(i)...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	flips := 0
	before := map[law.InstrumentID]bool{}
	for _, day := range all {
		for k, row := range lawtool.List(cat, day) {
			i := cat.Instruments[k]
			in := strings.HasPrefix(row.State, "since ")
			if want := binds(i.AppliesFrom, i.Repealed, day); in != want {
				t.Errorf("%s on %s: %s", i.ID, day, row.State)
			}
			if in != before[i.ID] {
				flips++
				if (i.AppliesFrom == nil || day != *i.AppliesFrom) && (i.Repealed == nil || day != *i.Repealed) {
					t.Errorf("%s turns on %s, which is neither its first day nor its last", i.ID, day)
				}
			}
			before[i.ID] = in
		}
	}
	want := 0
	for _, i := range cat.Instruments {
		if i.AppliesFrom != nil {
			want++
		}
		if i.Repealed != nil {
			want++
		}
	}
	if flips != want {
		t.Errorf("%d turns, want %d: one for each first and last day", flips, want)
	}
	t.Logf("%d days, %d instruments, %d turns", len(all), len(cat.Instruments), flips)
}

// TestEveryProvisionBindsFromItsDayToItsEnd judges each instrument on each of its milestones and the day before: what is in
// force there is what its dates say, what is not binds nobody, and a proposal never does.
func TestEveryProvisionBindsFromItsDayToItsEnd(t *testing.T) {
	cat, engine := lawtest.Whole(t)
	looked := 0
	for _, i := range cat.Instruments {
		one := engine.Only(i.ID)
		for _, day := range days(i) {
			result := one.Judge(nobodySays(day))
			for k := range result.Verdicts {
				looked++
				turns(t, i, &result.Verdicts[k], day)
			}
			for _, a := range result.Persons[0].Instruments {
				if a.Instrument.ID == i.ID && !binds(i.AppliesFrom, i.Repealed, day) && a.Bound != "no" {
					t.Errorf("%s on %s, when it is not in force: %s", i.ID, day, a.Bound)
				}
			}
		}
	}
	if looked == 0 {
		t.Error("nothing was judged")
	}
	t.Logf("%d verdicts", looked)
}

// turns compares one verdict with the dates.
func turns(t *testing.T, i *law.Instrument, v *judge.Verdict, day fact.Day) {
	t.Helper()
	from, until := span(i, v.Provision)
	want := "false"
	if binds(from, until, day) {
		want = "true"
	}
	all := v.Because()
	k := slices.IndexFunc(all, func(b judge.Because) bool { return b.ID == "in-force" })
	switch {
	case want == "false" && v.Outcome != judge.NotApplicable:
		t.Errorf("%s on %s, when it does not bind: %s", v.Provision.ID, day, v.Outcome)
	case k < 0:
		t.Errorf("%s on %s: nothing is said of its being in force", v.Provision.ID, day)
	case all[k].Truth != want:
		t.Errorf("%s on %s: in force is %s, want %s (%s)", v.Provision.ID, day, all[k].Truth, want, all[k].Text)
	}
}

// nobodySays is a world of which nothing is known but who and what there is.
func nobodySays(day fact.Day) judge.Input {
	us := fact.Subject{Kind: fact.Organisation, ID: "us"}
	product, device := fact.Subject{Kind: fact.Product, ID: "product"}, fact.Subject{Kind: fact.Device, ID: "device"}
	return judge.Input{At: day.Time().Add(12 * time.Hour), Day: day, All: true, Members: []judge.Member{
		{Subject: us, Own: true},
		{Subject: product, Maker: us},
		{Subject: device, Product: product, Runner: us},
		{Subject: fact.Subject{Kind: fact.Site, ID: "site"}, Runner: us},
	}}
}
