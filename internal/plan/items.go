// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Item is one thing that somebody can find out, and what that helps to decide.
type Item struct {
	Fact     fact.Name
	Class    judge.Class
	Text     string
	Bearer   judge.Bearer // own where one of our duties waits for it
	Alone    int          // verdicts that it decides by itself
	Decides  int          // verdicts for which it belongs to the cheapest set
	Laws     []string
	pinpoint map[*law.Provision]bool
	subjects map[fact.Subject]bool
}

// Provisions and Subjects say how far an item reaches.
func (i *Item) Provisions() int { return len(i.pinpoint) }

// Subjects is how many it has to be found out of.
func (i *Item) Subjects() int { return len(i.subjects) }

// effort weighs the classes: an answer costs a question, a judgement a person's signed reasons.
var effort = map[judge.Class]float64{judge.Answer: 1, judge.Ours: 2, judge.Listen: 4, judge.Test: 5,
	judge.MakerDoc: 6, judge.Judgment: 6, judge.Beyond: 100}

// Cheapest are the items that decide most of what is not shown for their effort: those of our own duties
// first, then suppliers', of which at least three where there are any.
func Cheapest(w *World, n int) []*Item {
	by := map[fact.Name]*Item{}
	own, bind := w.ours(), w.binding()
	for i := range w.Result.Verdicts {
		v := &w.Result.Verdicts[i]
		if v.Outcome != judge.NotShown || v.Provision.Force != law.Must || !bind[v.Provision.Instrument] {
			continue
		}
		for _, m := range v.Cheapest {
			it := by[m.Fact]
			if it == nil || it.Bearer == judge.Supplier && v.Bearer == judge.Own {
				it = newItem(w.Catalogue, m, v, own) // what suppliers' duties wait for, too, is ours to find out
				by[m.Fact] = it
			}
			if v.Bearer == it.Bearer {
				it.count(v, m)
			}
		}
	}
	var mine, theirs []*Item
	for _, it := range by {
		if it.Bearer == judge.Own {
			mine = append(mine, it)
		} else {
			theirs = append(theirs, it)
		}
	}
	slices.SortFunc(mine, byWorth)
	slices.SortFunc(theirs, byWorth)
	room := max(n-min(3, len(theirs)), n-len(theirs))
	mine = mine[:min(room, len(mine))]
	return append(mine, theirs[:min(n-len(mine), len(theirs))]...)
}

// Says who can end an item, whose duties wait for it, and what it decides.
func (i *Item) Says() string {
	whose := "our duties"
	if i.Bearer == judge.Supplier {
		whose = "suppliers' duties"
	}
	s := fmt.Sprintf("%s: %s; decides %s of %s", i.Fact, ClassWord(i.Class), Count(i.Provisions(), "provision",
		"provisions"), whose)
	if n := i.Subjects(); n > 1 {
		s += fmt.Sprintf(", asked of %d", n)
	}
	s += fmt.Sprintf("; ends %s alone", Count(i.Alone, "verdict", "verdicts"))
	if n := i.Decides - i.Alone; n > 0 {
		s += fmt.Sprintf(", helps with %d more", n)
	}
	return s
}

// ClassWord says who can end a not-shown.
func ClassWord(c judge.Class) string {
	switch c {
	case judge.Answer:
		return "an answer in the profile"
	case judge.Ours:
		return "a record of ours"
	case judge.Listen:
		return "more listening"
	case judge.Test:
		return "an active test"
	case judge.MakerDoc:
		return "a document of the maker"
	case judge.Judgment:
		return "a signed judgement"
	}
	return "nothing that we know"
}

// Count is a number with its noun.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (i *Item) count(v *judge.Verdict, m judge.MissingFact) {
	i.Decides++
	if len(v.Cheapest) == 1 {
		i.Alone++
	}
	i.pinpoint[v.Provision] = true
	i.subjects[m.Subject] = true
	add(&i.Laws, v.Provision.Instrument.Short)
}

func (i *Item) worth() float64 {
	return (float64(i.Alone) + float64(i.Decides-i.Alone)/4) / effort[i.Class]
}

func byWorth(x, y *Item) int {
	return cmp.Or(cmp.Compare(y.worth(), x.worth()), cmp.Compare(x.Fact, y.Fact))
}

// ItemOf is a missing fact of a verdict, as a thing to find out.
func (w *World) ItemOf(m judge.MissingFact, v *judge.Verdict) *Item {
	return newItem(w.Catalogue, m, v, w.ours())
}

func newItem(cat *law.Catalogue, m judge.MissingFact, v *judge.Verdict, own map[fact.Subject]bool) *Item {
	it := &Item{Fact: m.Fact, Bearer: v.Bearer, pinpoint: map[*law.Provision]bool{},
		subjects: map[fact.Subject]bool{}}
	d, ok := cat.Vocabulary.Lookup(m.Fact)
	if !ok {
		it.Class, it.Text = judge.Beyond, string(m.Fact)
		return it
	}
	it.Class = classOf(d, m.Subject.Kind != fact.Product && (m.Subject.Kind != fact.Organisation || own[m.Subject]))
	it.Text = sentence(cmp.Or(d.Question, Meaning(d)))
	if d.Question == "" && d.Type == fact.Bool {
		it.Text = "Whether " + Meaning(d)
	}
	if id, ok := strings.CutPrefix(string(m.Fact), fact.JudgementPrefix); ok {
		if p := cat.Provisions[law.ProvisionID(id)]; p != nil {
			it.Text = "Judge, with reasons and an end, whether " + p.Instrument.Short + " " + p.Pinpoint +
				" is met: " + p.Text
		}
	}
	return it
}

// classOf says who can learn a fact, by the ways in which it can become known. What the wire shows only by
// being there, and never by its silence, a test ends sooner than listening.
func classOf(d *fact.Definition, ours bool) judge.Class {
	can := func(m fact.Method) bool { return slices.Contains(d.Known, m) }
	switch {
	case can(fact.Judgement):
		return judge.Judgment
	case d.Question != "" && can(fact.Declaration):
		return judge.Answer
	case can(fact.Passive) && (d.AbsenceHours > 0 || d.Universal || !can(fact.Active)):
		return judge.Listen
	case can(fact.Active) || can(fact.Import):
		return judge.Test
	case can(fact.Record) && ours:
		return judge.Ours
	case ours && can(fact.Declaration):
		return judge.Answer
	case can(fact.Record) || can(fact.Declaration):
		return judge.MakerDoc
	}
	return judge.Beyond
}

// Meaning is what a fact says, without its choices and without what a no would take.
func Meaning(d *fact.Definition) string {
	s, _, _ := strings.Cut(d.Meaning, "; no:")
	if d.Type == fact.Enum {
		s, _, _ = strings.Cut(s, " - ")
	}
	return s
}

// sentence begins with a capital letter.
func sentence(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
