// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import "github.com/writ-iot/writ/internal/observation"

// mail are the checks for mail and directories without TLS.
func mail() []check {
	return []check{
		{
			fact: "service.mail_cleartext", note: "SMTP, POP3 or IMAP without TLS", on: []string{"session", "login"},
			reads:    []string{"smtp", "pop3", "imap"},
			see:      func(x *look) who { return said(x, both, "smtp", "smtp-auth", "pop3", "imap") },
			violated: saw(tcp(camera, cloud, 25, &observation.Session{Protocol: "smtp"})).of(camera, yes),
			met: watched(tcp(camera, cloud, 587, &observation.Session{Protocol: "smtp",
				StartTLS: true})).of(camera, no),
			trap: saw(tcp(camera, cloud, 587, &observation.Session{Protocol: "smtp",
				StartTLS: true})).of(camera, unsaid),
		},
		{
			fact: "service.ldap_cleartext", note: "LDAP without TLS", on: []string{"session",
				"login"}, reads: []string{"ldap"},
			see: func(x *look) who { return said(x, both, "ldap", "ldap-simple") },
			violated: saw(tcp(camera, panel, 389, &observation.Login{Protocol: "ldap-simple",
				User: "cn=x"})).of(panel, yes),
			met: watched(tcp(camera, panel, 636, modern())).of(camera, no),
			trap: saw(tcp(camera, panel, 389, &observation.Session{Protocol: "ldap",
				StartTLS: true})).of(camera, unsaid),
		},
	}
}
