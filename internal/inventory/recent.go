// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
)

// recent remembers where ends were found: who speaks once speaks again, and finding an end takes two
// lookups. It is forgotten when an address changes its holder, since then the same pair may be another end.
type recent [1 << 13]End

// at is where a pair is remembered.
func (r *recent) at(addr *[16]byte, m observation.MAC) *End {
	h := binary.LittleEndian.Uint64(addr[8:]) ^ binary.LittleEndian.Uint64(addr[:8])<<1
	h ^= uint64(m[5])<<24 | uint64(m[4])<<16 | uint64(m[3])<<8 | uint64(m[2])
	return &r[h*0x9e3779b97f4a7c15>>51]
}

// known gives the end of a pair that was found before; 0 where it is not remembered.
func (v *Inventory) known(addr *[16]byte, m observation.MAC) End {
	e := *v.recent.at(addr, m)
	if n := v.e(e); e != 0 && n.addr == *addr && v.l(n.link).mac == m {
		return e
	}
	return 0
}
