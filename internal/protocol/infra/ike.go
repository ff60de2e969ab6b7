// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package infra

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	ikeHead   = 28 // RFC 2408, 3.1 and RFC 7296, 3.1
	ikePort   = 4500
	maxChain  = 32 // payloads, proposals or transforms walked
	maxGroups = 16
)

// ike reads which Diffie-Hellman groups are proposed and chosen. Each group is told once an end.
type ike struct {
	said   bool
	groups [2]map[int]bool
}

func (k *ike) used() bool { return k.said }

func (k *ike) Read(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if c.Server.Port() == ikePort || c.Client.Port() == ikePort {
		if len(p) == 1 && p[0] == 0xff && k.said { // keep-alive (RFC 3948, 2.3)
			return true
		}
		if k.said && len(p) > 8 && binary.BigEndian.Uint32(p) != 0 { // ESP in UDP
			return true
		}
		if len(p) > 4 && binary.BigEndian.Uint32(p) == 0 {
			p = p[4:] // the non-ESP marker
		}
	}
	if !isIKE(p) {
		return false
	}
	if !k.said {
		k.said = true
		c.Emit(0, &observation.Session{Protocol: "ike", Version: ikeVersion(p), Detail: exchange(p[18])})
	}
	k.payloads(c, d, p)
	return true
}

func (k *ike) Close(*protocol.Context) {}

func isIKE(p []byte) bool {
	if len(p) < ikeHead || binary.BigEndian.Uint64(p) == 0 || int(binary.BigEndian.Uint32(p[24:])) != len(p) {
		return false
	}
	switch p[17] {
	case 0x10:
		return p[18] >= 1 && p[18] <= 5 || p[18] == 6 || p[18] == 32 || p[18] == 33
	case 0x20:
		return p[18] >= 34 && p[18] <= 46
	}
	return false
}

func ikeVersion(p []byte) string {
	if p[17] == 0x20 {
		return "IKEv2"
	}
	return "IKEv1"
}

// exchange names those that matter: aggressive mode gives the peer's identity and a hash of the key away.
func exchange(t byte) string {
	switch t {
	case 2:
		return "main"
	case 4:
		return "aggressive"
	case 5:
		return "informational"
	case 32:
		return "quick"
	case 34:
		return "sa-init"
	}
	return ""
}

// payloads walks the chain of a message that is not encrypted to its security associations.
func (k *ike) payloads(c *protocol.Context, d protocol.Direction, p []byte) {
	next, two := p[16], p[17] == 0x20
	if !two && p[19]&1 != 0 { // encrypted
		return
	}
	r := octets.NewReader(p[ikeHead:])
	for range maxChain {
		if next == 0 || r.Len() < 4 {
			return
		}
		kind := next
		next = r.U8()
		r.Skip(1)
		body := r.Bytes(int(r.U16()) - 4)
		if !r.OK() {
			return
		}
		switch {
		case two && kind == 33:
			k.proposals(c, d, body, true)
		case !two && kind == 1 && len(body) > 8: // behind the domain of interpretation and the situation
			k.proposals(c, d, body[8:], false)
		}
	}
}

func (k *ike) proposals(c *protocol.Context, d protocol.Direction, b []byte, two bool) {
	r := octets.NewReader(b)
	for range maxChain {
		if r.Len() < 8 {
			return
		}
		r.Skip(2)
		body := r.Bytes(int(r.U16()) - 4)
		if !r.OK() || len(body) < 4 {
			return
		}
		t := octets.NewReader(body[4:]) // number, protocol, size of the index, transforms
		t.Skip(int(body[2]))
		for range min(int(body[3]), maxChain) {
			t.Skip(2)
			transform := t.Bytes(int(t.U16()) - 4)
			if !t.OK() || len(transform) < 4 {
				return
			}
			if two {
				if transform[0] == 4 {
					k.group(c, d, int(binary.BigEndian.Uint16(transform[2:])))
				}
			} else {
				k.attributes(c, d, transform[4:])
			}
		}
	}
}

// attributes finds the group description of version 1 (RFC 2409, appendix A).
func (k *ike) attributes(c *protocol.Context, d protocol.Direction, b []byte) {
	r := octets.NewReader(b)
	for r.Len() >= 4 {
		kind, v := r.U16(), r.U16()
		if kind&0x8000 == 0 {
			r.Skip(int(v))
		} else if kind&0x7fff == 4 {
			k.group(c, d, int(v))
		}
	}
}

func (k *ike) group(c *protocol.Context, d protocol.Direction, n int) {
	if k.groups[d] == nil {
		k.groups[d] = map[int]bool{}
	}
	if n == 0 || k.groups[d][n] || len(k.groups[d]) >= maxGroups {
		return
	}
	k.groups[d][n] = true
	c.Emit(0, &observation.Kex{Protocol: "ike", Group: n, Weak: weakGroup(n)})
}

// weakGroup: under 2048 bits, or with a small subgroup (RFC 8247, 2.4).
func weakGroup(n int) bool { return n == 1 || n == 2 || n == 5 || n >= 22 && n <= 24 }
