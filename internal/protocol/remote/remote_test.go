// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func TestRexecShowsThePasswordAndTheAnswer(t *testing.T) {
	got := Stream(t, rexec(), 512, Out("1022\x00root\x00secret\x00id\x00"), In("\x01denied\n"))
	Want(t, got, &observation.Session{Protocol: "rexec"}, &observation.Login{Protocol: "rexec", User: "root",
		Secret: Secret("credential", "secret"), Readable: true, Outcome: "rejected"})
	NotRecognised(t, rexec(), 514, Out("1022\x00root\x00secret\x00id\x00"))
}

func TestRshNeedsAReservedPort(t *testing.T) {
	NotRecognised(t, rsh(), 514, Out("1022\x00a\x00b\x00id\x00")) // the test client speaks from 40001
	NotRecognised(t, rsh(), 514, Out("<34>Oct 11 host su: failed\n"))
}

func TestRloginIsTrustOrAPassword(t *testing.T) {
	opening := Out("\x00eve\x00root\x00xterm/38400\x00")
	Want(t, Stream(t, rlogin(), 513, opening, In("\x00")), &observation.Session{Protocol: "rlogin"},
		&observation.Login{Protocol: "rlogin", User: "eve/root", Outcome: "unknown"})
	Want(t, Stream(t, rlogin(), 513, opening, In("\x00Password: "), Out("s3cret\r"), In("\r\nLogin incorrect\r\n")),
		&observation.Session{Protocol: "rlogin", Banner: "Password:"},
		&observation.Login{Protocol: "rlogin", User: "eve/root", Secret: Secret("credential", "s3cret"), Readable: true, Outcome: "rejected"})
	NotRecognised(t, rlogin(), 513, Out("\x00\x00\x00\x2a\xffSMB"))
}

func TestVNCSaysWhatGuardsTheScreen(t *testing.T) {
	challenge := strings.Repeat("c", 16)
	Want(t, Stream(t, vnc(), 5900, In("RFB 003.008\n"), Out("RFB 003.008\n"), In("\x01\x01"), Out("\x01"), In("\x00\x00\x00\x00")),
		&observation.Session{Protocol: "vnc", Version: "RFB 003.008", Detail: "none"})
	Want(t, Stream(t, vnc(), 7000, In("RFB 003.003\n"), Out("RFB 003.003\n"), In("\x00\x00\x00\x02"+challenge), Out(challenge), In("\x00\x00\x00\x01")),
		&observation.Session{Protocol: "vnc", Version: "RFB 003.003", Detail: "vnc-auth"},
		&observation.Login{Protocol: "vnc", Secret: observation.Secret{What: "digest-response"}, Outcome: "rejected"})
	NotRecognised(t, vnc(), 5900, In("RFB abc.def\n"))
}

func TestRDPIsToldFromOtherX224(t *testing.T) {
	request := "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"
	answer := "\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x00\x08\x00\x02\x00\x00\x00"
	Want(t, Stream(t, rdp(), 13389, Out(request), In(answer), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "rdp", StartTLS: true, Detail: "credssp"})
	Want(t, Stream(t, rdp(), 3389, Out(request), In(answer[:3]+"\x0b\x06"+answer[5:11])),
		&observation.Session{Protocol: "rdp", Detail: "standard-security"})
	NotRecognised(t, rdp(), 102, Out("\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00\xc1\x02\x01\x00\xc2\x02\x01\x02\xc0\x01\x0a"))
}

func TestX11SaysWhetherAnyoneMayDraw(t *testing.T) {
	Want(t, Stream(t, x11(), 6000, Out("l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00"), In("\x01")),
		&observation.Session{Protocol: "x11", Detail: "none"})
	Want(t, Stream(t, x11(), 6000, Out("B\x00\x00\x0b\x00\x00\x00\x12\x00\x10\x00\x00MIT-MAGIC-COOKIE-1\x00\x00"), In("\x01")),
		&observation.Session{Protocol: "x11", Detail: "MIT-MAGIC-COOKIE-1"})
	NotRecognised(t, x11(), 6000, Out("l\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
}

func adbPacket(command, body string) string {
	p := []byte(command + "\x00\x00\x00\x01\x00\x10\x00\x00" + string(rune(len(body))) + "\x00\x00\x00\x00\x00\x00\x00")
	for _, b := range []byte(command) {
		p = append(p, ^b)
	}
	return string(p) + body
}

func TestADBSaysWhetherTheShellIsOpenToAnyone(t *testing.T) {
	hello, answer := adbPacket("CNXN", "host::\x00"), adbPacket("CNXN", "device::ro.product.model=TV Box;\x00")
	Want(t, Stream(t, adb(), 5555, Out(hello), In(answer)),
		&observation.Session{Protocol: "adb", Detail: "none", Banner: "device::ro.product.model=TV Box;"},
		&observation.Identity{Protocol: "adb", Model: "TV Box"})
	Want(t, Stream(t, adb(), 15555, Out(hello), In(adbPacket("AUTH", strings.Repeat("t", 20)))),
		&observation.Session{Protocol: "adb", Detail: "auth"})
	NotRecognised(t, adb(), 5555, Out("CNXN"+strings.Repeat("x", 30)))
}

func TestSocksSaysWhoMayPass(t *testing.T) {
	ask, grant := "\x05\x01\x00\x03\x03a.b\x00\x19", "\x05\x00\x00\x01\x0a\x00\x00\x01\x04\x38"
	Want(t, Stream(t, socks(), 1080, Out("\x05\x02\x00\x02"), In("\x05\x02"), Out("\x01\x03eve\x06s3cret"), In("\x01\x00"), Out(ask), In(grant), In("220 x\r\n")),
		&observation.Session{Protocol: "socks", Version: "5", Detail: "user-pass"},
		&observation.Login{Protocol: "socks", User: "eve", Secret: Secret("credential", "s3cret"), Readable: true, Outcome: "accepted"})
	Want(t, Stream(t, socks(), 9050, Out("\x05\x01\x00"), In("\x05\x00"), Out(ask), In(grant)), &observation.Session{Protocol: "socks", Version: "5", Detail: "no-auth"})
	Want(t, Stream(t, socks(), 1080, Out("\x04\x01\x00\x50\x00\x00\x00\x01me\x00a.b\x00"), In("\x00\x5a\x00\x00\x00\x00\x00\x00"), Out("GET /")),
		&observation.Session{Protocol: "socks", Version: "4", Detail: "no-auth"})
	NotRecognised(t, socks(), 1080, Out("\x05\x01\x00"), In("\x05\x02"))
	NotRecognised(t, socks(), 1080, Out("\x05\x01\x00"), In("HTTP"))
	NotRecognised(t, socks(), 1080, Out("\x05\x64\x00\x04"), In("\x05\x64")) // DNP3
}

func TestTFTPSaysWhichFile(t *testing.T) {
	Want(t, Packets(t, tftp(), 69, Out("\x00\x02mips.bin\x00octet\x00tsize\x0010\x00")),
		&observation.Session{Protocol: "tftp", Detail: "write mips.bin"})
	NotRead(t, tftp(), 69, Out("\x00\x03\x00\x01data"), Out("\x00\x01a\x00tape\x00"), In("\x00\x01a\x00octet\x00"), Out("\x00\x01\x00\x00"))
}

var seeds = [][]Turn{
	{In(negotiation + "login: "), Out("root\r\n"), In("Password: "), Out("xc3511\r\n"), In("# ")},
	{In("220 ftp\r\n"), Out("USER a\r\nPASS b\r\n"), In("331 x\r\n230 y\r\n")},
	{In("SSH-2.0-a\r\n" + serverInit), Out("SSH-2.0-b\r\n" + clientInit)},
	{In("RFB 003.008\n\x01\x02"), Out("RFB 003.008\n\x02")},
	{Out("1022\x00a\x00b\x00c\x00"), In("\x00")},
	{Out("\x00a\x00b\x00vt100/9600\x00"), In("\x00Password: ")},
	{Out(adbPacket("CNXN", "host::")), In(adbPacket("CNXN", "device::"))},
	{Out("\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00")},
	{Out("\x05\x01\x02"), In("\x05\x02"), Out("\x01\x01a\x01b"), In("\x01\x00"), Out("\x05\x01\x00\x01aaaapp"), In("\x05\x00\x00\x01aaaapp")},
	{Out("\x04\x01\x00\x50\x00\x00\x00\x01me\x00a.b\x00"), In("\x00\x5a\x00\x00\x00\x00\x00\x00")},
	{Out("l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00")},
}

func FuzzRemoteStreams(f *testing.F) { FuzzStreams(f, Streams(), seeds...) }

func FuzzRemoteDatagrams(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), "\x00\x01a\x00octet\x00blksize\x001428\x00", "\x00\x02\x00")
}

// BenchmarkTelnet reads one guess of a brute force: negotiation, prompts, refusal.
func BenchmarkTelnet(b *testing.B) {
	turns := []Turn{In(negotiation + "login: "), Out("root\r\n"), In("root\r\nPassword: "), Out("xc3511\r\n"), In("\r\nLogin incorrect\r\nlogin: ")}
	c := Context(23, observation.TCP)
	n := 0
	for _, t := range turns {
		n += len(t.Bytes)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		s := telnet().New()
		for _, t := range turns {
			s.Data(c, t.Dir, []byte(t.Bytes))
		}
		s.Close(c)
	}
}
