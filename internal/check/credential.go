// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import "github.com/writ-iot/writ/internal/observation"

// The outcomes of a login.
const (
	accepted = "accepted"
	rejected = "rejected"
)

// bruteForce is how many refused logins within how long are a trial by force.
const (
	bruteForce     = 10
	bruteForceSpan = 300 * second
)

// credentials are the checks for what could be read of logins. A fault of the one who was tried: the server.
func credentials() []check {
	reads := []string{"telnet", "ftp", "http", "mqtt", "smtp", "pop3", "imap", "snmp", "ldap"}
	return []check{
		{
			fact: "credentials.cleartext", note: "a credential was readable", on: []string{"login"}, reads: reads,
			blind: unreadable(unreadAny),
			see: func(x *look) who {
				if b := x.o.Body.(*observation.Login); b.Readable && b.Secret.Length > 0 && !anonymous(b) {
					return both
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 23, login("", accepted))).of(camera, yes),
			met: watched(tcp(panel, camera, 21, &observation.Login{Protocol: "ftp", User: "admin",
				Outcome: accepted})).of(camera, no),
			trap: saw(tcp(panel, camera, 21, &observation.Login{Protocol: "ftp", User: "anonymous",
				Readable: true, Outcome: accepted,
				Secret: observation.Secret{What: "credential", Length: 5}})).of(camera, unsaid),
		},
		{
			fact: "credentials.default_on_wire", note: "a published factory credential was readable and not refused",
			on: []string{"login"}, reads: reads,
			see: func(x *look) who {
				if b := x.o.Body.(*observation.Login); b.Readable && b.Factory != "" && b.Outcome != rejected {
					return server
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 23, login("mirai-2016", "unknown"))).of(camera, yes),
			met:      watched(tcp(panel, camera, 23, login("", accepted))).of(camera, no),
			// an attacker's try is not its fault
			trap: saw(tcp(panel, camera, 23, login("mirai-2016", rejected))).of(camera, unsaid),
		},
		{
			fact: "credentials.default_accepted", note: "a published factory credential was accepted",
			on: []string{"login"}, reads: reads,
			see: func(x *look) who {
				if b := x.o.Body.(*observation.Login); b.Factory != "" && b.Outcome == accepted {
					return server
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 23, login("mirai-2016", accepted))).of(camera, yes),
			met:      watched(tcp(panel, camera, 23, login("mirai-2016", rejected))).of(camera, no),
			trap:     saw(tcp(panel, camera, 23, login("mirai-2016", "unknown"))).of(camera, unsaid),
		},
		{
			fact: "credentials.brute_forced", note: "ten logins were refused within five minutes",
			on: []string{"login"}, reads: reads,
			see: func(x *look) who {
				if x.o.Body.(*observation.Login).Outcome == rejected && count(x.r.refused, x, x.server,
					bruteForce, bruteForceSpan) {
					return server
				}
				return nobody
			},
			violated: saw(tcp(panel, camera, 23, login("", rejected)).times(10)...).of(camera, yes),
			met:      watched(tcp(panel, camera, 23, login("", rejected)).times(9)...).of(camera, no),
			// too slow
			trap: saw(tcp(panel, camera, 23, login("", rejected)).after(60).times(10)...).of(camera, unsaid),
		},
	}
}

// login is one for examples.
func login(list, outcome string) *observation.Login {
	return &observation.Login{Protocol: "telnet", User: "admin", Readable: true, Factory: list, Outcome: outcome,
		Secret: observation.Secret{What: "password", Length: 5, Digest: "00"}}
}

// anonymous logins carry no credential: FTP's custom of an address for a password (RFC 1635).
func anonymous(b *observation.Login) bool {
	return b.Protocol == "ftp" && (b.User == "anonymous" || b.User == "ftp")
}
