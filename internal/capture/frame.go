// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package capture reads frames from capture files: pcap and pcapng, in either byte order, plain or
// gzipped, from a file or from standard input.
//
// A capture that ends early or lies about its lengths is no error: every whole frame before the fault is
// given, then io.EOF, and Notice says what was wrong. What is no capture at all is a FormatError.
// Memory is bounded by one buffer, whatever a file claims.
package capture

// Link is a link-layer header type (the LINKTYPE_ values that tcpdump.org assigns).
type Link uint16

// The link types that are decoded, or known by name.
const (
	Null       Link = 0
	Ethernet   Link = 1
	PPP        Link = 9
	RawBSD     Link = 12 // DLT_RAW as most systems number it
	RawOpenBSD Link = 14
	PPPHDLC    Link = 50
	Raw        Link = 101
	Loop       Link = 108
	LinuxSLL   Link = 113
	WPANFCS    Link = 195 // IEEE 802.15.4
	WPANPhy    Link = 215
	IPv4       Link = 228
	IPv6       Link = 229
	WPAN       Link = 230
	LinuxSLL2  Link = 276
	WPANTap    Link = 283
)

var linkNames = map[Link]string{Null: "null", Ethernet: "ethernet", PPP: "ppp", RawBSD: "raw",
	RawOpenBSD: "raw", PPPHDLC: "ppp", Raw: "raw", Loop: "loop", LinuxSLL: "linux-sll",
	WPANFCS: "ieee802.15.4", WPANPhy: "ieee802.15.4", IPv4: "ipv4", IPv6: "ipv6", WPAN: "ieee802.15.4",
	LinuxSLL2: "linux-sll2", WPANTap: "ieee802.15.4", 105: "ieee802.11", 127: "ieee802.11-radiotap"}

// String is the link type's name; "link-N" for one without.
func (l Link) String() string {
	if n, ok := linkNames[l]; ok {
		return n
	}
	return "link-" + itoa(int64(l))
}

// Frame is one captured frame. Data is valid until the next call of Next.
type Frame struct {
	Time   int64 // nanoseconds since 1970 UTC
	Data   []byte
	Length uint32 // on the wire; at least len(Data) in an honest capture
	Link   Link
}

// maxFrame is the longest frame taken for true: libpcap's own limit.
const maxFrame = 262144

// format is a capture format's reader. next returns io.EOF at a clean end and a *fault where the
// capture lies or ends within a frame.
type format interface{ next(f *Frame) error }
