// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/observation"
)

// say matches a text against the signatures of a signal and keeps what it says of an end.
func (v *Inventory) say(e End, o *observation.Observation, s identify.Signal, text string) {
	if e != 0 && text != "" {
		v.hit(e, v.match.Match(s, text), o)
	}
}

// signals takes what an observation tells of its ends' identity.
func (v *Inventory) signals(o *observation.Observation, c, s End) {
	switch b := o.Body.(type) {
	case *observation.DNS:
		v.dns(o, b, c)
	case *observation.TLS:
		v.say(c, o, identify.Contact, b.SNI)
		v.say(c, o, identify.TLSClient, b.JA3)
		if b.Version != "" {
			v.offers(s, o.Transport, o.Server.Port(), b.Protocol, true)
		}
	case *observation.HTTP:
		v.http(o, b, c, s)
	case *observation.Certificate:
		v.certificate(o, b, c, s)
	case *observation.SSDP:
		v.ssdp(o, b, c)
	case *observation.MQTT:
		v.say(c, o, identify.MQTTClient, b.ClientID)
	case *observation.SSH:
		v.say(s, o, identify.Greeting, b.ServerBanner)
		v.say(c, o, identify.Greeting, b.ClientBanner)
	case *observation.Session:
		v.say(s, o, identify.Greeting, b.Banner)
	case *observation.SNMP:
		v.say(s, o, identify.SNMPDescription, b.SysDescr)
	case *observation.MUDURL:
		v.say(v.Speaker(o, b.MAC), o, identify.Contact, hostOf(b.URL))
	default:
		v.describe(o, c, s)
	}
}

// describe takes the identity objects of control and other protocols.
func (v *Inventory) describe(o *observation.Observation, c, s End) {
	switch b := o.Body.(type) {
	case *observation.BACnet:
		// An I-Am, and the answer to a read of the device object, are said by the device itself.
		e := s
		if b.Service == "i-am" {
			e = c
		}
		v.own(e, o, identify.Control, "building-controller", b.VendorName, b.Model, b.Firmware)
	case *observation.Modbus:
		v.own(s, o, identify.Control, "", b.Vendor, b.Product, b.Revision)
	case *observation.OT:
		v.own(s, o, identify.Control, "", b.Vendor, b.Product, b.Revision)
		v.say(s, o, identify.Control, b.Product)
	case *observation.DICOM:
		// The data set names the machine that made the image: the end that sends it.
		v.own(c, o, identify.Control, imaging(b.Modality), b.Manufacturer, b.Model, b.SoftwareVersions)
		v.say(c, o, identify.Control, b.ImplementationUID)
	case *observation.HL7:
		v.say(c, o, identify.Control, b.SendingApplication)
	case *observation.Identity:
		v.identity(o, b, c, s)
	}
}

func imaging(modality string) string {
	if modality == "" {
		return ""
	}
	return "medical-imaging"
}

// own keeps what a device says of itself in words of its own.
func (v *Inventory) own(e End, o *observation.Observation, s identify.Signal, kind, vendor, model, firmware string) {
	if e == 0 || vendor == "" && model == "" {
		return
	}
	if vendor = v.set.Vendors.Canonical(printable(vendor)); len(model) > maxName {
		model = model[:maxName]
	}
	model = unregioned(model)
	ev := identify.Said(s, identify.Tuple{Vendor: vendor, Type: kind, Model: model, Firmware: firmware})
	kept, ok := v.said[ev]
	if !ok {
		if len(v.said) >= 1<<14 {
			return
		}
		ev.Model, ev.Firmware = printable(model), printable(firmware)
		kept = &ev
		v.said[ev] = kept
	}
	v.hit(e, []*identify.Evidence{kept}, o)
	v.say(e, o, s, model)
}

// unregioned cuts a region in parentheses off a model: HS100(EU) is an HS100.
func unregioned(model string) string {
	if n := len(model) - len("(EU)"); n > 0 && model[n] == '(' && model[n+3] == ')' {
		return strings.TrimSpace(model[:n])
	}
	return model
}

func (v *Inventory) dns(o *observation.Observation, b *observation.DNS, c End) {
	if !b.Multicast {
		if b.Protocol == "dns" || b.Protocol == "" {
			v.say(c, o, identify.Contact, b.Name)
		}
		return
	}
	if !b.Response || b.Protocol != "mdns" {
		return // who asks for a service does not offer it
	}
	v.mdnsName(o, c, b.Name)
	if b.Type == "A" || b.Type == "AAAA" {
		v.called(c, strings.TrimSuffix(strings.TrimSuffix(b.Name, "."), ".local"))
	}
	for _, t := range b.Texts {
		if b.Type == "TXT" {
			v.say(c, o, identify.MDNSText, t)
		} else if b.Type == "PTR" {
			v.mdnsName(o, c, t)
		}
	}
}

// mdnsName splits instance._service._tcp.local into what names the device and the service it offers.
func (v *Inventory) mdnsName(o *observation.Observation, c End, n string) {
	at := 0
	if !strings.HasPrefix(n, "_") {
		if at = strings.Index(n, "._"); at < 0 {
			v.say(c, o, identify.MDNSName, n)
			return
		}
		v.say(c, o, identify.MDNSName, n[:at])
		at++
	}
	rest := n[at:]
	if end := strings.Index(rest, "._tcp"); end > 0 {
		v.say(c, o, identify.MDNSService, rest[:end+len("._tcp")])
	} else if end := strings.Index(rest, "._udp"); end > 0 {
		v.say(c, o, identify.MDNSService, rest[:end+len("._udp")])
	}
}

func (v *Inventory) http(o *observation.Observation, b *observation.HTTP, c, s End) {
	host := b.Host
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	v.say(c, o, identify.Contact, host)
	v.say(c, o, identify.HTTPAgent, b.UserAgent)
	if b.Path != "" && len(host)+len(b.Path) < 256 {
		var buf [256]byte
		v.say(asked(o, b, c, s), o, identify.HTTPPath, string(append(append(buf[:0], host...), b.Path...)))
	}
	if b.Status == 0 {
		return
	}
	v.say(s, o, identify.HTTPServer, b.Server)
	v.say(s, o, identify.HTTPRealm, b.Realm)
	v.say(s, o, identify.HTTPTitle, b.Title)
	v.own(s, o, identify.UPnP, "", b.Manufacturer, b.Model, b.Firmware)
}

// asked is the end that a path speaks of. What a device asks of the internet says what the device is; a page
// that a neighbour serves says what the neighbour is, and nothing of the phone that asks for it.
func asked(o *observation.Observation, b *observation.HTTP, c, s End) End {
	switch {
	case Public(o.Server.Addr()):
		return c
	case b.Status >= 200 && b.Status < 400:
		return s
	}
	return 0
}

// certificate: a device's own certificate describes it; the one that it was shown says whom it asked.
func (v *Inventory) certificate(o *observation.Observation, b *observation.Certificate, c, s End) {
	if b.Position != 0 {
		return
	}
	if b.FromClient {
		v.say(c, o, identify.TLSSubject, b.Subject)
		return
	}
	v.say(s, o, identify.TLSSubject, b.Subject)
	for _, n := range b.Names {
		v.say(c, o, identify.Contact, strings.TrimPrefix(n, "*."))
	}
	if i := strings.Index(b.Subject, "CN="); i >= 0 {
		n, _, _ := strings.Cut(b.Subject[i+3:], ",")
		v.say(c, o, identify.Contact, strings.TrimPrefix(n, "*."))
	}
}

func (v *Inventory) ssdp(o *observation.Observation, b *observation.SSDP, c End) {
	if b.Method == "M-SEARCH" {
		v.say(c, o, identify.HTTPAgent, b.UserAgent)
		return
	}
	v.say(c, o, identify.SSDPServer, b.Server)
	v.say(c, o, identify.SSDPTarget, b.Target)
	v.say(c, o, identify.SSDPTarget, b.USN)
	if i := strings.Index(b.Location, "://"); i > 0 {
		if j := strings.IndexByte(b.Location[i+3:], '/'); j >= 0 {
			v.say(c, o, identify.SSDPLocation, b.Location[i+3+j:])
		}
	}
}

func (v *Inventory) identity(o *observation.Observation, b *observation.Identity, c, s End) {
	e := s
	if b.OfClient {
		e = c
	}
	sig := identify.LocalProtocol
	switch b.Protocol {
	case "snmp":
		sig = identify.SNMPDescription
	case "rtsp", "sip", "ftp", "ssh", "telnet", "smtp", "imap", "pop3":
		sig = identify.Greeting
	case "http", "onvif", "ipp":
		sig = identify.HTTPServer
	}
	v.own(e, o, sig, known(b.Type), b.Vendor, b.Model, b.Firmware)
	v.say(e, o, sig, b.Text)
	v.called(e, b.Hostname)
}

// known keeps a type only where it is one of our words.
func known(kind string) string {
	for _, t := range identify.Types {
		if t == kind {
			return t
		}
	}
	return ""
}

// neighbour takes what a link-layer advertisement says.
func (v *Inventory) neighbour(o *observation.Observation, b *observation.LLDP) {
	e := v.Speaker(o, b.MAC)
	if e == 0 {
		return
	}
	v.e(e).flags |= sent
	v.touch(e, o)
	v.own(e, o, identify.LinkDescription, "", b.Manufacturer, b.Model, b.Firmware)
	v.say(e, o, identify.LinkDescription, b.SystemDesc)
	v.called(e, b.SystemName)
	const routerBit = 1 << 4 // IEEE 802.1AB table 8-4
	if b.Protocol == "lldp" && b.Capabilities&routerBit != 0 {
		v.l(v.e(e).link).flags |= routes
	}
}

// dhcp takes a client's self-description and a server's offers.
func (v *Inventory) dhcp(o *observation.Observation, b *observation.DHCP) {
	if b.FromServer {
		v.offered(o, b)
		return
	}
	e := v.Speaker(o, b.MAC)
	if e == 0 {
		return
	}
	v.e(e).flags |= sent
	v.touch(e, o)
	v.say(e, o, identify.DHCPHostname, b.Hostname)
	v.say(e, o, identify.DHCPHostname, b.FQDN)
	v.say(e, o, identify.DHCPClass, b.VendorClass)
	v.say(e, o, identify.DHCPParams, list(b.Params))
	v.called(e, b.Hostname)
}

// bare is the end of a link address that sends without an address.
func (v *Inventory) bare(l uint32, t int64) End {
	key := endKey{link: l}
	if e := v.find(key); e != 0 {
		return e
	}
	if v.ends.n >= maxEnds {
		v.evicted++
		return 0
	}
	return v.newEnd(key, netip.Addr{}, noAddress, 0, 0, t)
}

// offered takes a server's answer: who routes, which resolvers the client may use, and that the sender
// serves DHCP.
func (v *Inventory) offered(o *observation.Observation, b *observation.DHCP) {
	for _, r := range b.Routers {
		if len(v.routers) < 1024 {
			v.routers[r.Unmap()] = true
		}
	}
	if len(b.DNSServers) > 0 && b.Message == "ACK" {
		if l := v.linkOf(b.MAC, o.Time); l != 0 {
			v.l(l).resolvers = v.keepResolvers(b.DNSServers)
		}
	}
	addr, mac := o.Client.Addr(), o.ClientMAC
	if o.Server.Port() == 67 || o.Server.Port() == 547 {
		addr, mac = o.Server.Addr(), o.ServerMAC
	}
	if e := v.end(addr, mac, o.Time, true); e != 0 && (b.Message == "OFFER" || b.Message == "ACK") {
		v.e(e).flags |= sent
		v.touch(e, o)
		relayed := o.Client.Port() == o.Server.Port() // answers to a relay go from port 67 to port 67
		l := v.l(v.e(e).link)
		if l.flags&servesDHCP == 0 && !relayed {
			l.flags |= servesDHCP
			l.offer = Seen{o.Time, o.Input, o.First, o.Last}
		}
	}
}

func list(p []byte) string {
	if len(p) == 0 || len(p) > 64 {
		return ""
	}
	buf := make([]byte, 0, 4*len(p))
	for i, x := range p {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = strconv.AppendUint(buf, uint64(x), 10)
	}
	return string(buf)
}

func hostOf(url string) string {
	if i := strings.Index(url, "://"); i >= 0 {
		url = url[i+3:]
	}
	h, _, _ := strings.Cut(url, "/")
	h, _, _ = strings.Cut(h, ":")
	return h
}
