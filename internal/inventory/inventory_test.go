// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
)

const second = int64(1e9)

// noon is a moment like any other: 2025-01-01 12:00 UTC.
const noon = int64(1735732800) * second

func mac(n byte) observation.MAC { return observation.MAC{0x00, 0x11, 0x22, 0, 0, n} }

func addr(s string) netip.Addr {
	if s == "" {
		return netip.Addr{}
	}
	return netip.MustParseAddr(s)
}

// wire is an inventory and the second that its clock shows.
type wire struct {
	*Inventory
	t     int64
	frame uint32
}

func newWire(networks ...string) *wire {
	var o Options
	for _, n := range networks {
		o.Networks = append(o.Networks, netip.MustParsePrefix(n))
	}
	return &wire{Inventory: New(o), t: noon}
}

func (w *wire) see(o observation.Observation, b observation.Body) {
	w.t += second
	w.frame++
	o.Time, o.First, o.Last, o.Body = w.t, w.frame, w.frame, b
	w.Observe(&o)
}

func (w *wire) host(ip string, m observation.MAC) {
	w.see(observation.Observation{ClientMAC: m}, &observation.Host{IP: addr(ip), MAC: m})
}

func (w *wire) arp(ip string, m observation.MAC, gratuitous bool) {
	w.see(observation.Observation{ClientMAC: m}, &observation.Binding{IP: addr(ip), MAC: m, Via: "arp",
		Gratuitous: gratuitous})
}

func (w *wire) lease(ip string, m observation.MAC) {
	w.see(observation.Observation{}, &observation.Binding{IP: addr(ip), MAC: m, Via: "dhcp",
		Until: w.t + 3600*second})
}

// talk is a conversation over TCP in which both spoke.
func (w *wire) talk(from string, fm observation.MAC, to string, tm observation.MAC) {
	w.see(observation.Observation{Transport: observation.TCP, Client: netip.AddrPortFrom(addr(from), 40000),
		Server: netip.AddrPortFrom(addr(to), 443), ClientMAC: fm, ServerMAC: tm},
		&observation.Flow{Protocol: "tls", FirstTime: w.t, PacketsOut: 10, PacketsIn: 10, BytesOut: 500,
			BytesIn: 900, Established: true})
}

// told writes the devices in one line each, so that a test reads like a list.
func (w *wire) told() []string {
	var out []string
	for _, d := range w.Devices().List {
		var s []string
		for _, m := range d.MACs {
			s = append(s, fmt.Sprintf("%x", m[5]))
		}
		for _, a := range d.IPs {
			s = append(s, a.String())
		}
		if d.Gateway {
			s = append(s, "gateway")
		}
		out = append(out, strings.Join(s, " "))
	}
	slices.Sort(out)
	return out
}

func TestWhatIsADevice(t *testing.T) {
	router, cam, plug := mac(1), mac(2), mac(3)
	random := observation.MAC{0xda, 1, 2, 3, 4, 5}
	for name, c := range map[string]struct {
		do       func(w *wire)
		networks []string
		want     []string
	}{
		"two that speak are two": {func(w *wire) {
			w.talk("10.0.0.2", cam, "10.0.0.3", plug)
		}, nil, []string{"2 10.0.0.2", "3 10.0.0.3"}},
		"peers stand behind the router, which is one": {func(w *wire) {
			w.arp("10.0.0.1", router, false)
			w.talk("10.0.0.2", cam, "198.51.100.7", router)
			w.talk("10.0.0.2", cam, "203.0.113.9", router)
		}, nil, []string{"1 10.0.0.1 gateway", "2 10.0.0.2"}},
		"a router that never speaks for itself is still one": {func(w *wire) {
			w.talk("10.0.0.2", cam, "198.51.100.7", router)
			w.talk("10.0.0.2", cam, "203.0.113.9", router)
			w.see(observation.Observation{Client: netip.AddrPortFrom(addr("10.0.0.1"), 67), ClientMAC: router,
				Server: netip.AddrPortFrom(addr("255.255.255.255"), 68)},
				&observation.DHCP{MAC: cam, Message: "ACK", FromServer: true,
					Routers: []netip.Addr{addr("10.0.0.1")}})
		}, nil, []string{"1 10.0.0.1 gateway", "2 10.0.0.2"}},
		"one device with two families is one": {func(w *wire) {
			w.host("10.0.0.2", cam)
			w.host("fe80::211:22ff:fe00:2", cam)
			w.host("2001:db8::211:22ff:fe00:2", cam)
		}, nil, []string{"2 10.0.0.2 2001:db8::211:22ff:fe00:2 fe80::211:22ff:fe00:2"}},
		"loopback is nobody": {func(w *wire) {
			w.talk("127.0.0.1", observation.MAC{}, "127.0.0.1", observation.MAC{})
			w.talk("::1", observation.MAC{}, "::1", observation.MAC{})
		}, []string{"127.0.0.0/8"}, nil},
		"without link addresses all are peers": {func(w *wire) {
			w.talk("10.0.0.2", observation.MAC{}, "10.0.0.3", observation.MAC{})
		}, nil, nil},
		"unless the profile says which are ours": {func(w *wire) {
			w.talk("10.0.0.2", observation.MAC{}, "198.51.100.7", observation.MAC{})
			w.talk("10.0.0.2", observation.MAC{}, "10.9.0.3", observation.MAC{})
		}, []string{"10.0.0.0/24"}, []string{"10.0.0.2"}},
		"ours behind a router are devices by their address": {func(w *wire) {
			w.arp("10.0.0.1", router, false)
			w.talk("10.0.0.2", cam, "10.8.0.5", router)
			w.talk("10.0.0.2", cam, "198.51.100.7", router)
			w.talk("10.0.0.2", cam, "203.0.113.7", router)
		}, []string{"10.8.0.0/16"}, []string{"1 10.0.0.1 gateway", "10.8.0.5", "2 10.0.0.2"}},
		"a lease handed over makes two of one address": {func(w *wire) {
			w.lease("10.0.0.9", cam)
			w.talk("10.0.0.9", cam, "10.0.0.3", plug)
			w.lease("10.0.0.9", plug)
			w.talk("10.0.0.9", plug, "10.0.0.2", cam)
		}, nil, []string{"2 10.0.0.2 10.0.0.9", "3 10.0.0.3 10.0.0.9"}},
		"an address that nobody answered from is nobody": {func(w *wire) {
			w.see(observation.Observation{Transport: observation.TCP,
				Client: netip.AddrPortFrom(addr("10.0.0.2"), 40000),
				Server: netip.AddrPortFrom(addr("10.0.0.77"), 23), ClientMAC: cam, ServerMAC: mac(77)},
				&observation.Flow{PacketsOut: 1, Syns: 1})
		}, nil, []string{"2 10.0.0.2"}},
		"a client without an address yet is a device": {func(w *wire) {
			w.see(observation.Observation{Client: netip.AddrPortFrom(addr("0.0.0.0"), 68), ClientMAC: cam,
				Server: netip.AddrPortFrom(addr("255.255.255.255"),
					67)}, &observation.DHCP{MAC: cam, Message: "DISCOVER"})
		}, nil, []string{"2"}},
		"what a relay passes on speaks of the client, not of the relay": {func(w *wire) {
			w.host("10.0.0.1", router)
			w.see(observation.Observation{Client: netip.AddrPortFrom(addr("10.0.0.1"), 67), ClientMAC: router,
				Server: netip.AddrPortFrom(addr("10.9.0.5"),
					67), ServerMAC: mac(9)}, &observation.DHCP{MAC: cam, Message: "REQUEST", Hostname: "cam"})
		}, nil, []string{"1 10.0.0.1", "2"}},
		"a made-up link address is one all the same": {func(w *wire) {
			w.host("10.0.0.4", random)
		}, nil, []string{"5 10.0.0.4"}},
		"groups never are": {func(w *wire) {
			w.host("239.1.1.1", observation.MAC{1, 0, 0x5e, 1, 1, 1})
			w.host("10.0.0.4", observation.MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
		}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(c.networks...)
			c.do(w)
			if got := w.told(); !slices.Equal(got, c.want) {
				t.Errorf("devices are %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhoConflictsOverAnAddress(t *testing.T) {
	vrrp := observation.MAC{0, 0, 0x5e, 0, 1, 7}
	for name, c := range map[string]struct {
		do   func(w *wire)
		want int
	}{
		"two claim it within a minute": {func(w *wire) {
			w.arp("10.0.0.9", mac(2), false)
			w.arp("10.0.0.9",
				mac(3), false)
		}, 1},
		"an hour apart is a change, no conflict": {func(w *wire) {
			w.arp("10.0.0.9", mac(2), false)
			w.t += 3600 * second
			w.arp("10.0.0.9", mac(3), false)
		}, 0},
		"DHCP hands over": {func(w *wire) {
			w.lease("10.0.0.9",
				mac(2))
			w.lease("10.0.0.9", mac(3))
		}, 0},
		"one that announces itself takes over": {func(w *wire) {
			w.arp("10.0.0.9", mac(2),
				false)
			w.arp("10.0.0.9", mac(3), true)
		}, 0},
		"unless the other speaks up again": {func(w *wire) {
			w.arp("10.0.0.9", mac(2), false)
			w.arp("10.0.0.9", mac(3), true)
			w.arp("10.0.0.9", mac(2), false)
		}, 1},
		"routers of one group share": {func(w *wire) {
			w.arp("10.0.0.9", mac(2), false)
			w.arp("10.0.0.9", vrrp,
				false)
		}, 0},
		"the same conflict is told once": {func(w *wire) {
			for i := range 6 {
				w.arp("10.0.0.9", mac(byte(2+i%2)), false)
			}
		}, 1},
		"a probe without an address claims nothing": {func(w *wire) {
			w.arp("10.0.0.9", mac(2),
				false)
			w.arp("0.0.0.0", mac(3), false)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire()
			c.do(w)
			if got := len(w.Conflicts()); got != c.want {
				t.Errorf("%d conflicts, want %d", got, c.want)
			}
		})
	}
}

func TestCoverageCountsHoursSeenAndBytesLost(t *testing.T) {
	w := newWire()
	for range 24 * 12 {
		w.t += 299 * second
		w.talk("10.0.0.2", mac(2), "10.0.0.3", mac(3))
	}
	w.see(observation.Observation{Transport: observation.TCP, Client: netip.AddrPortFrom(addr("10.0.0.2"), 40000),
		Server: netip.AddrPortFrom(addr("10.0.0.3"), 443), ClientMAC: mac(2), ServerMAC: mac(3)},
		&observation.Flow{FirstTime: w.t, PacketsOut: 1, PacketsIn: 1, Missing: 24 * 12 * 14, Established: true})
	d := w.Devices().At(w.t, addr("10.0.0.2"), mac(2))
	if d == nil || d.Hours < 24 || d.Hours > 24.2 || !d.BothWays {
		t.Fatalf("a day of conversations gives %+v", d)
	}
	if d.LossPPM < 9000 || d.LossPPM > 11000 {
		t.Errorf("one byte in a hundred lost gives %d ppm", d.LossPPM)
	}
}

func TestSilenceIsNotCoverage(t *testing.T) {
	w := newWire()
	w.talk("10.0.0.2", mac(2), "10.0.0.3", mac(3))
	w.t += 24 * 3600 * second
	w.talk("10.0.0.2", mac(2), "10.0.0.3", mac(3))
	if d := w.Devices().At(w.t, addr("10.0.0.2"), mac(2)); d.Hours > 0.5 {
		t.Errorf("two conversations a day apart give %.1f hours", d.Hours)
	}
	v := newWire()
	v.host("10.0.0.2", mac(2))
	if d := v.Devices().At(v.t, addr("10.0.0.2"), mac(2)); d.BothWays || d.LossPPM != -1 {
		t.Errorf("one packet gives both ways %v and a loss of %d", d.BothWays, d.LossPPM)
	}
}

func TestAtFollowsTheLease(t *testing.T) {
	w := newWire("10.9.0.0/24")
	w.lease("10.0.0.9", mac(2))
	w.talk("10.0.0.9", mac(2), "10.0.0.3", mac(4))
	early := w.t
	w.t += 600 * second
	w.lease("10.0.0.9", mac(3))
	w.talk("10.0.0.9", mac(3), "10.0.0.3", mac(4))
	d := w.Devices()
	for at, want := range map[int64]observation.MAC{early: mac(2), w.t: mac(3)} {
		if got := d.At(at, addr("10.0.0.9"), observation.MAC{}); got == nil || got.MACs[0] != want {
			t.Errorf("at %d the address was held by %+v, want %x", at, got, want)
		}
	}
}

func TestOfGivesEachEndItsDevice(t *testing.T) {
	w := newWire()
	w.arp("10.0.0.1", mac(1), false)
	w.talk("10.0.0.2", mac(2), "198.51.100.7", mac(1))
	w.talk("10.0.0.2", mac(2), "198.51.100.8", mac(1))
	o := observation.Observation{Client: netip.AddrPortFrom(addr("10.0.0.2"), 1), ClientMAC: mac(2),
		Server: netip.AddrPortFrom(addr("198.51.100.7"), 443), ServerMAC: mac(1), Body: &observation.Flow{}}
	c, s := w.Ends(&o)
	if d := w.Devices().Of(c); d == nil || d.MACs[0] != mac(2) {
		t.Errorf("the client is %+v", d)
	}
	if d := w.Devices().Of(s); d != nil {
		t.Errorf("a peer behind the router is said to be %+v", d)
	}
}

func TestAHundredThousandDevicesFitInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("memory is measured in the long run")
	}
	before := heap()
	w := newWire()
	for i := range 100_000 {
		m := observation.MAC{0, 0x11, byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
		ip := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}).String()
		w.arp(ip, m, false)
		w.talk(ip, m, "198.51.100.7", mac(1))
	}
	n := len(w.Devices().List)
	if used := heap() - before; n < 100_000 || used > 120<<20 {
		t.Errorf("%d devices take %d MiB", n, used>>20)
	}
	runtime.KeepAlive(w)
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkObserve(b *testing.B) {
	w := newWire()
	o := observation.Observation{Transport: observation.TCP, Client: netip.AddrPortFrom(addr("10.0.0.2"), 40000),
		Server: netip.AddrPortFrom(addr("10.0.0.3"), 443), ClientMAC: mac(2), ServerMAC: mac(3), Time: noon,
		Body: &observation.Flow{Protocol: "tls", PacketsOut: 10, PacketsIn: 10, Established: true}}
	b.ReportAllocs()
	for b.Loop() {
		w.Observe(&o)
	}
}
