// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package quic

// dialect is what differs between versions in the protection of Initial packets.
type dialect struct {
	salt   string
	prefix string // of the labels
	types  [4]kind
}

// kind is the type of a packet with a long header.
type kind uint8

const (
	initial kind = iota
	zeroRTT
	handshake
	retry
)

// dialectOf knows version 1 (RFC 9001), version 2 (RFC 9369) and the drafts that were deployed.
func dialectOf(version uint32) (dialect, bool) {
	d := dialect{prefix: "quic ", types: [4]kind{initial, zeroRTT, handshake, retry}}
	switch {
	case version == 1, version == 0xff000021, version == 0xff000022:
		d.salt = "\x38\x76\x2c\xf7\xf5\x59\x34\xb3\x4d\x17\x9a\xe6\xa4\xc8\x0c\xad\xcc\xbb\x7f\x0a"
	case version == 0x6b3343cf:
		d.salt = "\x0d\xed\xe3\xde\xf7\x00\xa6\xdb\x81\x93\x81\xbe\x6e\x26\x9d\xcb\xf9\xbd\x2e\xd9"
		d.prefix, d.types = "quicv2 ", [4]kind{retry, initial, zeroRTT, handshake}
	case version >= 0xff00001d && version <= 0xff000020:
		d.salt = "\xaf\xbf\xec\x28\x99\x93\xd2\x4c\x9e\x97\x86\xf1\x9c\x61\x11\xe0\x43\x90\xa8\x99"
	case version >= 0xff000017 && version <= 0xff00001c, version == 0xfaceb002: // the last: a draft's, under another name
		d.salt = "\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02"
	default:
		return d, false
	}
	return d, true
}

// isGoogle says that a version is of the QUIC before the standard: Q0dd, or T0dd with TLS.
func isGoogle(version uint32) bool {
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	return (version>>24 == 'Q' || version>>24 == 'T') && byte(version>>16) == '0' && digit(byte(version>>8)) && digit(byte(version))
}

// isKnown says that a version is one that anything speaks, whether its packets can be read or not.
func isKnown(version uint32) bool {
	_, ok := dialectOf(version)
	return ok || isGoogle(version) || version>>8 == 0xfaceb0 || version>>8 == 0xff0000 && version&0xff <= 0x22
}
