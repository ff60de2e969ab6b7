// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"net/netip"
	"slices"

	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// How often the mark of Mirai's scanner, and a factory credential tried on others, must be seen: one in
// four billion requests bears the mark by chance.
const (
	mirais       = 3
	guesses      = 3
	misuseWithin = 3600 * second
)

// scans are the checks for how a device goes looking for others: the source's doing.
func scans() []check {
	mark := observation.Flow{PacketsOut: 1, Syns: 1, SequenceIsTarget: 1}
	plain := observation.Flow{PacketsOut: 1, Syns: 1}
	scan := func(shape string) *observation.Scan {
		return &observation.Scan{Source: camera.ip(), MAC: camera.mac(), Shape: shape, Port: 23, Targets: 40,
			Tries: 40}
	}
	return []check{
		{
			fact: "behaviour.scanning", note: "many addresses or ports were tried", on: []string{"scan"},
			see: func(x *look) who {
				return only(x.o.Body.(*observation.Scan).Shape != "repeat", client)
			},
			violated: saw(alone(camera, scan("horizontal"))).of(camera, yes),
			met:      watched(tcp(camera, cloud, 443, modern())).of(camera, no),
			trap:     saw(alone(camera, scan("repeat"))).of(camera, unsaid),
		},
		{
			fact: "behaviour.beaconing", note: "one address and port was tried again and again without an answer",
			on: []string{"scan"},
			see: func(x *look) who {
				return only(x.o.Body.(*observation.Scan).Shape == "repeat", client)
			},
			violated: saw(alone(camera, scan("repeat"))).of(camera, yes),
			met:      watched(tcp(camera, cloud, 443, modern())).of(camera, no),
			trap:     saw(alone(camera, scan("vertical"))).of(camera, unsaid),
		},
		{
			fact: "behaviour.mirai_scan",
			note: "requests to port 23 or 2323 bore the target's address as sequence number",
			on:   []string{"flow"},
			see: func(x *look) who {
				port := x.o.Server.Port()
				return only((port == 23 || port == 2323) && x.o.Body.(*observation.Flow).SequenceIsTarget > 0 &&
					count(x.r.marked, x, x.client, mirais, misuseWithin), client)
			},
			violated: saw(tcp(camera, cloud, 23, &mark).times(3)...).of(camera, yes),
			met:      watched(tcp(camera, cloud, 23, &plain).times(30)...).of(camera, no),
			trap:     saw(tcp(camera, cloud, 23, &mark)).of(camera, unsaid), // once is chance
		},
	}
}

// attempts are the checks for what a device tries on others.
func attempts() []check {
	guess := &observation.Login{Protocol: "telnet", User: "root", Readable: true, Factory: "mirai-2016",
		Outcome: rejected}
	asked := func(r role) scene {
		return udp(camera, r, 53, &observation.DNS{Name: "a.example", Type: "A",
			Protocol: "dns"})
	}
	return []check{
		{
			fact: "behaviour.telnet_login_out", note: "published factory credentials were tried on others",
			on:    []string{"login"},
			reads: []string{"telnet"},
			see: func(x *look) who {
				b := x.o.Body.(*observation.Login)
				return only(b.Protocol == "telnet" && b.Factory != "" && count(x.r.guesses, x, x.client,
					guesses, misuseWithin), client)
			},
			violated: saw(tcp(camera, panel, 23, guess).times(3)...).of(camera, yes),
			met:      watched(tcp(camera, panel, 22, &observation.SSH{})).of(camera, no),
			trap:     saw(tcp(camera, panel, 23, guess)).of(camera, unsaid), // a person may know a default
		},
		{
			fact: "behaviour.flooding", note: "more than 1,000 packets a second to one public address",
			on: []string{"flow"}, outside: true,
			see: func(x *look) who {
				return only(inventory.Public(x.o.Server.Addr()) && x.r.flood(x, x.o.Body.(*observation.Flow)), client)
			},
			violated: saw(udp(camera, cloud, 80, &observation.Flow{PacketsOut: 5000}).after(1)).of(camera, yes),
			met: watched(udp(camera, cloud, 443, &observation.Flow{PacketsOut: 900,
				PacketsIn: 900})).of(camera, no),
			// a local peer is no public address
			trap: saw(udp(camera, panel, 80, &observation.Flow{PacketsOut: 5000})).of(camera, unsaid),
		},
		{
			fact: "behaviour.dns_hardcoded", note: "a resolver was asked that no lease offered",
			on: []string{"dns"}, reads: []string{"dns", "dhcp"},
			see: func(x *look) who {
				b := x.o.Body.(*observation.DNS)
				if b.Multicast || b.Protocol != "dns" && b.Protocol != "" || x.client == 0 || x.o.Server.Port() != 53 {
					return nobody
				}
				offered := x.r.inv.Resolvers(x.client)
				return only(len(offered) > 0 && !slices.Contains(offered, x.o.Server.Addr().Unmap()), client)
			},
			blind: func(r *Run, d *inventory.Device) bool {
				return !slices.ContainsFunc(d.Ends, func(e inventory.End) bool { return r.inv.Resolvers(e) != nil })
			},
			violated: saw(leased(), asked(cloud)).of(camera, yes),
			met:      watched(leased(), asked(router)).of(camera, no),
			trap:     saw(asked(cloud)).of(camera, unsaid), // no lease was seen: what it was offered is not known
		},
	}
}

// leased is a lease that the router gives the camera, with itself as resolver.
func leased() scene {
	return udp(router, camera, 68, &observation.DHCP{MAC: camera.mac(), Message: "ACK", FromServer: true,
		ServerID: router.ip(),
		Assigned: camera.ip(), Routers: []netip.Addr{router.ip()}, DNSServers: []netip.Addr{router.ip()}})
}
