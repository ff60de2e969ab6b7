// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// example is a little story and what must be said of one of its cast.
type example struct {
	scenes  []scene
	watched bool // everybody was active and watched for as long as the fact asks for
	role    role
	says    says
}

// says is what a check says of a device.
type says string

const (
	unsaid says = "" // nothing: unknown
	yes    says = "yes"
	no     says = "no"
)

// role is one of the cast of the examples.
type role uint8

const (
	none   role = iota
	camera      // a device
	panel       // another one on the same segment
	router      // theirs
	cloud       // a public address behind the router
	stranger
)

func (r role) ip() netip.Addr {
	return [...]netip.Addr{none: {}, camera: netip.AddrFrom4([4]byte{10, 0, 0, 2}),
		panel:  netip.AddrFrom4([4]byte{10, 0, 0, 3}),
		router: netip.AddrFrom4([4]byte{10, 0, 0, 1}), cloud: netip.AddrFrom4([4]byte{198, 51, 100, 7}),
		stranger: netip.AddrFrom4([4]byte{203, 0, 113, 9})}[r]
}

func (r role) mac() observation.MAC {
	if r == cloud || r == stranger {
		r = router
	}
	if r == none {
		return observation.MAC{}
	}
	return observation.MAC{2, 0, 0, 0, 0, byte(r)} // made up by its bearer: nobody's prefix
}

// scene is one observation of an example; wait is how many seconds pass before it.
type scene struct {
	from, to  role
	port      uint16
	transport observation.Transport
	body      observation.Body
	wait      int64
}

func tcp(from, to role, port uint16, b observation.Body) scene {
	return scene{from, to, port, observation.TCP, b, 1}
}

func udp(from, to role, port uint16, b observation.Body) scene {
	return scene{from, to, port, observation.UDP, b, 1}
}

// alone is what one says to nobody in particular.
func alone(who role, b observation.Body) scene { return scene{who, none, 0, observation.Link, b, 1} }

func (s scene) after(seconds int64) scene { s.wait = seconds; return s }

// times repeats a scene.
func (s scene) times(n int) []scene {
	out := make([]scene, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// saw tells a story from a look too short for silence to show anything.
func saw(scenes ...scene) example { return example{scenes: scenes} }

// watched tells a story from a look as complete as the fact asks for.
func watched(scenes ...scene) example { return example{scenes: scenes, watched: true} }

func (e example) of(who role, s says) example { e.role, e.says = who, s; return e }

// modern is a TLS handshake that nobody could object to.
func modern() *observation.TLS {
	return &observation.TLS{Protocol: "tls", Version: "TLSv1.3", OfferedMax: "TLSv1.3",
		CipherName: "TLS_AES_128_GCM_SHA256", Established: true}
}

// exampleStart is when the examples play: seconds since 1970 (2025-01-01 12:00 UTC).
const exampleStart = int64(1735732800)

// exampleAsker is the port from which the cast of the examples asks over UDP.
const exampleAsker = 40000
