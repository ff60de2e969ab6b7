// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// fingerprints are what the lists of a ClientHello come to.
type fingerprints struct {
	ja3, ja4 string
	weak     bool // it offers a suite that nobody should
}

// maxFingerprints bounds those that are remembered: a library greets everyone alike.
const maxFingerprints = 1024

// fingerprints gives those of the hello at hand.
func (k *Kit) fingerprints(transport string) fingerprints {
	h := &k.hello
	b := append(k.text[:0], transport[0], h.alpn[0], h.alpn[1], 0)
	if h.sni {
		b[3] = 1
	}
	b = append(b, byte(h.legacy>>8), byte(h.legacy), byte(h.best>>8), byte(h.best))
	for _, list := range [...][]uint16{h.ciphers, h.extensions, h.groups, h.sigs} {
		b = append(b, byte(len(list)>>8), byte(len(list)))
		for _, v := range list {
			b = append(b, byte(v>>8), byte(v))
		}
	}
	b = append(b, h.formats...)
	k.text = b
	if f, ok := k.known[string(b)]; ok {
		return f
	}
	if k.known == nil || len(k.known) >= maxFingerprints {
		k.known = map[string]fingerprints{}
	}
	key := string(b)
	f := fingerprints{k.ja3(), k.ja4(transport), k.offersWeak()}
	k.known[key] = f
	return f
}

// ja3 is the MD5 of version, ciphers, extensions, groups and point formats, GREASE left out
// (Althouse, Atkinson, Atkins: "TLS Fingerprinting with JA3 and JA3S", 2019).
func (k *Kit) ja3() string {
	h := &k.hello
	b := strconv.AppendUint(k.text[:0], uint64(h.legacy), 10)
	for _, list := range [][]uint16{h.ciphers, h.extensions, h.groups} {
		b = append(b, ',')
		b = decimals(b, list)
	}
	b = append(b, ',')
	for i, f := range h.formats {
		if i > 0 {
			b = append(b, '-')
		}
		b = strconv.AppendUint(b, uint64(f), 10)
	}
	k.text = b
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

func decimals(b []byte, list []uint16) []byte {
	first := true
	for _, v := range list {
		if grease(v) {
			continue
		}
		if !first {
			b = append(b, '-')
		}
		first = false
		b = strconv.AppendUint(b, uint64(v), 10)
	}
	return b
}

// ja4 is the client's fingerprint JA4 (FoxIO, BSD 3-Clause): transport, version, SNI, counts and ALPN in
// clear, then the digests of the sorted ciphers and of the sorted extensions with the signature algorithms.
func (k *Kit) ja4(transport string) string {
	h := &k.hello
	var out [36]byte
	b := append(out[:0], transport[0])
	b = append(b, ja4Version(h.best)...)
	if h.sni {
		b = append(b, 'd')
	} else {
		b = append(b, 'i')
	}
	b = two(two(b, count(h.ciphers)), count(h.extensions))
	b = append(ja4ALPN(b, h.alpn[0], h.alpn[1]), '_')
	k.sorted(h.ciphers, false)
	k.text = hexes(k.text[:0], k.order)
	b = append(k.digest(b), '_')
	k.sorted(h.extensions, true)
	k.text = hexes(k.text[:0], k.order)
	if len(h.sigs) > 0 && len(k.text) > 0 {
		k.text = hexes(append(k.text, '_'), h.sigs)
	}
	return string(k.digest(b))
}

// sorted puts the values of a list in order, without GREASE and, of extensions, without those that
// part a of the fingerprint tells.
func (k *Kit) sorted(list []uint16, extensions bool) {
	k.order = k.order[:0]
	for _, v := range list {
		if !grease(v) && !(extensions && (v == extServerName || v == extALPN)) {
			k.order = append(k.order, v)
		}
	}
	slices.Sort(k.order)
}

// digest appends the first twelve hex digits of the SHA-256 of the text at hand; zeros for none.
func (k *Kit) digest(b []byte) []byte {
	if len(k.text) == 0 {
		return append(b, "000000000000"...)
	}
	sum := sha256.Sum256(k.text)
	return hex.AppendEncode(b, sum[:6])
}

func ja4Version(v uint16) string {
	switch version(v) {
	case "SSLv2":
		return "s2"
	case "SSLv3":
		return "s3"
	case "TLSv1.0":
		return "10"
	case "TLSv1.1":
		return "11"
	case "TLSv1.2":
		return "12"
	case "TLSv1.3":
		return "13"
	case "DTLSv1.0":
		return "d1"
	case "DTLSv1.2":
		return "d2"
	case "DTLSv1.3":
		return "d3"
	}
	return "00"
}

// ja4ALPN is the first and the last character of a protocol name, or of its hex digits where one of them is
// neither letter nor digit.
func ja4ALPN(b []byte, first, last byte) []byte {
	switch {
	case first == 0 && last == 0:
		return append(b, "00"...)
	case alphanumeric(first) && alphanumeric(last):
		return append(b, first, last)
	}
	const digits = "0123456789abcdef"
	return append(b, digits[first>>4], digits[last&15])
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func count(list []uint16) int {
	n := 0
	for _, v := range list {
		if !grease(v) {
			n++
		}
	}
	return min(n, 99)
}

func two(b []byte, n int) []byte { return append(b, '0'+byte(n/10), '0'+byte(n%10)) }

func hexes(b []byte, list []uint16) []byte {
	first := true
	for _, v := range list {
		if grease(v) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = hex.AppendEncode(b, []byte{byte(v >> 8), byte(v)})
	}
	return b
}
