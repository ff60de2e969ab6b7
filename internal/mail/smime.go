// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"github.com/digitorus/pkcs7"
)

// Signed is what a message's S/MIME signature shows (RFC 8551).
type Signed struct {
	Outcome Outcome   `json:"outcome"`
	Why     string    `json:"why,omitempty"`
	Signer  string    `json:"signer,omitempty"` // as the certificate calls it
	Issuer  string    `json:"issuer,omitempty"`
	Serial  string    `json:"serial,omitempty"`
	From    time.Time `json:"valid_from,omitzero"`
	Until   time.Time `json:"valid_until,omitzero"`
	// Trusted says that the certificate leads to a root that was given; without roots it is never so.
	Trusted bool   `json:"trusted"`
	Chain   string `json:"chain,omitempty"`

	p7 *pkcs7.PKCS7
}

// maxSignature bounds the bytes of a signature with its certificates.
const maxSignature = 1 << 20

// detached reads a signature that stands beside what it signs.
func detached(protocol string, pieces [][]byte) *Signed {
	if !signature(strings.ToLower(protocol)) {
		return &Signed{Outcome: NotChecked,
			Why: fmt.Sprintf("it is signed by a protocol that is not known here: %.60q", protocol)}
	}
	if strings.Contains(protocol, "pgp") {
		return &Signed{Outcome: NotChecked, Why: "it is signed with OpenPGP, which is not checked here"}
	}
	h, body, err := header(pieces[1])
	if err != nil {
		return &Signed{Outcome: NotChecked, Why: err.Error()}
	}
	der, err := decode(h.Get("Content-Transfer-Encoding"), body)
	if err != nil {
		return &Signed{Outcome: Fails, Why: err.Error()}
	}
	return signedBy(der, canonical(pieces[0]))
}

// opaque reads a signature that holds what it signs.
func opaque(typ string, der []byte) *Signed {
	if typ = strings.ToLower(typ); typ == "enveloped-data" || typ == "authenveloped-data" {
		return &Signed{Outcome: NotChecked, Why: "it is encrypted and was not opened"}
	}
	return signedBy(der, nil)
}

// canonical gives text the line ends over which it is signed.
func canonical(b []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// signedBy checks a signature. content is what stands beside it; nil: it holds it.
func signedBy(der, content []byte) (s *Signed) {
	if len(der) > maxSignature && content != nil {
		return &Signed{Outcome: NotChecked, Why: fmt.Sprintf("a signature of more than %d bytes", maxSignature)}
	}
	// What anyone sends must not end the program, and the library reads it by hand.
	defer func() {
		if r := recover(); r != nil {
			s = &Signed{Outcome: Fails, Why: "its signature cannot be read"}
		}
	}()
	if err := bounded(der); err != nil {
		return &Signed{Outcome: NotChecked, Why: err.Error()}
	}
	p, err := pkcs7.Parse(der)
	if err != nil {
		return &Signed{Outcome: Fails, Why: "its signature cannot be read: " + err.Error()}
	}
	if content != nil {
		p.Content = content
	}
	if len(p.Signers) == 0 {
		return &Signed{Outcome: NotChecked, Why: "it is no signature, or is encrypted"}
	}
	s = &Signed{Outcome: Holds, Chain: "not checked (no roots given)", p7: p}
	if err := p.Verify(); err != nil {
		s.Outcome, s.Why = Fails, strings.TrimPrefix(err.Error(), "pkcs7: ")
	}
	if c := p.GetOnlySigner(); c != nil {
		s.Signer, s.Issuer, s.Serial = clean(c.Subject.String()), clean(c.Issuer.String()), c.SerialNumber.Text(16)
		s.From, s.Until = c.NotBefore.UTC(), c.NotAfter.UTC()
		if len(c.EmailAddresses) > 0 {
			s.Signer = clean(strings.Join(c.EmailAddresses, ", ") + " (" + c.Subject.String() + ")")
		}
	}
	return s
}

// CheckChain says whether an S/MIME signature's certificate leads to one of roots, at the time of the signature
// where it says one, and now otherwise.
func (m *Mail) CheckChain(roots *x509.CertPool) {
	s := m.Signed
	if s == nil || s.p7 == nil || s.Outcome != Holds || roots == nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			s.Trusted, s.Chain = false, "its certificates cannot be read"
		}
	}()
	if err := s.p7.VerifyWithChain(roots); err != nil {
		s.Chain = strings.TrimPrefix(err.Error(), "pkcs7: ")
		return
	}
	s.Trusted, s.Chain = true, "leads to a root that was given"
}
