// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
)

const netHead = `<svg class="net" viewBox="0 0 %[1]v %[2]v" width="%[1]v" height="%[2]v" role="img" ` +
	`aria-label="Devices that begin conversations on the left, devices that answer or speak outside in the middle, ` +
	`other ends on the right; the table below says the same in words">`

func (d *drawing) draw() template.HTML {
	height := 0.0
	for _, c := range d.columns {
		if len(c) > 0 {
			height = max(height, c[len(c)-1].y+boxHigh+8)
		}
	}
	d.centre(height)
	var b strings.Builder
	fmt.Fprintf(&b, netHead, pictureWide, math.Ceil(height))
	for c, title := range [...]string{"devices", "devices that answer or speak outside", "other ends"} {
		if len(d.columns[c]) > 0 {
			fmt.Fprintf(&b, `<text class="soft" x="%.0f" y="14">%s</text>`, d.columns[c][0].x, title)
		}
	}
	for i := len(d.links) - 1; i >= 0; i-- { // the most exposed on top
		d.links[i].draw(&b)
	}
	for c := range d.columns {
		last := ""
		for _, x := range d.columns[c] {
			if x.group != last && x.group != "" {
				fmt.Fprintf(&b, `<text class="soft halo" x="%.0f" y="%.0f">%s</text>`, x.x, x.y-6,
					html.EscapeString(shortened(x.group, 34)))
			}
			last = x.group
			x.draw(&b)
		}
	}
	for _, l := range d.links {
		l.label(&b)
	}
	b.WriteString(`</svg>`)
	if d.quiet || d.left > 0 {
		b.WriteString(`<p class="meta">`)
		if d.quiet {
			b.WriteString("Addresses, names and clocks (DHCP, DNS, NTP and the like) are left out of the picture; the " +
				"table has them. ")
		}
		if d.left > 0 {
			fmt.Fprintf(&b, "%d lines found no room.", d.left)
		}
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}

// centre moves shorter columns to the middle of the tallest.
func (d *drawing) centre(height float64) {
	for _, c := range d.columns {
		if len(c) == 0 {
			continue
		}
		shift := (height - 8 - (c[len(c)-1].y + boxHigh)) / 2
		for _, b := range c {
			b.y += shift
		}
	}
}

var lineStyles = [...]string{"sensitive", "clear", "secure", "other"}

// ends are where a line leaves and arrives; from lies left of to, or both in one column.
func (l *link) ends() (p, q [2]float64, same bool) {
	a, b := l.from, l.to
	if a.col > b.col {
		a, b = b, a
	}
	p, q = [2]float64{a.x + boxWide, a.y + boxHigh/2}, [2]float64{b.x, b.y + boxHigh/2}
	if a.col == b.col {
		q[0] = b.x + boxWide
		return p, q, true
	}
	return p, q, false
}

func (l *link) hidden() bool { return l.from.col < 0 || l.to.col < 0 || l.from == l.to }

func (l *link) draw(b *strings.Builder) {
	if l.hidden() {
		return
	}
	p, q, same := l.ends()
	bend := (q[0] - p[0]) / 2
	c1, c2 := p[0]+bend, q[0]-bend
	if same {
		c1 = p[0] + 40 + math.Abs(p[1]-q[1])/5
		c2 = c1
	}
	fmt.Fprintf(b,
		`<path class="edge %s" d="M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f"><title>%s to %s: %s, %s</title></path>`,
		lineStyles[l.exposure], p[0], p[1], c1, p[1], c2, q[1], q[0], q[1], html.EscapeString(l.from.name),
		html.EscapeString(l.to.name), html.EscapeString(strings.Join(l.protocols, ", ")),
		count(l.flows, "conversation", "conversations"))
}

// label names the protocol where credentials or patient data crossed in clear, beside the end that has
// fewest lines: left of the middle column at its own box, right of it at the other end's.
func (l *link) label(b *strings.Builder) {
	if l.hidden() || l.exposure != 0 {
		return
	}
	p, q, same := l.ends()
	x, y, anchor := p[0]+8, p[1]-7, "start"
	if same {
		x, y = p[0]+40+math.Abs(p[1]-q[1])/5-14, (p[1]+q[1])/2+4
	} else if p[0] > pictureWide/3 {
		x, y, anchor = q[0]-8, q[1]-7, "end"
	}
	fmt.Fprintf(b, `<text class="halo hot" x="%.0f" y="%.0f" text-anchor="%s">%s</text>`, x, y, anchor,
		html.EscapeString(shortened(strings.Join(l.protocols, ", "), 18)))
}

func (x *box) draw(b *strings.Builder) {
	class := [...]string{"node", "node warm", "node hot"}[x.heat]
	if !x.device {
		class += " peer"
	}
	title := x.name
	if x.note != "" {
		title += ": " + x.note
	}
	fmt.Fprintf(b, `<g><title>%s</title><rect class="%s" x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="4"/>`+
		`<text x="%.0f" y="%.0f">%s</text></g>`,
		html.EscapeString(title), class, x.x, x.y, boxWide, boxHigh, x.x+9, x.y+boxHigh/2+4,
		html.EscapeString(shortened(x.name, 29)))
}
