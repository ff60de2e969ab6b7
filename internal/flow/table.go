// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math/bits"
	"math/rand/v2"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/protocol"
)

// key names a conversation, whichever end sends: a is the lesser end.
type key struct {
	a, b  packet.Addr
	ports uint64 // of a, of b, and the protocol number, 16 bits each
}

func (k *key) proto() uint8 { return uint8(k.ports) }
func (k *key) pa() uint16   { return uint16(k.ports >> 32) }
func (k *key) pb() uint16   { return uint16(k.ports >> 16) }

// is compares word by word, in line: == would call a routine for it.
func (k *key) is(o *key) bool {
	return k.ports == o.ports && k.a.Lo == o.a.Lo && k.b.Lo == o.b.Lo && k.a.Hi == o.a.Hi && k.b.Hi == o.b.Hi
}

// of makes it the key of a packet and says whether its source is end a. It goes word by word: the packet's
// addresses were just written so, and copied whole they would have to wait for that.
func (k *key) of(p *packet.Packet) (fromA bool) {
	s, d := &p.Src, &p.Dst
	sp, dp := p.SrcPort, p.DstPort
	fromA = s.Less(*d) || s.Hi == d.Hi && s.Lo == d.Lo && sp <= dp
	if !fromA {
		s, d, sp, dp = d, s, dp, sp
	}
	k.a.Hi, k.a.Lo, k.b.Hi, k.b.Lo = s.Hi, s.Lo, d.Hi, d.Lo
	k.ports = uint64(sp)<<32 | uint64(dp)<<16 | uint64(p.Proto)
	return fromA
}

// What has been seen of a conversation.
const (
	clientIsB  = 1 << iota // the client is end b of the key
	midstream              // the first packet was no request to connect
	synAck                 // the server accepted
	refused                // the server answered with a reset
	closed                 // reset, or finished from both ends
	finOut                 // FIN seen, by direction
	finIn                  //
	seqOut                 // next is known, by direction
	seqIn                  //
	unwatched              // encrypted: nothing for Watch to see
	unreadable             // recognition was given up
)

// record is one conversation. It holds no pointer, so that the collector never walks the slab. Pairs
// are indexed by direction: to the server, to the client. What every packet touches stands first, in two
// lines of memory; the whole takes three.
type record struct {
	key       key
	last      int64 // time of the last frame
	active    int64 // the engine's clock at the last packet
	packets   [2]uint64
	bytes     [2]uint64
	mac       [2]observation.MAC
	lastFrame uint32
	next      [2]uint32 // sequence number expected
	acked     [2]uint32 // highest acknowledgement that this direction carried
	conv      uint32    // of conversations; 0 is none
	flags     uint16
	reader    int16 // datagram protocol + 1

	first       int64 // time of the first frame
	missing     uint64
	isn         uint32
	firstFrame  uint32
	syns, marks uint32
	after, prev uint32 // neighbours in the wheel's bucket, slot+1
	hash        uint32
	slot        uint32 // its own
	name        uint16
	vlan        uint16
	bucket      uint16 // of the wheel
	tries       uint8
	live        bool
	_           [8]byte
}

func (r *record) has(flag uint16) bool { return r.flags&flag != 0 }

// ends gives the two ends, client first.
func (r *record) ends() (client, server packet.Addr, cp, sp uint16) {
	k := &r.key
	if r.has(clientIsB) {
		return k.b, k.a, k.pb(), k.pa()
	}
	return k.a, k.b, k.pa(), k.pb()
}

// direction of a packet from end a or b.
func (r *record) direction(fromA bool) protocol.Direction {
	if fromA == r.has(clientIsB) {
		return protocol.ToClient
	}
	return protocol.ToServer
}

// still gives direction d as it is called now, where the client was end b then: recognition may have
// exchanged the ends meanwhile.
func (r *record) still(d protocol.Direction, then uint16) protocol.Direction {
	if r.flags&clientIsB != then {
		return 1 - d
	}
	return d
}

// swap exchanges the ends of a conversation whose client was guessed wrongly.
func (r *record) swap() {
	r.flags ^= clientIsB
	r.packets[0], r.packets[1] = r.packets[1], r.packets[0]
	r.bytes[0], r.bytes[1] = r.bytes[1], r.bytes[0]
	r.next[0], r.next[1] = r.next[1], r.next[0]
	r.acked[0], r.acked[1] = r.acked[1], r.acked[0]
	r.mac[0], r.mac[1] = r.mac[1], r.mac[0]
	pairs := [][2]uint16{{finOut, finIn}, {seqOut, seqIn}}
	for _, p := range pairs {
		out, in := r.flags&p[0] != 0, r.flags&p[1] != 0
		r.flags &^= p[0] | p[1]
		if out {
			r.flags |= p[1]
		}
		if in {
			r.flags |= p[0]
		}
	}
}

// chunk is how many records are allocated at once.
const chunk = 1024

// table finds records by key: linear probing over slots, each with the upper bits of its hash, in one array that
// is small enough for the cache.
type table struct {
	seed  [5]uint64
	index []uint32 // upper bits of the hash, then slot+1; 0 is free
	slab  [][]record
	free  []uint32
	used  int
	limit int
	hand  uint32 // where eviction looks next
}

// slots is a mask of what of an entry of the index is its slot, which bounds the table to 16 million records.
const slots = 1<<24 - 1

func newTable(limit int) *table {
	t := &table{index: make([]uint32, 1<<12), limit: min(limit, slots-chunk)}
	// A random seed: who could choose the hashes could make every lookup a walk.
	for i := range t.seed {
		t.seed[i] = rand.Uint64()
	}
	return t
}

func (t *table) at(slot uint32) *record { return &t.slab[slot/chunk][slot%chunk] }

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

func (t *table) hash(k *key) uint32 {
	h := mix(k.a.Hi^t.seed[0], k.a.Lo^t.seed[1]) ^ mix(k.b.Hi^t.seed[2], k.b.Lo^t.seed[3])
	h = mix(h^t.seed[4], k.ports^t.seed[1])
	return uint32(h>>32) ^ uint32(h)
}

// find gives the slot of k.
func (t *table) find(k *key, h uint32) (uint32, bool) {
	mask := uint32(len(t.index) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		e := t.index[i]
		if e == 0 {
			return 0, false
		}
		if e&^slots == h&^slots {
			slot := e&slots - 1
			if t.at(slot).key.is(k) {
				return slot, true
			}
		}
	}
}

// full says that a record must go before one can come.
func (t *table) full() bool { return t.used >= t.limit }

// insert makes a record for k.
func (t *table) insert(k *key, h uint32) uint32 {
	if t.used*2 >= len(t.index) {
		t.grow()
	}
	if len(t.free) == 0 {
		base := uint32(len(t.slab) * chunk)
		t.slab = append(t.slab, make([]record, chunk))
		for i := uint32(chunk); i > 0; i-- {
			t.free = append(t.free, base+i-1)
		}
	}
	slot := t.free[len(t.free)-1]
	t.free = t.free[:len(t.free)-1]
	r := t.at(slot)
	*r = record{key: *k, hash: h, slot: slot, live: true}
	t.place(h, slot)
	t.used++
	return slot
}

func (t *table) place(h, slot uint32) {
	mask := uint32(len(t.index) - 1)
	i := h & mask
	for t.index[i] != 0 {
		i = (i + 1) & mask
	}
	t.index[i] = h&^slots | (slot + 1)
}

func (t *table) grow() {
	old := t.index
	t.index = make([]uint32, 2*len(old))
	for _, e := range old {
		if e != 0 {
			slot := e&slots - 1
			t.place(t.at(slot).hash, slot)
		}
	}
}

// remove frees a slot, closing the probe sequence behind it.
func (t *table) remove(slot uint32) {
	r := t.at(slot)
	mask := uint32(len(t.index) - 1)
	i := r.hash & mask
	for t.index[i]&slots != slot+1 {
		i = (i + 1) & mask
	}
	for j := i; ; {
		j = (j + 1) & mask
		e := t.index[j]
		if e == 0 {
			break
		}
		home := t.at(e&slots-1).hash & mask
		if (j-home)&mask >= (j-i)&mask {
			t.index[i] = e
			i = j
		}
	}
	t.index[i] = 0
	r.live = false
	t.used--
	t.free = append(t.free, slot)
}
