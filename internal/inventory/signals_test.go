// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/observation"
)

// A phone that asks a plug for its page is no plug: the page says what its server is.
func TestAPageDescribesTheNeighbourThatServesIt(t *testing.T) {
	set, err := identify.Load(catalogue.FS, "devices")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, server string
		status       int
		phone, plug  bool // is said to be the plug
	}{
		{"a neighbour answers", "10.0.0.2", 200, false, true},
		{"a neighbour has no such page", "10.0.0.2", 404, false, false},
		{"a neighbour is not seen to answer", "10.0.0.2", 0, false, false},
		{"a server of the internet is asked", "198.51.100.7", 200, true, false},
	} {
		w := newWire()
		w.Inventory = New(Options{Signatures: set})
		w.host("10.0.0.1", mac(1))
		w.host("10.0.0.2", mac(2))
		w.see(observation.Observation{Transport: observation.TCP, Client: netip.MustParseAddrPort("10.0.0.1:40000"), ClientMAC: mac(1),
			Server: netip.AddrPortFrom(netip.MustParseAddr(c.server), 10000), ServerMAC: mac(2)},
			&observation.HTTP{Method: "POST", Host: c.server + ":10000", Path: "/smartplug.cgi", Status: c.status})
		for _, d := range w.Devices().List {
			want := c.phone
			if d.MACs[0] == mac(2) {
				want = c.plug
			}
			if got := d.Identity.Type == "plug"; got != want {
				t.Errorf("%s: device %x is a plug: %v, want %v", c.name, d.MACs[0], got, want)
			}
		}
	}
}
