// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
)

// bar is a law's vector as one stacked bar. Numbers only: nothing from outside enters it.
func bar(l line) template.HTML {
	const width = 150.0
	c := l.Counts
	parts := []struct {
		class string
		n     int
	}{{"v", c.Violated}, {"i", c.BreachIndicated}, {"o", l.Open()}, {"m", c.Met}}
	total := 0
	for _, p := range parts {
		total += p.n
	}
	var b strings.Builder
	b.WriteString(`<svg class="bar" width="150" height="14" viewBox="0 0 150 14" aria-hidden="true">`)
	if total == 0 {
		b.WriteString(`<rect class="n" x="0" y="6" width="150" height="2"/>`)
	}
	x := 0.0
	for _, p := range parts {
		if p.n == 0 {
			continue
		}
		w := width * float64(p.n) / float64(total)
		fmt.Fprintf(&b, `<rect class="%s" x="%.1f" y="0" width="%.1f" height="14"/>`, p.class, x, math.Max(w-1, 1))
		x += w
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// length is one number as a bar.
func length(n, most int) template.HTML {
	return template.HTML(fmt.Sprintf(
		`<svg class="bar" width="160" height="12" viewBox="0 0 160 12" aria-hidden="true">`+
			`<rect class="o" x="0" y="0" width="%.1f" height="12"/></svg>`, 160*float64(n)/float64(most)))
}

// moment is when the wire last showed a thing that speaks against a duty.
type moment struct {
	title  string
	style  string
	times  []time.Time
	labels []string
}

// moments draws the time of the inputs from left to right, with the last sighting of each finding on each
// device: what happened once, and when, stands apart from what goes on all day.
func moments(a *assess.Assessment, all []*finding) template.HTML {
	var from, to time.Time
	for _, in := range a.Inputs {
		if from.IsZero() || in.First.Before(from) && !in.First.IsZero() {
			from = in.First
		}
		if in.Last.After(to) {
			to = in.Last
		}
	}
	rows := momentRows(a, all)
	if len(rows) == 0 || !to.After(from) {
		return ""
	}
	const left, width, step, up = 450.0, 530.0, 24.0, 26.0
	height := up + step*float64(len(rows)) + 8
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="moments" viewBox="0 0 1000 %.0f" width="1000" height="%.0f" role="img" `+
		`aria-label="When the wire last showed each finding on each device, from %s to %s">`, height,
		height, stamp(from), stamp(to))
	at := func(t time.Time) float64 { return left + width*float64(t.Sub(from))/float64(to.Sub(from)) }
	for i := range 5 {
		t := from.Add(to.Sub(from) * time.Duration(i) / 4)
		x := at(t)
		fmt.Fprintf(&b, `<line class="tick" x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f"/>`, x, up-8, x, height)
		fmt.Fprintf(&b, `<text class="soft" x="%.0f" y="12" text-anchor="%s">%s</text>`,
			x, [...]string{"start", "middle", "middle", "middle", "end"}[i], t.UTC().Format("01-02 15:04"))
	}
	for i, r := range rows {
		y := up + step*float64(i) + 10
		fmt.Fprintf(&b, `<text x="0" y="%.0f">%s</text>`, y+4, html.EscapeString(shortened(r.title, 60)))
		fmt.Fprintf(&b, `<line class="tick" x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f"/>`, left, y, left+width, y)
		for n, t := range r.times {
			fmt.Fprintf(&b, `<circle class="dot %s" cx="%.1f" cy="%.0f" r="5"><title>%s</title></circle>`, r.style,
				at(t), y, html.EscapeString(r.labels[n]))
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func momentRows(a *assess.Assessment, all []*finding) []moment {
	const most = 14
	var rows []moment
	at := map[fact.Name]bool{}
	for _, f := range all {
		by := map[fact.Name]*moment{}
		var order []fact.Name
		for _, s := range f.Seen {
			n := s.Claim.Fact
			if s.Claim.Method != fact.Passive || at[n] {
				continue
			}
			if by[n] == nil {
				title := string(n)
				if d, ok := a.Catalogue.Vocabulary.Lookup(n); ok {
					title = sentenceCase(plan.Meaning(d))
				}
				by[n] = &moment{title: title, style: styleOf(f.worst())}
				order = append(order, n)
			}
			m := by[n]
			m.times = append(m.times, s.Claim.ObservedAt)
			m.labels = append(m.labels, name(a, s.Subject)+", last at "+stamp(s.Claim.ObservedAt))
		}
		for _, n := range order {
			at[n] = true
			rows = append(rows, *by[n])
		}
	}
	slices.SortStableFunc(rows, func(x, y moment) int {
		return slices.MinFunc(x.times, time.Time.Compare).Compare(slices.MinFunc(y.times, time.Time.Compare))
	})
	return rows[:min(most, len(rows))]
}

func shortened(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
