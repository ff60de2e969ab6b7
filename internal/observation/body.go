// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observation

import "net/netip"

// Flow is a conversation that ended, expired or was cut by the end of the capture.
type Flow struct {
	Protocol             string // canonical lower-case name; "" when unknown
	FirstTime            int64
	PacketsOut, BytesOut uint64 // client to server; bytes of payload
	PacketsIn, BytesIn   uint64
	Established          bool // TCP: a handshake or data in both directions was seen; UDP: both spoke
	Refused              bool // TCP: answered by RST
	Midstream            bool // TCP: begun before the capture: who began it is a guess
	Missing              uint64
	// Missing is bytes acknowledged but never seen (capture loss).
	VLAN uint16
	// Syns is how many connection requests the client sent (TCP), and SequenceIsTarget how many of them
	// bore the target's IPv4 address as sequence number, the mark of Mirai's scanner.
	Syns, SequenceIsTarget uint32
}

// Host is an address seen sending, once per address and link address.
type Host struct {
	IP  netip.Addr // invalid for a sender without IP
	MAC MAC
}

// Binding ties an address to a link address: an ARP, NDP or DHCP message says so.
type Binding struct {
	IP         netip.Addr
	MAC        MAC
	Via        string // arp, ndp, dhcp
	Gratuitous bool
	Until      int64 // end of a DHCP lease; 0 otherwise
}

// DNS is one question and, where seen, its answer; of mDNS and LLMNR each record.
type DNS struct {
	Name      string
	Type      string // A, AAAA, PTR, TXT, SRV …
	Response  bool
	Code      uint8 // RCODE of a response
	Multicast bool
	Protocol  string // dns, mdns, llmnr, nbns
	Answers   []netip.Addr
	Texts     []string // TXT strings of mDNS, PTR and SRV targets
}

// DHCP is one message of a client or server.
type DHCP struct {
	MAC                                           MAC
	Message                                       string // DISCOVER, OFFER, REQUEST, ACK, NAK, DECLINE, RELEASE, INFORM; "" for BOOTP
	FromServer                                    bool
	Hostname, VendorClass, ClientID, FQDN, Domain string
	Params                                        []byte // option 55 in order
	Requested, Assigned, ServerID                 netip.Addr
	Routers, DNSServers, NTPServers               []netip.Addr
	LeaseSeconds                                  uint32
	V6                                            bool
}

// SSDP is one UPnP discovery message.
type SSDP struct{ Method, Target, USN, Server, Location, UserAgent string }

// NTP is one packet of a client or server, or a control request.
type NTP struct {
	Version, Mode, Stratum uint8
	FromServer             bool
}

// HTTP is one request with what is known of its answer. Query strings are cut from Path: they may
// hold secrets.
type HTTP struct {
	Method, Host, Path, UserAgent string
	Status                        int // 0: no answer seen
	Server, ContentType, Realm    string
	AuthScheme                    string // of the request's Authorization; "" without
	Location                      string // of a redirect, query cut
	ContentLength                 int64
	BodyMagic                     string // elf, uimage, squashfs, zip, gzip … of the first body bytes
	Title                         string // of an HTML page, at most 120 characters
	Manufacturer, Model           string // of a UPnP description in the body
	Firmware                      string
}

// TLS is one handshake, TLS, DTLS or QUIC.
type TLS struct {
	Protocol    string // tls, dtls, quic
	Version     string // negotiated: SSLv2 … TLSv1.3, DTLSv1.2; "" when no ServerHello was seen
	OfferedMax  string // the best version that the client offered
	SNI         string
	ALPN        string
	Cipher      uint16 // negotiated
	CipherName  string
	JA3, JA4    string
	Established bool // application data or Finished was seen both ways
	WeakOffered bool // the ClientHello offers NULL, EXPORT, anon, RC4 or DES
	Group       uint16
	ClientCert  bool
}

// Certificate is one X.509 certificate seen in a handshake (TLS up to 1.2).
type Certificate struct {
	SHA256          string
	Subject, Issuer string
	Names           []string // subject alternative names
	NotBefore       int64    // seconds since 1970
	NotAfter        int64
	KeyType         string // RSA, EC, Ed25519, DSA
	KeyBits         int
	Signature       string // SHA256-RSA, MD5-RSA …
	SelfSigned      bool   // issuer equals subject
	Position        int    // in the chain, 0 = the end entity
	FromClient      bool
	Serial          string
	SPKI            string // SHA-256 of the public key
}

// Login is an attempt to authenticate that could be read.
type Login struct {
	Protocol string // http-basic, ftp, telnet, pop3, imap, smtp-auth, mqtt, snmp-v1, snmp-v2c, ldap-simple, redis, rsh …
	User     string
	Secret   Secret // Length 0 and Digest "" where it could not be read
	Readable bool   // the secret was readable on the wire
	Outcome  string // accepted, rejected, unknown
	// Factory names the published factory-credential list that holds the pair; "" when none does.
	Factory string
}

// SSH is the greeting and algorithm negotiation of one session.
type SSH struct {
	ClientBanner, ServerBanner       string
	ServerKex, ServerHostKeys        []string
	ServerCiphers, ServerMACs        []string
	HostKeyDigest                    string
	ClientKex, ClientCiphers, HASSHS []string
}

// Session is a conversation in a clear-text protocol of which no more is said than that it took place:
// telnet, ftp, vnc, rdp, smb, smtp, pop3, imap, rtsp, syslog, coap, amqp, tftp, sip, rsh …
type Session struct {
	Protocol string
	Version  string // SMB1, RFB 003.008 …
	Banner   string // the server's greeting, control characters removed, at most 200 characters
	StartTLS bool   // upgraded to TLS before any credential
	Detail   string // auth type, URL path, method
}

// SNMP is one message.
type SNMP struct {
	Version  string // v1, v2c, v3
	PDU      string
	SysDescr string
	Response bool
}

// MQTT is a CONNECT and its answer.
type MQTT struct {
	ClientID string
	Version  string // 3.1, 3.1.1, 5
	Return   int    // CONNACK code, -1 not seen
	HasUser  bool
	HasPass  bool
}

// Modbus is a request or an exception.
type Modbus struct {
	Function  uint8
	Exception bool
	Write     bool
	Unit      uint8
	Vendor    string // of Read Device Identification (43/14)
	Product   string
	Revision  string
}

// BACnet is one service.
type BACnet struct {
	Device      int64  // instance of an I-Am or an object identifier of type device; -1 not said
	Service     string // i-am, who-is, read-property, write-property, reinitialize-device …
	Write       bool
	VendorID    int // -1 not said
	VendorName  string
	Model       string
	Firmware    string
	Description string
}

// OT is one message of another control protocol: s7comm, dnp3, iec104, enip, opcua, hart-ip, fins, ads, goose,
// mms, profinet, knx.
type OT struct {
	Protocol        string
	Function        string
	Write           bool
	SecurityNone    bool // OPC UA SecurityPolicy None
	Unauthenticated bool // carries a command or data without authentication
	Vendor, Product string
	Revision        string
}

// HL7 is one version 2 message in clear.
type HL7 struct {
	MessageType, SendingApplication, SendingFacility string
	Patient                                          bool // a PID segment is present
	Version                                          string
}

// DICOM is one association, or the data in it.
type DICOM struct {
	CallingAE, CalledAE              string
	ImplementationUID, Version       string
	Accepted                         bool
	Data                             bool // P-DATA was seen
	Patient                          bool // a patient name or ID element was seen
	Command                          string
	Manufacturer, Model, Modality    string
	SoftwareVersions, InstitutionSet string
}

// LLDP is one advertisement (LLDP or CDP).
type LLDP struct {
	Protocol                              string // lldp, cdp
	MAC                                   MAC
	Chassis, Port, SystemName, SystemDesc string
	Manufacturer, Model, Firmware, Serial string // LLDP-MED inventory
	Capabilities                          uint16
}

// MUDURL is a Manufacturer Usage Description address announced by a device (RFC 8520).
type MUDURL struct {
	MAC MAC
	URL string
	Via string // dhcp, dhcpv6, lldp, x509
}

// Scan is a source that tries many.
type Scan struct {
	Source  netip.Addr
	MAC     MAC
	Shape   string // horizontal, vertical, repeat (one address and port again and again without an answer)
	Port    uint16 // of a horizontal or repeated one
	Targets int
	Tries   int
	// SequenceIsTarget counts SYNs whose sequence number equals the destination address: the mark of
	// Mirai's scanner.
	SequenceIsTarget int
}

// Sensitive is content found in clear that a law names; the value is never kept.
type Sensitive struct {
	What   string // card-number
	Secret Secret
	Where  string // payload, http-body, url
}

// Identity is a self-description of a device in a protocol that has no body of its own here:
// TP-Link smart home, SNMP sysDescr, RTSP Server, SIP User-Agent, ONVIF, IPP.
type Identity struct {
	Protocol                                string
	Vendor, Type, Model, Firmware, Hostname string
	Text                                    string // the description as it was said, at most 256 characters
	OfClient                                bool   // it describes the client end
}

// Kex is an IKE proposal.
type Kex struct {
	Protocol string // ike
	Group    int
	Weak     bool
}

// Malformed counts frames that lie about themselves, per input.
type Malformed struct {
	Layer string
	Fault string
}

// Kind names, as they stand in the JSON output.
func (*Flow) Kind() string        { return "flow" }
func (*Host) Kind() string        { return "host" }
func (*Binding) Kind() string     { return "binding" }
func (*DNS) Kind() string         { return "dns" }
func (*DHCP) Kind() string        { return "dhcp" }
func (*SSDP) Kind() string        { return "ssdp" }
func (*NTP) Kind() string         { return "ntp" }
func (*HTTP) Kind() string        { return "http" }
func (*TLS) Kind() string         { return "tls" }
func (*Certificate) Kind() string { return "certificate" }
func (*Login) Kind() string       { return "login" }
func (*SSH) Kind() string         { return "ssh" }
func (*Session) Kind() string     { return "session" }
func (*SNMP) Kind() string        { return "snmp" }
func (*MQTT) Kind() string        { return "mqtt" }
func (*Modbus) Kind() string      { return "modbus" }
func (*BACnet) Kind() string      { return "bacnet" }
func (*OT) Kind() string          { return "ot" }
func (*HL7) Kind() string         { return "hl7" }
func (*DICOM) Kind() string       { return "dicom" }
func (*LLDP) Kind() string        { return "lldp" }
func (*MUDURL) Kind() string      { return "mud-url" }
func (*Scan) Kind() string        { return "scan" }
func (*Sensitive) Kind() string   { return "sensitive" }
func (*Identity) Kind() string    { return "identity" }
func (*Kex) Kind() string         { return "kex" }
func (*Malformed) Kind() string   { return "malformed" }
