// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"
)

// A handshake here is shaped like the real thing (RFC 8446, RFC 5246) and carries noise where keys
// and ciphertext would be: what a listener can see of TLS is what it shows.

const (
	tls12 = 0x0303
	tls13 = 0x0304

	ecdheAES128GCM = 0xc02b
	aes128GCM13    = 0x1301
)

// noise is n deterministic bytes that look like ciphertext.
func noise(label string, n int) []byte {
	var b []byte
	sum := sha256.Sum256([]byte(label))
	for len(b) < n {
		b = append(b, sum[:]...)
		sum = sha256.Sum256(sum[:])
	}
	return b[:n]
}

func record(kind byte, version int, body []byte) []byte {
	return join([]byte{kind}, u16(version), u16(len(body)), body)
}

func handshake(kind byte, body []byte) []byte {
	return join([]byte{kind, 0}, u16(len(body)), body)
}

func extension(id int, body []byte) []byte { return join(u16(id), u16(len(body)), body) }

// vec8 and vec16 put a length before their content.
func vec8(b []byte) []byte  { return append([]byte{byte(len(b))}, b...) }
func vec16(b []byte) []byte { return join(u16(len(b)), b) }

func clientHello(sni, alpn, label string) []byte {
	suites := join(u16(aes128GCM13), u16(0x1302), u16(0x1303), u16(ecdheAES128GCM), u16(0xc02f),
		u16(0xc02c), u16(0xc030))
	exts := join(
		extension(0, vec16(join([]byte{0}, vec16([]byte(sni))))),
		extension(10, vec16(join(u16(0x001d), u16(0x0017)))),
		extension(13, vec16(join(u16(0x0403), u16(0x0804), u16(0x0807), u16(0x0401)))),
		extension(16, vec16(vec8([]byte(alpn)))),
		extension(43, vec8(join(u16(tls13), u16(tls12)))),
		extension(51, vec16(join(u16(0x001d), vec16(noise(label+"share", 32))))))
	hello := join(u16(tls12), noise(label+"random", 32), vec8(noise(label+"session", 32)), vec16(suites),
		vec8([]byte{0}), vec16(exts))
	return record(22, 0x0301, handshake(1, hello))
}

func serverHello(version, suite int, label string) []byte {
	var exts []byte
	if version == tls13 {
		exts = join(extension(43, u16(tls13)), extension(51, join(u16(0x001d), vec16(noise(label+"share", 32)))))
	} else {
		exts = extension(0xff01, []byte{0})
	}
	return record(22, tls12, handshake(2, join(u16(tls12), noise(label+"random", 32), vec8(noise(label+"session", 32)),
		u16(suite), []byte{0}, vec16(exts))))
}

// certificate makes a deterministic Ed25519 certificate, signed by the demo's own authority.
func certificate(name string, from, to time.Time) ([]byte, error) {
	seed := func(s string) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(noise(s, ed25519.SeedSize)) }
	leaf, ca := seed("leaf "+name), seed("authority")
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(int64(len(name)) + 4096), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{name}, NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageDigitalSignature}
	parent := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Demo Device Authority"},
		NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true}
	return x509.CreateCertificate(nil, tmpl, parent, leaf.Public(), ca)
}

// secure is a TLS conversation: handshake, then records of the given sizes in turn.
func (w *wire) secure(at time.Time, client, server station, port uint16, version int, sni, alpn string,
	sizes ...int) time.Time {
	label := client.name + sni
	turns := []turn{sent(clientHello(sni, alpn, label))}
	if version == tls13 {
		turns = append(turns,
			answered(join(serverHello(tls13, aes128GCM13, label), record(20, tls12, []byte{1}),
				record(23, tls12, noise(label+"flight", 900)))),
			sent(join(record(20, tls12, []byte{1}), record(23, tls12, noise(label+"finished", 53)))))
	} else {
		der, err := certificate(sni, start.AddDate(-1, 0, 0), start.AddDate(2, 0, 0))
		if err != nil && w.err == nil {
			w.err = err
		}
		chain := vec24(vec24(der))
		kex := join([]byte{3}, u16(0x001d), vec8(noise(label+"kex", 32)), u16(0x0807), vec16(noise(label+"sig", 64)))
		turns = append(turns,
			answered(join(serverHello(tls12, ecdheAES128GCM, label), record(22, tls12, handshake(11, chain)),
				record(22, tls12, handshake(12, kex)), record(22, tls12, handshake(14, nil)))),
			sent(join(record(22, tls12, handshake(16, vec8(noise(label+"ckex", 32)))), record(20, tls12, []byte{1}),
				record(22, tls12, noise(label+"fin", 40)))),
			answered(join(record(20, tls12, []byte{1}), record(22, tls12, noise(label+"sfin", 40)))))
	}
	for i, n := range sizes {
		turns = append(turns, turn{back: i%2 == 1, data: record(23, tls12, noise(label+"data", n))})
	}
	return w.converse(at, client, server, port, turns...)
}

func vec24(b []byte) []byte { return join([]byte{byte(len(b) >> 16)}, u16(len(b)&0xffff), b) }
