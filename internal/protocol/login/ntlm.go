// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"bytes"
	"encoding/binary"
)

// NTLMUser finds an NTLM AUTHENTICATE message (MS-NLMP, 2.2.1.3) in p and gives DOMAIN\user of it. The
// names stand where offsets say: UTF-16 where the client negotiated it.
func NTLMUser(p []byte) (user []byte, ok bool) {
	i := bytes.Index(p, []byte("NTLMSSP\x00\x03\x00\x00\x00"))
	if i < 0 || len(p)-i < 64 {
		return nil, false
	}
	p = p[i:]
	wide := binary.LittleEndian.Uint32(p[60:])&1 != 0
	domain, name := ntlmField(p, 28, wide), ntlmField(p, 36, wide)
	if len(domain) > 0 && len(name) > 0 {
		domain = append(domain, '\\')
	}
	return append(domain, name...), true
}

// ntlmField reads the field whose length and offset stand at a place.
func ntlmField(p []byte, at int, wide bool) []byte {
	n, off := int(binary.LittleEndian.Uint16(p[at:])), int64(binary.LittleEndian.Uint32(p[at+4:]))
	if n > 2*maxUser || off+int64(n) > int64(len(p)) {
		return nil
	}
	field := p[off : off+int64(n)]
	if !wide {
		return bytes.Clone(field)
	}
	return UTF16(field)
}

// UTF16 turns little-endian UTF-16 into UTF-8; surrogates become U+FFFD.
func UTF16(p []byte) []byte {
	out := make([]byte, 0, len(p)/2)
	for ; len(p) >= 2; p = p[2:] {
		out = append(out, string(rune(binary.LittleEndian.Uint16(p)))...)
	}
	return out
}
