// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// maxCertificates bounds the certificates that are remembered, so that a server met again costs a digest only.
const maxCertificates = 2048

// certificates remembers what was read out of certificates by the SHA-256 of their DER.
type certificates struct {
	known map[[32]byte]*known
	body  observation.Certificate
}

type known struct {
	observation.Certificate
	mud string
}

// say tells of one certificate. It returns false when der is none.
func (k *certificates) say(c *protocol.Context, first uint32, der []byte, position int, fromClient bool) bool {
	sum := sha256.Sum256(der)
	cert := k.known[sum]
	if cert == nil {
		cert = &known{}
		if !cert.read(der) {
			return false
		}
		cert.SHA256 = hex.EncodeToString(sum[:])
		if k.known == nil || len(k.known) >= maxCertificates {
			k.known = map[[32]byte]*known{}
		}
		k.known[sum] = cert
	}
	k.body = cert.Certificate
	k.body.Position, k.body.FromClient = position, fromClient
	c.Emit(first, &k.body)
	if cert.mud != "" && position == 0 {
		m := observation.MUDURL{MAC: c.ServerMAC, URL: cert.mud, Via: "x509"}
		if fromClient {
			m.MAC = c.ClientMAC
		}
		c.Emit(first, &m)
	}
	return true
}

// Tags of X.690 that certificates use.
const (
	tagInteger  = 0x02
	tagBits     = 0x03
	tagOctets   = 0x04
	tagOID      = 0x06
	tagSequence = 0x30
	tagVersion  = 0xa0
	tagExt      = 0xa3
)

// read reads a certificate (RFC 5280, 4.1) as far as it can be read: old and broken ones are what matters
// here, so nothing is refused for its contents, only for want of its frame.
func (k *known) read(der []byte) bool {
	cert, _, ok := octets.BER(der)
	tbs, rest, ok2 := octets.BER(cert.Value)
	if !ok || !ok2 || cert.Tag != tagSequence || tbs.Tag != tagSequence {
		return false
	}
	alg, _, _ := octets.BER(rest)
	k.Signature = signature(alg.Value)
	b := tbs.Value
	if v, after, ok := octets.BER(b); ok && v.Tag == tagVersion {
		b = after
	}
	serial, b := take(b, tagInteger)
	_, b = take(b, tagSequence)
	issuer, b := take(b, tagSequence)
	validity, b := take(b, tagSequence)
	subject, b := take(b, tagSequence)
	whole := b
	spki, b := take(b, tagSequence)
	if spki == nil {
		return false
	}
	k.Serial = hex.EncodeToString(serial[:min(len(serial), 64)])
	k.Issuer, k.Subject = name(issuer), name(subject)
	k.SelfSigned = bytes.Equal(issuer, subject)
	k.NotBefore, k.NotAfter = period(validity)
	k.KeyType, k.KeyBits = publicKey(spki)
	sum := sha256.Sum256(whole[:len(whole)-len(b)])
	k.SPKI = hex.EncodeToString(sum[:])
	k.extensions(b)
	return true
}

// take gives the value of the next element when it bears the tag, and what follows it.
func take(b []byte, tag byte) (value, rest []byte) {
	e, rest, ok := octets.BER(b)
	if !ok || e.Tag != tag {
		return nil, b
	}
	return e.Value, rest
}

// extensions reads what follows the key: unique identifiers, and the extensions.
func (k *known) extensions(b []byte) {
	for len(b) > 0 {
		e, rest, ok := octets.BER(b)
		if !ok {
			return
		}
		if e.Tag == tagExt {
			b, _ = take(e.Value, tagSequence)
			break
		}
		b = rest
	}
	for len(b) > 0 {
		var one []byte
		if one, b = take(b, tagSequence); one == nil {
			return
		}
		oid, value := take(one, tagOID)
		if critical, after, ok := octets.BER(value); ok && critical.Tag == 0x01 {
			value = after
		}
		body, _ := take(value, tagOctets)
		switch string(oid) {
		case oidSubjectAltName:
			list, _ := take(body, tagSequence)
			k.Names = alternatives(list)
		case oidMUDURL: // RFC 8520, 11
			if url, _, ok := octets.BER(body); ok {
				k.mud = octets.Text(url.Value, 512)
			}
		}
	}
}
