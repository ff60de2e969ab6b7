// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

// picture is a timeline in the units of its own view.
type picture struct {
	Width, Height, Axis int
	Words               string // for who does not see it
	Bands               []band
	Years               []tick
	Dots                []dot
	Today               int // -1: the day lies far outside
	TodayLabel          string
	TodayEnd            bool // the label stands left of its line
}

type band struct{ X, Width int }

type tick struct {
	X    int
	Text string
}

type dot struct {
	X, Y, TextX, TextY int
	Style, Text, Title string
	End                bool // the text stands left of the line
}

// The measures of the picture, in units of about one pixel.
const (
	timelineWidth  = 1000
	timelineMargin = 16
	timelineAxis   = 44
	laneHeight     = 20
	perLetter      = 7 // a little more than a letter of the label takes
	mostLetters    = 42
)

// scale maps days to places.
type scale struct{ first, last fact.Day }

func (s scale) x(d fact.Day) int {
	d = max(s.first, min(s.last, d))
	return timelineMargin + int(int64(d-s.first)*int64(timelineWidth-2*timelineMargin)/int64(s.last-s.first))
}

// timeline draws an instrument's milestones, the time in which it binds, and the day of the site.
func (x *crossing) timeline(i *law.Instrument) picture {
	p := picture{Width: timelineWidth, Axis: timelineAxis, Today: -1}
	if len(i.Milestones) == 0 {
		return p
	}
	s := scale{x.day, x.day}
	for _, m := range i.Milestones {
		s.first, s.last = min(s.first, m.Day), max(s.last, m.Day)
	}
	pad := max(60, (s.last-s.first)/25)
	s.first, s.last = s.first-pad, s.last+pad
	p.Bands, p.Years = bands(i, s), years(s)
	p.Today, p.TodayLabel = s.x(x.day), "law of "+x.day.String()
	p.TodayEnd = p.Today > timelineWidth*3/4
	lanes := p.place(i, x.day, s)
	p.Height = timelineAxis + 16 + lanes*laneHeight + 8
	p.Words = fmt.Sprintf("Timeline of %s: %s; the table below says the same.", i.Short,
		count(len(i.Milestones), "date", "dates"))
	return p
}

// bands are the days on which it binds.
func bands(i *law.Instrument, s scale) []band {
	if i.AppliesFrom == nil {
		return nil
	}
	from, until := s.x(*i.AppliesFrom), s.x(s.last)
	if i.Repealed != nil {
		until = s.x(*i.Repealed)
	}
	return []band{{from, max(2, until-from)}}
}

// years marks at most a dozen new years.
func years(s scale) []tick {
	first, last := s.first.Time().Year()+1, s.last.Time().Year()
	step := 1
	for _, step = range []int{1, 2, 5, 10, 25} {
		if (last-first)/step < 12 {
			break
		}
	}
	var all []tick
	for y := first; y <= last; y++ {
		if y%step == 0 {
			d, err := fact.ParseDay(fmt.Sprintf("%04d-01-01", y))
			if err == nil {
				all = append(all, tick{s.x(d), fmt.Sprint(y)})
			}
		}
	}
	return all
}

// place gives each label the highest lane in which it meets no other, and counts the lanes. Labels hang
// from the axis, the latest highest, so that no line crosses a text.
func (p *picture) place(i *law.Instrument, day fact.Day, s scale) int {
	var ends [][][2]int // of each lane, what is taken
	most := 0
	for k := len(i.Milestones) - 1; k >= 0; k-- {
		m := i.Milestones[k]
		text := short(lawtool.LooseDay(m) + " " + m.Event)
		d := dot{X: s.x(m.Day), Text: text, Title: strings.TrimSpace(m.Event + " " + m.Note), Style: "future"}
		if m.Day <= day {
			d.Style = "past"
		}
		if m.Confidence != law.Verified {
			d.Style += " doubt"
		}
		width := utf8.RuneCountInString(text)*perLetter + 14
		from, until := d.X-2, d.X+width
		if until > timelineWidth {
			from, until, d.End = d.X-width, d.X+2, true
		}
		lane := 0
		for ; lane < len(ends); lane++ {
			if free(ends[lane], from, until) {
				break
			}
		}
		if lane == len(ends) {
			ends = append(ends, nil)
		}
		ends[lane] = append(ends[lane], [2]int{from, until})
		for above := range lane { // the line down to the lane takes its place in those above
			ends[above] = append(ends[above], [2]int{d.X - 2, d.X + 2})
		}
		d.Y = timelineAxis
		d.TextY = timelineAxis + 30 + lane*laneHeight
		d.TextX = d.X + 5
		if d.End {
			d.TextX = d.X - 5
		}
		most = max(most, lane+1)
		p.Dots = append(p.Dots, d)
	}
	return most
}

func free(taken [][2]int, from, until int) bool {
	for _, t := range taken {
		if from < t[1] && t[0] < until {
			return false
		}
	}
	return true
}

func short(s string) string {
	r := []rune(s)
	if len(r) <= mostLetters {
		return s
	}
	return strings.TrimRight(string(r[:mostLetters-1]), " ,;") + "…"
}
