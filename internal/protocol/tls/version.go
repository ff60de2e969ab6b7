// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import "strconv"

// version is how a version is written in observations; "" for what is none.
func version(v uint16) string {
	switch v {
	case 0x0002:
		return "SSLv2"
	case 0x0300:
		return "SSLv3"
	case 0x0301:
		return "TLSv1.0"
	case 0x0302:
		return "TLSv1.1"
	case 0x0303:
		return "TLSv1.2"
	case 0x0304, 0xfb17, 0xfb1a: // the last two: Fizz, before the standard
		return "TLSv1.3"
	case 0xfeff, 0x0100: // 0x0100: OpenSSL before 0.9.8f
		return "DTLSv1.0"
	case 0xfefd:
		return "DTLSv1.2"
	case 0xfefc:
		return "DTLSv1.3"
	}
	if v>>8 == 0x7f { // drafts of TLS 1.3
		return "TLSv1.3"
	}
	return ""
}

// rank orders versions from the worst to the best; 0 is none.
func rank(v uint16) int {
	switch name := version(v); name {
	case "":
		return 0
	case "TLSv1.3":
		return 0x304
	case "DTLSv1.0":
		return 0x302 // it is TLS 1.1 over datagrams (RFC 4347, 1)
	case "DTLSv1.2":
		return 0x303
	case "DTLSv1.3":
		return 0x304
	}
	return int(v)
}

// grease says that a value was sent only to keep peers tolerant (RFC 8701).
func grease(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

// CipherName is the registered name of a cipher suite, or its number where it has none.
func CipherName(id uint16) string {
	lo, hi := 0, len(suites)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); suites[m].id < id {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(suites) && suites[lo].id == id {
		return suites[lo].name
	}
	return "0x" + strconv.FormatUint(uint64(id)|1<<16, 16)[1:]
}
