// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
)

// bar is a law's vector as one stacked bar. Numbers only: nothing from outside enters it.
func bar(c judge.Counts) template.HTML {
	const width = 160.0
	parts := []struct {
		class string
		n     int
	}{{"violated", c.Violated}, {"indicated", c.BreachIndicated}, {"shown", c.NotShown - c.BreachIndicated}, {"met", c.Met}}
	total := 0
	for _, p := range parts {
		total += p.n
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" width="160" height="14" viewBox="0 0 160 14" role="img" aria-label="violated %d, breach indicated %d, not shown otherwise %d, met %d">`,
		c.Violated, c.BreachIndicated, c.NotShown-c.BreachIndicated, c.Met)
	if total == 0 {
		b.WriteString(`<rect class="none" x="0" y="5" width="160" height="4"/>`)
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

var exposures = []string{"clear-sensitive", "clear", "secure", ""}

// topEdges are the edges that matter most: the most exposed first, then the busiest.
func topEdges(a *assess.Assessment, n int) []assess.Edge {
	es := slices.Clone(a.Edges)
	slices.SortStableFunc(es, func(x, y assess.Edge) int {
		return cmp.Or(cmp.Compare(slices.Index(exposures, x.Exposure), slices.Index(exposures, y.Exposure)), cmp.Compare(y.Bytes, x.Bytes),
			cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	es = es[:min(n, len(es))]
	label := labels(a)
	for i := range es {
		es[i].From, es[i].To, es[i].Protocol = label(es[i].From), label(es[i].To), Clean(es[i].Protocol)
	}
	return es
}

func labels(a *assess.Assessment) func(string) string {
	names := map[string]string{}
	for _, t := range a.Things {
		names[t.Subject.ID] = Clean(t.Name)
	}
	return func(id string) string { return cmp.Or(names[id], Clean(id)) }
}

// network draws devices and peers in two columns with what they said to each other; a column of
// devices bows so that lines between devices stay visible.
func network(a *assess.Assessment) template.HTML {
	const mostEdges, mostNodes, step, width = 80, 40, 34.0, 900.0
	device := map[string]bool{}
	for _, t := range a.Things {
		device[labels(a)(t.Subject.ID)] = true
	}
	edges := topEdges(a, mostEdges)
	at := map[string][2]float64{}
	heat := map[string]int{}
	var left, right []string
	for _, e := range edges {
		for _, n := range []string{e.From, e.To} {
			if _, ok := at[n]; !ok {
				if device[n] && len(left) < mostNodes {
					at[n] = [2]float64{300, 30 + step*float64(len(left))}
					left = append(left, n)
				} else if !device[n] && len(right) < mostNodes {
					at[n] = [2]float64{620, 30 + step*float64(len(right))}
					right = append(right, n)
				}
			}
			heat[n] = max(heat[n], 2-min(2, slices.Index(exposures, e.Exposure)))
		}
	}
	if len(at) == 0 {
		return "<p>No conversation was seen.</p>"
	}
	height := 30 + step*float64(max(len(left), len(right)))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="Devices on the left, other ends on the right, lines for what they said; the table below holds the same">`, width, height, width, height)
	b.WriteString(`<text class="soft" x="300" y="12" text-anchor="middle">devices</text><text class="soft" x="620" y="12" text-anchor="middle">other ends</text>`)
	for i := len(edges) - 1; i >= 0; i-- {
		e := edges[i]
		p, okP := at[e.From]
		q, okQ := at[e.To]
		if okP && okQ {
			draw(&b, e, p, q)
		}
	}
	for _, xy := range sortedNodes(at) {
		node(&b, xy.name, xy.at, device[xy.name], heat[xy.name])
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

type placed struct {
	name string
	at   [2]float64
}

func sortedNodes(at map[string][2]float64) []placed {
	out := make([]placed, 0, len(at))
	for n, xy := range at {
		out = append(out, placed{n, xy})
	}
	slices.SortFunc(out, func(x, y placed) int { return strings.Compare(x.name, y.name) })
	return out
}

func draw(b *strings.Builder, e assess.Edge, p, q [2]float64) {
	class := map[string]string{"clear-sensitive": "sensitive", "clear": "clear", "secure": "secure"}[e.Exposure]
	if class == "" {
		class = "other"
	}
	bend := (p[0] + q[0]) / 2
	if p[0] == q[0] { // within a column: bow to the outside of the picture's middle
		bend = p[0] + math.Copysign(60+math.Abs(p[1]-q[1])/4, 460-p[0])
	}
	fmt.Fprintf(b, `<path class="edge %s" d="M%.0f %.0f C%.0f %.0f %.0f %.0f %.0f %.0f"><title>%s to %s: %s, %d conversations</title></path>`,
		class, p[0], p[1], bend, p[1], bend, q[1], q[0], q[1], html.EscapeString(e.From), html.EscapeString(e.To), html.EscapeString(e.Protocol), e.Flows)
}

func node(b *strings.Builder, name string, at [2]float64, device bool, heat int) {
	class, anchor, dx := "node", "end", -13.0
	if heat == 2 {
		class += " hot"
	} else if heat == 1 {
		class += " warm"
	}
	if !device {
		class, anchor, dx = class+" peer", "start", 13.0
	}
	fmt.Fprintf(b, `<circle class="%s" cx="%.0f" cy="%.0f" r="7"/><text x="%.0f" y="%.0f" text-anchor="%s">%s</text>`,
		class, at[0], at[1], at[0]+dx, at[1]+4, anchor, html.EscapeString(short40(name)))
}

func short40(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
