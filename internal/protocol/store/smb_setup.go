// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// smbUser is what a request to set up a session says of its user.
type smbUser struct {
	said     bool
	name     []byte
	password []byte // nil where it did not come in clear
}

// ntlmAttempt looks for the last of NTLM's messages; Kerberos tickets are not opened.
func ntlmAttempt(m []byte) smbUser {
	name, ok := login.NTLMUser(m)
	return smbUser{said: ok, name: name}
}

const smb1Unicode = 0x8000 // in the header's second flags

// smb1User reads SESSION_SETUP_ANDX (MS-CIFS, 2.2.4.53): with 13 words it has passwords and a name, with 12
// a security blob. Where the server asks for it, the password stands there in clear: it is then not the
// 24 bytes of a response to a challenge.
func smb1User(m []byte) smbUser {
	r := octets.NewReader(m[32:])
	words := r.U8()
	if words != 13 {
		return ntlmAttempt(m)
	}
	r.Skip(14)
	oem, wide := int(r.LU16()), int(r.LU16())
	r.Skip(8)
	r.Skip(2)
	a, b := r.Bytes(oem), r.Bytes(wide)
	if !r.OK() {
		return smbUser{}
	}
	unicode := binary.LittleEndian.Uint16(m[10:])&smb1Unicode != 0
	if at := len(m) - r.Len(); unicode && at&1 == 1 {
		r.Skip(1) // Unicode strings stand on even places
	}
	u := smbUser{said: true, name: smbString(&r, unicode)}
	if domain := smbString(&r, unicode); len(domain) > 0 && len(u.name) > 0 {
		u.name = append(append(domain, '\\'), u.name...)
	}
	if len(b) == 0 && len(a) > 1 && len(a) != 24 {
		u.password = bytes.TrimRight(a, "\x00")
	}
	return u
}

// smbString takes a string up to its NUL.
func smbString(r *octets.Reader, unicode bool) []byte {
	if !unicode {
		return bytes.Clone(r.CString())
	}
	b := r.Rest()
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			r.Skip(i + 2)
			return login.UTF16(b[:i])
		}
	}
	r.Skip(len(b))
	return login.UTF16(b)
}

// describe reads the challenge of NTLM (MS-NLMP, 2.2.1.2): the server's name among the pairs at 40, and its
// version at 48.
func (s *smbStream) describe(m []byte) {
	i := bytes.Index(m, []byte("NTLMSSP\x00\x02\x00\x00\x00"))
	if i < 0 || len(m)-i < 56 || s.known {
		return
	}
	m = m[i:]
	n, off := int64(binary.LittleEndian.Uint16(m[40:])), int64(binary.LittleEndian.Uint32(m[44:]))
	if off+n <= int64(len(m)) {
		s.identity.Hostname = computerName(m[off : off+n])
	}
	if v := m[48:]; v[0] != 0 && binary.LittleEndian.Uint32(m[20:])&0x02000000 != 0 {
		s.identity.Text = fmt.Sprintf("Windows protocol level %d.%d build %d", v[0], v[1],
			binary.LittleEndian.Uint16(v[2:]))
	}
	s.identity.Protocol = "smb"
	s.known = s.identity.Hostname != "" || s.identity.Text != ""
}

// computerName finds MsvAvNbComputerName, 1, among the pairs of number, length and value.
func computerName(pairs []byte) string {
	r := octets.NewReader(pairs)
	for r.Len() > 4 {
		id := r.LU16()
		if v := r.Bytes(int(r.LU16())); id == 1 && r.OK() {
			return octets.Text(login.UTF16(v), 64)
		}
	}
	return ""
}
