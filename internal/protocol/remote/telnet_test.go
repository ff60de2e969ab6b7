// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

const negotiation = "\xff\xfb\x01\xff\xfb\x03\xff\xfd\x1f"

func telnetLogin(user, password, outcome, list string) *observation.Login {
	return &observation.Login{Protocol: "telnet", User: user, Secret: Secret("credential", password), Readable: true, Outcome: outcome, Factory: list}
}

func telnetSession(banner string) *observation.Session {
	return &observation.Session{Protocol: "telnet", Banner: banner}
}

func TestTelnetTellsWhoLoggedInAndWhetherTheDeviceAgreed(t *testing.T) {
	got := Stream(t, telnet(), 2323,
		In(negotiation), Out("\xff\xfd\x01\xff\xfd\x03"), In("DVR login: "), Out("root\r\n"), In("root\r\nPassword: "),
		Out("xc3511\r\n"), In("\r\n\r\nBusyBox v1.16.1 built-in shell (ash)\r\n# "), Out("enable\r\n"))
	Want(t, got, telnetSession("DVR login:"), telnetLogin("root", "xc3511", "accepted", "mirai-2016"))
}

func TestTelnetRefusals(t *testing.T) {
	got := Stream(t, telnet(), 23,
		In(negotiation+"login: "), Out("admin\r\n"), In("Password: "), Out("one-guess\r\n"), In("\r\nLogin incorrect\r\nlogin: "),
		Out("admin\r\n"), In("Password: "), Out("another\r\n"), In("\r\nlogin: "),
		Out("admin\r\n"), In("Password: "), Out("a third\r\n"))
	Want(t, got, telnetSession("login:"), telnetLogin("admin", "one-guess", "rejected", ""),
		telnetLogin("admin", "another", "rejected", ""), telnetLogin("admin", "a third", "unknown", ""))
}

func TestTelnetCharacterModeWithEchoAndCorrections(t *testing.T) {
	got := Stream(t, telnet(), 23, In(negotiation+"\r\nlogin: "),
		Out("a"), In("a"), Out("x"), In("x"), Out("\x7f"), In("\b \b"), Out("b"), In("b"), Out("\r\x00"), In("\r\nPassword: "),
		Out("s3"), Out("cret\r\x00"), In("\r\nLast login: Mon Jan  1\r\n$ "))
	Want(t, got, telnetSession("login:"), telnetLogin("ab", "s3cret", "accepted", ""))
}

func TestTelnetTypedAhead(t *testing.T) {
	got := Stream(t, telnet(), 23, In(negotiation+"login: "), Out("root\r\nvizxv\r\n"), In("root\r\nPassword: \r\nLogin incorrect\r\nlogin: "))
	Want(t, got, telnetSession("login:"), telnetLogin("root", "vizxv", "rejected", "mirai-2016"))
}

func TestTelnetALineThatNobodyAskedForIsNoPassword(t *testing.T) {
	got := Stream(t, telnet(), 23, In(negotiation+"user: "), Out("guest\r\n"), Out("show version\r\n"), In("ok\r\nfirmware 1.2\r\n> "))
	Want(t, got, telnetSession("user:"))
}

func TestTelnetPasswordAlone(t *testing.T) {
	got := Stream(t, telnet(), 9000, In("\r\nUser Access Verification\r\n\r\nPassword: "), Out("cisco\r\n"), In("\r\nRouter>"))
	Want(t, got, telnetSession("User Access Verification Password:"), telnetLogin("", "cisco", "accepted", ""))
}

func TestTelnetIsRecognisedByALoginPromptOnAnyPort(t *testing.T) {
	got := Stream(t, telnet(), 60023, In("(none) login: "), Out("root\n"))
	Want(t, got, telnetSession("(none) login:"))
}

func TestTelnetIsNotWhatOnlyLooksLikeIt(t *testing.T) {
	for _, other := range [][]Turn{
		{In("220 ready\r\n"), Out("USER x\r\n"), In("331 password:")},
		{Out("GET / HTTP/1.1\r\n\r\n"), In("HTTP/1.1 200 OK\r\n\r\n<p>login:")},
		{In("\xff\xfb\x90\x64\x00\x0f\xf0\x00")}, // MPEG audio
		{Out("\xff\xd8\xff\xe0\x00\x10JFIF")},
		{Out("\x16\x03\x01\x02\x00\x01\x00")},
		{In("+OK login:"), Out("USER x\r\n")},
		{Out("hello"), In("world login:")},
	} {
		NotRecognised(t, telnet(), 4000, other...)
	}
}

func TestTelnetSurvivesALostPrompt(t *testing.T) {
	s := telnet().New()
	Gaps(t, s, In(negotiation+"login: "), Out("root\r\n"), Lost(protocol.ToClient, 10), Out("xc3511\r\n"), In("# "))
}
