// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package scan finds sources that try many: it reads conversations, whatever sense told of them, and
// says who asked twenty addresses or ports, or one address again and again, without an answer.
package scan

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// Threshold is how many unanswered targets, or tries at one, make a scan.
const Threshold = 20

// The budget: sources told apart, and targets told apart of each and of all.
const (
	maxSources    = 1 << 16
	maxTargets    = 4096
	maxAllTargets = 1 << 18
)

type target struct {
	addr netip.Addr
	port uint16
}

// source is what one address tried in vain.
type source struct {
	mac         observation.MAC
	tries       map[target]int
	hosts       map[netip.Addr]struct{}
	ports       map[uint16]int // hosts tried on it
	over        int            // targets beyond the budget
	marks       int
	first, last uint32
	time        int64
	input       int
	order       []target
}

// Detector is a sink of conversations. Its own findings go to Out when Flush is called.
type Detector struct {
	out     observation.Sink
	sources map[netip.Addr]*source
	order   []netip.Addr
	targets int // of all sources
	body    observation.Scan
}

// New makes a detector that tells out.
func New(out observation.Sink) *Detector {
	return &Detector{out: out, sources: map[netip.Addr]*source{}}
}

// Observe takes a conversation; other kinds are passed over.
func (d *Detector) Observe(o *observation.Observation) {
	f, ok := o.Body.(*observation.Flow)
	if !ok || o.Transport != observation.TCP || f.Syns == 0 || f.Established {
		return
	}
	if f.PacketsIn > 0 && !f.Refused {
		return
	}
	s := d.sources[o.Client.Addr()]
	if s == nil {
		if len(d.sources) >= maxSources {
			return
		}
		s = &source{mac: o.ClientMAC, tries: map[target]int{}, hosts: map[netip.Addr]struct{}{},
			ports: map[uint16]int{}, first: o.First, input: o.Input}
		d.sources[o.Client.Addr()] = s
		d.order = append(d.order, o.Client.Addr())
	}
	d.add(s, o, f)
}

func (d *Detector) add(s *source, o *observation.Observation, f *observation.Flow) {
	s.first, s.last, s.time = min(s.first, o.First), max(s.last, o.Last), max(s.time, o.Time)
	s.marks += int(f.SequenceIsTarget)
	t := target{o.Server.Addr(), o.Server.Port()}
	n, seen := s.tries[t]
	if !seen {
		if len(s.tries) >= maxTargets || d.targets >= maxAllTargets {
			s.over++
			return
		}
		d.targets++
		s.order = append(s.order, t)
		s.hosts[t.addr] = struct{}{}
		s.ports[t.port]++
	}
	tries := int(f.Syns)
	if f.Refused {
		tries = 0 // a reset is an answer: no beacon into silence
	}
	s.tries[t] = n + tries
}

// Flush tells what was found since the last time, and forgets it.
func (d *Detector) Flush() {
	for _, a := range d.order {
		d.tell(a, d.sources[a])
	}
	clear(d.sources)
	d.order, d.targets = d.order[:0], 0
}

func (d *Detector) tell(a netip.Addr, s *source) {
	total := 0
	for _, n := range s.tries {
		total += n
	}
	if targets := len(s.tries) + s.over; targets >= Threshold {
		b := observation.Scan{Source: a, MAC: s.mac, Shape: "horizontal", Targets: targets,
			Tries: total, SequenceIsTarget: s.marks}
		if len(s.hosts) < len(s.ports) {
			b.Shape = "vertical"
		} else {
			b.Port = s.topPort()
		}
		d.emit(s, netip.AddrPort{}, b)
	}
	for _, t := range s.order {
		if n := s.tries[t]; n >= Threshold {
			d.emit(s, netip.AddrPortFrom(t.addr, t.port), observation.Scan{Source: a, MAC: s.mac, Shape: "repeat",
				Port: t.port, Targets: 1, Tries: n})
		}
	}
}

// topPort is the port tried on most hosts, the lowest of equals.
func (s *source) topPort() uint16 {
	var best uint16
	for p, n := range s.ports {
		if m := s.ports[best]; n > m || n == m && p < best {
			best = p
		}
	}
	return best
}

func (d *Detector) emit(s *source, server netip.AddrPort, b observation.Scan) {
	d.body = b
	d.out.Observe(&observation.Observation{Time: s.time, Input: s.input, First: s.first, Last: s.last,
		Client: netip.AddrPortFrom(b.Source, 0), Server: server, ClientMAC: b.MAC,
		Transport: observation.TCP, Body: &d.body})
}
