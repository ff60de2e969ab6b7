// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/profile"
)

// likely is the confidence from which on a make and model name a product, surely that from which on a vendor's
// name alone stands for the maker.
const (
	likely = 0.5
	surely = 0.9
)

// productOf finds the product that a device is a unit of: the profile's word, then what identification
// found, then one of its own of which nothing is known.
func (w *world) productOf(d *inventory.Device, entry *profile.Device) (fact.Subject, error) {
	if entry != nil && entry.Product != "" {
		for i := range w.profile.Products {
			if p := &w.profile.Products[i]; p.ID == entry.Product && !contradicts(d, p) {
				return w.product(p)
			}
		}
	}
	if d == nil || d.Identity.Vendor == "" || d.Identity.Model == "" || d.Identity.Confidence < likely {
		return w.nameless(d)
	}
	id := &d.Identity
	for i := range w.profile.Products {
		if p := &w.profile.Products[i]; strings.EqualFold(p.Vendor, id.Vendor) && strings.EqualFold(p.Model,
			id.Model) {
			return w.product(p)
		}
	}
	return w.made(nameBody{Name: id.Vendor + " " + id.Model, Vendor: id.Vendor, Model: id.Model}, fact.Subject{},
		makeKey(id.Vendor, id.Model))
}

// contradicts says that a device is certainly of another make or model than the profile says: then neither is
// taken for the other, and nothing that it does is held against either.
func contradicts(d *inventory.Device, p *profile.Product) bool {
	if d == nil || !d.Identity.Certain {
		return false
	}
	id := &d.Identity
	return !strings.EqualFold(p.Vendor, id.Vendor) || p.Model != "" && !strings.EqualFold(p.Model, id.Model)
}

// nameless is the product of a unit whose make or model nobody knows: one for each vendor that is known, and
// one for all others. Until the make is known there is nothing to ask of it, and nothing to hold against it.
func (w *world) nameless(d *inventory.Device) (fact.Subject, error) {
	if d != nil && d.Identity.Vendor != "" && d.Identity.VendorConfidence >= surely {
		v := d.Identity.Vendor
		return w.made(nameBody{Name: "models of " + v + " not yet known", Vendor: v}, fact.Subject{},
			"vendor:"+strings.ToLower(v))
	}
	return w.made(nameBody{Name: "makes not yet known"}, fact.Subject{}, "of:unknown")
}

// product is one that the profile lists.
func (w *world) product(p *profile.Product) (fact.Subject, error) {
	name := strings.TrimSpace(p.Vendor + " " + p.Model)
	var maker fact.Subject
	if p.Ours {
		maker = w.persons[p.Maker]
	}
	return w.made(nameBody{Name: cmp.Or(name, p.ID), Vendor: p.Vendor, Model: p.Model}, maker, "profile:"+p.ID,
		makeKey(p.Vendor, p.Model))
}

func makeKey(vendor, model string) string { return "make:" + strings.ToLower(vendor+"/"+model) }

// made makes a member of a product and of its maker: one of us, else its vendor. What is unknown of a maker
// stays unknown.
func (w *world) made(body nameBody, maker fact.Subject, keys ...string) (fact.Subject, error) {
	s, err := w.subject(fact.Product, body, keys...)
	if err != nil {
		return s, err
	}
	m := w.members[s]
	switch {
	case !m.Maker.IsZero():
	case !maker.IsZero():
		m.Maker = maker
	case body.Vendor != "":
		m.Maker, err = w.subject(fact.Organisation, nameBody{Name: body.Vendor},
			"maker:"+strings.ToLower(body.Vendor))
	}
	return s, err
}

// declaredProduct takes what the profile says of a product, seen or not.
func (w *world) declaredProduct(p *profile.Product) error {
	s, err := w.product(p)
	if err != nil {
		return err
	}
	w.people = append(w.people, w.profile.OfProduct(s, p, w.seen[s].first)...)
	return nil
}

// deviceKeys name a device: the profile's word, each link address, and without one its addresses.
func deviceKeys(d *inventory.Device, entry *profile.Device) []string {
	var keys []string
	for _, m := range d.MACs {
		keys = append(keys, "mac:"+macText(m))
	}
	if len(keys) == 0 {
		for _, a := range d.IPs {
			keys = append(keys, "ip:"+a.String())
		}
	}
	if entry != nil && entry.ID != "" {
		keys = append([]string{"profile:" + entry.ID}, keys...)
	}
	if len(keys) == 0 {
		keys = []string{"id:" + d.ID}
	}
	return keys
}

func entryKeys(e *profile.Device) []string {
	var keys []string
	for _, k := range [][2]string{{"profile:", e.ID}, {"mac:", e.MAC}, {"ip:", e.IP}, {"hostname:",
		strings.ToLower(e.Hostname)}} {
		if k[1] != "" {
			keys = append(keys, k[0]+k[1])
		}
	}
	return keys
}

func macText(m observation.MAC) string { return net.HardwareAddr(m[:]).String() }

// thingBody is what people call a device, and how they find it.
func thingBody(d *inventory.Device, entry *profile.Device) nameBody {
	var b nameBody
	if entry != nil {
		b.Name = cmp.Or(entry.ID, entry.Hostname, entry.IP, entry.MAC)
	}
	if d == nil {
		return b
	}
	for _, m := range d.MACs {
		b.MACs = append(b.MACs, macText(m))
	}
	for _, a := range d.IPs {
		b.IPs = append(b.IPs, a.String())
	}
	b.Hostnames = d.Hostnames
	id := &d.Identity
	b.Vendor, b.Type, b.Model, b.Firmware, b.Confidence = id.Vendor, id.Type, id.Model, id.Firmware, id.Confidence
	b.First, b.Last, b.Signals = time.Unix(0, d.First).UTC(), time.Unix(0, d.Last).UTC(), signals(d)
	if b.Name == "" {
		b.Name = calledBy(d)
	}
	return b
}

// signals are what names a device, each once, with the frame that showed it first; an address has none.
func signals(d *inventory.Device) (out []string) {
	const most = 12
	seen := map[string]bool{}
	for i := range d.Signals {
		s := &d.Signals[i]
		parts := []string{s.Says.Vendor, s.Says.Type, s.Says.Model, s.Says.Firmware}
		says := strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
		if k := s.Name + says; says != "" && !seen[k] && len(out) < most {
			seen[k] = true
			where := ""
			if s.Frame > 0 {
				where = fmt.Sprintf(" (frame %d)", s.Frame)
			}
			out = append(out, s.Name+" says "+says+where)
		}
	}
	return out
}

// calledBy is the name of a device that nobody named: its hostname, or what it is and where.
func calledBy(d *inventory.Device) string {
	if len(d.Hostnames) > 0 {
		return d.Hostnames[0]
	}
	what := cmp.Or(d.Identity.Type, d.Identity.Vendor, d.Registered, "device")
	if d.Gateway {
		what = "gateway"
	}
	switch {
	case len(d.IPs) > 0:
		return what + " " + d.IPs[0].String()
	case len(d.MACs) > 0:
		return what + " " + hex.EncodeToString(d.MACs[0][:])
	}
	return what
}
