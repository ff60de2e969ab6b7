// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/observation"
)

// certificates are the checks on the certificate that a server showed. Both ends use it: one shows it, the
// other goes on with it. The rest of a chain, and a client's own, are other questions.
func certificates() []check {
	const day = 86400
	fine := func(edit func(b *observation.Certificate)) *observation.Certificate {
		b := &observation.Certificate{SHA256: "00", Subject: "CN=a", Issuer: "CN=b", NotBefore: exampleStart - 90*day,
			NotAfter: exampleStart + 90*day, KeyType: "RSA", KeyBits: 2048, Signature: "SHA256-RSA"}
		if edit != nil {
			edit(b)
		}
		return b
	}
	rule := func(name fact.Name, note string, bad func(o *observation.Observation, b *observation.Certificate) bool,
		worse, trap func(b *observation.Certificate)) check {
		return check{
			fact: name, note: note, on: []string{"certificate"}, reads: []string{"tls"},
			see: func(x *look) who {
				if b := x.o.Body.(*observation.Certificate); b.Position == 0 && !b.FromClient && bad(x.o, b) {
					return both
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 443, fine(worse))).of(camera, yes),
			met:      watched(tcp(panel, camera, 443, fine(nil))).of(camera, no),
			trap:     saw(tcp(panel, camera, 443, fine(trap))).of(camera, unsaid),
		}
	}
	return []check{
		rule("tls.certificate_expired", "the server's certificate had expired",
			func(o *observation.Observation, b *observation.Certificate) bool {
				return b.NotAfter != 0 && o.Time/second > b.NotAfter
			},
			func(b *observation.Certificate) { b.NotAfter = exampleStart - day },
			func(b *observation.Certificate) { b.NotAfter, b.Position = exampleStart-day, 1 }),
		rule("tls.certificate_not_yet_valid", "the server's certificate was not valid yet",
			func(o *observation.Observation, b *observation.Certificate) bool {
				return b.NotBefore != 0 && o.Time/second < b.NotBefore
			},
			func(b *observation.Certificate) { b.NotBefore = exampleStart + 30*day },
			func(b *observation.Certificate) { b.NotBefore, b.FromClient = exampleStart+30*day, true }),
		rule("tls.certificate_weak_key", "the server's certificate has a short key",
			func(_ *observation.Observation, b *observation.Certificate) bool {
				return (b.KeyType == "RSA" || b.KeyType == "DSA") && b.KeyBits > 0 && b.KeyBits < 2048 ||
					b.KeyType == "EC" && b.KeyBits > 0 && b.KeyBits < 224
			},
			func(b *observation.Certificate) { b.KeyBits = 1024 },
			func(b *observation.Certificate) { b.KeyType, b.KeyBits = "EC", 256 }),
		rule("tls.certificate_weak_signature", "the server's certificate is signed with MD5 or SHA-1",
			func(_ *observation.Observation, b *observation.Certificate) bool {
				s := strings.ReplaceAll(b.Signature, "-", "")
				return strings.Contains(s, "SHA1") || strings.Contains(s, "MD5") || strings.Contains(s, "MD2")
			},
			func(b *observation.Certificate) { b.Signature = "SHA1-RSA" },
			// a root's own says nothing
			func(b *observation.Certificate) { b.Signature, b.Position = "SHA1-RSA", 2 }),
		rule("tls.certificate_self_signed", "the server's certificate names itself as issuer",
			func(_ *observation.Observation, b *observation.Certificate) bool { return b.SelfSigned },
			func(b *observation.Certificate) { b.SelfSigned = true },
			func(b *observation.Certificate) { b.SelfSigned, b.Position = true, 1 }),
	}
}
