// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/clock"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// World is what the clocks of an incident are held against beside the incident.
type World struct {
	// State is what the case knows of a subject.
	State func(fact.Subject, fact.Name) fact.Resolved
	// Laws are the instruments' holds on the person.
	Laws       []judge.Applicability
	Recipients []*law.Recipient
	Holidays   map[string]*law.Holidays
	Day        fact.Day
	Now        time.Time
}

// known is what is known of a fact: nothing, one value, or, of a count, bounds.
type known struct {
	value     fact.Value // None: not one
	low, high int64      // of a range; high is -1 where nothing bounds it
	bounded   bool
	because   string
}

func (k known) nothing() bool { return k.value.Type() == fact.None && !k.bounded }

func one(v fact.Value, format string, args ...any) known {
	return known{value: v, because: fmt.Sprintf(format, args...)}
}

func between(low, high int64, format string, args ...any) known {
	if low == high {
		return one(fact.NumberValue(low), format, args...)
	}
	return known{low: low, high: high, bounded: true, because: fmt.Sprintf(format, args...)}
}

// asking asks for the facts of one incident as one clock sees them.
type asking struct {
	*Vocabulary
	*Incident
	world *World
	clock string
}

// ask gives what is known of a fact: said of the incident, following from what was said, or known of whom it
// concerns. What speaks of incidents is never taken from what is known of others.
func (a *asking) ask(d *fact.Definition) known {
	if s, ok := a.value(string(d.Name), a.clock); ok {
		if v, err := fact.ParseValue(d.Type, s.Value); err == nil {
			return one(v, "said by %s%s", s.By, because(s))
		}
	}
	for _, f := range a.follows[d.Name] {
		if k := a.follow(f); !k.nothing() {
			return k
		}
	}
	if a.excepted[d.Name] {
		return one(fact.BoolValue(false), "an exception counts once it is shown")
	}
	if a.incidental(d.Name) || a.byID[string(d.Name)] != nil {
		return known{}
	}
	return a.ofWorld(d)
}

func because(s Said) string {
	if s.Reasons == "" {
		return ""
	}
	return ": " + s.Reasons
}

// ofWorld asks the case: of the person, or of the things that the incident is about.
func (a *asking) ofWorld(d *fact.Definition) known {
	for _, s := range a.whom(d.Subject) {
		if r := a.world.State(s, d.Name); r.State == fact.Known {
			how := "known of " + string(s.Kind)
			if r.Declared {
				how = "declared"
			}
			return one(r.Value, "%s", how)
		}
	}
	return known{}
}

func (a *asking) whom(k fact.SubjectKind) []fact.Subject {
	if k == fact.Organisation {
		return []fact.Subject{a.Person}
	}
	var all []fact.Subject
	for _, about := range a.About {
		if kind, id, ok := strings.Cut(about, ":"); ok && fact.SubjectKind(kind) == k {
			all = append(all, fact.Subject{Kind: k, ID: id})
		}
	}
	return all
}

func (a *asking) follow(f *follow) known {
	switch {
	case f.when != nil:
		t := a.truth(f.when.Tree)
		if t == expr.Unknown {
			return known{}
		}
		return one(fact.BoolValue(t == expr.True), "%s", strings.Join(a.explain(f.when.Tree, t), "; "))
	case f.later != "":
		return a.later(f)
	case f.anchor != "":
		if m := a.event(f.anchor); len(m) > 0 {
			return one(fact.BoolValue(true), "%s %s", f.anchor, m[0].at.Format(time.RFC3339))
		}
	case len(f.count) > 0:
		return a.count(f.count)
	case len(f.most) > 0:
		return a.most(f.most, f.of)
	case f.some != "":
		for _, n := range a.under(f.some) {
			if n > 0 {
				return one(fact.BoolValue(true), "%s are affected", f.some)
			}
		}
	}
	return known{}
}

func (a *asking) event(anchor string) []moment {
	if d := a.anchors[anchor]; d != nil {
		return a.times(d.ID, a.clock)
	}
	return nil
}

func (a *asking) later(f *follow) known {
	this, than := a.event(f.anchor), a.event(f.later)
	p, err := clock.ParsePeriod(f.by)
	if len(this) == 0 || len(than) == 0 || err != nil {
		return known{}
	}
	limit := than[0].at.Add(time.Duration(p.Hours)*time.Hour+time.Duration(p.Minutes)*time.Minute).AddDate(p.Years,
		p.Months, p.Days)
	return one(fact.BoolValue(this[0].at.After(limit)), "%s against %s", f.anchor, f.later)
}

// number is a count that was said.
func (a *asking) number(key string) (int64, bool) {
	s, ok := a.value(key, a.clock)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(s.Value, 10, 64)
	return n, err == nil
}

// under are the counts said of a place and its parts, by key.
func (a *asking) under(key string) map[string]int64 {
	all := map[string]int64{}
	for _, s := range a.order {
		if s.key == key || strings.HasPrefix(s.key, key+".") {
			if n, ok := a.number(s.key); ok {
				all[s.key] = n
			}
		}
	}
	return all
}

// count is a count that was said, or what bounds it: of those affected some are patients, and no more than all; of a
// count by place that nobody gave, what the total leaves room for.
func (a *asking) count(keys []string) known {
	for n, k := range keys {
		of, ok := a.number(k)
		switch {
		case ok && n == 0:
			return one(fact.NumberValue(of), "%s: %d", k, of)
		case ok:
			return between(0, of, "at most %d, of %s; %s is not said", of, k, keys[0])
		}
	}
	base, _, byPlace := strings.Cut(keys[0], ".")
	total, ok := a.number(base)
	if !byPlace || !ok {
		return known{}
	}
	room := total
	for key, n := range a.under(base) {
		if key != base && !a.refined(key) {
			room -= n
		}
	}
	return between(0, max(room, 0), "%d in all leave room for at most %d there", total, max(room, 0))
}

// refined says that parts of a place are counted, too, so that the place's own figure would count them twice.
func (a *asking) refined(key string) bool { return len(a.under(key)) > 1 }

// most is the largest count of the parts of a country: bounded by what is said of the parts and in all.
func (a *asking) most(bases []string, country string) known {
	for n, base := range bases {
		k := a.mostOf(base, country)
		switch {
		case k.nothing():
			continue
		case n == 0:
			return k
		case !k.bounded:
			return between(0, k.value.Int(), "at most %d, of %s; %s is not said", k.value.Int(), base, bases[0])
		}
		return known{high: k.high, bounded: true, because: k.because + ", of " + base + "; " + bases[0] + " is not said"}
	}
	return known{}
}

// mostOf is the largest part of one count.
func (a *asking) mostOf(base, country string) known {
	all := a.under(base)
	if len(all) == 0 {
		return known{}
	}
	total, hasTotal := all[base+"."+country]
	if !hasTotal {
		total, hasTotal = all[base]
	}
	var largest, sum int64
	for key, n := range all {
		if strings.HasPrefix(key, base+"."+country+".") {
			largest, sum = max(largest, n), sum+n
		}
	}
	switch {
	case !hasTotal:
		return known{low: largest, high: -1, bounded: true,
			because: fmt.Sprintf("at least %d in one part; the total is not said", largest)}
	case total-sum <= largest:
		return one(fact.NumberValue(largest), "%d in the part with most", largest)
	}
	return between(largest, total-sum, "%d of %d are not said by part", total-sum, total)
}
