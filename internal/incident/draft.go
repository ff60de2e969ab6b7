// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
)

// Draft is a notice filled from the case. It holds every item that the law asks of it: answered, in part, or missing.
type Draft struct {
	Clock    *Clock
	Incident *Incident
	Title    string
	To       []string
	From     string // who notifies
	Made     time.Time
	Items    []Filled
	Missing  int // items that lack an answer, or a part of one
}

// Filled is an item of a draft.
type Filled struct {
	Item
	Heading string   // as the law words it, where it does
	Lines   []string // what answers it
	Wants   []Want   // what is missing of that
}

// Want is a fact that a draft lacks.
type Want struct {
	Fact  string `json:"fact"`
	Title string `json:"title"`
}

// Present says that nothing is missing of an item.
func (f *Filled) Present() bool { return len(f.Lines) > 0 && len(f.Wants) == 0 }

// Draft fills a notice of a clock; name is what people call whom the incident concerns.
func (v *Vocabulary) Draft(i *Incident, w *World, c *Clock, name string) *Draft {
	d := &Draft{Clock: c, Incident: i, From: name, Made: w.Now, Title: titleOf(c)}
	for _, r := range c.Recipients {
		d.To = append(d.To, strings.TrimSpace(r.Name+" "+r.Portal))
	}
	if len(d.To) == 0 {
		d.To = []string{c.Law.Recipient}
	}
	f := &filler{&asking{v, i, w, c.Key}, d}
	var late []int
	for _, it := range Content(c.Law) {
		filled := Filled{Item: it, Heading: headingOf(it.Title)}
		if a := v.answer(c.Key, it.ID); a != nil && slices.Contains(a.facts, "$missing") {
			late = append(late, len(d.Items)) // it says what all others lack
		} else {
			f.fill(&filled)
		}
		d.Items = append(d.Items, filled)
	}
	for _, n := range late {
		f.fill(&d.Items[n])
	}
	for n := range d.Items {
		if !d.Items[n].Present() {
			d.Missing++
		}
	}
	return d
}

var (
	titled  = regexp.MustCompile(`titled “([^”]+)”`)
	heading = regexp.MustCompile(`^heading “([^”]+)”`)
)

// titleOf is the title that the law gives a notice, or one that says what it is.
func titleOf(c *Clock) string {
	if m := titled.FindStringSubmatch(c.Law.Form); m != nil {
		return m[1]
	}
	return fmt.Sprintf("%s, %s: notice to %s", c.Instrument.Short, c.Law.Pinpoint, c.Law.Recipient)
}

func headingOf(title string) string {
	if m := heading.FindStringSubmatch(title); m != nil {
		return m[1]
	}
	return ""
}

type filler struct {
	*asking
	draft *Draft
}

// fill answers an item: with what somebody said for it, else with the facts that answer it.
func (f *filler) fill(it *Filled) {
	if s, ok := f.value(itemPrefix+it.ID, f.clock); ok {
		it.Lines = append(it.Lines, s.Value)
		return
	}
	a := f.answer(f.clock, it.ID)
	if a == nil {
		it.Wants = append(it.Wants, Want{f.sayItem(it.ID), it.Title})
		return
	}
	for _, key := range a.facts {
		lines := f.lines(key)
		if len(lines) == 0 {
			it.Wants = append(it.Wants, f.want(key, it))
		}
		it.Lines = append(it.Lines, lines...)
	}
	for _, key := range a.also {
		for _, l := range f.lines(key) {
			if !slices.Contains(it.Lines, l) {
				it.Lines = append(it.Lines, l)
			}
		}
	}
}

// sayItem is the key by which people answer an item.
func (f *filler) sayItem(id string) string { return itemPrefix + id + "@" + f.clock }

func (f *filler) want(key string, it *Filled) Want {
	if d := f.define(key); d != nil {
		return Want{key, d.Title}
	}
	if key == "$lateness" {
		return Want{"story.delay", f.byID["story.delay"].Title}
	}
	if d, ok := f.law.Vocabulary.Lookup(fact.Name(key)); ok {
		return Want{key, d.Meaning}
	}
	return Want{f.sayItem(it.ID), it.Title}
}

// lines are what is known of a fact, in words.
func (f *filler) lines(key string) []string {
	if strings.HasPrefix(key, "$") {
		return f.ofItself(key)
	}
	d := f.define(key)
	switch {
	case d == nil:
		if s, ok := f.value(key, f.clock); ok {
			return []string{key + ": " + s.Value}
		}
		return nil
	case d.Sort == Time:
		return f.moments(d)
	case d.Sort == Count:
		return f.counts(d, key)
	}
	s, ok := f.value(key, f.clock)
	if !ok {
		return nil
	}
	if d.Sort == YesNo {
		return []string{fmt.Sprintf("%s: %s%s", d.Title, s.Value, because(s))}
	}
	return []string{s.Value}
}

func (f *filler) moments(d *Definition) (all []string) {
	claims := f.times(d.ID, f.clock)
	if len(claims) == 0 && d.Within != "" {
		claims = f.times(d.Within, f.clock)
	}
	for n, m := range claims {
		line := fmt.Sprintf("%s: %s", d.Title, m.at.In(f.zone()).Format("2006-01-02 15:04 -07:00"))
		if len(claims) > 1 && claims[0].at != claims[len(claims)-1].at {
			line += " (" + m.by + ")"
		}
		if n == 0 || claims[n-1].at != m.at {
			all = append(all, line)
		}
	}
	return all
}

// counts are a count and its parts by place.
func (f *filler) counts(d *Definition, key string) (all []string) {
	parts := f.under(key)
	if n, ok := parts[key]; ok {
		all = append(all, fmt.Sprintf("%s: %d", titleAt(d, key), n))
	}
	var keys []string
	for k := range parts {
		if k != key {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		all = append(all, fmt.Sprintf("%s: %d", titleAt(d, k), parts[k]))
	}
	return all
}

func titleAt(d *Definition, key string) string {
	title := strings.TrimSuffix(d.Title, ", in all")
	if place := strings.TrimPrefix(strings.TrimPrefix(key, d.ID), "."); place != "" {
		return title + " in " + strings.ToUpper(strings.ReplaceAll(place, ".", "-"))
	}
	return title
}

// ofItself answers from the case itself.
func (f *filler) ofItself(key string) []string {
	switch key {
	case "$person":
		return []string{f.draft.From}
	case "$submission":
		return []string{f.submission()}
	case "$lateness":
		return f.lateness()
	case "$hold":
		return f.holds()
	case "$notices":
		return f.otherNotices()
	case "$missing":
		return f.whatIsMissing()
	}
	return nil
}

// submission says which of its kind the notice is.
func (f *filler) submission() string {
	n := len(f.draft.Clock.Notices)
	if n == 0 {
		return "first submission of " + f.draft.Clock.Law.ID
	}
	return fmt.Sprintf("update %d of %s, first submitted %s", n, f.draft.Clock.Law.ID,
		f.draft.Clock.Notices[0].At.In(f.zone()).Format("2006-01-02 15:04 -07:00"))
}

func (f *filler) lateness() []string {
	c := f.draft.Clock
	if s, ok := f.value("story.delay", f.clock); ok {
		return []string{s.Value}
	}
	if !c.Due.IsZero() && !f.draft.Made.After(c.Due) {
		return []string{"the notice is made in time: it is due " + c.Due.In(f.zone()).Format("2006-01-02 15:04 -07:00")}
	}
	return nil
}

func (f *filler) holds() []string {
	if len(f.Holds) == 0 {
		return []string{"no authority has asked for a delay"}
	}
	var all []string
	for _, h := range f.Holds {
		line := fmt.Sprintf("%s, %s%s: %s", h.Authority, h.From.In(f.zone()).Format("2006-01-02 15:04 -07:00"),
			untilText(h.Until, f.zone()), h.Statement)
		if h.Lifted {
			line = fmt.Sprintf("%s lifted it on %s: %s", h.Authority, h.From.In(f.zone()).Format("2006-01-02 15:04 -07:00"),
				h.Statement)
		}
		all = append(all, line)
	}
	return all
}

func (f *filler) otherNotices() []string {
	var all []string
	for _, n := range f.Notices {
		if n.Clock != f.clock {
			all = append(all, strings.TrimSpace(fmt.Sprintf("%s, %s %s", n.Clock,
				n.At.In(f.zone()).Format("2006-01-02 15:04 -07:00"), n.Reference)))
		}
	}
	if len(all) == 0 {
		return []string{"no other notice was handed in yet"}
	}
	return all
}

func (f *filler) whatIsMissing() []string {
	var all []string
	for n := range f.draft.Items {
		for _, w := range f.draft.Items[n].Wants {
			all = append(all, "not determined or not available yet: "+w.Title)
		}
	}
	if len(all) == 0 {
		return []string{"nothing that is asked is missing"}
	}
	return all
}
