// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"crypto/ed25519"

	"github.com/digitorus/pkcs7"
	"github.com/emersion/go-msgauth/dkim"

	"github.com/writ-iot/writ/internal/kind"
)

const head = "From: =?utf-8?q?J=C3=B6rg?= <joerg@maker.example>\r\nTo: us@hospital.example\r\nSubject: test report\r\n" +
	"Date: Wed, 25 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@maker.example>\r\nMIME-Version: 1.0\r\n"

func mixed(parts ...string) string {
	return head + "Content-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\npreamble\r\n--=_b\r\n" +
		strings.Join(parts, "\r\n--=_b\r\n") + "\r\n--=_b--\r\n"
}

func message(t testing.TB, raw string) *Mail {
	t.Helper()
	m, err := Read([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// shape is what a message holds, in short.
func shape(m *Mail) string {
	var out []string
	for i := range m.Parts {
		p := &m.Parts[i]
		as := ""
		if p.Attached() {
			as = "+"
		}
		out = append(out, fmt.Sprintf("%s%s %s %q %d", as, p.Path, p.Media, p.Name, p.Size))
	}
	return strings.Join(append(out, m.Faults...), "; ")
}

const (
	text = "Content-Type: text/plain; charset=utf-8\r\n\r\nPlease find it attached."
	pdf  = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment; filename=\"../../etc/report.pdf\"\r\n\r\nJVBERi0x\r\nLjc="
)

func TestAMessageIsReadWithItsParts(t *testing.T) {
	m := message(t, mixed(text, pdf))
	if got, want := shape(m), `1.1 text/plain "" 24; +1.2 application/pdf "report.pdf" 8`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	sum := sha256.Sum256([]byte("%PDF-1.7"))
	if p := m.Parts[1]; string(p.Content()) != "%PDF-1.7" || p.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("%+v", p)
	}
	if m.From != "Jörg <joerg@maker.example>" || m.Sender() != "joerg@maker.example" || m.Subject != "test report" {
		t.Errorf("%+v", m)
	}
	lf := message(t, strings.ReplaceAll(mixed(text, pdf), "\r\n", "\n"))
	if shape(lf) != shape(m) {
		t.Errorf("with other line ends: %s", shape(lf))
	}
	inner := "Content-Type: message/rfc822\r\n\r\n" + mixed(text)
	if got := shape(message(t, strings.ReplaceAll(mixed(text, "X"), "X", inner))); !strings.Contains(got,
		"+1.2 message/rfc822") {
		t.Errorf("a message in a message: %s", got)
	}
}

func TestABrokenMessageIsReadAsFarAsItGoesAndItsFaultsAreNamed(t *testing.T) {
	bomb := text
	for i := range 40 {
		bomb = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%[1]d\r\n%s\r\n--b%[1]d--", i, bomb)
	}
	for what, c := range map[string]struct{ raw, want string }{
		"cut short":          {strings.TrimSuffix(mixed(text, pdf), "--=_b--\r\n"), "breaks off before its end"},
		"no boundary":        {head + "Content-Type: multipart/mixed\r\n\r\nx", "does not say what parts them"},
		"nested too deep":    {mixed(bomb), "deeper than 10"},
		"too many parts":     {mixed(strings.Repeat("\r\n\r\n--=_b\r\n", 600)), "more than 500 parts"},
		"bad base64":         {mixed(strings.Replace(pdf, "JVBERi0x", "JVB#", 1)), "part 1.1: it is not well encoded"},
		"unknown encoding":   {mixed(strings.Replace(pdf, "base64", "x-uu", 1)), `encoded as "x-uu"`},
		"a bad type":         {head + "Content-Type: ///\r\n\r\nx", "cannot be read"},
		"two senders":        {"From: a@b.example\r\n" + head + "\r\nx", "names its sender 2 times"},
		"a broken header in": {mixed("no header line\r\n\r\nx"), "part 1.1: its header"},
	} {
		if got := shape(message(t, c.raw)); !strings.Contains(got, c.want) {
			t.Errorf("%s: %.300s; want %q", what, got, c.want)
		}
	}
	for what, raw := range map[string]string{"nothing": "", "a picture": "\x89PNG\r\n\x1a\n",
		"no sender":     "Subject: x\r\n\r\ny",
		"a long header": head + strings.Repeat("X: y\r\n", 60000)} {
		if _, err := Read([]byte(raw)); kind.Of(err) != kind.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func signedMail(t *testing.T, raw string) (string, Keys) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{Domain: "maker.example", Selector: "s1",
		Signer: key}); err != nil {
		t.Fatal(err)
	}
	return out.String(), func(name string) ([]string, error) {
		if name != "s1._domainkey.maker.example" {
			return nil, errors.New("no such name")
		}
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub)}, nil
	}
}

func TestADomainsSignatureHoldsFailsOrIsNotChecked(t *testing.T) {
	raw, keys := signedMail(t, mixed(text, pdf))
	for what, c := range map[string]struct {
		raw  string
		keys Keys
		want string
	}{
		"as it was sent": {raw, keys, "maker.example holds  true"},
		"changed":        {strings.Replace(raw, "attached", "enclosed", 1), keys, "maker.example fails"},
		"no key":         {raw, NoKeys, "maker.example not checked no key at hand true"},
		"another sender": {strings.Replace(raw, "joerg@maker", "joerg@other", 1), keys, "maker.example fails"},
		"not signed":     {mixed(text), keys, ""},
	} {
		m := message(t, c.raw)
		m.CheckDKIM(c.keys)
		got := ""
		for _, d := range m.DKIM {
			got += fmt.Sprintf("%s %s %s %t", d.Domain, d.Outcome, d.Why, d.Sender)
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %s; want %s", what, got, c.want)
		}
	}
	many := message(t, strings.Repeat("DKIM-Signature: v=1\r\n", 9)+mixed(text))
	if many.CheckDKIM(keys); len(many.DKIM) != 5 || len(many.Faults) != 1 {
		t.Errorf("many signatures: %+v %v", many.DKIM, many.Faults)
	}
}

func TestKeysAreReadFromAFileOfTextRecords(t *testing.T) {
	keys, err := KeysOf("# ours\ns1._domainkey.Maker.example. \"v=DKIM1; p=abc\"\n\ns1._domainkey.maker.example v=DKIM1; p=def\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := keys("s1._domainkey.maker.example"); err != nil || strings.Join(got,
		"|") != "v=DKIM1; p=abc|v=DKIM1; p=def" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := keys("s2._domainkey.maker.example"); err == nil {
		t.Error("a key that is not there was given")
	}
	for _, bad := range []string{"s1._domainkey.maker.example", "maker.example v=DKIM1"} {
		if _, err := KeysOf(bad); kind.Of(err) != kind.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func smime(t *testing.T, content string) (string, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "Maker Security"},
		NotBefore: time.Now().Add(-time.Hour),
		NotAfter:  time.Now().Add(time.Hour), EmailAddresses: []string{"psirt@maker.example"}, IsCA: true,
		BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s, err := pkcs7.NewSignedData([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	s.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := s.AddSigner(cert, key, pkcs7.SignerInfoConfig{}); err != nil {
		t.Fatal(err)
	}
	s.Detach()
	sig, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return head + "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\r\n\r\n--s\r\n" + content +
		"\r\n--s\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(sig) + "\r\n--s--\r\n", cert
}

func TestASMIMESignatureNamesItsSignerAndTrustsNobodyUnasked(t *testing.T) {
	raw, cert := smime(t, text)
	for what, raw := range map[string]string{"as sent": raw, "with other line ends": strings.ReplaceAll(raw, "\r\n",
		"\n")} {
		m := message(t, raw)
		if s := m.Signed; s == nil || s.Outcome != Holds || s.Trusted || !strings.HasPrefix(s.Signer,
			"psirt@maker.example") || s.Serial != "4d" {
			t.Errorf("%s: %+v", what, s)
		}
		m.CheckChain(nil)
		if m.Signed.Trusted {
			t.Error("trusted without roots")
		}
		roots := x509.NewCertPool()
		m.CheckChain(roots)
		if m.Signed.Trusted {
			t.Error("trusted by roots that do not hold it")
		}
		roots.AddCert(cert)
		if m.CheckChain(roots); !m.Signed.Trusted {
			t.Errorf("%s: %s", what, m.Signed.Chain)
		}
	}
	if m := message(t, strings.Replace(raw, "attached", "enclosed", 1)); m.Signed.Outcome != Fails {
		t.Errorf("changed: %+v", m.Signed)
	}
	m := message(t, head+"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\nx")
	if m.Signed == nil || m.Signed.Outcome != NotChecked || !strings.Contains(m.Signed.Why, "encrypted") {
		t.Errorf("encrypted: %+v", m.Signed)
	}
}

func TestASignatureBuiltToExhaustIsNotRead(t *testing.T) {
	for what, der := range map[string][]byte{"nested": bytes.Repeat([]byte{0x30, 0x80}, 200_000),
		"open and wide": append([]byte{0x30, 0x80}, bytes.Repeat([]byte{0x04, 0x01, 0x01}, 300_000)...)} {
		from := time.Now()
		if s := signedBy(der, []byte("x")); s.Outcome != NotChecked || time.Since(from) > time.Second {
			t.Errorf("%s: %+v after %v", what, s, time.Since(from))
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(mixed(text, pdf)))
	f.Add([]byte(head + "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n--s\r\n\r\nx\r\n--s\r\n\r\n0\x80\r\n--s--"))
	f.Add([]byte("DKIM-Signature: v=1; a=rsa-sha256; d=a; s=b; h=from; bh=; b=\r\nFrom: a\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(b)
		if err != nil {
			return
		}
		m.CheckDKIM(NoKeys)
		total := 0
		for i := range m.Parts {
			total += len(m.Parts[i].Content())
		}
		if total > len(b) {
			t.Fatalf("%d bytes came of %d", total, len(b))
		}
	})
}
