// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

// Signal is a kind of thing a device says or does that tells what it is.
type Signal uint8

// The signals. What a device asks of others (contact) is one signal whether a DNS question, a server
// name in TLS, an HTTP host or the certificate it was shown says it: they are not independent.
const (
	NoSignal      Signal = iota
	AddressPrefix        // the IEEE registry's owner of the link address
	DHCPHostname         // option 12 and 81
	DHCPClass            // option 60
	DHCPParams           // option 55, as numbers joined by commas
	MDNSService          // a service type that the device answers for: _hap._tcp
	MDNSName             // an instance or host name that the device answers for
	MDNSText             // one string of a TXT record
	SSDPServer
	SSDPTarget   // NT, ST or USN
	SSDPLocation // path of the description
	UPnP         // the description's own words
	Contact      // a name that the device asks for; matches the name and what lies below it
	HTTPAgent
	HTTPPath // host and path that the device asks for
	HTTPServer
	HTTPRealm
	HTTPTitle
	TLSSubject // of a certificate that the device itself shows
	TLSClient  // JA3 of the greeting that the device sends: the library, seldom the product
	SNMPDescription
	LinkDescription // LLDP and CDP
	Control         // BACnet, Modbus, DICOM and their kin: identity objects
	LocalProtocol   // a vendor's own protocol on the segment
	MQTTClient
	Greeting // of SSH, FTP, Telnet, SIP, RTSP
	Port     // transport/port of a service that the device uses or offers: >tcp/9292, <udp/2081
)

// family groups signals that are not independent of each other.
type family uint8

const (
	byPrefix family = iota
	byDHCP
	byMDNS
	byUPnP
	byContact
	byHTTP
	byTLS
	byManagement
	byControl
	byLocal
	byMQTT
	byGreeting
	byPort
	families
)

// kinds says for each signal its name in signatures, its family, and the weight (natural log-odds) of a
// match where the signature does not say otherwise. The weights are ours: fitted by hand so that two
// strong families pass nine tenths and one never does.
var kinds = [...]struct {
	name   string
	family family
	weight float64
}{
	NoSignal:        {},
	AddressPrefix:   {"address.prefix", byPrefix, 1.5},
	DHCPHostname:    {"dhcp.hostname", byDHCP, 2.0},
	DHCPClass:       {"dhcp.class", byDHCP, 1.6},
	DHCPParams:      {"dhcp.params", byDHCP, 0.4},
	MDNSService:     {"mdns.service", byMDNS, 1.6},
	MDNSName:        {"mdns.name", byMDNS, 1.9},
	MDNSText:        {"mdns.text", byMDNS, 2.2},
	SSDPServer:      {"ssdp.server", byUPnP, 1.8},
	SSDPTarget:      {"ssdp.target", byUPnP, 1.8},
	SSDPLocation:    {"ssdp.location", byUPnP, 1.4},
	UPnP:            {"upnp", byUPnP, 2.4},
	Contact:         {"contact", byContact, 1.2},
	HTTPAgent:       {"http.agent", byHTTP, 1.5},
	HTTPPath:        {"http.path", byHTTP, 1.8},
	HTTPServer:      {"http.server", byHTTP, 1.5},
	HTTPRealm:       {"http.realm", byHTTP, 1.8},
	HTTPTitle:       {"http.title", byHTTP, 1.8},
	TLSSubject:      {"tls.subject", byTLS, 1.8},
	TLSClient:       {"tls.ja3", byTLS, 0.5},
	SNMPDescription: {"snmp.description", byManagement, 2.2},
	LinkDescription: {"link.description", byManagement, 2.2},
	Control:         {"control", byControl, 2.4},
	LocalProtocol:   {"local", byLocal, 2.4},
	MQTTClient:      {"mqtt.client", byMQTT, 1.4},
	Greeting:        {"greeting", byGreeting, 1.4},
	Port:            {"port", byPort, 0.7},
}

func (s Signal) String() string {
	if int(s) >= len(kinds) {
		return ""
	}
	return kinds[s].name
}

// parseSignal finds a signal by its name in signatures.
func parseSignal(name string) (Signal, bool) {
	for i := range kinds {
		if i != int(NoSignal) && kinds[i].name == name {
			return Signal(i), true
		}
	}
	return NoSignal, false
}

// Evidence is what one signal says. A field left empty says nothing. It is shared: never changed.
type Evidence struct {
	Signal Signal
	What   string // the pattern or the words that matched; never a person's name
	Tuple
	Weight float64
}

// Tuple is what a device is said to be.
type Tuple struct {
	Vendor, Type, Model, Firmware string
}

// merge joins two tuples that do not contradict each other.
func (t Tuple) merge(o Tuple) (Tuple, bool) {
	ok := true
	join := func(a, b string) string {
		if a == "" {
			return b
		}
		ok = ok && (b == "" || a == b)
		return a
	}
	m := Tuple{join(t.Vendor, o.Vendor), join(t.Type, o.Type), join(t.Model, o.Model), join(t.Firmware, o.Firmware)}
	return m, ok
}

// holds says whether everything that o states is in t.
func (t Tuple) holds(o Tuple) bool {
	in := func(a, b string) bool { return b == "" || a == b }
	return in(t.Vendor, o.Vendor) && in(t.Type, o.Type) && in(t.Model, o.Model)
}

// Said is the evidence of a device's own words, taken as they are.
func Said(s Signal, t Tuple) Evidence {
	return Evidence{Signal: s, What: "its own words", Tuple: t, Weight: kinds[s].weight}
}
