// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package jsonl

import "github.com/writ-iot/writ/internal/observation"

// fields writes what a kind has of its own.
func fields(l *line, o *observation.Observation) {
	switch b := o.Body.(type) {
	case *observation.Flow:
		flow(l, o, b)
	case *observation.Host:
		l.addr("ip", b.IP)
		l.mac("mac", b.MAC)
	case *observation.Binding:
		binding(l, b)
	case *observation.DNS:
		dns(l, b)
	case *observation.DHCP:
		dhcp(l, b)
	case *observation.SSDP:
		ssdp(l, b)
	case *observation.NTP:
		l.num("version", int64(b.Version))
		l.num("mode", int64(b.Mode))
		l.some("stratum", int64(b.Stratum))
		l.yes("from_server", b.FromServer)
	case *observation.HTTP:
		http(l, b)
	case *observation.TLS:
		tls(l, b)
	case *observation.Certificate:
		certificate(l, b)
	case *observation.Login:
		login(l, b)
	case *observation.Malformed:
		l.must("layer", b.Layer)
		l.must("fault", b.Fault)
	case *observation.Scan:
		scan(l, b)
	default:
		service(l, o.Body)
	}
}

func flow(l *line, o *observation.Observation, b *observation.Flow) {
	if o.Transport == observation.Link {
		l.str("transport", "link")
	}
	l.must("protocol", b.Protocol)
	l.mac("client_mac", o.ClientMAC)
	l.mac("server_mac", o.ServerMAC)
	l.name("first")
	l.b = append(l.b, '"')
	l.time(b.FirstTime)
	l.b = append(l.b, '"')
	l.num("packets_out", int64(b.PacketsOut))
	l.num("bytes_out", int64(b.BytesOut))
	l.num("packets_in", int64(b.PacketsIn))
	l.num("bytes_in", int64(b.BytesIn))
	l.yes("established", b.Established)
	l.yes("refused", b.Refused)
	l.yes("midstream", b.Midstream)
	l.some("missing", int64(b.Missing))
	l.some("vlan", int64(b.VLAN))
}

func binding(l *line, b *observation.Binding) {
	l.addr("ip", b.IP)
	l.mac("mac", b.MAC)
	l.must("via", b.Via)
	l.yes("gratuitous", b.Gratuitous)
	l.moment("until", b.Until/1e9)
}

func dns(l *line, b *observation.DNS) {
	l.must("name", b.Name)
	l.str("type", b.Type)
	l.str("protocol", b.Protocol)
	l.yes("response", b.Response)
	l.some("code", int64(b.Code))
	l.yes("multicast", b.Multicast)
	l.addrs("answers", b.Answers)
	l.strs("texts", b.Texts)
}

func dhcp(l *line, b *observation.DHCP) {
	l.mustMAC("mac", b.MAC)
	l.str("message", b.Message)
	l.yes("from_server", b.FromServer)
	l.must("hostname", b.Hostname)
	l.must("vendor_class", b.VendorClass)
	l.bytes("params", b.Params)
	l.str("client_id", b.ClientID)
	l.str("fqdn", b.FQDN)
	l.str("domain", b.Domain)
	l.addr("requested", b.Requested)
	l.addr("assigned", b.Assigned)
	l.addr("server_id", b.ServerID)
	l.addrs("routers", b.Routers)
	l.addrs("dns_servers", b.DNSServers)
	l.addrs("ntp_servers", b.NTPServers)
	l.some("lease_seconds", int64(b.LeaseSeconds))
	l.yes("v6", b.V6)
}

func ssdp(l *line, b *observation.SSDP) {
	l.str("method", b.Method)
	l.str("target", b.Target)
	l.str("usn", b.USN)
	l.str("server_header", b.Server)
	l.str("location", b.Location)
	l.str("user_agent", b.UserAgent)
}

func http(l *line, b *observation.HTTP) {
	l.must("method", b.Method)
	l.must("host", b.Host)
	l.str("path", b.Path)
	l.str("user_agent", b.UserAgent)
	l.some("status", int64(b.Status))
	l.str("server_header", b.Server)
	l.str("content_type", b.ContentType)
	l.str("realm", b.Realm)
	l.str("auth_scheme", b.AuthScheme)
	l.str("location", b.Location)
	l.some("content_length", b.ContentLength)
	l.str("body_magic", b.BodyMagic)
	l.str("title", b.Title)
	l.str("manufacturer", b.Manufacturer)
	l.str("model", b.Model)
	l.str("firmware", b.Firmware)
}

func tls(l *line, b *observation.TLS) {
	l.str("protocol", b.Protocol)
	l.must("version", b.Version)
	l.str("offered_max", b.OfferedMax)
	l.must("sni", b.SNI)
	l.str("alpn", b.ALPN)
	l.some("cipher", int64(b.Cipher))
	l.str("cipher_name", b.CipherName)
	l.str("ja3", b.JA3)
	l.str("ja4", b.JA4)
	l.yes("established", b.Established)
	l.yes("weak_offered", b.WeakOffered)
	l.some("group", int64(b.Group))
	l.yes("client_certificate", b.ClientCert)
}

func certificate(l *line, b *observation.Certificate) {
	l.must("sha256", b.SHA256)
	l.str("subject", b.Subject)
	l.str("issuer", b.Issuer)
	l.strs("names", b.Names)
	l.moment("not_before", b.NotBefore)
	l.moment("not_after", b.NotAfter)
	l.str("key_type", b.KeyType)
	l.num("key_bits", int64(b.KeyBits))
	l.str("signature", b.Signature)
	l.yes("self_signed", b.SelfSigned)
	l.num("position", int64(b.Position))
	l.yes("from_client", b.FromClient)
	l.str("serial", b.Serial)
	l.str("spki", b.SPKI)
}

func login(l *line, b *observation.Login) {
	l.must("protocol", b.Protocol)
	l.must("user", b.User)
	l.must("outcome", b.Outcome)
	l.yes("readable", b.Readable)
	l.secret("secret", b.Secret)
	l.str("factory", b.Factory)
}

func scan(l *line, b *observation.Scan) {
	l.addr("source", b.Source)
	l.mac("mac", b.MAC)
	l.must("shape", b.Shape)
	l.some("scanned_port", int64(b.Port))
	l.num("targets", int64(b.Targets))
	l.num("tries", int64(b.Tries))
	l.some("sequence_is_target", int64(b.SequenceIsTarget))
}
