// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"encoding/base64"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func signIn(proto, user, password, outcome, list string) *observation.Login {
	return &observation.Login{Protocol: proto, User: user, Secret: Secret("credential", password), Readable: true, Outcome: outcome, Factory: list}
}

func session(proto, banner string) *observation.Session {
	return &observation.Session{Protocol: proto, Banner: banner}
}

func TestSMTPSaysWhoLoggedIn(t *testing.T) {
	opening := []Turn{In("220 mx.example ESMTP\r\n"), Out("EHLO cam\r\n"), In("250-mx.example\r\n250 AUTH PLAIN LOGIN\r\n")}
	t.Run("PLAIN in one line", func(t *testing.T) {
		Want(t, Stream(t, smtp(), 2500, append(opening, Out("AUTH PLAIN "+b64("\x00admin\x00admin")+"\r\n"), In("235 2.7.0 ok\r\n"), Out("MAIL FROM:<a@b>\r\n"))...),
			session("smtp", "mx.example ESMTP"), signIn("smtp-auth", "admin", "admin", "accepted", "mirai-2016"))
	})
	t.Run("LOGIN, refused, then given up", func(t *testing.T) {
		Want(t, Stream(t, smtp(), 25, append(opening, Out("AUTH LOGIN\r\n"), In("334 VXNlcm5hbWU6\r\n"), Out(b64("eve")+"\r\n"), In("334 UGFzc3dvcmQ6\r\n"),
			Out(b64("s3cret")+"\r\n"), In("535 no\r\n"), Out("AUTH LOGIN\r\n"), In("334 VXNlcm5hbWU6\r\n"), Out("*\r\n"), In("501 given up\r\n"))...),
			session("smtp", "mx.example ESMTP"), signIn("smtp-auth", "eve", "s3cret", "rejected", ""),
			&observation.Login{Protocol: "smtp-auth", Outcome: "unknown"})
	})
	t.Run("refused before a name was said", func(t *testing.T) {
		Want(t, Stream(t, smtp(), 25, append(opening, Out("AUTH LOGIN\r\n"), In("503 not advertised\r\n"))...),
			session("smtp", "mx.example ESMTP"), &observation.Login{Protocol: "smtp-auth", Outcome: "rejected"})
	})
}

func TestSMTPTurnsIntoTLS(t *testing.T) {
	Want(t, Stream(t, smtp(), 25, In("220 mx ESMTP\r\n"), Out("EHLO a\r\n"), In("250 STARTTLS\r\n"), Out("STARTTLS\r\n"), In("220 go ahead\r\n"), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "smtp", Banner: "mx ESMTP", StartTLS: true})
	Want(t, Stream(t, smtp(), 25, In("220 mx ESMTP\r\n"), Out("STARTTLS\r\n"), In("454 not now\r\n"), Out("QUIT\r\n"), In("220 odd\r\n")), session("smtp", "mx ESMTP"))
}

func TestSMTPIsToldFromFTP(t *testing.T) {
	NotRecognised(t, smtp(), 4000, In("220 camera FTP server\r\n"), Out("USER a\r\n"))
	NotRecognised(t, smtp(), 4000, In("220 ready\r\n"), Out("FEAT\r\n"))
	NotRecognised(t, smtp(), 4000, Out("GET / HTTP/1.1\r\n"))
	Stream(t, smtp(), 4000, In("220 ready\r\n"), Out("HELO a\r\n"), In("250 ok\r\n"))
	Stream(t, smtp(), 25, In("554 no\r\n"))
}

func TestPOP3SaysWhoLoggedIn(t *testing.T) {
	Want(t, Stream(t, pop3(), 1100, In("+OK POP server ready\r\n"), Out("user eve@example\r\n"), In("+OK\r\n"), Out("pass wrong one\r\n"), In("-ERR no\r\n"),
		Out("USER eve@example\r\n"), In("+OK\r\n"), Out("PASS right\r\n"), In("+OK mailbox\r\n"), Out("LIST\r\n")),
		session("pop3", "POP server ready"), signIn("pop3", "eve@example", "wrong one", "rejected", ""), signIn("pop3", "eve@example", "right", "accepted", ""))
	Want(t, Stream(t, pop3(), 110, In("+OK <1.2@x>\r\n"), Out("APOP eve c4c9334bac560ecc979e58001b3e22fb\r\n"), In("+OK\r\n")), session("pop3", "<1.2@x>"),
		&observation.Login{Protocol: "pop3", User: "eve", Secret: observation.Secret{What: "digest-response"}, Outcome: "accepted"})
	Want(t, Stream(t, pop3(), 110, Out("CAPA\r\n"), In("+OK list\r\nSASL XOAUTH2\r\n.\r\n"), Out("AUTH XOAUTH2\r\n"), In("+ \r\n"),
		Out(b64("user=eve\x01auth=Bearer t\x01\x01")+"\r\n"), In("+OK\r\n")), session("pop3", ""),
		&observation.Login{Protocol: "pop3-auth", User: "eve", Secret: Secret("token", "t"), Readable: true, Outcome: "accepted"})
}

func TestPOP3AnswersToPipelinedCommandsAreCounted(t *testing.T) {
	Want(t, Stream(t, pop3(), 110, In("+OK hi\r\n"), Out("USER eve\r\nPASS a\r\n"), In("+OK\r\n-ERR no\r\n")), session("pop3", "hi"),
		signIn("pop3", "eve", "a", "rejected", ""))
}

func TestPOP3TurnsIntoTLS(t *testing.T) {
	Want(t, Stream(t, pop3(), 110, In("+OK hi\r\n"), Out("STLS\r\n"), In("+OK begin\r\n"), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "pop3", Banner: "hi", StartTLS: true})
}

func TestPOP3IsToldFromRedisAndFTP(t *testing.T) {
	NotRecognised(t, pop3(), 6379, Out("*2\r\n$4\r\nAUTH\r\n$1\r\na\r\n"), In("+OK\r\n"))
	NotRecognised(t, pop3(), 6379, Out("AUTH a\r\n"), In("+OK\r\n"))
	NotRecognised(t, pop3(), 21, In("220 x\r\n"), Out("USER a\r\n"))
}

func TestIMAPReadsEverySpellingOfALogin(t *testing.T) {
	hello := In("* OK [CAPABILITY IMAP4rev1] ready\r\n")
	banner := session("imap", "OK [CAPABILITY IMAP4rev1] ready")
	for name, say := range map[string][]Turn{
		"atoms":   {Out("a1 LOGIN eve s3cret\r\n")},
		"quoted":  {Out("a1 login \"eve\" \"s3\\cret\"\r\n")},
		"literal": {Out("a1 LOGIN {3}\r\n"), In("+ go\r\n"), Out("eve {6}\r\n"), In("+ go\r\n"), Out("s3cret\r\n")},
		"pushed":  {Out("a1 LOGIN {3+}\r\neve {6+}\r\ns3cret\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			Want(t, Stream(t, imap(), 1430, append(append([]Turn{hello}, say...), In("* CAPABILITY\r\na1 NO no\r\n"))...), banner,
				signIn("imap", "eve", "s3cret", "rejected", ""))
		})
	}
	Want(t, Stream(t, imap(), 143, hello, Out("x AUTHENTICATE PLAIN\r\n"), In("+ \r\n"), Out(b64("\x00eve\x00s3cret")+"\r\n"), In("x OK in\r\n"), Out("y SELECT a\r\n")),
		banner, signIn("imap-auth", "eve", "s3cret", "accepted", ""))
}

func TestIMAPTurnsIntoTLSOrNeedsNoLogin(t *testing.T) {
	Want(t, Stream(t, imap(), 143, In("* OK x\r\n"), Out("a STARTTLS\r\n"), In("a OK go\r\n"), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "imap", Banner: "OK x", StartTLS: true})
	Want(t, Stream(t, imap(), 143, In("* PREAUTH x\r\n"), Out("a SELECT b\r\n")),
		&observation.Session{Protocol: "imap", Banner: "PREAUTH x", Detail: "preauth"})
	NotRecognised(t, imap(), 143, Out("GET / HTTP/1.1\r\n"), In("HTTP/1.1 200 OK\r\n"))
	NotRecognised(t, imap(), 4000, Out("USER a\r\n"), In("+OK\r\n"))
}

func TestALostPieceEndsALoginUnknown(t *testing.T) {
	for _, p := range Streams() {
		Gaps(t, p.New(), In("x\r\n"), Out("AUTH LOGIN\r\n"), Lost(protocol.ToClient, 9), Out("eve\r\n"), In("235 ok\r\n"))
	}
	got := Gaps(t, smtp().New(), In("220 a\r\n"), Out("AUTH PLAIN "+b64("\x00e\x00p")+"\r\n"), Lost(protocol.ToClient, 9), In("235 ok\r\n"))
	Want(t, got, session("smtp", "a"), signIn("smtp-auth", "e", "p", "unknown", ""))
}

func FuzzMail(f *testing.F) {
	FuzzStreams(f, Streams(),
		[]Turn{In("220 a ESMTP\r\n"), Out("EHLO a\r\nAUTH LOGIN\r\n"), In("334 a\r\n"), Out("YQ==\r\nYg==\r\n"), In("235 ok\r\n")},
		[]Turn{In("+OK a\r\n"), Out("USER a\r\nPASS b\r\n"), In("+OK\r\n-ERR\r\n"), Out("STLS\r\n"), In("+OK\r\n")},
		[]Turn{In("* OK a\r\n"), Out("a LOGIN {1}\r\nb \"c\\\"\"\r\n"), In("a NO\r\n"), Out("b STARTTLS\r\n"), In("b OK\r\n")})
}
