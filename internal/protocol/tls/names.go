// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxName  = 512 // bytes of a distinguished name that are kept
	maxNames = 100 // alternative names
)

// name writes a distinguished name, the last part first (RFC 4514, 2.1).
func name(rdns []byte) string {
	var parts []string
	for len(rdns) > 0 && len(parts) < 32 {
		set, rest, ok := octets.BER(rdns)
		if !ok {
			break
		}
		rdns = rest
		var one []string
		for b := set.Value; len(b) > 0; {
			var attribute []byte
			if attribute, b = take(b, tagSequence); attribute == nil {
				break
			}
			oid, value := take(attribute, tagOID)
			text, _, _ := octets.BER(value)
			one = append(one, attributeName(oid)+"="+escape(characters(text)))
		}
		parts = append(parts, strings.Join(one, "+"))
	}
	var s strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		if s.Len() > 0 {
			s.WriteByte(',')
		}
		s.WriteString(parts[i])
	}
	return octets.Text([]byte(s.String()), maxName)
}

// characters decodes a string by its tag (X.680, 41). T61 strings are Latin-1 in practice.
func characters(t octets.TLV) string {
	switch t.Tag {
	case 0x1e: // BMPString
		var u []uint16
		for b := t.Value; len(b) > 1; b = b[2:] {
			u = append(u, uint16(b[0])<<8|uint16(b[1]))
		}
		return string(utf16.Decode(u))
	case 0x14: // T61String
		var s strings.Builder
		for _, c := range t.Value {
			s.WriteRune(rune(c))
		}
		return s.String()
	}
	return string(t.Value)
}

// escape marks what separates parts (RFC 4514, 2.4).
func escape(s string) string {
	if !strings.ContainsAny(s, ",+\"\\<>;") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(",+\"\\<>;", s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// attributeName is the short name of an attribute type (RFC 4519), or its number.
func attributeName(oid []byte) string {
	if len(oid) == 3 && oid[0] == 0x55 && oid[1] == 4 {
		switch oid[2] {
		case 3:
			return "CN"
		case 4:
			return "SN"
		case 5:
			return "SERIALNUMBER"
		case 6:
			return "C"
		case 7:
			return "L"
		case 8:
			return "ST"
		case 9:
			return "STREET"
		case 10:
			return "O"
		case 11:
			return "OU"
		case 12:
			return "T"
		case 17:
			return "POSTALCODE"
		}
	}
	switch string(oid) {
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01":
		return "EMAIL"
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19":
		return "DC"
	case "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01":
		return "UID"
	}
	return dotted(oid)
}

// dotted writes an object identifier in numbers.
func dotted(oid []byte) string {
	var b []byte
	v, first := uint64(0), true
	for _, c := range oid {
		if v > 1<<56 {
			return "?"
		}
		v = v<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			continue
		}
		if first {
			x := min(v/40, 2)
			b = strconv.AppendUint(b, x, 10)
			v -= x * 40
			first = false
		}
		b = strconv.AppendUint(append(b, '.'), v, 10)
		v = 0
	}
	return string(b)
}

// alternatives reads the DNS names and addresses of a subjectAltName (RFC 5280, 4.2.1.6).
func alternatives(b []byte) []string {
	var all []string
	for len(b) > 0 && len(all) < maxNames {
		e, rest, ok := octets.BER(b)
		if !ok {
			break
		}
		b = rest
		switch e.Tag {
		case 0x82: // dNSName
			all = append(all, octets.Text(e.Value, 255))
		case 0x87: // iPAddress
			if a, ok := netip.AddrFromSlice(e.Value); ok {
				all = append(all, a.String())
			}
		}
	}
	return all
}

// period reads notBefore and notAfter in seconds since 1970; 0 for what cannot be read.
func period(b []byte) (from, to int64) {
	first, rest, _ := octets.BER(b)
	second, _, _ := octets.BER(rest)
	return moment(first), moment(second)
}

// moment reads UTCTime or GeneralizedTime. Old certificates leave out the seconds or give a zone.
func moment(t octets.TLV) int64 {
	s := string(t.Value[:min(len(t.Value), 32)])
	layouts := []string{"20060102150405Z0700", "200601021504Z0700", "20060102150405"}
	if t.Tag == 0x17 {
		layouts = []string{"060102150405Z0700", "0601021504Z0700", "060102150405"}
	}
	for _, l := range layouts {
		when, err := time.Parse(l, s)
		if err != nil {
			continue
		}
		if t.Tag == 0x17 && when.Year() >= 2050 { // RFC 5280, 4.1.2.5.1
			when = when.AddDate(-100, 0, 0)
		}
		return when.Unix()
	}
	return 0
}
