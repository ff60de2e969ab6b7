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
)

// topEdges are what ends said to each other with people's names, the most exposed first, then the busiest.
func topEdges(a *assess.Assessment) []assess.Edge {
	es := slices.Clone(a.Edges)
	slices.SortStableFunc(es, func(x, y assess.Edge) int {
		return cmp.Or(cmp.Compare(slices.Index(exposures, x.Exposure), slices.Index(exposures, y.Exposure)), cmp.Compare(y.Bytes, x.Bytes),
			cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(x.Protocol, y.Protocol))
	})
	label := map[string]string{}
	for i := range a.Things {
		label[a.Things[i].Subject.ID] = Clean(a.Things[i].Name)
	}
	for i := range es {
		e := &es[i]
		e.From, e.To, e.Protocol = cmp.Or(label[e.From], Clean(e.From)), cmp.Or(label[e.To], Clean(e.To)), Clean(e.Protocol)
	}
	return es
}

// housekeeping is left out of the picture: everybody says it to the gateway, and it hides the rest.
var housekeeping = map[string]bool{"dns": true, "dhcp": true, "ntp": true, "mdns": true, "ssdp": true, "llmnr": true, "nbns": true,
	"arp": true, "icmp": true, "igmp": true, "dhcpv6": true, "icmpv6": true}

// The picture has three columns: devices that begin conversations, devices that answer or speak outside,
// other ends.
const (
	pictureWide = 1000.0
	boxWide     = 196.0
	boxHigh     = 30.0
	boxGap      = 14.0
	groupGap    = 30.0
	mostNodes   = 36 // a column; more is no picture
	mostLines   = 120
)

type box struct {
	name, group, note string
	col               int
	x, y              float64
	heat              int
	device            bool
	pull              float64 // mean height of what it speaks with
}

// link joins two boxes: all that they said with one exposure.
type link struct {
	from, to  *box
	exposure  int // in exposures
	protocols []string
	flows     int
}

type drawing struct {
	boxes   map[string]*box
	order   []*box
	links   []*link
	left    int // lines left out
	quiet   bool
	columns [3][]*box
}

func network(a *assess.Assessment, edges []assess.Edge) template.HTML {
	d := &drawing{boxes: map[string]*box{}}
	d.read(a, edges)
	if len(d.links) == 0 {
		return "<p>No conversation was seen that a picture would show.</p>"
	}
	d.place()
	return d.draw()
}

// read takes the edges in, the most exposed first.
func (d *drawing) read(a *assess.Assessment, edges []assess.Edge) {
	group, note := map[string]string{}, map[string]string{}
	for i := range a.Things {
		t := &a.Things[i]
		n := Clean(t.Name)
		group[n], note[n] = productName(a, t), Clean(strings.TrimSpace(t.Vendor+" "+t.Model))
	}
	at := map[string]*link{}
	for i := range edges {
		e := &edges[i]
		if housekeeping[e.Protocol] {
			d.quiet = true
			continue
		}
		exposure := max(0, slices.Index(exposures, e.Exposure))
		k := e.From + "\x00" + e.To + "\x00" + itoa(exposure)
		if at[k] == nil {
			if len(d.links) == mostLines {
				d.left++
				continue
			}
			from, to := d.box(e.From, group, note), d.box(e.To, group, note)
			at[k] = &link{from: from, to: to, exposure: exposure}
			d.links = append(d.links, at[k])
		}
		l := at[k]
		add(&l.protocols, cmp.Or(e.Protocol, "?"))
		l.flows += e.Flows
		heat := max(0, 2-exposure)
		l.from.heat, l.to.heat = max(l.from.heat, heat), max(l.to.heat, heat)
	}
}

func (d *drawing) box(n string, group, note map[string]string) *box {
	if b := d.boxes[n]; b != nil {
		return b
	}
	_, device := note[n]
	b := &box{name: n, group: group[n], note: note[n], device: device}
	if host, addr, ok := strings.Cut(n, " "); !device && ok {
		b.name, b.group = host, addr // a peer's address stands above its name
	}
	d.boxes[n] = b
	d.order = append(d.order, b)
	return b
}

// place chooses the columns and orders each by what its boxes speak with, so that few lines cross.
func (d *drawing) place() {
	for _, b := range d.order {
		if !b.device {
			b.col = 2
		}
	}
	for _, l := range d.links { // who answers, or speaks outside, stands in the middle
		if l.from.device && !l.to.device {
			l.from.col = 1
		}
		if l.to.device {
			l.to.col = 1
		}
	}
	for _, b := range d.order {
		if len(d.columns[b.col]) < mostNodes {
			d.columns[b.col] = append(d.columns[b.col], b)
		} else {
			b.col = -1
			d.left++
		}
	}
	for range 6 {
		for c := range d.columns {
			d.pull(c)
			d.stack(c)
		}
	}
}

// pull sets how high a box wants to be; those of one group want the same.
func (d *drawing) pull(c int) {
	sum, n := map[*box]float64{}, map[*box]float64{}
	for _, l := range d.links {
		w := float64(3 - l.exposure)
		if l.from.col != l.to.col && l.from.col >= 0 && l.to.col >= 0 {
			sum[l.from] += w * l.to.y
			n[l.from] += w
			sum[l.to] += w * l.from.y
			n[l.to] += w
		}
	}
	total, many := map[string]float64{}, map[string]float64{}
	for _, b := range d.columns[c] {
		b.pull = b.y
		if n[b] > 0 {
			b.pull = sum[b] / n[b]
		}
		total[b.group] += b.pull
		many[b.group]++
	}
	for _, b := range d.columns[c] {
		if b.group != "" {
			b.pull = total[b.group] / many[b.group]
		}
	}
}

func (d *drawing) stack(c int) {
	slices.SortStableFunc(d.columns[c], func(x, y *box) int {
		return cmp.Or(cmp.Compare(math.Round(x.pull), math.Round(y.pull)), cmp.Compare(x.group, y.group), cmp.Compare(x.name, y.name))
	})
	y, last := 40.0, ""
	for i, b := range d.columns[c] {
		if i > 0 {
			y += boxHigh + boxGap
		}
		if b.group != last && b.group != "" {
			y += groupGap - boxGap
		}
		last = b.group
		b.x, b.y = [...]float64{4, (pictureWide - boxWide) / 2, pictureWide - boxWide - 4}[c], y
	}
}

func (d *drawing) draw() template.HTML {
	height := 0.0
	for _, c := range d.columns {
		if len(c) > 0 {
			height = max(height, c[len(c)-1].y+boxHigh+8)
		}
	}
	d.centre(height)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="net" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="Devices that begin conversations on the left, devices that answer or speak outside in the middle, other ends on the right; the table below says the same in words">`,
		pictureWide, height, pictureWide, height)
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
				fmt.Fprintf(&b, `<text class="soft halo" x="%.0f" y="%.0f">%s</text>`, x.x, x.y-6, html.EscapeString(shortened(x.group, 34)))
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
			b.WriteString("Addresses, names and clocks (DHCP, DNS, NTP and the like) are left out of the picture; the table has them. ")
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
	fmt.Fprintf(b, `<path class="edge %s" d="M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0f"><title>%s to %s: %s, %s</title></path>`, lineStyles[l.exposure],
		p[0], p[1], c1, p[1], c2, q[1], q[0], q[1], html.EscapeString(l.from.name), html.EscapeString(l.to.name),
		html.EscapeString(strings.Join(l.protocols, ", ")), count(l.flows, "conversation", "conversations"))
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
	fmt.Fprintf(b, `<text class="halo hot" x="%.0f" y="%.0f" text-anchor="%s">%s</text>`, x, y, anchor, html.EscapeString(shortened(strings.Join(l.protocols, ", "), 18)))
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
	fmt.Fprintf(b, `<g><title>%s</title><rect class="%s" x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="4"/><text x="%.0f" y="%.0f">%s</text></g>`,
		html.EscapeString(title), class, x.x, x.y, boxWide, boxHigh, x.x+9, x.y+boxHigh/2+4, html.EscapeString(shortened(x.name, 29)))
}
