// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"context"
	"fmt"
	"iter"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/check"
	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/law"
)

// Seen is what a look came to: inputs and counters, devices, who spoke with whom, and what is so.
type Seen struct {
	Result
	Devices []inventory.Device
	Edges   []Edge
	Peers   []Peer

	vocabulary *fact.Vocabulary
	checks     *check.Run
}

// Look runs over the inputs and keeps what they show; more sinks may look on. Like Run it gives what came
// before an error, too: what it gives is never nil.
func Look(ctx context.Context, paths []string, o Options, more ...observation.Sink) (*Seen, error) {
	return look(ctx, paths, o, new(edges), more...)
}

// look is Look; where g is nil, no edges are made.
func look(ctx context.Context, paths []string, o Options, g *edges, more ...observation.Sink) (*Seen, error) {
	if err := o.complete(); err != nil {
		return &Seen{vocabulary: &fact.Vocabulary{}}, err
	}
	inv := inventory.New(inventory.Options{Networks: o.Networks, Signatures: o.Signatures})
	s := &Seen{vocabulary: o.Vocabulary, checks: check.New(inv)}
	sinks := []observation.Sink{inv, s.checks}
	if g != nil {
		g.init(inv)
		sinks = append(sinks, g)
	}
	r, err := Run(ctx, paths, o, append(sinks, more...)...)
	s.Result = *r
	s.Counters.Evicted += uint64(inv.Evicted() + s.checks.Dropped())
	s.Counters.Partial = s.Counters.Partial || inv.Evicted() > 0 || s.checks.Dropped() > 0
	devices := inv.Devices()
	s.Devices = devices.List
	if o.Name != nil {
		for i := range s.Devices {
			if id := o.Name(&s.Devices[i]); id != "" {
				s.Devices[i].ID = id
			}
		}
	}
	if g != nil {
		s.Counters.Evicted += uint64(g.dropped)
		s.Edges, s.Peers = g.list(devices)
	}
	return s, err
}

// complete fills in what the program carries: its vocabulary and its device signatures.
func (o *Options) complete() error {
	if o.Vocabulary == nil {
		v, err := law.LoadFacts(catalogue.FS, check.Facts())
		if err != nil {
			return fmt.Errorf("reading the embedded vocabulary: %w", err)
		}
		o.Vocabulary = v
	}
	if o.Signatures == nil {
		set, err := identify.Carried()
		if err != nil {
			return fmt.Errorf("reading the device signatures: %w", err)
		}
		o.Signatures = set
	}
	return nil
}

// Claims gives what is known of each device, then of the peers that did what no device shares in
// (fact.Peer: shown, never judged). Their number grows with devices times facts: take them one by one.
func (s *Seen) Claims() iter.Seq[fact.Claim] {
	if s.checks == nil {
		return func(func(fact.Claim) bool) {}
	}
	c := check.Context{Vocabulary: s.vocabulary, Partial: s.Counters.Partial, Reads: readable()}
	for i := range s.Inputs {
		c.Inputs = append(c.Inputs, check.Artefact{SHA256: s.Inputs[i].SHA256, Frames: int(s.Inputs[i].Packets)})
		c.Partial = c.Partial || s.Inputs[i].Truncated
	}
	return s.checks.Claims(c)
}

// Until is when a claim goes stale by the vocabulary; the zero time: never.
func (s *Seen) Until(c *fact.Claim) (until fact.Claim) {
	until = *c
	if d, ok := s.vocabulary.Lookup(c.Fact); ok {
		if ttl, ok := d.TTL[c.Method]; ok {
			until.Expires = c.ObservedAt.Add(ttl)
		}
	}
	return until
}

// readable says which protocols have a reader.
func readable() func(string) bool {
	known := map[string]bool{"arp": true}
	for _, p := range Streams() {
		known[p.Name] = true
	}
	for _, p := range Datagrams() {
		known[p.Name] = true
	}
	for _, p := range Links() {
		known[p.Name] = true
	}
	return func(name string) bool { return known[name] }
}
