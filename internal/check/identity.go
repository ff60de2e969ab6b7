// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// vendorKnown is how sure vendor and type must be.
const vendorKnown = 0.8

// identity are the checks for how well a device is known, and how often it was seen at fault. Silence
// never shows that a device could not be known.
func identity() []check {
	bacnet := &observation.BACnet{Device: 7, Service: "i-am", VendorName: "Acme", Model: "C1"}
	lldp := &observation.LLDP{Protocol: "lldp", MAC: camera.mac(), Manufacturer: "Acme", Model: "C1"}
	telnet := func(port uint16) scene { return tcp(panel, camera, port, &observation.Session{Protocol: "telnet"}) }
	return []check{
		{
			fact: "identity.vendor_known", note: "signals name vendor and type", good: true,
			tell: func(_ *Run, d *inventory.Device) []place {
				if id := &d.Identity; id.Vendor == "" || id.Type == "" || id.VendorConfidence < vendorKnown {
					return nil
				}
				return signals(d)
			},
			violated: watched(tcp(camera, cloud, 443, modern())).of(camera, unsaid),
			met:      saw(udp(camera, none, 47808, bacnet), alone(camera, lldp)).of(camera, yes),
			// an address prefix is a hint
			trap: saw(alone(camera, &observation.Host{IP: camera.ip(), MAC: camera.mac()})).of(camera, unsaid),
		},
		{
			fact: "identity.certain", note: "two independent kinds of signal name vendor and model", good: true,
			tell: func(_ *Run, d *inventory.Device) []place {
				if !d.Identity.Certain {
					return nil
				}
				return signals(d)
			},
			violated: watched(udp(camera, none, 47808, bacnet)).of(camera, unsaid),
			met:      saw(udp(camera, none, 47808, bacnet), alone(camera, lldp)).of(camera, yes),
			trap:     saw(udp(camera, none, 47808, bacnet).times(5)...).of(camera, unsaid), // one kind, however often
		},
		{
			fact: "sighting.repeated", note: "everything held against it was seen in two sessions", good: true,
			tell:     repeated,
			violated: watched(telnet(23)).of(camera, unsaid),
			met:      saw(telnet(23), telnet(2323)).of(camera, yes),
			trap: saw(telnet(23), telnet(2323), udp(panel, camera, 161, &observation.SNMP{Version: "v1",
				Response: true})).of(camera, unsaid),
		},
	}
}

// signals are the places of a device's first signals.
func signals(d *inventory.Device) (at []place) {
	for _, s := range d.Signals {
		if s.Frame != 0 && len(at) < maxPlaces {
			at = append(at, place{int32(s.Input), s.Frame, s.Frame})
		}
	}
	return at
}

// repeated holds where each fact held against the device was seen in two sessions. One that was seen once
// keeps it unsaid: the fact does not say which of them it speaks of.
func repeated(r *Run, d *inventory.Device) (at []place) {
	for _, e := range d.Ends {
		if int(e) >= len(r.heads) {
			continue
		}
		for n := r.heads[e]; n != 0; n = r.chain[n].next {
			s, i := r.sighting(n), r.chain[n].check
			if r.checks[i].good {
				continue
			}
			if !s.again && !r.twice(d, i) {
				return nil
			}
			if len(at) < maxPlaces {
				at = append(at, s.places[0])
			}
		}
	}
	return at
}

// twice says that a fact was seen on two ends of the device: sessions of different addresses are two.
func (r *Run) twice(d *inventory.Device, check uint8) bool {
	n := 0
	for _, e := range d.Ends {
		if r.find(e, check) != nil {
			n++
		}
	}
	return n > 1
}
