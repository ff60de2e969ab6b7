// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"strings"

	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/observation"
)

// Bounds on what is kept of one end: a liar fills its own share and no more.
const (
	maxHits     = 24
	maxNames    = 4
	maxServices = 64
	maxPeerLook = 4 // services kept of a public address
	maxName     = 64
)

// hit is one signal of an end.
type hit struct {
	evidence *identify.Evidence
	next     uint32
	frame    uint32
	input    int32
}

// name is one name that an end goes by.
type name struct {
	text string
	next uint32
}

// service is a port on which an end was seen answering.
type service struct {
	next      uint32
	port      uint16
	protocol  uint16 // index of its name; 0 unknown
	transport observation.Transport
	tls       bool
}

func (v *Inventory) hit(e End, all []*identify.Evidence, o *observation.Observation) {
	if e == 0 {
		return
	}
next:
	for _, ev := range all {
		n := 0
		for i := v.e(e).hits; i != 0; i = v.hits.at(i).next {
			if v.hits.at(i).evidence == ev {
				continue next
			}
			n++
		}
		if n >= maxHits {
			return
		}
		v.e(e).hits = v.hits.add(hit{ev, v.e(e).hits, o.First, int32(o.Input)})
	}
}

// called keeps a host name, as it was written but without what does not print.
func (v *Inventory) called(e End, text string) {
	if e == 0 || text == "" {
		return
	}
	text = strings.TrimSuffix(text, ".")
	if len(text) > maxName {
		text = text[:maxName]
	}
	n := 0
	for i := v.e(e).names; i != 0; i = v.names.at(i).next {
		if v.names.at(i).text == text {
			return
		}
		n++
	}
	if n >= maxNames {
		return
	}
	v.e(e).names = v.names.add(name{printable(text), v.e(e).names})
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\uFFFD' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.Clone(s), ""))
}

// offers keeps that an end answered on a port.
func (v *Inventory) offers(e End, t observation.Transport, port uint16, protocol string, tls bool) {
	if e == 0 || port == 0 {
		return
	}
	p := v.protocol(protocol)
	n, most := 0, maxServices
	if !v.Near(e) {
		most = maxPeerLook
	}
	for i := v.e(e).services; i != 0; i = v.services.at(i).next {
		s := v.services.at(i)
		if s.port == port && s.transport == t {
			if p != 0 && (s.protocol == 0 || !tls) {
				s.protocol = p
			}
			s.tls = s.tls || tls
			return
		}
		n++
	}
	if n >= most {
		return
	}
	v.e(e).services = v.services.add(service{v.e(e).services, port, p, t, tls})
}

// protocol is the index of a protocol's name.
func (v *Inventory) protocol(name string) uint16 {
	for i, p := range v.protocols {
		if p == name {
			return uint16(i)
		}
	}
	if len(v.protocols) >= 256 {
		return 0
	}
	v.protocols = append(v.protocols, strings.Clone(name))
	return uint16(len(v.protocols) - 1)
}
