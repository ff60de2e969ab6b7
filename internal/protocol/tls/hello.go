// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// Kit reads hellos and certificates for the readers of one run. It holds their scratch space and the
// certificates met lately; it is not for concurrent use.
type Kit struct {
	weak  [1 << 10]uint64 // set of the suites that nobody should offer
	hello hello
	text  []byte
	order []uint16
	certs certificates
	known map[string]fingerprints // by all that they are made of
}

// NewKit makes a kit.
func NewKit() *Kit {
	k := &Kit{}
	for _, s := range suites {
		if isWeak(s.name) {
			k.weak[s.id>>6] |= 1 << (s.id & 63)
		}
	}
	return k
}

// isWeak says that a suite does not encrypt, not authenticate, or does so with broken means.
func isWeak(name string) bool {
	for _, w := range []string{"NULL", "EXPORT", "anon", "RC4", "_DES_", "_DES40_"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// hello is what a ClientHello says, as far as fingerprints need it. The slices are the kit's.
type hello struct {
	legacy, best uint16
	ciphers      []uint16
	extensions   []uint16
	groups       []uint16
	sigs         []uint16
	formats      []byte
	sni          bool
	alpn         [2]byte // first and last character of the first protocol
	names        []byte  // the protocols offered
	versions     bool    // supported_versions is there
}

// The extensions that are read.
const (
	extServerName        = 0
	extGroups            = 10
	extPointFormats      = 11
	extSignatures        = 13
	extALPN              = 16
	extSupportedVersions = 43
	extKeyShare          = 51
)

// ClientHello reads the body of a ClientHello into t, whose Protocol is set: tls, dtls or quic. It returns
// false, with t as it was, when b is none.
func (k *Kit) ClientHello(t *observation.TLS, b []byte) bool {
	h := &k.hello
	*h = hello{ciphers: h.ciphers[:0], extensions: h.extensions[:0], groups: h.groups[:0], sigs: h.sigs[:0],
		formats: h.formats[:0], names: h.names[:0]}
	r := octets.NewReader(b)
	h.legacy = r.U16()
	r.Skip(32)
	r.Skip(int(r.U8()))
	if t.Protocol == "dtls" {
		r.Skip(int(r.U8()))
	}
	h.ciphers = values(h.ciphers, r.Bytes(int(r.U16())))
	r.Skip(int(r.U8()))
	if !r.OK() || rank(h.legacy) == 0 {
		return false
	}
	found := *t
	h.best = h.legacy
	if r.Len() >= 2 {
		ext := octets.NewReader(r.Bytes(int(r.U16())))
		for ext.Len() > 0 {
			kind := ext.U16()
			h.extension(&found, kind, ext.Bytes(int(ext.U16())))
		}
		if !ext.OK() || !r.OK() {
			return false
		}
	}
	*t = found
	t.OfferedMax = version(h.best)
	f := k.fingerprints(t.Protocol)
	t.JA3, t.JA4, t.WeakOffered = f.ja3, f.ja4, f.weak
	return true
}

func (h *hello) extension(t *observation.TLS, kind uint16, b []byte) {
	h.extensions = append(h.extensions, kind)
	r := octets.NewReader(b)
	switch kind {
	case extServerName:
		h.sni = true
		list := octets.NewReader(r.Bytes(int(r.U16())))
		if list.U8() == 0 {
			t.SNI = octets.Text(list.Bytes(int(list.U16())), 255)
		}
	case extGroups:
		h.groups = values(h.groups, r.Bytes(int(r.U16())))
	case extPointFormats:
		h.formats = append(h.formats, r.Bytes(int(r.U8()))...)
	case extSignatures:
		h.sigs = values(h.sigs, r.Bytes(int(r.U16())))
	case extALPN:
		h.protocols(t, r.Bytes(int(r.U16())))
	case extSupportedVersions:
		h.offered(r.Bytes(int(r.U8())))
	}
}

// protocols keeps what the client offers until the server's choice is seen; that of TLS 1.3 is hidden.
func (h *hello) protocols(t *observation.TLS, list []byte) {
	for r := octets.NewReader(list); r.Len() > 0 && len(h.names) < 128; {
		p := r.Bytes(int(r.U8()))
		if len(p) == 0 || len(p) == 2 && grease(uint16(p[0])<<8|uint16(p[1])) {
			continue
		}
		if len(h.names) > 0 {
			h.names = append(h.names, ',')
		} else {
			h.alpn = [2]byte{p[0], p[len(p)-1]}
		}
		h.names = append(h.names, p...)
	}
	t.ALPN = octets.Text(h.names, 128)
}

// offered takes supported_versions, which replaces the version of the hello (RFC 8446, 4.2.1).
func (h *hello) offered(list []byte) {
	var best uint16
	for r := octets.NewReader(list); r.Len() > 1; {
		if v := r.U16(); rank(v) > rank(best) {
			best = v
		}
	}
	if best != 0 {
		h.best, h.versions = best, true
	}
}

func (k *Kit) offersWeak() bool {
	return slices.ContainsFunc(k.hello.ciphers, k.isWeak)
}

func (k *Kit) isWeak(suite uint16) bool { return k.weak[suite>>6]&(1<<(suite&63)) != 0 }

// values appends the 16-bit numbers of b.
func values(to []uint16, b []byte) []uint16 {
	for ; len(b) > 1; b = b[2:] {
		to = append(to, uint16(b[0])<<8|uint16(b[1]))
	}
	return to
}

// retryRandom marks a ServerHello as a HelloRetryRequest (RFC 8446, 4.1.3).
const retryRandom = "\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91" +
	"\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"

// ServerHello reads the body of a ServerHello into t. retry says that it asks for another ClientHello.
func (k *Kit) ServerHello(t *observation.TLS, b []byte) (retry, ok bool) {
	r := octets.NewReader(b)
	v := r.U16()
	random := r.Bytes(32)
	early := v>>8 == 0x7f // in the drafts before 22 it had neither session nor compression
	if !early {
		r.Skip(int(r.U8()))
	}
	cipher := r.U16()
	if !early {
		r.Skip(1)
	}
	if !r.OK() || rank(v) == 0 {
		return false, false
	}
	ext := octets.NewReader(nil)
	if r.Len() >= 2 {
		ext = octets.NewReader(r.Bytes(int(r.U16())))
	}
	for ext.Len() > 0 {
		kind := ext.U16()
		body := octets.NewReader(ext.Bytes(int(ext.U16())))
		switch kind {
		case extSupportedVersions:
			if chosen := body.U16(); rank(chosen) > 0 {
				v = chosen
			}
		case extKeyShare:
			t.Group = body.U16()
		case extALPN:
			body.Skip(2)
			t.ALPN = octets.Text(body.Bytes(int(body.U8())), 64)
		}
	}
	t.Version, t.Cipher, t.CipherName = version(v), cipher, CipherName(cipher)
	return string(random) == retryRandom, true
}
