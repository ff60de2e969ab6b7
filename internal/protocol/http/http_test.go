// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func one() protocol.StreamProtocol { return Streams()[0] }

func TestARequestAndItsAnswer(t *testing.T) {
	got := Stream(t, one(), 8080,
		Out("GET /status.cgi;id=77?token=s3cret#x HTTP/1.1\r\nHost: camera.example\r\nUser-Agent: curl/8.5\r\n\r\n"),
		In("HTTP/1.1 200 OK\r\nServer: GoAhead-Webs\r\nContent-Type: text/html\r\nContent-Length: 48\r\n\r\n"+
			"<html><TITLE lang=de>Caf&eacute; cam</TITLE></html>"[:48]),
		Out("HEAD http://user:pw@other.example/a/b?c HTTP/1.0\r\n\r\n"), In("HTTP/1.0 302 Found\r\nContent-Length: 999\r\n"+
			"Location: https://user:pw@other.example/login?next=/secret\r\n\r\n"))
	Want(t, got, &observation.HTTP{Method: "GET", Host: "camera.example", Path: "/status.cgi", UserAgent: "curl/8.5", Status: 200,
		Server: "GoAhead-Webs", ContentType: "text/html", ContentLength: 48, Title: "Café cam"},
		&observation.HTTP{Method: "HEAD", Host: "other.example", Path: "/a/b", Status: 302, ContentLength: 999, Location: "https://other.example/login"})
}

func TestRequestsInAPipelineMeetTheirAnswers(t *testing.T) {
	got := Stream(t, one(), 80, Out("GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nx\ryDELETE /c HTTP/1.1\r\n\r\n"),
		In("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nHTTP/\r\n4\r\n1.1 \r\n0\r\nTrailer: a\r\n\r\n"+
			"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
	Want(t, got, &observation.HTTP{Method: "GET", Path: "/a", Status: 200}, &observation.HTTP{Method: "POST", Path: "/b", Status: 204},
		&observation.HTTP{Method: "DELETE", Path: "/c", Status: 404})
}

func authorization(scheme, what string) string {
	return "GET / HTTP/1.1\r\nAuthorization: " + scheme + " " + what + "\r\n\r\n"
}

func TestBasicCredentials(t *testing.T) {
	pair := base64.StdEncoding.EncodeToString([]byte("admin:admin"))
	answer := func(status string) Turn {
		return In("HTTP/1.1 " + status + "\r\nWWW-Authenticate: Basic realm=\"IP Camera\"\r\nContent-Length: 0\r\n\r\n")
	}
	for status, outcome := range map[string]string{"200 OK": "accepted", "401 Unauthorized": "rejected", "304 Not Modified": "accepted", "404 Not Found": "unknown"} {
		got := Stream(t, one(), 80, Out(authorization("Basic", pair)), answer(status))
		l, ok := got[1].(*observation.Login)
		if !ok || l.Protocol != "http-basic" || l.User != "admin" || l.Outcome != outcome || !l.Readable || l.Factory == "" ||
			l.Secret != Secret("credential", "admin") {
			t.Errorf("%s: got %+v", status, got[1])
		}
		if h := got[0].(*observation.HTTP); h.AuthScheme != "basic" || h.Realm != "IP Camera" {
			t.Errorf("%s: got %+v", status, h)
		}
		if strings.Contains(fmt.Sprintf("%+v", got[0]), pair) {
			t.Error("the credentials are in the observation")
		}
	}
	same := []Turn{Out(authorization("Basic", pair)), answer("200 OK"), Out(authorization("Basic", pair)), answer("200 OK")}
	if got := Stream(t, one(), 80, same...); len(got) != 3 {
		t.Errorf("the same login twice in a conversation gives %d observations, want 2 requests and 1 login", len(got))
	}
}

func TestOtherCredentials(t *testing.T) {
	got := Stream(t, one(), 80, Out(authorization("Digest", `username="root", realm="x", nonce="1", response="00ff"`)))
	Want(t, got[1:], &observation.Login{Protocol: "http-digest", User: "root", Outcome: "unknown", Secret: observation.Secret{What: "digest-response"}})
	got = Stream(t, one(), 80, Out(authorization("Bearer", "tok")))
	Want(t, got[1:], &observation.Login{Protocol: "http-bearer", Outcome: "unknown", Readable: true, Secret: Secret("token", "tok")})
	for _, broken := range []string{"!!!", "YWRtaW4=", "", strings.Repeat("QUFB", 600)} {
		if got := Stream(t, one(), 80, Out(authorization("Basic", broken))); len(got) != 1 {
			t.Errorf("broken credentials %q pass for a login", broken)
		}
	}
}

func TestBodiesTellFirmware(t *testing.T) {
	got := Stream(t, one(), 80, Out("GET /fw.bin HTTP/1.1\r\nHost: a\r\n\r\n"), In("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"+
		"\x27\x05\x19\x56"+strings.Repeat("\x00", 3000)))
	Want(t, got, &observation.HTTP{Method: "GET", Host: "a", Path: "/fw.bin", Status: 200, ContentType: "application/octet-stream", BodyMagic: "uimage"})
	got = Stream(t, one(), 80, Out("POST /upgrade HTTP/1.1\r\nContent-Length: 5\r\n\r\nHDR0x"), In("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"))
	Want(t, got, &observation.HTTP{Method: "POST", Path: "/upgrade", Status: 200, ContentLength: 2, BodyMagic: "trx"})
	got = Stream(t, one(), 80, Out("GET /a HTTP/1.1\r\n\r\n"), In("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08"))
	Want(t, got, &observation.HTTP{Method: "GET", Path: "/a", Status: 200, ContentLength: 3})
}

func TestDescriptions(t *testing.T) {
	upnp := `<root xmlns="urn:schemas-upnp-org:device-1-0"><device><manufacturer>Example &amp; Co</manufacturer><modelName>Plug</modelName>` +
		`<modelNumber>3.2</modelNumber><firmwareVersion>1.0.9</firmwareVersion></device></root>`
	got := Stream(t, one(), 49152, Out("GET /d.xml HTTP/1.1\r\n\r\n"), In(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s", len(upnp), upnp)))
	Want(t, got, &observation.HTTP{Method: "GET", Path: "/d.xml", Status: 200, ContentType: "text/xml", ContentLength: int64(len(upnp)),
		Manufacturer: "Example & Co", Model: "Plug 3.2", Firmware: "1.0.9"})
	onvif := `<tds:GetDeviceInformationResponse><tds:Manufacturer>E</tds:Manufacturer><tds:Model>M</tds:Model><tds:FirmwareVersion>F</tds:FirmwareVersion>`
	got = Stream(t, one(), 80, Out("POST /onvif HTTP/1.1\r\n\r\n"), In("HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n"+onvif))
	Want(t, got, &observation.Identity{Protocol: "onvif", Vendor: "E", Model: "M", Firmware: "F"}, &observation.HTTP{Method: "POST", Path: "/onvif", Status: 200,
		ContentType: "application/soap+xml", Manufacturer: "E", Model: "M", Firmware: "F"})
	ipp := "\x01\x01\x00\x00\x00\x00\x00\x01\x04\x41\x00\x16printer-make-and-model\x00\x06LP 200\x03"
	got = Stream(t, one(), 631, Out("POST /ipp HTTP/1.1\r\nContent-Type: application/ipp\r\n\r\n"),
		In("HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n\r\n"+ipp))
	Want(t, got, &observation.Identity{Protocol: "ipp", Type: "printer", Model: "LP 200"},
		&observation.HTTP{Method: "POST", Path: "/ipp", Status: 200, ContentType: "application/ipp"})
}

func TestAnAnswerWhoseRequestWasNotCaptured(t *testing.T) {
	got := Stream(t, one(), 80, In("HTTP/1.1 200 OK\r\nServer: lighttpd\r\nContent-Length: 0\r\n\r\n"), Out("GET /next HTTP/1.1\r\n\r\n"))
	Want(t, got, &observation.HTTP{Status: 200, Server: "lighttpd"}, &observation.HTTP{Method: "GET", Path: "/next"})
	c := &protocol.Context{Midstream: true}
	if one().Recognise(c, []byte("rest of a body"), nil) != protocol.Maybe || one().Recognise(c, []byte("rest of a body"), []byte("HTTP/1.1 200")) != protocol.Yes {
		t.Error("a conversation begun before the capture is not recognised by its answer")
	}
}

func TestAGapCostsOnlyTheMessagesItHits(t *testing.T) {
	got := Gaps(t, one().New(), Out("GET /a HTTP/1.1\r\n\r\n"), In("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nab"), Lost(protocol.ToClient, 4000),
		In(strings.Repeat("x", 998)), Out("GET /b HTTP/1.1\r\n"), Lost(protocol.ToServer, 300), Out("lost: half\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
		In("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
	Want(t, got, &observation.HTTP{Method: "GET", Path: "/a", Status: 200, ContentLength: 5000}, &observation.HTTP{Method: "GET", Path: "/b"},
		&observation.HTTP{Method: "GET", Path: "/c", Status: 404})
}

func TestATunnelGoesOnInAnotherProtocol(t *testing.T) {
	s := one().New()
	c := &protocol.Context{Out: sink{}}
	if !s.Data(c, protocol.ToServer, []byte("CONNECT a.example:443 HTTP/1.1\r\n\r\n")) {
		t.Fatal("the request alone ends the reading")
	}
	if s.Data(c, protocol.ToClient, []byte("HTTP/1.1 200 Connection established\r\n\r\nSSH-")) {
		t.Fatal("the tunnel is read as HTTP")
	}
	if rest, ok := c.Restarted(); !ok || rest != 4 {
		t.Errorf("recognition begins anew at the last %d bytes (%v), want 4", rest, ok)
	}
	s.Close(c)
}

func TestWebSocketEndsTheReading(t *testing.T) {
	got := Stream(t, one(), 80, Out("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"), In("HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05hello"))
	Want(t, got, &observation.Session{Protocol: "websocket", Detail: "/ws"}, &observation.HTTP{Method: "GET", Path: "/ws", Status: 101})
}

type sink struct{}

func (sink) Observe(*observation.Observation) {}

func TestHTTP2WithPriorKnowledge(t *testing.T) {
	p := Streams()[1]
	Want(t, Stream(t, p, 80, Out(http2Preface+"\x00\x00\x00\x04\x00\x00\x00\x00\x00")), &observation.Session{Protocol: "http2"})
	NotRecognised(t, p, 80, Out("PRI * HTTP/1.1\r\n\r\n"))
	NotRecognised(t, one(), 80, Out(http2Preface))
}

func TestNotRecognised(t *testing.T) {
	for name, turn := range map[string]Turn{
		"rtsp": Out("OPTIONS rtsp://192.0.2.2/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"), "sip": Out("REGISTER sip:a SIP/2.0\r\n\r\n"),
		"smtp": In("220 mail ESMTP\r\n"), "ftp": Out("USER anonymous\r\n"), "redis": Out("*1\r\n"), "lower case": Out("get / HTTP/1.1\r\n\r\n"),
		"binary": Out("GET \x00\x01\x02"), "no version": Out("HELLO WORLD AGAIN\r\n"), "telnet": Out("\xff\xfd\x18"),
	} {
		t.Run(name, func(t *testing.T) { NotRecognised(t, one(), 80, turn) })
	}
}

func FuzzHTTP(f *testing.F) {
	FuzzStreams(f, Streams(), []Turn{Out(authorization("Basic", "YTpi")), In("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")},
		[]Turn{Out("POST /a?b HTTP/1.1\r\nContent-Length: 2\r\n\r\nMZCONNECT a:1 HTTP/1.1\r\n\r\n"), In("HTTP/1.1 204 x\r\n\r\nHTTP/1.1 200 x\r\n\r\nrest")},
		[]Turn{Out("GET / HTTP/1.1\r\n\r\n"), In("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>x</title>")})
}

func BenchmarkExchange(b *testing.B) {
	out := []byte("GET /status.cgi?x=1 HTTP/1.1\r\nHost: camera.example\r\nUser-Agent: curl/8.5\r\nAccept: */*\r\nCookie: a=b\r\n\r\n")
	in := []byte("HTTP/1.1 200 OK\r\nServer: GoAhead-Webs\r\nContent-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("x", 1000))
	p := one()
	c := &protocol.Context{Out: sink{}}
	b.ReportAllocs()
	for b.Loop() {
		s := p.New()
		s.Data(c, protocol.ToServer, out)
		s.Data(c, protocol.ToClient, in)
		s.Close(c)
	}
}

func TestLoginsInForms(t *testing.T) {
	post := func(kind, body string) Turn {
		return Out(fmt.Sprintf("POST /login HTTP/1.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body))
	}
	want := func(proto, outcome string) *observation.Login {
		return &observation.Login{Protocol: proto, User: "eve", Secret: Secret("credential", "s3c ret"), Readable: true, Outcome: outcome}
	}
	wsse := `<wsse:UsernameToken><wsse:Username>eve</wsse:Username><wsse:Password Type="x#PasswordText">s3c ret</wsse:Password>`
	answer := In("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	for name, row := range map[string]struct {
		ask  Turn
		want *observation.Login
	}{
		"form": {post("application/x-www-form-urlencoded", "x=1&username=eve&userPassword=s3c%20ret&remember_pwd=1"), want("http-form", "unknown")},
		"json": {post("application/json", `{"n":1,"auth":{"user" : "eve","x":[1,2],"password":"s3c ret"}}`), want("http-form", "unknown")},
		"url":  {Out("GET /x.cgi?user=eve&pwd=s3c+ret&a=b HTTP/1.1\r\n\r\n"), want("http-url", "unknown")},
		"soap": {post("application/soap+xml", wsse), want("ws-security", "accepted")},
	} {
		got := Stream(t, one(), 80, row.ask, answer)
		if len(got) != 2 {
			t.Errorf("%s: %d observations", name, len(got))
			continue
		}
		Want(t, got[1:], row.want)
		if strings.Contains(fmt.Sprintf("%+v", got), "s3c") {
			t.Errorf("%s: a password is said", name)
		}
	}
	for _, body := range []string{"username=eve", "password=", "forgot_password=1", "pass%77ord=x", "a=password"} {
		if got := Stream(t, one(), 80, post("application/x-www-form-urlencoded", body), answer); len(got) != 1 {
			t.Errorf("%q passes for a login", body)
		}
	}
	for _, body := range []string{`{"password":1}`, `{"password":null,"a":"b"}`, `["password","x"]`, `{"password`, `{"a\\"password":"x"`} {
		if got := Stream(t, one(), 80, post("application/json", body), answer); len(got) != 1 {
			t.Errorf("%q passes for a login", body)
		}
	}
}

func TestAnElementIsFoundByItsLocalName(t *testing.T) {
	long := strings.Repeat("<div>text</div>\n", 40)
	for in, want := range map[string]string{
		"<title>a</title>": "a", "<TITLE lang=en>b</TITLE>": "b", "<d:title>c</d:title>": "c", "<a:b:Title>d<": "d",
		long + "<title>e</title>" + long: "e", "<titles>x</titles><title>f</title>": "f", "<a title>x</a><title>g<": "g",
		"</title>h<title>i<": "i", "<=title>x<": "", "<x xmlns:title>x<": "", "<title:x>x<": "", "<title>no end": "", "<title": "", "": "",
		"x:title>x<": "",
	} {
		if got := string(element([]byte(in), "title")); got != want {
			t.Errorf("in %.40q it is %q, want %q", in, got, want)
		}
	}
}
