// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Holidays are the public holidays of a territory, as rules.
type Holidays struct {
	ID         string // us-federal, uk-england, de …
	Title      string
	Territory  string
	Source     string
	Confidence Confidence
	Rules      []Holiday
	Pos        Pos
}

// When a holiday that falls on a weekend is observed.
const (
	Nearest = "nearest" // Saturday: the day before; Sunday: the day after (5 U.S.C. 6103)
	Next    = "next"    // the next day that is free of weekend and holiday
)

// Holiday is one day a year: a date, the nth weekday of a month (-1: the last), or so many days from Easter
// Sunday.
type Holiday struct {
	Name       string
	Month, Day int
	Weekday    time.Weekday
	Nth        int
	Easter     *int
	Observed   string // nearest, next; "" for the day itself only
	// From and Until are the first and the last year; 0: always.
	From, Until int
}

var (
	holidaysID = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)*$`)
	weekdays   = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
)

// LoadHolidays reads the files below holidays/, by their IDs. No verdict rests on them, so they are no part of
// the catalogue's digest. Its error is Problems.
func LoadHolidays(fsys fs.FS) (map[string]*Holidays, error) {
	names, err := fs.Glob(fsys, "holidays/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading holidays: %w", err)
	}
	all := map[string]*Holidays{}
	var problems Problems
	for _, name := range names {
		src, err := ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading holidays: %w", err)
		}
		d := &document{Reader: NewReader(name, src)}
		root, err := ParseYAML(name, src)
		if p, ok := err.(Problems); ok {
			problems = append(problems, p...)
			continue
		}
		h := d.holidays(root)
		if want := strings.TrimSuffix(path.Base(name), ".yaml"); h.ID != want && len(d.Problems) == 0 {
			d.Add(h.Pos, fmt.Sprintf("holidays %q lie in the file of %q", h.ID, want), "")
		}
		all[h.ID] = h
		problems = append(problems, d.Problems...)
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	return all, nil
}

// holidays reads one territory's file.
func (d *document) holidays(root *Node) *Holidays {
	h := &Holidays{Pos: root.Pos}
	d.Object(root, "a list of holidays",
		Need("id", d.matching(&h.ID, holidaysID, "name of a list of holidays",
			"a country's code, and a part of it: us-federal")),
		Need("title", d.Text(&h.Title)),
		Need("territory", d.Text(&h.Territory)),
		Need("source", d.Text(&h.Source)),
		Need("confidence", Word(d.Reader, &h.Confidence, "confidence", confidences)),
		Need("days", d.List(func(n *Node) { h.Rules = append(h.Rules, d.holiday(n)) })),
	)
	return h
}

// signed reads a whole number that may be below zero.
func (d *document) signed(to *int, low, high int) func(*Node) {
	return func(n *Node) {
		s, ok := d.Scalar(n)
		if !ok {
			return
		}
		i, err := strconv.Atoi(s)
		if err != nil || i < low || i > high {
			d.Add(n.Pos, fmt.Sprintf("%q is no whole number from %d to %d", s, low, high), "")
			return
		}
		*to = i
	}
}

func (d *document) holiday(n *Node) Holiday {
	var h Holiday
	var weekday string
	easter, hasEaster := 0, false
	d.Object(n, "a holiday",
		Need("name", d.Text(&h.Name)),
		Opt("month", d.Int(&h.Month, 12)),
		Opt("day", d.Int(&h.Day, 31)),
		Opt("weekday", Word(d.Reader, &weekday, "weekday", weekdays)),
		Opt("nth", d.signed(&h.Nth, -1, 5)),
		Opt("easter", func(n *Node) { hasEaster = true; d.signed(&easter, -60, 70)(n) }),
		Opt("observed", Word(d.Reader, &h.Observed, "way to observe a holiday", []string{Nearest, Next})),
		Opt("from", d.Int(&h.From, 9999)),
		Opt("until", d.Int(&h.Until, 9999)),
	)
	if hasEaster {
		h.Easter = &easter
	}
	for i, w := range weekdays {
		if w == weekday {
			h.Weekday = time.Weekday(i)
		}
	}
	dated := h.Month > 0 && h.Day > 0 && weekday == "" && h.Nth == 0
	nth := h.Month > 0 && h.Day == 0 && weekday != "" && h.Nth != 0
	if moving := hasEaster && h.Month == 0 && h.Day == 0; !dated && !nth && !moving || hasEaster && (dated || nth) {
		d.Add(n.Pos, fmt.Sprintf("holiday %q names no day", h.Name),
			"month and day; month, weekday and nth; or easter: days from Easter Sunday")
	}
	return h
}
