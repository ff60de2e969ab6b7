// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package demo makes the network of a made-up hospital: one day and an hour on a ward, as real packets
// of real protocols, the same bytes every time. Infusion pumps and a CT scanner speak clear HL7 and
// DICOM; a camera with a factory password is entered twice over Telnet and turned into a scanner by a
// Mirai-style bot; a thermostat and the clinicians' tablets behave. Nothing in it was captured from
// anybody, and no person in it exists.
package demo

import (
	"io"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"time"
)

// start is when the made-up day begins; it lasts long enough that silence can show something.
var start = time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)

const (
	lasts = 25 * time.Hour
	beat  = 4 * time.Minute // everything on the ward says something at least this often
)

// Capture writes the hospital's capture as a nanosecond pcap and says how many frames it holds.
func Capture(out io.Writer) (frames int, err error) {
	w := &wire{seq: 20261102}
	h := newHospital(start)
	h.day(w)
	h.intrusion(w, start.Add(14*time.Hour+7*time.Minute))
	return len(w.frames), w.writeTo(out)
}

// mendedAfter is how long after the first capture the mended ward was looked at.
const mendedAfter = 14 * 24 * time.Hour

// Mended writes the same ward's capture of two weeks later: patient data travel in TLS, and the camera is gone.
func Mended(out io.Writer) (frames int, err error) {
	w := &wire{seq: 20261116}
	h := newHospital(start.Add(mendedAfter))
	h.mended = true
	h.day(w)
	return len(w.frames), w.writeTo(out)
}

// day is what the ward does from morning to the next.
func (h *hospital) day(w *wire) {
	h.morning(w)
	for t, n := h.from.Add(10*time.Minute), 0; t.Before(h.from.Add(lasts)); t, n = t.Add(beat), n+1 {
		h.beat(w, t, n)
	}
}

// hospital is who is on the wire. Vendor prefixes are the IEEE registry's; the 02 ones are local.
type hospital struct {
	from                          time.Time
	mended                        bool // patient data in TLS, no camera
	gateway, archive, engine      station
	pumps                         []station
	scanner, camera, thermostat   station
	printer, hvac                 station
	tablets                       []station
	cloud, portal, update, broker station // behind the gateway
	bot, loader                   station
}

func newHospital(from time.Time) *hospital {
	at := func(last byte, name, mac string) station {
		hw, err := net.ParseMAC(mac)
		if err != nil {
			panic("the demo's own address " + mac + " is wrong")
		}
		return station{mac: hw, ip: netip.AddrFrom4([4]byte{10, 20, 3, last}), name: name}
	}
	h := &hospital{
		from:       from,
		gateway:    at(1, "gateway", "00:00:0c:0a:14:03"),
		archive:    at(10, "archive", "00:14:22:5a:10:01"),
		engine:     at(11, "engine", "00:14:22:5a:10:02"),
		scanner:    at(40, "CT01", "00:1b:21:77:40:01"),
		camera:     at(60, "IPC-3060", "00:12:12:60:30:01"),
		thermostat: at(70, "thermostat-ward3", "64:16:66:70:00:01"),
		printer:    at(80, "printer-ward3", "00:17:c8:80:00:01"),
		hvac:       at(90, "hvac-3", "00:60:2d:90:00:01"),
	}
	for i := range 3 {
		h.pumps = append(h.pumps, at(byte(20+i), "pump-3"+string(rune('a'+i)), "00:0b:ab:20:00:0"+strconv.Itoa(i+1)))
		h.tablets = append(h.tablets, at(byte(100+i), "tablet-3"+string(rune('a'+i)),
			"f0:18:98:a0:00:0"+strconv.Itoa(i+1)))
	}
	far := func(ip, name string) station {
		return station{mac: h.gateway.mac, ip: netip.MustParseAddr(ip), name: name}
	}
	// Documentation addresses (RFC 5737) stand for the internet.
	h.broker, h.portal = far("198.51.100.10", "mqtt.climate.example"), far("198.51.100.20", "records.hospital.example")
	h.update, h.cloud = far("198.51.100.30", "fw.camera.example"), far("198.51.100.40", "cloud.camera.example")
	h.bot, h.loader = far("203.0.113.66", "bot"), far("203.0.113.67", "loader")
	return h
}

// local is everything on the ward behind its own link address, the gateway apart.
func (h *hospital) local() []station {
	all := []station{h.archive, h.engine, h.scanner, h.camera, h.thermostat, h.printer, h.hvac}
	if h.mended {
		all = slices.DeleteFunc(all, func(s station) bool { return s.name == h.camera.name })
	}
	return append(append(all, h.pumps...), h.tablets...)
}

// morning: everybody gets a lease, the time, and says hello.
func (h *hospital) morning(w *wire) {
	class := map[string]string{h.camera.name: "udhcp 1.15.2", h.thermostat.name: "dhcpcd-6.8.2",
		h.scanner.name: "MSFT 5.0", h.printer.name: "Kyocera printer", h.hvac.name: "udhcp 1.20.2"}
	for i, s := range h.local() {
		t := h.from.Add(time.Duration(i) * 3 * time.Second)
		c := class[s.name]
		if c == "" {
			c = "dhcpcd-9.4.1"
		}
		w.lease(t, s, h.gateway, s.name, c, 1, 3, 6, 12, 15, 28, 42)
		w.arp(t.Add(time.Second), s, h.gateway)
		w.clock(t.Add(2*time.Second), s, h.gateway)
	}
	w.announce(h.from.Add(2*time.Minute), h.printer, "_ipp._tcp", "printer-ward3", "ty=Kyocera ECOSYS M2540dn",
		"usb_MFG=Kyocera", "usb_MDL=ECOSYS M2540dn")
	w.announce(h.from.Add(2*time.Minute+time.Second), h.thermostat, "_hap._tcp", "Ward 3", "md=Climate One", "ci=9")
}

// beat is what the ward does every few minutes.
func (h *hospital) beat(w *wire, t time.Time, n int) {
	h.patients(w, t, n)
	if n%15 == 0 {
		w.resolve(t.Add(40*time.Second), h.thermostat, h.gateway, h.broker.name, h.broker.ip)
		w.resolve(t.Add(42*time.Second), h.tablets[0], h.gateway, h.portal.name, h.portal.ip)
		if !h.mended {
			h.asks(w, t)
		}
	}
	w.secure(t.Add(50*time.Second), h.thermostat, h.broker, 8883, tls13, h.broker.name, "mqtt", 180, 40, 220)
	for i, tab := range h.tablets {
		w.secure(t.Add(time.Duration(60+9*i)*time.Second), tab, h.portal, 443, []int{tls13, tls13, tls12}[i],
			h.portal.name, "h2", 700, 3000, 400)
	}
	if !h.mended {
		w.clock(t.Add(100*time.Second), h.camera, h.gateway)
	}
	w.clock(t.Add(102*time.Second), h.printer, h.gateway)
	w.snmp(t.Add(104*time.Second), h.engine, h.printer, n)
	w.whoIs(t.Add(106*time.Second), h.engine, h.hvac, n)
}

// patients is what the pumps and the scanner say about patients.
func (h *hospital) patients(w *wire, t time.Time, n int) {
	for i, p := range h.pumps {
		at := t.Add(time.Duration(i) * 7 * time.Second)
		if h.mended {
			w.secure(at, p, h.engine, 2576, tls13, "", "", 420, 160, 0)
		} else {
			w.infusion(at, p, h.engine, n)
		}
	}
	switch at := t.Add(25 * time.Second); {
	case n%5 != 0:
		w.clock(at, h.scanner, h.gateway)
	case h.mended:
		w.secure(at, h.scanner, h.archive, 2762, tls13, "", "", 300, 200, 6200)
	default:
		w.study(at, h.scanner, h.archive)
	}
}

// asks lets the camera look for an update, in clear.
func (h *hospital) asks(w *wire, t time.Time) {
	w.resolve(t.Add(44*time.Second), h.camera, h.gateway, h.update.name, h.update.ip)
	w.converse(t.Add(45*time.Second), h.camera, h.update, 80,
		ask("GET /firmware/ipc3060/latest.bin HTTP/1.1\r\nHost: "+h.update.name+
			"\r\nUser-Agent: IPC-3060/1.2.7\r\n\r\n"),
		reply("HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n"))
}

// snmp asks the printer for its description with the community every scanner tries first.
func (w *wire) snmp(t time.Time, from, to station, n int) {
	ber := func(tag byte, b []byte) []byte { return append([]byte{tag, byte(len(b))}, b...) }
	oid := ber(6, []byte{0x2b, 6, 1, 2, 1, 1, 1, 0})
	message := func(kind byte, value []byte) []byte {
		body := join(ber(2, u16(n&0x7fff)), ber(2, []byte{0}), ber(2, []byte{0}),
			ber(0x30, ber(0x30, join(oid, value))))
		return ber(0x30, join(ber(2, []byte{1}), ber(4, []byte("public")), ber(kind, body)))
	}
	port := w.ephemeral()
	w.datagram(t, from, to, port, 161, message(0xa0, ber(5, nil)))
	w.datagram(t.Add(latency), to, from, 161, port,
		message(0xa2, ber(4, []byte("KYOCERA Document Solutions Printing System"))))
}

// whoIs asks the air handling unit who it is; now and then somebody writes a setpoint (BACnet/IP).
func (w *wire) whoIs(t time.Time, from, to station, n int) {
	bvlc := func(apdu ...byte) []byte { return join([]byte{0x81, 0x0a}, u16(6+len(apdu)), []byte{1, 0}, apdu) }
	w.datagram(t, from, to, 47808, 47808, bvlc(0x10, 0x08))
	w.datagram(t.Add(latency), to, from, 47808, 47808,
		bvlc(0x10, 0x00, 0xc4, 0x02, 0x00, 0x03, 0x85, 0x22, 0x01, 0xe0, 0x91, 0x00, 0x21, 0x07))
	if n%60 == 7 {
		w.datagram(t.Add(time.Second), from, to, 47808, 47808,
			bvlc(0x00, 0x05, byte(n), 0x0f, 0x0c, 0x00, 0x80, 0x00, 0x01, 0x19, 0x55, 0x3e, 0x44,
				0x41, 0xac, 0x00, 0x00, 0x3f))
		w.datagram(t.Add(time.Second+latency), to, from, 47808, 47808, bvlc(0x20, byte(n), 0x0f))
	}
}
