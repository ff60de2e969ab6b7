// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"strings"

	"github.com/writ-iot/writ/internal/observation"
)

// obsolete versions: RFC 6176, RFC 7568, RFC 8996 (which covers DTLS 1.0 too).
func obsolete(version string) bool {
	switch version {
	case "SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "DTLSv1.0":
		return true
	}
	return false
}

// weakSuite knows what is broken in a suite's name; 3DES counts as DES does (RFC 8429, SP 800-131A).
func weakSuite(name string) bool {
	for _, part := range [...]string{"NULL", "EXPORT", "anon", "RC4", "DES", "RC2", "MD5"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// staticRSA says that a suite's key exchange has no forward secrecy (RFC 9325 section 4.1).
func staticRSA(name string) bool {
	return strings.HasPrefix(name, "TLS_RSA_WITH_") || strings.HasPrefix(name, "TLS_RSA_EXPORT")
}

// shook is a handshake for examples.
func shook(version, suite string) *observation.TLS {
	return &observation.TLS{Protocol: "tls", Version: version, OfferedMax: "TLSv1.2", CipherName: suite,
		Established: true}
}

// good is a suite that nobody objects to.
const good = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"

// negotiated looks at what both ends agreed upon, offers at what the client proposed.
func negotiated(bad func(b *observation.TLS) bool) func(x *look) who {
	return func(x *look) who {
		if b := x.o.Body.(*observation.TLS); b.Version != "" && bad(b) {
			return both
		}
		return nobody
	}
}

func offers(bad func(b *observation.TLS) bool) func(x *look) who {
	return func(x *look) who { return only(bad(x.o.Body.(*observation.TLS)), client) }
}

// handshakes are the checks for what TLS, DTLS and QUIC negotiate. What was negotiated is both ends' doing;
// what was offered is the client's. The record layer's version says nothing (RFC 8446 section 5.1).
func handshakes() []check {
	on, reads := []string{"tls"}, []string{"tls"}
	return []check{
		{
			fact: "tls.obsolete_negotiated", note: "a version older than TLS 1.2 was negotiated",
			on: on, reads: reads,
			see:      negotiated(func(b *observation.TLS) bool { return obsolete(b.Version) }),
			violated: saw(tcp(camera, cloud, 443, shook("TLSv1.1", good))).of(camera, yes),
			met:      watched(tcp(camera, cloud, 443, shook("TLSv1.2", good))).of(camera, no),
			// offered, not negotiated
			trap: saw(tcp(camera, cloud, 443, &observation.TLS{OfferedMax: "TLSv1.0"})).of(camera, unsaid),
		},
		{
			fact: "tls.obsolete_offered_only", note: "the best version offered is older than TLS 1.2",
			on: on, reads: reads,
			see:      offers(func(b *observation.TLS) bool { return obsolete(b.OfferedMax) }),
			violated: saw(tcp(camera, cloud, 443, &observation.TLS{OfferedMax: "TLSv1.0"})).of(camera, yes),
			met:      watched(tcp(camera, cloud, 443, shook("TLSv1.2", good))).of(camera, no),
			trap: saw(tcp(panel, camera, 443, &observation.TLS{OfferedMax: "TLSv1.0",
				Version: "TLSv1.0"})).of(camera, unsaid),
		},
		{
			fact: "tls.weak_cipher_negotiated", note: "a broken cipher suite was negotiated", on: on, reads: reads,
			see:      negotiated(func(b *observation.TLS) bool { return weakSuite(b.CipherName) }),
			violated: saw(tcp(camera, panel, 443, shook("TLSv1.2", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"))).of(panel, yes),
			met:      watched(tcp(camera, panel, 443, shook("TLSv1.2", good))).of(panel, no),
			trap: saw(tcp(camera, panel, 443, &observation.TLS{Version: "TLSv1.2", CipherName: good,
				WeakOffered: true})).of(panel, unsaid),
		},
		{
			fact: "tls.weak_cipher_offered", note: "broken cipher suites were offered", on: on, reads: reads,
			see: offers(func(b *observation.TLS) bool { return b.WeakOffered }),
			violated: saw(tcp(camera, cloud, 443, &observation.TLS{OfferedMax: "TLSv1.2",
				WeakOffered: true})).of(camera, yes),
			met: watched(tcp(camera, cloud, 443, shook("TLSv1.2", good))).of(camera, no),
			trap: saw(tcp(panel, camera, 443, &observation.TLS{OfferedMax: "TLSv1.2",
				WeakOffered: true})).of(camera, unsaid),
		},
	}
}

// secrecy are the checks for what handshakes come to.
func secrecy() []check {
	on, reads := []string{"tls"}, []string{"tls"}
	return []check{
		{
			fact: "tls.no_forward_secrecy", note: "a suite with static RSA key exchange was negotiated",
			on: on, reads: reads,
			see:      negotiated(func(b *observation.TLS) bool { return staticRSA(b.CipherName) }),
			violated: saw(tcp(camera, cloud, 443, shook("TLSv1.2", "TLS_RSA_WITH_AES_128_CBC_SHA"))).of(camera, yes),
			met:      watched(tcp(camera, cloud, 443, shook("TLSv1.2", good))).of(camera, no),
			trap: saw(tcp(camera, cloud, 443, shook("TLSv1.2",
				"TLS_DHE_RSA_WITH_AES_128_CBC_SHA"))).of(camera, unsaid),
		},
		{
			fact: "tls.used", note: "a handshake was completed", on: on, reads: reads, good: true,
			see:      negotiated(func(b *observation.TLS) bool { return b.Established }),
			violated: watched(tcp(camera, cloud, 80, &observation.HTTP{Method: "GET"})).of(camera, no),
			met:      saw(tcp(camera, cloud, 443, modern())).of(camera, yes),
			trap:     saw(tcp(camera, cloud, 443, &observation.TLS{OfferedMax: "TLSv1.3"})).of(camera, unsaid),
		},
		{
			fact: "tls.modern_only", note: "a handshake negotiated an older version than TLS 1.2 or a broken suite",
			on:    on,
			reads: reads, needs: "tls.used",
			see: negotiated(func(b *observation.TLS) bool { return obsolete(b.Version) || weakSuite(b.CipherName) }),
			violated: saw(tcp(camera, cloud, 443, shook("TLSv1.0", good)), tcp(camera, cloud, 443,
				modern())).of(camera, no),
			met: watched(tcp(camera, cloud, 443, modern())).of(camera, yes),
			// of no handshake all are modern
			trap: watched(tcp(camera, cloud, 80, &observation.HTTP{Method: "GET"})).of(camera, unsaid),
		},
	}
}
