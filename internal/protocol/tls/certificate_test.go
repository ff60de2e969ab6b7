// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"bytes"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	real "crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"crypto"
	"crypto/ecdsa"
)

// TestCertificatesReadLikeTheStandardLibrary compares what is read with another reader.
func TestCertificatesReadLikeTheStandardLibrary(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ec, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	for want, key := range map[string]crypto.Signer{"RSA 2048": rsaKey, "EC 384": ec, "Ed25519 256": ed} {
		for _, pss := range []bool{false, true} {
			if pss && want != "RSA 2048" {
				continue
			}
			pair := authority(t, key, func(c *x509.Certificate) {
				if pss {
					c.SignatureAlgorithm = x509.SHA384WithRSAPSS
				}
			})
			compare(t, pair, want)
		}
	}
}

func compare(t *testing.T, pair real.Certificate, key string) {
	t.Helper()
	der := pair.Certificate[0]
	std, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	var k known
	if !k.read(der) {
		t.Fatal("the certificate is not read")
	}
	sum := sha256.Sum256(std.RawSubjectPublicKeyInfo)
	if k.KeyType+" "+itoa(k.KeyBits) != key || k.Subject != std.Subject.String() || k.Issuer != std.Issuer.String() || !k.SelfSigned ||
		k.NotBefore != std.NotBefore.Unix() || k.NotAfter != std.NotAfter.Unix() || k.Signature != std.SignatureAlgorithm.String() ||
		k.Serial != hex.EncodeToString(std.SerialNumber.Bytes()) || k.SPKI != hex.EncodeToString(sum[:]) || len(k.Names) != 3 || k.Names[2] != "192.0.2.2" {
		t.Errorf("read %+v\nof subject %s, signature %s", k.Certificate, std.Subject, std.SignatureAlgorithm)
	}
}

func itoa(n int) string { return big.NewInt(int64(n)).String() }

func oid(numbers ...int) asn1.ObjectIdentifier { return numbers }

type algorithm struct {
	Algorithm asn1.ObjectIdentifier
	Params    asn1.RawValue `asn1:"optional"`
}

type oldCertificate struct {
	TBS struct {
		Serial    *big.Int // no version: 1
		Signature algorithm
		Issuer    asn1.RawValue
		Validity  struct{ From, To asn1.RawValue }
		Subject   asn1.RawValue
		Key       struct {
			Algorithm algorithm
			Key       asn1.BitString
		}
	}
	Algorithm algorithm
	Signature asn1.BitString
}

// TestOldCertificatesAreRead has what the standard library refuses: version 1, a negative serial number, MD5,
// RSA of 512 bits, a time without seconds.
func TestOldCertificatesAreRead(t *testing.T) {
	null := asn1.RawValue{Tag: 5}
	var c oldCertificate
	c.TBS.Serial = big.NewInt(-5)
	c.TBS.Signature = algorithm{oid(1, 2, 840, 113549, 1, 1, 4), null}
	subject, err := asn1.Marshal(pkix.Name{CommonName: "router"}.ToRDNSequence())
	if err != nil {
		t.Fatal(err)
	}
	c.TBS.Issuer, c.TBS.Subject = asn1.RawValue{FullBytes: subject}, asn1.RawValue{FullBytes: subject}
	c.TBS.Validity.From = asn1.RawValue{Tag: 23, Bytes: []byte("9901020304Z")}
	c.TBS.Validity.To = asn1.RawValue{Tag: 23, Bytes: []byte("090102030405Z")}
	c.TBS.Key.Algorithm = algorithm{oid(1, 2, 840, 113549, 1, 1, 1), null}
	modulus := new(big.Int).SetBytes(bytes.Repeat([]byte{0xc3}, 64))
	key, err := asn1.Marshal(struct {
		N *big.Int
		E int
	}{modulus, 3})
	if err != nil {
		t.Fatal(err)
	}
	c.TBS.Key.Key = asn1.BitString{Bytes: key, BitLength: len(key) * 8}
	c.Algorithm = c.TBS.Signature
	der, err := asn1.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var k known
	if !k.read(der) {
		t.Fatal("the certificate is not read")
	}
	if k.Signature != "MD5-RSA" || k.KeyBits != 512 || k.KeyType != "RSA" || k.Subject != "CN=router" || !k.SelfSigned ||
		k.NotBefore != time.Date(1999, 1, 2, 3, 4, 0, 0, time.UTC).Unix() || k.NotAfter != time.Date(2009, 1, 2, 3, 4, 5, 0, time.UTC).Unix() {
		t.Errorf("read %+v", k.Certificate)
	}
}

func TestADeviceCertificateMayNameItsMUDFile(t *testing.T) {
	url, err := asn1.MarshalWithParams("https://example.com/bulb.json", "ia5")
	if err != nil {
		t.Fatal(err)
	}
	pair := authority(t, nil, func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: oid(1, 3, 6, 1, 5, 5, 7, 1, 25), Value: url}}
	})
	var k known
	if !k.read(pair.Certificate[0]) || k.mud != "https://example.com/bulb.json" {
		t.Errorf("the MUD address read is %q", k.mud)
	}
}

func FuzzCertificate(f *testing.F) {
	f.Add(authority(f, nil, nil).Certificate[0])
	f.Fuzz(func(t *testing.T, b []byte) {
		var k known
		k.read(b)
		if len(k.Subject) > maxName || len(k.Names) > maxNames {
			t.Error("what is read of a certificate has no bound")
		}
	})
}
