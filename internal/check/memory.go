// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"net/netip"
	"slices"

	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// memory is what checks keep that need more than one observation. Each map is bounded: what does not fit
// is not counted, so that a flood can hide but never invent.
type memory struct {
	refused map[inventory.End]*window // logins refused by a server
	guesses map[inventory.End]*window // factory credentials tried on others over telnet
	marked  map[inventory.End]*window // requests that bear the mark of Mirai's scanner
	bursts  map[inventory.End]*burst
	asked   map[netip.AddrPort]request // TFTP requests by who sent them
}

func newMemory() memory {
	return memory{map[inventory.End]*window{}, map[inventory.End]*window{}, map[inventory.End]*window{},
		map[inventory.End]*burst{},
		map[netip.AddrPort]request{}}
}

// maxRemembered bounds each map.
const maxRemembered = 1 << 14

const second = int64(1e9)

// window is when something last happened, up to ten times.
type window struct {
	times  [10]int64
	frames [10]uint32
	n      int
}

// count notes one more happening and says whether the last most of them lie within a span. The evidence
// then begins with the first of these.
func count(m map[inventory.End]*window, x *look, e inventory.End, most int, span int64) bool {
	w := m[e]
	if w == nil {
		if e == 0 || len(m) >= maxRemembered {
			return false
		}
		w = &window{}
		m[e] = w
	}
	at := w.n % len(w.times)
	w.times[at], w.frames[at] = x.o.Time, x.o.First
	w.n++
	if w.n < most {
		return false
	}
	from := (w.n - most) % len(w.times)
	if x.o.Time-w.times[from] > span {
		return false
	}
	x.first = min(w.frames[from], x.o.First)
	return true
}

// burst is what a sender sent to one address in one second, in conversations that did not outlast it.
type burst struct {
	to      netip.Addr
	second  int64
	packets uint64
	first   uint32
}

// floodRate is how many packets a second to one address make a flood.
const floodRate = 1000

// flood adds a conversation and says whether its sender floods.
func (r *Run) flood(x *look, f *observation.Flow) bool {
	span := x.o.Time - f.FirstTime
	if span >= second {
		return f.PacketsOut > uint64(span/second+1)*floodRate
	}
	b := r.bursts[x.client]
	if b == nil {
		if x.client == 0 || len(r.bursts) >= maxRemembered {
			return false
		}
		b = &burst{}
		r.bursts[x.client] = b
	}
	to, at := x.o.Server.Addr(), f.FirstTime/second
	if b.to != to || b.second != at {
		*b = burst{to: to, second: at, first: x.o.First}
	}
	b.packets += f.PacketsOut
	b.first = min(b.first, x.o.First)
	x.first = b.first
	return b.packets > floodRate
}

// request is a TFTP request that waits for its answer.
type request struct {
	server netip.Addr
	time   int64
}

// answerWithin is how long after a TFTP request a conversation may begin that answers it.
const answerWithin = 60 * second

// remember keeps a request; of many at once, the older are forgotten.
func (r *Run) remember(x *look) {
	if len(r.asked) >= maxRemembered {
		clear(r.asked)
	}
	r.asked[x.o.Client] = request{x.o.Server.Addr(), x.o.Time}
}

// answers says whether a conversation came from a server that was asked, to the port that asked.
func (r *Run) answers(x *look, f *observation.Flow) bool {
	q, ok := r.asked[x.o.Server]
	return ok && q.server == x.o.Client.Addr() && f.FirstTime >= q.time && f.FirstTime-q.time <= answerWithin
}

// opaque says that an end had conversations in which nothing was recognised: what crossed there is not
// known, so it is not known that nothing did.
type opaque uint8

const (
	unreadAny opaque = 1 << iota
	unreadPublic
)

// unread notes a conversation that carried something and was not recognised.
func (r *Run) unread(x *look, f *observation.Flow) {
	if f.Protocol != "" || f.BytesIn+f.BytesOut == 0 ||
		x.o.Transport != observation.TCP && x.o.Transport != observation.UDP {
		return
	}
	note := func(e inventory.End, other netip.Addr) {
		if e == 0 || !r.inv.Near(e) {
			return
		}
		for int(e) >= len(r.opaque) {
			r.opaque = append(r.opaque, 0)
		}
		r.opaque[e] |= unreadAny
		if inventory.Public(other) {
			r.opaque[e] |= unreadPublic
		}
	}
	note(x.client, x.o.Server.Addr())
	note(x.server, x.o.Client.Addr())
}

// unreadable makes a check blind for devices with such conversations.
func unreadable(what opaque) func(r *Run, d *inventory.Device) bool {
	return func(r *Run, d *inventory.Device) bool {
		return slices.ContainsFunc(d.Ends,
			func(e inventory.End) bool { return int(e) < len(r.opaque) && r.opaque[e]&what != 0 })
	}
}
