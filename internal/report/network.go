// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
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
		return cmp.Or(cmp.Compare(slices.Index(exposures, x.Exposure), slices.Index(exposures, y.Exposure)),
			cmp.Compare(y.Bytes, x.Bytes),
			cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(x.Protocol, y.Protocol))
	})
	label := map[string]string{}
	for i := range a.Things {
		label[a.Things[i].Subject.ID] = Clean(a.Things[i].Name)
	}
	for i := range es {
		e := &es[i]
		e.From, e.To, e.Protocol = cmp.Or(label[e.From], Clean(e.From)),
			cmp.Or(label[e.To], Clean(e.To)), Clean(e.Protocol)
	}
	return es
}

// housekeeping is left out of the picture: everybody says it to the gateway, and it hides the rest.
var housekeeping = map[string]bool{"dns": true, "dhcp": true, "ntp": true, "mdns": true, "ssdp": true, "llmnr": true,
	"nbns": true, "arp": true, "icmp": true, "igmp": true, "dhcpv6": true, "icmpv6": true}

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
		return cmp.Or(cmp.Compare(math.Round(x.pull), math.Round(y.pull)), cmp.Compare(x.group, y.group),
			cmp.Compare(x.name, y.name))
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
