// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func nbss(b string) string { return "\x00\x00" + string([]byte{byte(len(b) >> 8), byte(len(b))}) + b }

func smb1Message(command byte, status uint32, body string) string {
	h := make([]byte, 32)
	copy(h, "\xffSMB")
	h[4] = command
	binary.LittleEndian.PutUint32(h[5:], status)
	return string(h) + body
}

// smb1SetupBody is a SESSION_SETUP_ANDX of 13 words in OEM strings.
func smb1SetupBody(oem, wide, user, domain string) string {
	words := make([]byte, 26)
	binary.LittleEndian.PutUint16(words[14:], uint16(len(oem)))
	binary.LittleEndian.PutUint16(words[16:], uint16(len(wide)))
	return "\x0d" + string(words) + "\x00\x00" + oem + wide + user + "\x00" + domain + "\x00"
}

func smb2Message(command uint16, status uint32, body string) string {
	h := make([]byte, 64)
	copy(h, "\xfeSMB")
	binary.LittleEndian.PutUint32(h[8:], status)
	binary.LittleEndian.PutUint16(h[12:], command)
	return string(h) + body
}

func wide(s string) string {
	if s == "" {
		return ""
	}
	return strings.Join(strings.Split(s, ""), "\x00") + "\x00"
}

func ntlmType3(domain, user string) string {
	b := append([]byte("NTLMSSP\x00\x03\x00\x00\x00"), make([]byte, 52)...)
	for i, s := range []string{domain, user} {
		binary.LittleEndian.PutUint16(b[28+8*i:], uint16(2*len(s)))
		binary.LittleEndian.PutUint32(b[32+8*i:], uint32(len(b)))
		b = append(b, wide(s)...)
	}
	b[60] = 1
	return string(b)
}

// ntlmType2 is a challenge of a server with a name and a version.
func ntlmType2(name string) string {
	b := append([]byte("NTLMSSP\x00\x02\x00\x00\x00"), make([]byte, 44)...)
	pairs := "\x01\x00" + string([]byte{byte(2 * len(name)), 0}) + wide(name) + "\x00\x00\x00\x00"
	b[23] = 2
	binary.LittleEndian.PutUint16(b[40:], uint16(len(pairs)))
	binary.LittleEndian.PutUint32(b[44:], uint32(len(b)))
	copy(b[48:], "\x06\x01\xb1\x1d")
	return string(b) + pairs
}

func TestSMBSaysVersionUserAndServer(t *testing.T) {
	negotiated := smb2Message(smb2Negotiate, 0, "\x41\x00\x01\x00\x02\x03")
	got := Stream(t, smb(), 445, Out(nbss(smb1Message(smb1Negotiate, 0, "\x00\x0c\x00\x02SMB 2.???\x00"))), In(nbss(negotiated)),
		Out(nbss(smb2Message(smb2Setup, 0, "NTLMSSP\x00\x01\x00\x00\x00"))), In(nbss(smb2Message(smb2Setup, moreNeeded, ntlmType2("NAS1")))),
		Out(nbss(smb2Message(smb2Setup, 0, ntlmType3("LAB", "eve")))), In(nbss(smb2Message(smb2Setup, 0xc000006d, ""))))
	Want(t, got, &observation.Session{Protocol: "smb", Version: "SMB3.0.2"}, hidden("smb", `LAB\eve`, "challenge-response", "rejected"),
		&observation.Identity{Protocol: "smb", Hostname: "NAS1", Text: "Windows protocol level 6.1 build 7601"})
}

func TestSMB1ByNetBIOSWithAPasswordInClear(t *testing.T) {
	call := "\x81\x00\x00\x44\x20" + strings.Repeat("C", 32) + "\x00\x20" + strings.Repeat("A", 32) + "\x00"
	got := Stream(t, smb(), 139, Out(call), In("\x82\x00\x00\x00"), Out(nbss(smb1Message(smb1Negotiate, 0, "\x00"))), In(nbss(smb1Message(smb1Negotiate, 0, "\x00"))),
		Out(nbss(smb1Message(smb1Setup, 0, smb1SetupBody("s3cret\x00", "", "eve", "LAB")))), In(nbss(smb1Message(smb1Setup, 0, "\x00"))))
	Want(t, got, &observation.Session{Protocol: "smb", Version: "SMB1"}, signIn("smb", `LAB\eve`, "s3cret", "accepted", ""))
}

func TestSMB1AnonymousAndChallenged(t *testing.T) {
	response := strings.Repeat("r", 24)
	Want(t, Stream(t, smb(), 445, Out(nbss(smb1Message(smb1Setup, 0, smb1SetupBody("\x00", "", "", "")))), In(nbss(smb1Message(smb1Setup, 0, "\x00")))),
		&observation.Session{Protocol: "smb", Version: "SMB1", Detail: "anonymous"})
	Want(t, Stream(t, smb(), 445, Out(nbss(smb1Message(smb1Setup, 0, smb1SetupBody(response, response, "eve", ""))))),
		&observation.Session{Protocol: "smb", Version: "SMB1"}, hidden("smb", "eve", "challenge-response", "unknown"))
}

func TestSMBAnOfferAloneIsNotSMB1(t *testing.T) {
	Want(t, Stream(t, smb(), 445, Out(nbss(smb1Message(smb1Negotiate, 0, "\x00")))), &observation.Session{Protocol: "smb"})
	NotRecognised(t, smb(), 445, Out("\x00\x00\x00\x08\x04\xd2\x16\x2f"))
	NotRecognised(t, smb(), 139, Out("\x81\x00\x00\x10abc"))
}

func tds(kind byte, b string) string {
	return string([]byte{kind, 1, byte((len(b) + 8) >> 8), byte(len(b) + 8), 0, 0, 1, 0}) + b
}

func prelogin(cipher byte) string {
	return "\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff" + "\x0f\x00\x07\xd0\x00\x00" + string([]byte{cipher})
}

func login7(user, password string) string {
	b := make([]byte, 94)
	put := func(at int, s string) {
		binary.LittleEndian.PutUint16(b[at:], uint16(len(b)))
		binary.LittleEndian.PutUint16(b[at+2:], uint16(len(s)/2))
		b = append(b, s...)
	}
	put(40, wide(user))
	hidden := []byte(wide(password))
	for i, x := range hidden {
		hidden[i] = (x<<4 | x>>4) ^ 0xa5
	}
	put(44, string(hidden))
	return string(b)
}

func TestMSSQLALoginWithoutTLSIsReadable(t *testing.T) {
	got := Stream(t, mssql(), 1433, Out(tds(tdsPrelogin, prelogin(2))), In(tds(tdsResponse, prelogin(2))), Out(tds(tdsLogin, login7("sa", "s3cret"))), In(tds(tdsResponse, "\xaa\x00")))
	Want(t, got, &observation.Session{Protocol: "mssql", Version: "15.0.2000"}, signIn("mssql", "sa", "s3cret", "rejected", ""))
	Want(t, Stream(t, mssql(), 14330, Out(tds(tdsPrelogin, prelogin(0))), In(tds(tdsResponse, prelogin(0))), Out(tds(tdsPrelogin, "\x16\x03\x01"))),
		&observation.Session{Protocol: "mssql", Version: "15.0.2000", StartTLS: true})
	NotRecognised(t, mssql(), 1433, Out("\x12\x01\x00\x10\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08"))
}
