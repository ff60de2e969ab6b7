// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"strings"

	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// data are the checks for what crosses the wire in clear.
func data() []check {
	hl7 := &observation.HL7{MessageType: "ADT^A01", Patient: true, Version: "2.5"}
	card := &observation.Sensitive{What: "card-number", Where: "payload"}
	return []check{
		{
			fact: "data.health_cleartext", note: "patient data in clear", on: []string{"hl7",
				"dicom"}, reads: []string{"hl7", "dicom"},
			see: func(x *look) who {
				switch b := x.o.Body.(type) {
				case *observation.HL7:
					return only(b.Patient, both)
				case *observation.DICOM:
					return only(b.Patient, both)
				}
				return nobody
			},
			violated: saw(tcp(camera, panel, 2575, hl7)).of(camera, yes),
			met:      watched(tcp(camera, panel, 2762, modern())).of(camera, no),
			// an echo names nobody
			trap: saw(tcp(camera, panel, 104, &observation.DICOM{Accepted: true,
				Command: "c-echo"})).of(camera, unsaid),
		},
		{
			fact: "data.card_cleartext", note: "a payment card number in clear", on: []string{"sensitive"},
			see: func(x *look) who {
				return only(x.o.Body.(*observation.Sensitive).What == "card-number", both)
			},
			violated: saw(tcp(camera, panel, 8080, card)).of(panel, yes),
			met:      watched(tcp(camera, panel, 443, modern())).of(camera, no),
			trap:     saw(tcp(camera, panel, 8080, &observation.Sensitive{What: "other"})).of(camera, unsaid),
		},
		{
			fact: "data.media_cleartext", note: "audio or video in clear", on: []string{"session",
				"http"}, reads: []string{"rtp", "rtsp", "http"},
			see: func(x *look) who {
				switch b := x.o.Body.(type) {
				case *observation.Session:
					if b.Protocol != "rtp" || protected(b.Detail) {
						return nobody
					}
					if x.o.Transport == observation.TCP {
						return server // it was agreed upon with the one who was asked to stream
					}
					return client
				case *observation.HTTP:
					return only(b.Status == 200 && media(b.ContentType), server)
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 80, &observation.HTTP{Method: "GET", Path: "/stream", Status: 200,
				ContentType: "multipart/x-mixed-replace; boundary=b"})).of(camera, yes),
			met: watched(tcp(panel, camera, 443, modern())).of(camera, no),
			trap: saw(udp(camera, panel, 5004, &observation.Session{Protocol: "rtp",
				Detail: "srtp"})).of(camera, unsaid),
		},
		{
			fact: "data.internet_cleartext", note: "application data in clear with a public address", outside: true,
			on:  []string{"http", "mqtt", "session", "login", "snmp", "modbus", "hl7", "dicom"},
			see: internetInClear, reads: []string{"http", "mqtt"}, blind: unreadable(unreadPublic),
			violated: saw(tcp(camera, cloud, 80, page("/"))).of(camera, yes),
			met:      watched(tcp(camera, cloud, 443, modern()), tcp(camera, panel, 80, page("/"))).of(camera, no),
			trap: saw(tcp(camera, cloud, 80, &observation.HTTP{Method: "GET", Status: 301,
				Location: "https://www.example.org/"}),
				udp(camera, cloud, 500, &observation.Session{Protocol: "ike"})).of(camera, unsaid),
		},
	}
}

// updates are the checks for how a device comes by new firmware.
func updates() []check {
	return []check{
		{
			fact: "update.cleartext_check", note: "firmware or an update was asked for over HTTP",
			on: []string{"http"}, reads: []string{"http"},
			see:      func(x *look) who { return only(updatePath(x.o.Body.(*observation.HTTP).Path), client) },
			violated: saw(tcp(camera, cloud, 80, page("/router/firmware/query.aspx"))).of(camera, yes),
			met:      watched(tcp(camera, cloud, 80, page("/weather"))).of(camera, no),
			// dynamic DNS
			trap: saw(tcp(camera, cloud, 80, page("/nic/update")), tcp(camera, cloud, 80,
				page("/quota"))).of(camera, unsaid),
		},
		{
			fact: "update.check_seen", note: "an update service was contacted", on: []string{"http", "dns", "tls"},
			reads: []string{"dns", "tls"}, good: true,
			see: func(x *look) who {
				switch b := x.o.Body.(type) {
				case *observation.HTTP:
					return only(updatePath(b.Path) || updateHost(b.Host), client)
				case *observation.DNS:
					return only(!b.Multicast && updateHost(b.Name), client)
				case *observation.TLS:
					return only(updateHost(b.SNI), client)
				}
				return nobody
			},
			violated: watched(udp(camera, router, 53, &observation.DNS{Name: "time.example.org"})).of(camera, no),
			met: saw(udp(camera, router, 53,
				&observation.DNS{Name: "fw-update.vendor.example"})).of(camera, yes),
			trap: saw(udp(camera, router, 53,
				&observation.DNS{Name: "updates-of-friends.social.example"})).of(camera, unsaid),
		},
	}
}

// page is a request that was answered, for examples.
func page(path string) *observation.HTTP {
	return &observation.HTTP{Method: "GET", Host: "www.example.org", Path: path, Status: 200}
}

func media(contentType string) bool {
	return strings.HasPrefix(contentType, "video/") || strings.HasPrefix(contentType, "audio/") ||
		strings.HasPrefix(contentType, "multipart/x-mixed-replace")
}

// protected says that what an SDP or a stream says of its profile names SRTP (RFC 3711, RFC 4568).
func protected(profile string) bool {
	return profile == "srtp" || strings.Contains(profile, "SAVP")
}

// inClear says that a session's protocol carries what it carries in clear: a tunnel, a proxy or a
// negotiation of keys does not show it.
func inClear(b *observation.Session) bool {
	switch b.Protocol {
	case "telnet", "ftp", "tftp", "rsh", "rlogin", "rexec", "vnc", "x11", "adb", "smtp",
		"pop3", "imap", "ldap", "rtsp", "sip", "syslog",
		"amqp", "coap", "redis", "mysql", "postgresql", "mssql", "xmpp", "http2", "websocket", "tplink-smarthome":
		return true
	case "smb":
		return b.Version == "SMB1"
	case "rtp":
		return !protected(b.Detail)
	}
	return false
}

// internetInClear: of the two ends, the one whose other end has a public address. A mere redirect to
// HTTPS is no application data.
func internetInClear(x *look) (w who) {
	switch b := x.o.Body.(type) {
	case *observation.HTTP:
		if b.Status >= 300 && b.Status < 400 && strings.HasPrefix(b.Location, "https:") {
			return nobody
		}
	case *observation.Session:
		if b.StartTLS || !inClear(b) {
			return nobody
		}
	case *observation.Login:
		if !b.Readable {
			return nobody
		}
	case *observation.SNMP:
		if b.Version == "v3" {
			return nobody
		}
	}
	if inventory.Public(x.o.Server.Addr()) {
		w |= client
	}
	if inventory.Public(x.o.Client.Addr()) {
		w |= server
	}
	return w
}

// updatePath says that a path names firmware or an update. A dynamic DNS update is none.
func updatePath(path string) bool {
	p := strings.ToLower(path)
	for _, word := range [...]string{"firmware", "upgrade", "update"} {
		if i := strings.Index(p, word); i >= 0 && p != "/nic/update" {
			return true
		}
	}
	if strings.HasSuffix(p, ".bin") {
		return true
	}
	for part := range strings.FieldsFuncSeq(p,
		func(r rune) bool { return r == '/' || r == '.' || r == '-' || r == '_' }) {
		if part == "ota" || part == "fota" {
			return true
		}
	}
	return false
}

// updateHost says that a label of a host's name says what it is for.
func updateHost(name string) bool {
	for label := range strings.SplitSeq(strings.ToLower(name), ".") {
		switch label {
		case "ota", "fota", "fw", "firmware", "update", "updates", "upgrade", "upgrades":
			return true
		}
		if strings.IndexByte(label, '-') < 0 {
			continue
		}
		for _, word := range [...]string{"update", "upgrade", "firmware", "fwupdate", "ota", "fota"} {
			n, w := len(label), len(word)
			if n > w && (label[w] == '-' && n <= w+8 && label[:w] == word || label[n-w-1] == '-' &&
				label[n-w:] == word) {
				return true
			}
		}
	}
	return false
}
