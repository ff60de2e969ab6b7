// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// Edge is what two ends said to each other, added up.
type Edge struct {
	From, To string // device IDs, or a peer's address
	Protocol string // "" unknown
	Port     int
	Flows    int
	Bytes    int64
	Exposure string // clear-sensitive (credentials, patient or card data in clear), clear, secure; "" unknown
}

// Peer is an address that a device spoke with and that is no device.
type Peer struct {
	Address string
	Name    string // by which a device asked for it; "" unknown
}

// Bounds on what is kept of who spoke with whom: beyond, the picture is incomplete, and counted so.
const (
	maxEdges = 1 << 17
	maxNamed = 1 << 15
)

type edgeKey struct {
	from, to  inventory.End
	port      uint16
	transport observation.Transport
}

type edge struct {
	protocol         string
	flows            int
	bytes            int64
	secret, upgraded bool
}

// edges is a sink of conversations.
type edges struct {
	inv     *inventory.Inventory
	all     map[edgeKey]*edge
	names   map[netip.Addr]string
	words   map[string]string // one copy of each protocol's name
	dropped int
}

func (g *edges) init(inv *inventory.Inventory) {
	*g = edges{inv: inv, all: map[edgeKey]*edge{}, names: map[netip.Addr]string{}, words: map[string]string{}}
}

// Observe takes conversations, and what tells how exposed one was.
func (g *edges) Observe(o *observation.Observation) {
	switch b := o.Body.(type) {
	case *observation.Flow:
		g.flow(o, b)
	case *observation.DNS:
		for _, a := range b.Answers {
			if !b.Multicast {
				g.call(a, b.Name)
			}
		}
	case *observation.TLS:
		if b.SNI != "" {
			g.call(o.Server.Addr(), b.SNI)
		}
		if b.Version != "" {
			if e := g.at(o); e != nil {
				e.upgraded = true
			}
		}
	case *observation.Login:
		g.secret(o, b.Readable && b.Secret.Length > 0)
	case *observation.HL7:
		g.secret(o, b.Patient)
	case *observation.DICOM:
		g.secret(o, b.Patient)
	case *observation.Sensitive:
		g.secret(o, true)
	}
}

func (g *edges) secret(o *observation.Observation, so bool) {
	if !so {
		return
	}
	if e := g.at(o); e != nil {
		e.secret = true
	}
}

// flow adds a conversation. A try that nobody answered is none, unless its protocol is known: what is
// sent one way (syslog) is said all the same.
func (g *edges) flow(o *observation.Observation, f *observation.Flow) {
	if f.PacketsIn == 0 && f.Protocol == "" || o.Transport == observation.Link {
		return
	}
	e := g.at(o)
	if e == nil {
		return
	}
	if e.protocol == "" && f.Protocol != "" {
		if e.protocol = g.words[f.Protocol]; e.protocol == "" {
			e.protocol = strings.Clone(f.Protocol)
			g.words[e.protocol] = e.protocol
		}
	}
	e.flows++
	e.bytes += int64(f.BytesIn + f.BytesOut)
}

func (g *edges) at(o *observation.Observation) *edge {
	c, s := g.inv.Ends(o)
	if c == 0 || s == 0 {
		return nil
	}
	k := edgeKey{c, s, o.Server.Port(), o.Transport}
	e := g.all[k]
	if e == nil {
		if len(g.all) >= maxEdges {
			g.dropped++
			return nil
		}
		e = &edge{}
		g.all[k] = e
	}
	return e
}

// call keeps the first name by which an address was asked for.
func (g *edges) call(a netip.Addr, name string) {
	if _, ok := g.names[a]; !ok && len(g.names) < maxNamed && len(name) <= 253 {
		g.names[a] = strings.Clone(name)
	}
}

// list tells the edges of devices, and the peers on them, in order.
func (g *edges) list(d *inventory.Devices) ([]Edge, []Peer) {
	peers := map[string]Peer{}
	out := make([]Edge, 0, len(g.all))
	for k, e := range g.all {
		from, to := d.Of(k.from), d.Of(k.to)
		if from == nil && to == nil || from == to {
			continue
		}
		out = append(out, Edge{From: g.name(k.from, from, peers), To: g.name(k.to, to, peers), Protocol: e.protocol,
			Port: int(k.port), Flows: e.flows, Bytes: e.bytes, Exposure: e.exposure()})
	}
	slices.SortFunc(out, func(a, b Edge) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), cmp.Compare(a.Port, b.Port),
			strings.Compare(a.Protocol, b.Protocol))
	})
	var others []Peer
	for _, p := range peers {
		others = append(others, p)
	}
	slices.SortFunc(others, func(a, b Peer) int { return strings.Compare(a.Address, b.Address) })
	return merged(out), others
}

// merged adds up neighbours that say the same of the same ends: addresses of one device.
func merged(sorted []Edge) []Edge {
	out := sorted[:0]
	for _, e := range sorted {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if last.From == e.From && last.To == e.To && last.Port == e.Port && last.Protocol == e.Protocol {
				last.Flows += e.Flows
				last.Bytes += e.Bytes
				last.Exposure = worse(last.Exposure, e.Exposure)
				continue
			}
		}
		out = append(out, e)
	}
	return out
}

func (g *edges) name(e inventory.End, d *inventory.Device, peers map[string]Peer) string {
	if d != nil {
		return d.ID
	}
	a, _ := g.inv.Address(e)
	s := a.String()
	peers[s] = Peer{s, g.names[a]}
	return s
}

// sealed protocols keep what they carry from readers on the wire.
func sealed(protocol string) bool {
	switch protocol {
	case "tls", "dtls", "quic", "ssh", "ike", "esp", "wireguard", "openvpn":
		return true
	}
	return false
}

func (e *edge) exposure() string {
	switch {
	case e.secret:
		return "clear-sensitive"
	case e.upgraded || sealed(e.protocol):
		return "secure"
	case e.protocol != "":
		return "clear"
	}
	return ""
}

// worse is the one that exposes more.
func worse(a, b string) string {
	order := []string{"clear-sensitive", "clear", "secure", ""}
	return order[min(slices.Index(order, a), slices.Index(order, b))]
}
