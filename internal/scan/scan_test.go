// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"net/netip"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
)

type found struct {
	scans []observation.Scan
	spans [][2]uint32
}

func (f *found) Observe(o *observation.Observation) {
	f.scans = append(f.scans, *o.Body.(*observation.Scan))
	f.spans = append(f.spans, [2]uint32{o.First, o.Last})
}

// asked tells the detector of n requests to connect: to hosts 0…hosts-1, ports 1…ports in turn.
func asked(d *Detector, n, hosts, ports int, body observation.Flow) {
	src := netip.MustParseAddrPort("10.0.0.9:40000")
	for i := range n {
		to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(i % hosts >> 8), byte(i % hosts)}), uint16(1+i%ports))
		b := body
		d.Observe(&observation.Observation{Transport: observation.TCP, Client: src, Server: to, First: uint32(i + 1), Last: uint32(i + 1), Body: &b})
	}
}

func TestWhoAsksManyInVainScans(t *testing.T) {
	silence := observation.Flow{Syns: 1, PacketsOut: 1}
	refusal := observation.Flow{Syns: 1, PacketsOut: 1, PacketsIn: 1, Refused: true}
	many := silence
	many.Syns = Threshold
	for _, c := range []struct {
		name               string
		n, hosts, ports    int
		body               observation.Flow
		shape              string
		targets, atPort, k int
	}{
		{"twenty hosts", Threshold, Threshold, 1, silence, "horizontal", Threshold, 1, 1},
		{"nineteen hosts", Threshold - 1, 100, 1, silence, "", 0, 0, 0},
		{"twenty hosts that refuse", Threshold, Threshold, 1, refusal, "horizontal", Threshold, 1, 1},
		{"twenty ports of one host", Threshold, 1, Threshold, silence, "vertical", Threshold, 0, 1},
		{"one port again and again", Threshold, 1, 1, silence, "repeat", 1, 1, 1},
		{"one conversation of many requests", 1, 1, 1, many, "repeat", 1, 1, 1},
		{"one port that refuses again and again", 5 * Threshold, 1, 1, refusal, "", 0, 0, 0},
		{"connections that were made", 50, 50, 1, observation.Flow{Syns: 1, PacketsIn: 3, Established: true}, "", 0, 0, 0},
		{"conversations begun before the capture", 50, 50, 1, observation.Flow{PacketsOut: 1}, "", 0, 0, 0},
		{"answers that went no further", 50, 50, 1, observation.Flow{Syns: 1, PacketsIn: 1}, "", 0, 0, 0},
	} {
		var f found
		d := New(&f)
		asked(d, c.n, c.hosts, c.ports, c.body)
		d.Flush()
		if len(f.scans) != c.k {
			t.Errorf("%s: found %+v", c.name, f.scans)
			continue
		}
		if c.k == 0 {
			continue
		}
		if s := f.scans[0]; s.Shape != c.shape || s.Targets != c.targets || int(s.Port) != c.atPort || s.Source.String() != "10.0.0.9" {
			t.Errorf("%s: found %+v", c.name, s)
		}
		if f.spans[0] != [2]uint32{1, uint32(c.n)} {
			t.Errorf("%s: in the frames %v", c.name, f.spans[0])
		}
		if d.Flush(); len(f.scans) != c.k {
			t.Errorf("%s: told twice", c.name)
		}
	}
}

func TestMiraisMarkIsCounted(t *testing.T) {
	var f found
	d := New(&f)
	asked(d, Threshold, Threshold, 1, observation.Flow{Syns: 1, SequenceIsTarget: 1})
	d.Flush()
	if len(f.scans) != 1 || f.scans[0].SequenceIsTarget != Threshold {
		t.Errorf("found %+v", f.scans)
	}
}

func TestTargetsAndSourcesAreBounded(t *testing.T) {
	var f found
	d := New(&f)
	asked(d, maxTargets+1000, maxTargets+1000, 1, observation.Flow{Syns: 1})
	if s := d.sources[netip.MustParseAddr("10.0.0.9")]; len(s.tries) != maxTargets || s.over != 1000 {
		t.Errorf("%d targets are kept, %d are over", len(s.tries), s.over)
	}
	d.Flush()
	if len(f.scans) != 1 || f.scans[0].Targets != maxTargets+1000 {
		t.Errorf("found %+v", f.scans)
	}
	b := observation.Flow{Syns: 1}
	for i := range maxSources + 100 {
		src := netip.AddrPortFrom(netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)}), 1)
		d.Observe(&observation.Observation{Transport: observation.TCP, Client: src, Server: src, Body: &b})
	}
	if len(d.sources) != maxSources {
		t.Errorf("%d sources are kept", len(d.sources))
	}
}
