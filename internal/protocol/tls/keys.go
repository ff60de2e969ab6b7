// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"math/bits"

	"github.com/writ-iot/writ/internal/protocol/octets"
)

// Object identifiers, as their DER values.
const (
	oidSubjectAltName = "\x55\x1d\x11"
	oidMUDURL         = "\x2b\x06\x01\x05\x05\x07\x01\x19"
	oidRSA            = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
	oidRSAPSS         = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
	oidRSAX500        = "\x55\x08\x01\x01" // of X.509 (1988)
	oidDSA            = "\x2a\x86\x48\xce\x38\x04\x01"
	oidDSAOld         = "\x2b\x0e\x03\x02\x0c"
	oidEC             = "\x2a\x86\x48\xce\x3d\x02\x01"
	oidEd25519        = "\x2b\x65\x70"
	oidEd448          = "\x2b\x65\x71"
)

// publicKey reads a SubjectPublicKeyInfo: the kind of key and its size in bits; 0 where it is not known.
func publicKey(spki []byte) (kind string, size int) {
	alg, rest := take(spki, tagSequence)
	oid, params := take(alg, tagOID)
	key, _ := take(rest, tagBits)
	switch string(oid) {
	case oidRSA, oidRSAPSS, oidRSAX500:
		if len(key) > 0 {
			pair, _ := take(key[1:], tagSequence)
			modulus, _ := take(pair, tagInteger)
			size = bitLength(modulus)
		}
		return "RSA", size
	case oidDSA, oidDSAOld:
		three, _ := take(params, tagSequence)
		p, _ := take(three, tagInteger)
		return "DSA", bitLength(p)
	case oidEC:
		return "EC", curveBits(params, len(key)-1)
	case oidEd25519:
		return "Ed25519", 256
	case oidEd448:
		return "Ed448", 456
	}
	return dotted(oid), 0
}

// bitLength is the size of a positive INTEGER.
func bitLength(b []byte) int {
	for len(b) > 0 && b[0] == 0 {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0
	}
	return (len(b)-1)*8 + bits.Len8(b[0])
}

// curveBits is the size of an elliptic curve's field, by its name, by its stated prime, or by the point.
func curveBits(params []byte, point int) int {
	e, _, _ := octets.BER(params)
	if e.Tag == tagOID {
		switch string(e.Value) {
		case "\x2b\x81\x04\x00\x21": // secp224r1
			return 224
		case "\x2a\x86\x48\xce\x3d\x03\x01\x07": // secp256r1
			return 256
		case "\x2b\x81\x04\x00\x22":
			return 384
		case "\x2b\x81\x04\x00\x23":
			return 521
		}
	}
	if e.Tag == tagSequence { // ECParameters: version, FieldID {prime-field, p} (RFC 3279, 2.3.5)
		_, rest := take(e.Value, tagInteger)
		field, _ := take(rest, tagSequence)
		_, rest = take(field, tagOID)
		if p, _ := take(rest, tagInteger); p != nil {
			return bitLength(p)
		}
	}
	if point < 2 {
		return 0
	}
	return (point - 1) / 2 * 8 // uncompressed: 04, x, y
}

// signature names the algorithm of an AlgorithmIdentifier, or gives its number.
func signature(alg []byte) string {
	oid, params := take(alg, tagOID)
	switch string(oid) {
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02":
		return "MD2-RSA"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x03":
		return "MD4-RSA"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "\x2b\x0e\x03\x02\x03":
		return "MD5-RSA"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "\x2b\x0e\x03\x02\x1d":
		return "SHA1-RSA"
	case oidRSAPSS:
		return pssHash(params) + "-RSAPSS"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b":
		return "SHA256-RSA"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c":
		return "SHA384-RSA"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d":
		return "SHA512-RSA"
	case "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e":
		return "SHA224-RSA"
	case "\x2a\x86\x48\xce\x38\x04\x03", "\x2b\x0e\x03\x02\x1b":
		return "DSA-SHA1"
	case "\x60\x86\x48\x01\x65\x03\x04\x03\x02":
		return "DSA-SHA256"
	case "\x2a\x86\x48\xce\x3d\x04\x01":
		return "ECDSA-SHA1"
	case "\x2a\x86\x48\xce\x3d\x04\x03\x01":
		return "ECDSA-SHA224"
	case "\x2a\x86\x48\xce\x3d\x04\x03\x02":
		return "ECDSA-SHA256"
	case "\x2a\x86\x48\xce\x3d\x04\x03\x03":
		return "ECDSA-SHA384"
	case "\x2a\x86\x48\xce\x3d\x04\x03\x04":
		return "ECDSA-SHA512"
	case oidEd25519:
		return "Ed25519"
	case oidEd448:
		return "Ed448"
	}
	return dotted(oid)
}

// pssHash is the hash of RSASSA-PSS-params; SHA-1 where it is left out (RFC 4055, 3.1).
func pssHash(params []byte) string {
	b, _ := take(params, tagSequence)
	tagged, _ := take(b, tagVersion)
	alg, _ := take(tagged, tagSequence)
	oid, _ := take(alg, tagOID)
	switch string(oid) {
	case "\x60\x86\x48\x01\x65\x03\x04\x02\x01":
		return "SHA256"
	case "\x60\x86\x48\x01\x65\x03\x04\x02\x02":
		return "SHA384"
	case "\x60\x86\x48\x01\x65\x03\x04\x02\x03":
		return "SHA512"
	}
	return "SHA1"
}
