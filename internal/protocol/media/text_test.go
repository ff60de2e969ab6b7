// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/protocol"
)

// Twenty capitals and nothing more once made the reader look one byte too far.
func TestCapitalsWithoutAnEndAreNoRequest(t *testing.T) {
	for n := range 40 {
		want := protocol.Maybe
		if n >= 20 {
			want = protocol.No
		}
		if got := speaks([]byte(strings.Repeat("A", n)), "RTSP/1.0"); got != want {
			t.Errorf("%d capitals: %d, want %d", n, got, want)
		}
	}
}
