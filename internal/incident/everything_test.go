// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "time/tzdata"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// house is a person whom much of the law binds; made once.
type house struct {
	*bench
	person fact.Subject
	laws   []judge.Applicability
	facts  *fact.Snapshot
}

// base is what all of them share, and judging them one after the other.
var base = sync.OnceValues(func() (*bench, error) {
	trees, err := law.ReadTrees(catalogue.Trees)
	if err != nil {
		return nil, err
	}
	cat, err := law.LoadWith(trees, catalogue.FS)
	if err != nil {
		return nil, err
	}
	b := &bench{cat: cat, houses: map[string]*house{}}
	if b.vocabulary, err = Load(catalogue.FS, cat); err != nil {
		return nil, err
	}
	if b.engine, err = judge.Compile(cat); err != nil {
		return nil, err
	}
	if b.recipients, err = law.LoadRecipients(catalogue.FS, cat); err != nil {
		return nil, err
	}
	b.holidays, err = law.LoadHolidays(catalogue.FS)
	return b, err
})

type bench struct {
	cat        *law.Catalogue
	vocabulary *Vocabulary
	engine     *judge.Engine
	recipients []*law.Recipient
	holidays   map[string]*law.Holidays
	houses     map[string]*house
}

// everything is the house of testdata/everything.yaml.
func everything(t *testing.T) *house {
	t.Helper()
	return houseWith(t)
}

// houseWith is that house with answers that differ: role.financial_entity=no.
func houseWith(t *testing.T, answers ...string) *house {
	t.Helper()
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Join(answers, " ")
	if h := b.houses[key]; h != nil {
		return h
	}
	src, err := os.ReadFile("testdata/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		name, value, _ := strings.Cut(a, "=")
		other := map[string]string{"yes": "no", "no": "yes"}[value]
		if !strings.Contains(string(src), name+": "+other) {
			t.Fatalf("the profile does not answer %s with %s", name, other)
		}
		src = []byte(strings.Replace(string(src), name+": "+other, name+": "+value, 1))
	}
	p, err := profile.Parse("testdata/everything.yaml", src, b.cat)
	if err != nil {
		t.Fatal(err)
	}
	day, _ := fact.ParseDay("2026-11-25")
	in := p.Input(day, day.Time())
	result := b.engine.Judge(in)
	if len(result.Persons) != 1 {
		t.Fatalf("%d persons", len(result.Persons))
	}
	h := &house{bench: b, person: result.Persons[0].Person, laws: result.Persons[0].Instruments,
		facts: fact.Resolve(b.cat.Vocabulary, in.Claims, fact.Moment{At: day.Time()})}
	b.houses[key] = h
	return h
}

func (h *house) world(now time.Time) *World {
	return &World{State: h.facts.State, Laws: h.laws, Recipients: h.recipients, Holidays: h.holidays, Now: now,
		Day: fact.DayOf(now)}
}

// story makes an incident of what people say, one entry after the other.
type story struct {
	t       *testing.T
	h       *house
	entries []Recorded
	at      time.Time
}

func (h *house) story(t *testing.T, zone, opened string, facts ...string) *story {
	t.Helper()
	at, err := time.Parse(time.RFC3339, opened)
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, h: h, at: at}
	s.add(Entry{Open: &Opening{Title: "test", Zone: zone}})
	s.says(facts...)
	return s
}

func (s *story) add(e Entry) *story {
	e.Incident, e.At = "INC-2026-001", s.at
	if e.By == "" {
		e.By = "duty officer"
	}
	s.entries = append(s.entries, Recorded{Entry: e, ID: fmt.Sprint(len(s.entries)), Subject: s.h.person, KnownAt: s.at})
	return s
}

func (s *story) says(facts ...string) *story {
	s.t.Helper()
	if len(facts) == 0 {
		return s
	}
	var e Entry
	for _, f := range facts {
		said, err := s.h.vocabulary.Assign(f, s.incident().Zone)
		if err != nil {
			s.t.Fatal(err)
		}
		said.Reasons = "as written down"
		e.Facts = append(e.Facts, said)
	}
	return s.add(e)
}

func (s *story) notifies(clock, at string) *story {
	s.t.Helper()
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.add(Entry{Notice: &Notice{Clock: clock, At: when}})
}

func (s *story) incident() *Incident {
	s.t.Helper()
	all, err := Fold(s.entries)
	if err != nil || len(all) != 1 {
		s.t.Fatalf("%d incidents, %v", len(all), err)
	}
	return all[0]
}

func (s *story) clocks(now string) *List {
	s.t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.h.vocabulary.Clocks(s.incident(), s.h.world(at))
}

func (s *story) clock(now, key string) *Clock {
	s.t.Helper()
	l := s.clocks(now)
	for n := range l.Clocks {
		if l.Clocks[n].Key == key {
			return &l.Clocks[n]
		}
	}
	s.t.Fatalf("no clock %s", key)
	return nil
}

// everyLaw is a world in which every law binds, and nothing is known of anybody.
func everyLaw(b *bench, at time.Time) *World {
	w := &World{Now: at, Day: fact.DayOf(at), State: func(fact.Subject, fact.Name) fact.Resolved { return fact.Resolved{} },
		Recipients: b.recipients, Holidays: b.holidays}
	for _, i := range b.cat.Instruments {
		w.Laws = append(w.Laws, judge.Applicability{Instrument: i, Bound: "own"})
	}
	return w
}
