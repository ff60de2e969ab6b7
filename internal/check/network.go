// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"net/netip"
	"slices"

	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// network are the checks for how a device behaves as a member of its network.
func network() []check {
	claims := func(who role, gratuitous bool) scene {
		return alone(who, &observation.Binding{IP: panel.ip(), MAC: who.mac(), Via: "arp", Gratuitous: gratuitous})
	}
	offer := func(from, route role) scene {
		return udp(from, panel, 68, &observation.DHCP{MAC: panel.mac(), Message: "OFFER", FromServer: true,
			ServerID: from.ip(),
			Assigned: panel.ip(), Routers: []netip.Addr{route.ip()}})
	}
	return []check{
		{
			fact: "network.ip_conflict", note: "two link addresses claimed one address",
			tell: func(r *Run, d *inventory.Device) (at []place) {
				for _, c := range r.inv.Conflicts() {
					if slices.Contains(d.Ends, c.Ends[0]) || slices.Contains(d.Ends, c.Ends[1]) {
						at = append(at, in(c.Seen))
					}
				}
				return at[:min(len(at), maxPlaces)]
			},
			violated: saw(claims(panel, false), claims(camera, false)).of(camera, yes),
			met:      watched(claims(panel, false)).of(panel, no),
			// a failover announces itself
			trap: saw(claims(panel, false), claims(camera, true)).of(camera, unsaid),
		},
		{
			fact: "network.rogue_dhcp", note: "DHCP was answered by what is no router", reads: []string{"dhcp"},
			tell: func(r *Run, d *inventory.Device) []place {
				if at, ok := r.inv.Rogue(d); ok {
					return []place{in(at)}
				}
				return nil
			},
			violated: saw(offer(camera, router)).of(camera, yes),
			met:      watched(offer(router, router)).of(camera, no),
			trap:     saw(offer(router, router)).of(router, unsaid),
		},
	}
}

// habits are the checks for what a well-kept device does.
func habits() []check {
	return []check{
		{
			fact: "time.synchronised", note: "an NTP server answered",
			on: []string{"ntp"}, reads: []string{"ntp"}, good: true,
			see: func(x *look) who {
				b := x.o.Body.(*observation.NTP)
				return only(b.FromServer && b.Mode == 4 && b.Stratum > 0 && b.Stratum < 16, client)
			},
			violated: watched(udp(camera, cloud, 123, &observation.NTP{Version: 4, Mode: 3})).of(camera, no),
			met: saw(udp(camera, cloud, 123, &observation.NTP{Version: 4, Mode: 4, Stratum: 2,
				FromServer: true})).of(camera, yes),
			// asked, not answered
			trap: saw(udp(camera, cloud, 123, &observation.NTP{Version: 4, Mode: 3})).of(camera, unsaid),
		},
		{
			fact: "logging.remote_seen", note: "log messages were sent to another host",
			on: []string{"session"}, reads: []string{"syslog"}, good: true,
			see:      func(x *look) who { return said(x, client, "syslog") },
			violated: watched(tcp(camera, cloud, 443, modern())).of(camera, no),
			met:      saw(udp(camera, panel, 514, &observation.Session{Protocol: "syslog"})).of(camera, yes),
			trap:     saw(udp(camera, panel, 514, &observation.Session{Protocol: "syslog"})).of(panel, unsaid),
		},
		{
			fact: "mud.announced", note: "a MUD URL was announced", on: []string{"mud-url"}, good: true,
			see: func(*look) who { return client },
			// listening never shows that none is
			violated: watched(tcp(camera, cloud, 443, modern())).of(camera, unsaid),
			met: saw(alone(camera, &observation.MUDURL{MAC: camera.mac(), URL: "https://v.example/m",
				Via: "dhcp"})).of(camera, yes),
			// a relay passed it on
			trap: saw(alone(router, &observation.MUDURL{MAC: camera.mac(), URL: "https://v.example/m",
				Via: "dhcp"})).of(router, unsaid),
		},
		{
			fact: "ipv6.used", note: "IPv6 was spoken", on: []string{"host"}, good: true,
			see: func(x *look) who {
				a := x.o.Body.(*observation.Host).IP
				return only(a.Is6() && !a.Is4In6() && !a.IsUnspecified(), client)
			},
			violated: saw(alone(camera, &observation.Host{IP: netip.MustParseAddr("fe80::2"),
				MAC: camera.mac()})).of(camera, yes),
			met: watched(alone(camera, &observation.Host{IP: camera.ip(), MAC: camera.mac()})).of(camera, no),
			trap: saw(alone(camera, &observation.Host{IP: netip.MustParseAddr("::"),
				MAC: camera.mac()})).of(camera, unsaid),
		},
	}
}
