// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import "math/bits"

// slot is the grain of activity: a device counts as active and watched in a stretch of five minutes in
// which it was seen at least once.
const slot = int64(300) * 1e9

// maxSlots bounds the memory of activity: 31 days, just over the longest coverage that a fact asks for.
const maxSlots = 31 * 24 * 12

// watch is the activity of one end: a bit for each slot since base, and what its TCP conversations lost.
type watch struct {
	base    int64 // number of the first slot, a multiple of 64
	first64 uint64
	rest    []uint64
	bytes   uint64 // of TCP payload
	missing uint64 // acknowledged but never seen
	used    bool
}

// watched gives the activity of an end that may be a device, when it was seen in another slot than that
// of its first sight; until then, and for peers, none is kept.
func (v *Inventory) watched(n *end, from, to int64) *watch {
	if n.watch != 0 {
		return v.watches.at(n.watch)
	}
	if s := slotOf(n.first); n.flags&near == 0 || slotOf(from) == s && slotOf(to) == s {
		return nil
	}
	return v.newWatch(n)
}

func (v *Inventory) newWatch(n *end) *watch {
	n.watch = v.watches.add(watch{})
	w := v.watches.at(n.watch)
	w.mark(n.first)
	return w
}

// mark says that the end was seen at time t.
func (w *watch) mark(t int64) { w.set(slotOf(t)) }

func slotOf(t int64) int64 {
	if t < 0 {
		return 0
	}
	return t / slot
}

func (w *watch) set(s int64) {
	if !w.used {
		w.used, w.base = true, s&^63
	}
	at := s - w.base
	switch {
	case at < 0:
		if -at > maxSlots {
			return
		}
		w.shift(-at)
		at = s - w.base
	case at >= maxSlots+64:
		w.forget(at - maxSlots)
		at = s - w.base
	}
	if at < 64 {
		w.first64 |= 1 << at
		return
	}
	word := int(at/64) - 1
	for len(w.rest) <= word {
		w.rest = append(w.rest, 0)
	}
	w.rest[word] |= 1 << (at % 64)
}

// shift moves the base back by at least n slots: an input was older than the one before it.
func (w *watch) shift(n int64) {
	words := (n + 63) / 64
	all := append(make([]uint64, words), append([]uint64{w.first64}, w.rest...)...)
	w.base -= words * 64
	w.first64, w.rest = all[0], all[1:]
}

// forget drops the oldest n slots and more, up to a word's end.
func (w *watch) forget(n int64) {
	words := (n + 63) / 64
	w.base += words * 64
	if all := append([]uint64{w.first64}, w.rest...); words < int64(len(all)) {
		w.first64, w.rest = all[words], all[words+1:]
	} else {
		w.first64, w.rest = 0, nil
	}
}

// span marks a conversation's whole stretch where it carried at least a packet in each slot on average.
func (w *watch) span(from, to int64, packets uint64) {
	first, last := slotOf(from), slotOf(to)
	if n := last - first + 1; n > 2 && n <= maxSlots && packets >= uint64(n) {
		for s := first + 1; s < last; s++ {
			w.set(s)
		}
	}
	if packets > 1 {
		w.set(first)
	}
	w.set(last)
}

// join adds the activity of another end of the same device.
func (w *watch) join(o *watch) {
	w.bytes += o.bytes
	w.missing += o.missing
	o.each(func(s int64) { w.set(s) })
}

func (w *watch) each(do func(s int64)) {
	word := func(at int64, x uint64) {
		for ; x != 0; x &= x - 1 {
			do(w.base + at*64 + int64(bits.TrailingZeros64(x)))
		}
	}
	word(0, w.first64)
	for i, x := range w.rest {
		word(int64(i)+1, x)
	}
}

// hours is how long the end was active and watched.
func (w *watch) hours() float64 {
	n := bits.OnesCount64(w.first64)
	for _, x := range w.rest {
		n += bits.OnesCount64(x)
	}
	return float64(n) / 12
}

// lossPPM is what was acknowledged but never seen, per million bytes; -1 where nothing tells.
func (w *watch) lossPPM() int64 {
	if w.bytes == 0 {
		return -1
	}
	return int64(float64(w.missing) / float64(w.bytes+w.missing) * 1e6)
}
