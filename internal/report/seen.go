// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/paper"
)

// Seen writes what is on the wire for a terminal: inputs, devices with what is so about them, who spoke with
// whom in clear.
func Seen(w io.Writer, s *observe.Seen, width int) error {
	p := newPrinter(w, width)
	for i := range s.Inputs {
		in := &s.Inputs[i]
		p.Text(0, none, fmt.Sprintf("%s %s, %d packets, %s to %s", Clean(in.Path), short(in.SHA256), in.Packets,
			stamp(in.First), stamp(in.Last)))
	}
	c := &s.Counters
	p.Text(0, faint, fmt.Sprintf("%d frames, %d decoded, %d malformed; %d conversations; %d given up for want of room",
		c.Frames, c.Decoded, c.Malformed, c.Flows, c.Evicted))
	if c.Partial {
		p.Text(0, warn, "the view is partial: a budget was hit, so silence shows nothing")
	}
	p.devices(s)
	p.facts(s)
	p.edges(s)
	return p.Err
}

const mostDevices = 60

func (p *printer) devices(s *observe.Seen) {
	p.Title(fmt.Sprintf("Devices (%d)", len(s.Devices)))
	if len(s.Devices) == 0 {
		p.Text(0, none, "none: no frame shows an address behind a link address of its own, or inside --network")
		return
	}
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{2: true}}
	g.Head("device", "what", "confidence", "addresses", "services")
	for i := range s.Devices[:min(mostDevices, len(s.Devices))] {
		d := &s.Devices[i]
		g.Row(d.ID, Clean(whatIs(d)), fmt.Sprintf("%.2f", d.Identity.Confidence), Clean(addresses(d)), Clean(offers(d)))
	}
	p.F("%s", g)
	if n := len(s.Devices) - mostDevices; n > 0 {
		p.F("and %d more: --format json has all\n", n)
	}
}

func whatIs(d *inventory.Device) string {
	id := &d.Identity
	var parts []string
	for _, s := range []string{id.Vendor, id.Model, id.Type, id.Firmware} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	what := strings.Join(parts, ", ")
	if d.Gateway {
		what = strings.TrimPrefix(what+", gateway", ", ")
	}
	if len(d.Hostnames) > 0 {
		what = strings.TrimSuffix(d.Hostnames[0]+": "+what, ": ")
	}
	return cmp.Or(what, d.Registered)
}

func addresses(d *inventory.Device) string {
	var all []string
	for _, m := range d.MACs {
		all = append(all, fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]))
	}
	for _, a := range d.IPs {
		all = append(all, a.String())
	}
	if len(all) > 3 {
		all = append(all[:3], fmt.Sprintf("and %d more", len(all)-3))
	}
	return strings.Join(all, " ")
}

func offers(d *inventory.Device) string {
	var all []string
	for _, s := range d.Services {
		add(&all, fmt.Sprintf("%s/%d", cmp.Or(s.Protocol, "?"), s.Port))
	}
	if len(all) > 6 {
		all = append(all[:6], fmt.Sprintf("and %d more", len(all)-6))
	}
	return strings.Join(all, " ")
}

// facts lists what is so, one line a fact and value, with the devices it holds for and the first frame.
func (p *printer) facts(s *observe.Seen) {
	type row struct {
		name, value, first string
		devices            []string
	}
	at := map[[2]string]*row{}
	var rows []*row
	for c := range s.Claims() {
		if c.Value.IsFalse() {
			continue
		}
		k := [2]string{string(c.Fact), c.Value.String()}
		r := at[k]
		if r == nil {
			r = &row{name: k[0], value: k[1], first: firstFrame(&c)}
			at[k] = r
			rows = append(rows, r)
		}
		r.devices = append(r.devices, Clean(c.Subject.ID))
	}
	p.Title(fmt.Sprintf("What is so (%d)", len(rows)))
	if len(rows) == 0 {
		p.F("nothing that a check knows was seen\n")
		return
	}
	slices.SortFunc(rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))
	})
	g := &paper.Grid{Width: p.Width}
	g.Head("fact", "value", "of", "first seen")
	for _, r := range rows {
		of := r.devices
		if len(of) > 5 {
			of = append(of[:5:5], fmt.Sprintf("and %d more", len(r.devices)-5))
		}
		g.Row(r.name, r.value, strings.Join(of, " "), r.first)
	}
	p.F("%s", g)
}

func firstFrame(c *fact.Claim) string {
	for _, s := range c.Sources {
		if len(s.Frames) > 0 {
			return fmt.Sprintf("frame %d", s.Frames[0][0])
		}
	}
	return ""
}

// edges lists the most exposed conversations.
func (p *printer) edges(s *observe.Seen) {
	const most = 15
	es := slices.Clone(s.Edges)
	slices.SortStableFunc(es, func(a, b observe.Edge) int {
		return cmp.Or(cmp.Compare(slices.Index(exposures, a.Exposure), slices.Index(exposures, b.Exposure)),
			cmp.Compare(b.Bytes, a.Bytes))
	})
	if len(es) == 0 {
		return
	}
	p.Title(fmt.Sprintf("Who spoke with whom, the most exposed first (%d of %d)", min(most, len(es)), len(es)))
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{4: true, 5: true}}
	g.Head("from", "to", "protocol", "protection", "conversations", "bytes")
	for _, e := range es[:min(most, len(es))] {
		word, paint := protection(e.Exposure)
		g.Row(Clean(e.From), Clean(e.To), fmt.Sprintf("%s/%d", cmp.Or(Clean(e.Protocol), "?"), e.Port), word,
			fmt.Sprint(e.Flows), fmt.Sprint(e.Bytes))
		g.Paint(3, paint)
	}
	p.F("%s", g)
}

func protection(exposure string) (string, lipgloss.Style) {
	switch exposure {
	case "clear-sensitive":
		return "clear, sensitive", bad
	case "clear":
		return "clear", warn
	case "secure":
		return "encrypted", good
	}
	return "not known", none
}
