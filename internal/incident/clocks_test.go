// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"os"
	"strings"
	"testing"
	"time"
)

// section is one incident of the table of clocks.
type section struct {
	title, profile, zone, now string
	say, notify, rows         []string
	complete                  bool
}

func sections(t *testing.T, name string) (all []*section) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if title, ok := strings.CutPrefix(line, "== "); ok {
			all = append(all, &section{title: title})
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		s := all[len(all)-1]
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "profile":
			s.profile = rest
		case "zone":
			s.zone = rest
		case "now":
			s.now = rest
		case "say":
			s.say = append(s.say, rest)
		case "notify":
			s.notify = append(s.notify, rest)
		case "complete":
			s.complete = true
		default:
			if !strings.Contains(line, "|") {
				t.Fatalf("%s:%d: %q", name, n+1, line)
			}
			s.rows = append(s.rows, line)
		}
	}
	return all
}

func (s *section) list(t *testing.T) *List {
	t.Helper()
	answers := strings.Fields(s.profile)[1:]
	h := houseWith(t, answers...)
	story := h.story(t, s.zone, s.now, s.say...)
	for _, n := range s.notify {
		clock, at, _ := strings.Cut(n, " ")
		story.notifies(clock, at)
	}
	return story.clocks(s.now)
}

func TestEveryClockIsDueToTheMinute(t *testing.T) {
	for _, s := range sections(t, "testdata/clocks.txt") {
		t.Run(s.title, func(t *testing.T) {
			l := s.list(t)
			got := map[string]*Clock{}
			for n := range l.Clocks {
				if c := &l.Clocks[n]; !c.Undetermined {
					got[c.Key] = c
				}
			}
			for _, row := range s.rows {
				col := strings.Split(row, "|")
				for i := range col {
					col[i] = strings.TrimSpace(col[i])
				}
				c := got[col[0]]
				if c == nil {
					t.Errorf("%s is not listed", col[0])
					continue
				}
				delete(got, col[0])
				formal := col[3]
				if len(col) > 4 {
					formal = col[4]
				}
				if c.Law.Pinpoint != col[1] || string(c.State) != col[2] || !sameTime(dueText(c), col[3]) {
					t.Errorf("%s (%s): %s, due %s; want %s", c.Key, c.Law.Pinpoint, c.State, dueText(c), row)
				}
				if !c.Due.IsZero() && !sameTime(c.Formal.Format(time.DateTime), formal) {
					t.Errorf("%s: formally until %s; want %s", c.Key, c.Formal.Format(time.DateTime), formal)
				}
			}
			for key, c := range got {
				if s.complete {
					t.Errorf("%s (%s) is listed as %s, due %s, and not in the table", key, c.Law.Pinpoint, c.State, dueText(c))
				}
			}
		})
	}
}

func dueText(c *Clock) string {
	switch {
	case !c.Due.IsZero():
		return c.Due.Format(time.DateTime)
	case c.AtOnce:
		return "at once " + c.From.Format(time.DateTime)
	}
	return "-"
}

func sameTime(got, want string) bool { return got == want || got == want+":00" }

func TestTheListStandsInOrderOfDueTime(t *testing.T) {
	l := sections(t, "testdata/clocks.txt")[0].list(t)
	for n := 1; n < len(l.Clocks); n++ {
		a, b := &l.Clocks[n-1], &l.Clocks[n]
		if rank(a.State) > rank(b.State) || rank(a.State) == rank(b.State) && a.when().After(b.when()) {
			t.Errorf("%s (%s %s) stands before %s (%s %s)", a.Key, a.State, dueText(a), b.Key, b.State, dueText(b))
		}
	}
}
