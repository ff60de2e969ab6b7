// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// roomy is the heap below which collecting is not worth its time: most runs never need more.
const roomy = 48 << 20

// spareHeap lets the heap grow to roomy before it is first collected: half of a short run would go into
// collecting a small heap again and again. A large heap grows by less than the runtime's own rule has it:
// a fleet's look should fit a small machine.
// Who sets GOGC or GOMEMLIMIT decides otherwise.
func spareHeap() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	const least = 4 << 20 // the runtime's first goal at 100 per cent
	debug.SetGCPercent(100 * roomy / least)
	watch := new([16]byte)
	runtime.SetFinalizer(watch, adjust)
}

// adjust runs behind each collection.
func adjust(watch *[16]byte) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetGCPercent(percentFor(m.HeapAlloc))
	runtime.SetFinalizer(watch, adjust)
}

// percentFor is how much of what is alive may come beside it.
func percentFor(alive uint64) int {
	if alive == 0 {
		return 100
	}
	if alive >= roomy*100/(100+large) {
		return large
	}
	return int((roomy - alive) * 100 / alive)
}

// large is the percentage for a large heap.
const large = 60
