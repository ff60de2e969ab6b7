// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
)

// services are the checks for what is spoken in clear or should not be offered at all.
func services() []check {
	ssh := &observation.SSH{ServerBanner: "SSH-2.0-x"}
	return []check{
		offered("service.telnet", "telnet was spoken", 23, ssh, "telnet"),
		offered("service.ftp", "FTP was spoken", 21, ssh, "ftp"),
		offered("service.vnc", "the VNC greeting was exchanged", 5900, ssh, "vnc"),
		offered("service.rdp", "RDP was negotiated", 3389, ssh, "rdp"),
		offered("service.rsh", "a remote shell was asked for in clear", 514, ssh, "rsh", "rlogin", "rexec"),
		offered("service.rtsp_cleartext", "RTSP was served in clear", 554, ssh, "rtsp"),
	}
}

// chatter are the checks for protocols that both ends speak in clear.
func chatter() []check {
	return []check{
		{
			fact: "service.http_cleartext", note: "HTTP without TLS", on: []string{"http"}, reads: []string{"http"},
			see: func(x *look) who {
				if x.o.Body.(*observation.HTTP).Status == 0 {
					return client // no answer was seen
				}
				return both
			},
			violated: saw(tcp(camera, cloud, 80, &observation.HTTP{Method: "GET", Path: "/",
				Status: 200})).of(camera, yes),
			met:  watched(tcp(camera, cloud, 443, modern())).of(camera, no),
			trap: saw(tcp(camera, panel, 80, &observation.HTTP{Method: "GET", Path: "/"})).of(panel, unsaid),
		},
		{
			fact: "service.mqtt_cleartext", note: "an MQTT session in clear",
			on: []string{"mqtt"}, reads: []string{"mqtt"},
			see: func(x *look) who {
				if x.o.Body.(*observation.MQTT).Return < 0 {
					return client
				}
				return both
			},
			violated: saw(tcp(camera, panel, 1883, &observation.MQTT{ClientID: "c"})).of(panel, yes),
			met:      watched(tcp(camera, panel, 8883, modern())).of(camera, no),
			trap:     saw(tcp(camera, panel, 1883, &observation.MQTT{ClientID: "c", Return: -1})).of(panel, unsaid),
		},
		{
			fact: "service.snmp_insecure", note: "SNMP version 1 or 2c",
			on: []string{"snmp"}, reads: []string{"snmp"},
			see: func(x *look) who {
				b := x.o.Body.(*observation.SNMP)
				switch {
				case b.Version != "v1" && b.Version != "v2c":
					return nobody
				case b.Response:
					return server
				}
				return client
			},
			violated: saw(udp(panel, camera, 161, &observation.SNMP{Version: "v2c", PDU: "get-response",
				Response: true})).of(camera, yes),
			met: watched(udp(panel, camera, 161, &observation.SNMP{Version: "v3",
				Response: true})).of(camera, no),
			trap: saw(udp(panel, camera, 161, &observation.SNMP{Version: "v1",
				PDU: "get-request"})).of(camera, unsaid),
		},
		{
			fact: "service.smb1", note: "SMB version 1", on: []string{"session"}, reads: []string{"smb"},
			see: func(x *look) who {
				if b := x.o.Body.(*observation.Session); b.Protocol == "smb" && b.Version == "SMB1" {
					return both
				}
				return nobody
			},
			violated: saw(tcp(camera, panel, 445, &observation.Session{Protocol: "smb",
				Version: "SMB1"})).of(panel, yes),
			met: watched(tcp(camera, panel, 445, &observation.Session{Protocol: "smb",
				Version: "SMB3"})).of(panel, no),
			trap: saw(tcp(camera, panel, 445, &observation.Session{Protocol: "smb",
				Version: "SMB2"})).of(panel, unsaid),
		},
	}
}

// datagrams are the checks for what is said in single messages.
func datagrams() []check {
	return []check{
		{
			fact: "service.syslog_cleartext", note: "syslog was sent in clear",
			on: []string{"session"}, reads: []string{"syslog"},
			see:      func(x *look) who { return said(x, client, "syslog") },
			violated: saw(udp(camera, panel, 514, &observation.Session{Protocol: "syslog"})).of(camera, yes),
			met:      watched(tcp(camera, panel, 6514, modern())).of(camera, no),
			trap:     saw(udp(camera, panel, 514, &observation.Session{Protocol: "syslog"})).of(panel, unsaid),
		},
		{
			fact: "service.ntp_control", note: "an NTP control or private message",
			on: []string{"ntp"}, reads: []string{"ntp"},
			see: func(x *look) who {
				if m := x.o.Body.(*observation.NTP).Mode; m == 6 || m == 7 {
					return server
				}
				return nobody
			},
			violated: saw(udp(panel, camera, 123, &observation.NTP{Version: 2, Mode: 6})).of(camera, yes),
			met:      watched(udp(panel, camera, 123, &observation.NTP{Version: 4, Mode: 3})).of(camera, no),
			trap:     saw(udp(camera, panel, 123, &observation.NTP{Version: 2, Mode: 7})).of(camera, unsaid),
		},
		tftp(),
		coap(),
		{
			fact: "service.upnp", note: "UPnP was announced or answered",
			on: []string{"ssdp"}, reads: []string{"ssdp"},
			see: func(x *look) who {
				if b := x.o.Body.(*observation.SSDP); b.Method != "M-SEARCH" {
					return client
				}
				return nobody
			},
			violated: saw(udp(camera, none, 1900, &observation.SSDP{Method: "NOTIFY",
				Target: "upnp:rootdevice"})).of(camera, yes),
			met: watched(udp(camera, none, 1900, &observation.SSDP{Method: "M-SEARCH",
				Target: "ssdp:all"})).of(camera, no),
			trap: saw(udp(camera, none, 1900, &observation.SSDP{Method: "M-SEARCH",
				Target: "ssdp:all"})).of(camera, unsaid),
		},
		exposed(),
	}
}

// offered is the check for a clear service that its server offers. An upgrade to TLS before anything was
// said is no clear session, but what is to be avoided as such (VNC, RDP) is there all the same.
func offered(name fact.Name, note string, port uint16, better observation.Body, protocols ...string) check {
	talk := func(from, to role) scene {
		return tcp(from, to, port, &observation.Session{Protocol: protocols[0]})
	}
	return check{
		fact: name, note: note, on: []string{"session", "login"}, reads: protocols,
		see:      func(x *look) who { return said(x, server, protocols...) },
		violated: saw(talk(panel, camera)).of(camera, yes),
		met:      watched(tcp(panel, camera, 22, better)).of(camera, no),
		trap:     saw(talk(camera, panel)).of(camera, unsaid), // who asks does not offer
	}
}

// said gives w where a session or login in one of the protocols was seen in clear.
func said(x *look, w who, protocols ...string) who {
	switch b := x.o.Body.(type) {
	case *observation.Session:
		if slices.Contains(protocols, b.Protocol) && (!b.StartTLS || b.Protocol == "vnc" || b.Protocol == "rdp") {
			return w
		}
	case *observation.Login:
		if slices.Contains(protocols, b.Protocol) {
			return w
		}
	}
	return nobody
}

// coap is heard of who asks, and of who answered: a question alone shows nothing of its target.
func coap() check {
	ask := func(answers uint64) scene {
		return udp(panel, camera, 5683, &observation.Flow{Protocol: "coap", PacketsOut: 1, PacketsIn: answers})
	}
	return check{
		fact: "service.coap_cleartext", note: "CoAP without DTLS", on: []string{"flow"}, reads: []string{"coap"},
		see: func(x *look) who {
			f := x.o.Body.(*observation.Flow)
			switch {
			case f.Protocol != "coap":
				return nobody
			case f.PacketsIn > 0:
				return both
			}
			return client
		},
		violated: saw(ask(1)).of(camera, yes),
		met: watched(udp(panel, camera, 5684, &observation.Flow{Protocol: "dtls", PacketsOut: 1,
			PacketsIn: 1})).of(camera, no),
		trap: saw(ask(0)).of(camera, unsaid),
	}
}

// tftp is served by who answers a request: from a port of its own, to the one that asked (RFC 1350
// section 4). The answer is a conversation that nothing but the request explains.
func tftp() check {
	ask := udp(panel, camera, 69, &observation.Session{Protocol: "tftp", Detail: "read a"})
	return check{
		fact: "service.tftp", note: "TFTP was served", on: []string{"session", "flow"}, reads: []string{"tftp"},
		see: func(x *look) who {
			switch b := x.o.Body.(type) {
			case *observation.Session:
				if b.Protocol == "tftp" {
					x.r.remember(x)
				}
			case *observation.Flow:
				return only(x.o.Transport == observation.UDP && b.PacketsOut > 0 && x.r.answers(x, b), client)
			}
			return nobody
		},
		violated: saw(ask, scene{camera, panel, exampleAsker, observation.UDP, &observation.Flow{PacketsOut: 3,
			BytesOut: 900}, 1}).of(camera, yes),
		met:  watched(tcp(panel, camera, 22, &observation.SSH{})).of(camera, no),
		trap: saw(ask).of(camera, unsaid), // asked, not answered
	}
}

func exposed() check {
	answered := observation.Flow{Syns: 1, PacketsOut: 5, PacketsIn: 5, Established: true}
	midstream := answered
	midstream.Midstream, midstream.Syns = true, 0
	return check{
		fact: "service.internet_exposed", note: "a public address began a conversation and was answered",
		on: []string{"flow"}, outside: true,
		see: func(x *look) who {
			f := x.o.Body.(*observation.Flow)
			if x.o.Transport == observation.TCP && f.Syns > 0 && f.Established && !f.Midstream && f.PacketsIn > 0 &&
				inventory.Public(x.o.Client.Addr()) {
				return server
			}
			return nobody
		},
		violated: saw(tcp(cloud, camera, 8080, &answered)).of(camera, yes),
		met:      watched(tcp(camera, cloud, 443, &answered)).of(camera, no),
		trap:     saw(tcp(cloud, camera, 40000, &midstream)).of(camera, unsaid), // who began it is a guess
	}
}
