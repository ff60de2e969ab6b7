// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import "github.com/writ-iot/writ/internal/observation"

// control are the checks for control protocols: what changes a process, and who speaks without proof of
// who they are.
func control() []check {
	on := []string{"modbus", "bacnet", "ot"}
	reads := []string{"modbus", "bacnet", "s7comm", "iec104", "enip", "dnp3"}
	read := &observation.Modbus{Function: 3}
	return []check{
		{
			fact: "ot.write_command", note: "a write command was sent to it", on: on, reads: reads,
			see: func(x *look) who {
				switch b := x.o.Body.(type) {
				case *observation.Modbus:
					return only(b.Write, server)
				case *observation.BACnet:
					return only(b.Write, server)
				case *observation.OT:
					return only(b.Write, server)
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 502, &observation.Modbus{Function: 6, Write: true})).of(camera, yes),
			met:      watched(tcp(panel, camera, 502, read)).of(camera, no),
			// the master was not written to
			trap: saw(tcp(panel, camera, 502, &observation.Modbus{Function: 6, Write: true})).of(panel, unsaid),
		},
		{
			fact: "ot.unauthenticated", note: "a control protocol without authentication", on: on, reads: reads,
			see: func(x *look) who {
				w := both
				if x.o.Transport == observation.UDP {
					w = client // whether the other speaks too is for its own messages to show
				}
				if b, ok := x.o.Body.(*observation.OT); ok && !b.Unauthenticated {
					return nobody
				}
				return w
			},
			violated: saw(tcp(panel, camera, 502, read)).of(camera, yes),
			met:      watched(tcp(panel, camera, 4840, &observation.OT{Protocol: "opcua"})).of(camera, no),
			trap: saw(udp(panel, camera, 47808, &observation.BACnet{Service: "who-is",
				Device: -1})).of(camera, unsaid),
		},
	}
}

func only(so bool, w who) who {
	if so {
		return w
	}
	return nobody
}
