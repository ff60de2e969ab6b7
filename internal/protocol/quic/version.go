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
	case version >= 0xff000017 && version <= 0xff00001c, version == 0xfaceb002: // the last by another name
		d.salt = "\xc3\xee\xf7\x12\xc7\x2e\xbb\x5a\x11\xa7\xd2\x43\x2b\xb4\x63\x65\xbe\xf9\xf5\x02"
	case version == 0xff000015, version == 0xff000016, version == 0xfaceb001:
		d.salt = "\x7f\xbc\xdb\x0e\x7c\x66\xbb\xe9\x19\x3a\x96\xcd\x21\x51\x9e\xbd\x7a\x02\x64\x4a"
	case version == versionQ050:
		d.salt = "\x50\x45\x74\xef\xd0\x66\xfe\x2f\x9d\x94\x5c\xfc\xdb\xd3\xa7\xf0\xd3\xb5\x6b\x45"
	case version == 0x54303530: // T050
		d.salt = "\x7f\xf5\x79\xe5\xac\xd0\x72\x91\x55\x80\x30\x4c\x43\xa2\x36\x7c\x60\x48\x83\x10"
	case version == 0x54303531: // T051
		d.salt = "\x7a\x4e\xde\xf4\xe7\xcc\xee\x5f\xa4\x50\x6c\x19\x12\x4f\xc8\xcc\xda\x6e\x03\x3d"
	default:
		return d, false
	}
	return d, true
}

// versionQ050 has the packets of the standard and, in them, the hello that came before TLS.
const versionQ050 = 0x51303530

// isGoogle says that a version is of the QUIC before the standard: Q0dd, or T0dd with TLS.
func isGoogle(version uint32) bool {
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	family := version>>24 == 'Q' || version>>24 == 'T'
	return family && byte(version>>16) == '0' && digit(byte(version>>8)) && digit(byte(version))
}

// isKnown says that a version is one that anything speaks, whether its packets can be read or not.
func isKnown(version uint32) bool {
	_, ok := dialectOf(version)
	return ok || isGoogle(version) || version>>8 == 0xfaceb0 || version>>8 == 0xff0000 && version&0xff <= 0x22
}
