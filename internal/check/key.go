// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
)

// weakKex and weakCipher: RFC 9142 (SHA-1 with a 1024-bit group; unverified groups), RFC 8758 (RC4), and
// ciphers in CBC mode or with blocks of 64 bits, which SSH's own construction leaves open to recovery of
// plain text (RFC 4253's encrypt-and-MAC; CVE-2008-5161).
func weakKex(name string) bool {
	switch name {
	case "diffie-hellman-group1-sha1", "diffie-hellman-group-exchange-sha1", "rsa1024-sha1":
		return true
	}
	return false
}

func weakCipher(name string) bool {
	return name == "none" || strings.HasPrefix(name, "arcfour") || strings.HasPrefix(name, "3des") ||
		strings.HasPrefix(name, "des") || strings.HasPrefix(name, "blowfish") || strings.HasPrefix(name, "cast128") ||
		strings.HasPrefix(name, "rc4") || strings.HasSuffix(name, "-cbc")
}

// keys are the checks for how keys are agreed outside TLS.
func keys() []check {
	strong := &observation.SSH{ServerBanner: "SSH-2.0-x", ServerKex: []string{"curve25519-sha256"},
		ServerCiphers: []string{"aes128-gcm@openssh.com"}}
	return []check{
		{
			fact: "ssh.protocol_1", note: "the server's greeting offers SSH protocol 1",
			on: []string{"ssh"}, reads: []string{"ssh"},
			see: func(x *look) who {
				// 1.99 stands for: both 1 and 2 (RFC 4253 section 5.1).
				if strings.HasPrefix(x.o.Body.(*observation.SSH).ServerBanner, "SSH-1.") {
					return server
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 22, &observation.SSH{ServerBanner: "SSH-1.99-x"})).of(camera, yes),
			met:      watched(tcp(panel, camera, 22, strong)).of(camera, no),
			trap: saw(tcp(panel, camera, 22, &observation.SSH{ClientBanner: "SSH-1.99-x",
				ServerBanner: "SSH-2.0-x"})).of(panel, unsaid),
		},
		{
			fact: "ssh.weak_algorithms", note: "the server offers weak key exchanges or ciphers",
			on: []string{"ssh"}, reads: []string{"ssh"},
			see: func(x *look) who {
				b := x.o.Body.(*observation.SSH)
				if slices.ContainsFunc(b.ServerKex, weakKex) || slices.ContainsFunc(b.ServerCiphers, weakCipher) {
					return server
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 22, &observation.SSH{ServerCiphers: []string{"aes128-ctr",
				"3des-cbc"}})).of(camera, yes),
			met: watched(tcp(panel, camera, 22, strong)).of(camera, no),
			trap: saw(tcp(panel, camera, 22, &observation.SSH{ClientKex: []string{"diffie-hellman-group1-sha1"},
				ServerKex: []string{"curve25519-sha256"}})).of(camera, unsaid),
		},
		{
			fact: "ike.weak_group", note: "IKE with group 1, 2 or 5", on: []string{"kex"}, reads: []string{"ike"},
			see: func(x *look) who {
				if b := x.o.Body.(*observation.Kex); b.Protocol == "ike" && b.Weak {
					return client
				}
				return nobody
			},
			violated: saw(udp(camera, panel, 500, &observation.Kex{Protocol: "ike", Group: 2,
				Weak: true})).of(camera, yes),
			met: watched(udp(camera, panel, 500, &observation.Kex{Protocol: "ike", Group: 19})).of(camera, no),
			trap: saw(udp(camera, panel, 500, &observation.Kex{Protocol: "ike", Group: 2,
				Weak: true})).of(panel, unsaid),
		},
		{
			fact: "opcua.security_none", note: "a channel with security policy None was opened",
			on: []string{"ot"}, reads: []string{"opcua"},
			see: func(x *look) who {
				if b := x.o.Body.(*observation.OT); b.Protocol == "opcua" && b.SecurityNone {
					return server
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 4840, &observation.OT{Protocol: "opcua",
				Function: "open-secure-channel", SecurityNone: true})).of(camera, yes),
			met: watched(tcp(panel, camera, 4840, &observation.OT{Protocol: "opcua",
				Function: "open-secure-channel"})).of(camera, no),
			trap: saw(tcp(panel, camera, 4840, &observation.OT{Protocol: "opcua",
				SecurityNone: true})).of(panel, unsaid),
		},
	}
}
