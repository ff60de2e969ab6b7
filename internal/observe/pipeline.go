// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"github.com/writ-iot/writ/internal/capture"
	"github.com/writ-iot/writ/internal/flow"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/scan"
	"github.com/writ-iot/writ/internal/sensitive"
)

// pipeline is what frames pass through.
type pipeline struct {
	o      Options
	sinks  []observation.Sink
	dec    packet.Decoder
	pkt    packet.Packet
	engine *flow.Engine
	scans  *scan.Detector
	hosts  hosts
	pairs  pairs
	faults [packet.Faults]int // told in this input
	number int                // of the input
	result Result
}

func newPipeline(o Options, sinks []observation.Sink) *pipeline {
	p := &pipeline{o: o, sinks: sinks}
	p.hosts.out, p.pairs.out = p, p
	p.scans = scan.New(p)
	p.hosts.reset(0)
	p.pairs.reset(0)
	p.engine = flow.New(flow.Config{
		Streams: Streams(), Datagrams: Datagrams(), Links: Links(),
		Out: p, Keys: o.Keys, Factory: o.Factory, Sender: p.hosts.seen, Watch: new(sensitive.Cards).Watch,
		MaxFlows: o.MaxFlows, MaxBuffer: o.MaxBuffer,
	})
	return p
}

// Observe gives an observation to all sinks; conversations also go to the search for scans.
func (p *pipeline) Observe(o *observation.Observation) {
	p.scans.Observe(o)
	for _, s := range p.sinks {
		s.Observe(o)
	}
}

func (p *pipeline) begin(n int) {
	p.number = n
	p.faults = [packet.Faults]int{}
	p.engine.Input(n)
	p.hosts.reset(n)
	p.pairs.reset(n)
}

// end ends an input: conversations do not reach from one capture into the next, since each piece of
// evidence names one artefact.
func (p *pipeline) end() {
	p.engine.Flush()
	p.scans.Flush()
	p.counters(p.engine.Counters(), &p.dec)
}

// frame takes one frame through the house.
func (p *pipeline) frame(f *capture.Frame, number uint32) {
	c := &p.result.Counters
	c.Frames++
	k := &p.pkt
	p.dec.Decode(f, k)
	if k.Fault != packet.None {
		c.Malformed++
		p.malformed(k.Fault, f.Time, number)
	}
	switch k.Layer {
	case packet.LayerPorts, packet.LayerNetwork:
		c.Decoded++
		if k.Proto == packet.ProtoICMPv6 {
			p.pairs.ndp(k, f.Time, number)
		}
		p.engine.Packet(k, f.Time, number)
	case packet.LayerFragment:
		c.Decoded++
		p.hosts.seen(k, f.Time, number)
	case packet.LayerLink, packet.LayerLLC:
		c.Decoded++
		p.hosts.station(k, f.Time, number)
		name := ""
		if k.EtherType == packet.EtherARP {
			name = "arp"
			p.pairs.arp(k, f.Time, number)
		}
		p.engine.Link(k, name, f.Time, number)
	default:
		if k.HasMAC {
			p.hosts.station(k, f.Time, number)
		}
	}
}

// maxMalformed is how many frames of one kind of fault are told of in an input; all are counted.
const maxMalformed = 10

func (p *pipeline) malformed(f packet.Fault, now int64, frame uint32) {
	if p.faults[f]++; p.faults[f] > maxMalformed {
		return
	}
	b := observation.Malformed{Layer: f.Layer(), Fault: f.Text()}
	p.Observe(&observation.Observation{Time: now, Input: p.number, First: frame, Last: frame,
		ClientMAC: p.pkt.SrcMAC, ServerMAC: p.pkt.DstMAC, Body: &b})
}
