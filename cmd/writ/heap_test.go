// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import "testing"

func TestTheHeapMayGrowToItsRoomAndThenByAShareOfItself(t *testing.T) {
	for alive, goal := range map[uint64]uint64{1 << 20: roomy, roomy / 3: roomy, roomy / 2: roomy, roomy: roomy * 16 / 10, 1 << 30: 16 << 30 / 10} {
		got := alive + alive*uint64(percentFor(alive))/100
		if got > goal || got < goal-goal/20 {
			t.Errorf("with %d bytes alive the goal is %d, want %d", alive, got, goal)
		}
	}
}
