// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// Artefact is one input: claims cite its digest and its frames.
type Artefact struct {
	SHA256 string
	Frames int
}

// Context is what claims need to know of the run.
type Context struct {
	Vocabulary *fact.Vocabulary
	Inputs     []Artefact
	Partial    bool // a budget was hit somewhere: silence shows nothing
	// Reads says whether a protocol can be read at all; nil: every one can.
	Reads func(protocol string) bool
	// Subject names a device; nil: by its own ID.
	Subject func(*inventory.Device) fact.Subject
}

// Claims gives what is known about each device, device by device and fact by fact, then about the peers
// that did what no device had a part in.
func (r *Run) Claims(c Context) iter.Seq[fact.Claim] {
	return func(yield func(fact.Claim) bool) {
		for i := range r.checks {
			r.checks[i].def, _ = c.Vocabulary.Lookup(r.checks[i].fact)
		}
		devices := r.inv.Devices()
		for i := range devices.List {
			w := r.writer(&c, devices, &devices.List[i])
			for k := range r.checks {
				if claim, ok := w.claim(&r.checks[k], uint8(k)); ok && !yield(claim) {
					return
				}
			}
		}
		r.peers(&c, devices, yield)
	}
}

// writer writes the claims about one device.
type writer struct {
	*Context
	r        *Run
	devices  *inventory.Devices
	d        *inventory.Device
	subject  fact.Subject
	coverage fact.Coverage
	whole    []fact.Source // all inputs that showed the device, end to end
	merged   []*sighting   // scratch
	at       []place       // scratch
}

func (r *Run) writer(c *Context, devices *inventory.Devices, d *inventory.Device) *writer {
	w := &writer{Context: c, r: r, devices: devices, d: d, subject: fact.Subject{Kind: fact.Device, ID: d.ID}}
	if c.Subject != nil {
		w.subject = c.Subject(d)
	}
	hours := math.Floor(d.Hours*100) / 100 // never more than was watched
	w.coverage = fact.Coverage{Hours: hours, BothWays: d.BothWays, LossPPM: d.LossPPM,
		Partial: c.Partial || r.dropped > 0}
	for _, i := range d.Inputs {
		if i < len(c.Inputs) {
			w.whole = append(w.whole, fact.Source{Input: c.Inputs[i].SHA256, Frames: [][2]int{{1,
				c.Inputs[i].Frames}}})
		}
	}
	return w
}

// claim says what is known of one fact; ok is false where nothing is.
func (w *writer) claim(k *check, i uint8) (fact.Claim, bool) {
	def := k.def
	if def == nil {
		return fact.Claim{}, false
	}
	c := fact.Claim{Subject: w.subject, Fact: k.fact, Method: fact.Passive, Coverage: w.coverage}
	if k.tell != nil {
		if at := k.tell(w.r, w.d); len(at) > 0 {
			c.Value, c.ObservedAt = fact.BoolValue(true), moment(w.d.Last)
			c.Sources = w.sources(at, k.note)
			return c, true
		}
	} else if seen := w.seen(k, i); len(seen) > 0 {
		c.Value = fact.BoolValue(!def.Universal)
		w.from(&c, k, seen)
		return c, true
	}
	if !w.silence(k, def) {
		return fact.Claim{}, false
	}
	c.Value, c.ObservedAt, c.Sources = fact.BoolValue(def.Universal), moment(w.d.Last), w.whole
	return c, true
}

// seen gathers what was seen of check i on all ends of the device.
func (w *writer) seen(k *check, i uint8) []*sighting {
	w.merged = w.merged[:0]
	for _, e := range w.d.Ends {
		if s := w.r.find(e, i); s != nil && !(k.outside && s.with != 0 && w.devices.Of(s.with) != nil) {
			w.merged = append(w.merged, s)
		}
	}
	return w.merged
}

// from fills a claim with what its sightings show.
func (w *writer) from(c *fact.Claim, k *check, seen []*sighting) {
	w.at = w.at[:0]
	var last int64
	port := seen[0].port
	for _, s := range seen {
		w.at = append(w.at, s.places[:min(s.count, maxPlaces)]...)
		last = max(last, s.time)
		if s.port != port {
			port = 0
		}
	}
	c.ObservedAt, c.Coverage.Port = moment(last), int(port)
	c.Sources = w.sources(w.at, k.noteOf(port))
}

// noteOf is what a sighting on a port shows; most are on the same one.
func (k *check) noteOf(port uint16) string {
	if port == 0 {
		return k.note
	}
	if k.noted == "" || k.notedPort != port {
		k.noted, k.notedPort = k.note+", port "+strconv.Itoa(int(port)), port
	}
	return k.noted
}

// sources cites places, those of one input together.
func (w *writer) sources(at []place, note string) (out []fact.Source) {
next:
	for _, p := range at {
		if int(p.input) >= len(w.Inputs) {
			continue
		}
		sha, frames := w.Inputs[p.input].SHA256, [2]int{int(p.first), int(p.last)}
		for i := range out {
			if out[i].Input == sha {
				if f := out[i].Frames; len(f) <= maxPlaces && !slices.Contains(f, frames) {
					out[i].Frames = append(f, frames)
				}
				continue next
			}
		}
		if out == nil {
			out = cut(&w.r.sources, 1)
		}
		out = append(out, fact.Source{Input: sha, Frames: append(cut(&w.r.frames, maxPlaces), frames), Note: note})
	}
	return out
}

// cut gives an empty list with room for n elements out of a piece that many share: such lists are many, and
// short.
func cut[T any](from *[]T, n int) []T {
	if len(*from) < n {
		*from = make([]T, 256)
	}
	out := (*from)[:0:n]
	*from = (*from)[n:]
	return out
}

// silence says whether not having seen a thing shows that it is not so.
func (w *writer) silence(k *check, def *fact.Definition) bool {
	if !def.ShowsAbsence(fact.Passive, w.coverage) || k.blind != nil && k.blind(w.r, w.d) {
		return false
	}
	for _, p := range k.reads {
		if w.Reads != nil && !w.Reads(p) {
			return false
		}
	}
	return k.needs == "" || w.r.did(w.d, k.needs)
}

// did says whether a device was seen doing what makes a fact true.
func (r *Run) did(d *inventory.Device, name fact.Name) bool {
	for i := range r.checks {
		if r.checks[i].fact != name {
			continue
		}
		for _, e := range d.Ends {
			if r.find(e, uint8(i)) != nil {
				return true
			}
		}
	}
	return false
}

// peers tells what peers did where no device shares in it: it is shown, never judged.
func (r *Run) peers(c *Context, devices *inventory.Devices, yield func(fact.Claim) bool) {
	for e := 1; e < len(r.heads); e++ {
		if r.heads[e] == 0 || devices.Of(inventory.End(e)) != nil {
			continue
		}
		a, _ := r.inv.Address(inventory.End(e))
		w := &writer{Context: c, r: r, devices: devices, subject: fact.Subject{Kind: fact.Peer, ID: a.String()},
			coverage: fact.Coverage{LossPPM: -1, Partial: c.Partial}}
		for n := r.heads[e]; n != 0; n = r.chain[n].next {
			s, i := r.sighting(n), r.chain[n].check
			k := &r.checks[i]
			def := k.def
			if def == nil || k.outside || k.good || s.with != 0 && devices.Of(s.with) != nil && r.find(s.with,
				i) != nil {
				continue
			}
			claim := fact.Claim{Subject: w.subject, Fact: k.fact, Method: fact.Passive, Coverage: w.coverage,
				Value: fact.BoolValue(!def.Universal)}
			w.from(&claim, k, []*sighting{s})
			if !yield(claim) {
				return
			}
		}
	}
}

func moment(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// in turns a place of the inventory into one of ours.
func in(s inventory.Seen) place { return place{int32(s.Input), s.First, s.Last} }

var _ observation.Sink = (*Run)(nil)
