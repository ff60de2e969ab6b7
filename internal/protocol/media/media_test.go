// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func lines(l ...string) string { return strings.Join(l, "\r\n") + "\r\n\r\n" }

func TestRTSPSaysWhoWatchesWhatAndHow(t *testing.T) {
	pair := base64.StdEncoding.EncodeToString([]byte("admin:admin"))
	describe := func(auth string) Turn {
		return Out(lines("DESCRIBE rtsp://admin:admin@192.0.2.2:554/live/main?pw=x RTSP/1.0", "CSeq: 2", "User-Agent: LibVLC/3.0.16"+auth))
	}
	got := Stream(t, rtsp(), 8554, Out(lines("OPTIONS rtsp://192.0.2.2/ RTSP/1.0", "CSeq: 1")), In(lines("RTSP/1.0 200 OK", "CSeq: 1", "Server: Example Camera/2.1")),
		describe(""), In(lines("RTSP/1.0 401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"")), describe("\r\nAuthorization: Basic "+pair),
		In(lines("RTSP/1.0 200 OK", "Content-Length: 6")+"v=0\r\n$"), Out(lines("SETUP rtsp://192.0.2.2/live/main/1 RTSP/1.0", "Transport: RTP/AVP/TCP;interleaved=0-1")),
		In(lines("RTSP/1.0 200 OK", "Transport: RTP/AVP/TCP;interleaved=0-1")), Out(lines("PLAY rtsp://192.0.2.2/live/main RTSP/1.0")),
		In(lines("RTSP/1.0 200 OK")+"$\x00\x00\x04data"))
	Want(t, got, &observation.Identity{Protocol: "rtsp", Text: "Example Camera/2.1"}, &observation.Identity{Protocol: "rtsp", Text: "LibVLC/3.0.16", OfClient: true},
		&observation.Login{Protocol: "rtsp-basic", User: "admin", Secret: Secret("credential", "admin"), Readable: true, Outcome: "accepted", Factory: got[2].(*observation.Login).Factory},
		&observation.Session{Protocol: "rtp", Detail: "RTP/AVP"},
		&observation.Session{Protocol: "rtsp", Version: "RTSP/1.0", Banner: "Example Camera/2.1", Detail: "/live/main"})
	if got[2].(*observation.Login).Factory == "" {
		t.Error("admin, admin is in no published list")
	}
}

func TestRTSPDigestAndEncryptedMedia(t *testing.T) {
	got := Stream(t, rtsp(), 554, Out(lines("DESCRIBE rtsp://a/user=admin_password=secret_channel=1.sdp RTSP/1.0", `Authorization: Digest username="ed", response="00"`)),
		In(lines("RTSP/1.0 401 Unauthorized")), Out(lines("SETUP rtsp://a/ RTSP/1.0")), In(lines("RTSP/1.0 200 OK", "Transport: RTP/SAVP;unicast")),
		Out(lines("PLAY rtsp://a/ RTSP/1.0")), In(lines("RTSP/1.0 200 OK")))
	Want(t, got, &observation.Login{Protocol: "rtsp-digest", User: "ed", Secret: observation.Secret{What: "digest-response"}, Outcome: "rejected"},
		&observation.Session{Protocol: "rtp", Detail: "srtp"}, &observation.Session{Protocol: "rtsp", Version: "RTSP/1.0", Detail: "/"})
	for _, s := range got {
		if strings.Contains(fmt.Sprintf("%+v", s), "secret_") {
			t.Error("a password in a path is said")
		}
	}
}

func sdp(profile string) string {
	return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=audio 5004 " + profile + " 0\r\n"
}

func invite(profile string) string {
	b := sdp(profile)
	return lines("INVITE sip:100@192.0.2.2 SIP/2.0", "User-Agent: Example Phone 1.0", fmt.Sprintf("l: %d", len(b))) + b
}

func accepted(profile string) string {
	b := sdp(profile)
	return lines("SIP/2.0 200 OK", "CSeq: 2 INVITE", "Server: Example PBX", fmt.Sprintf("Content-Length: %d", len(b))) + b
}

func TestSIPOverBothTransports(t *testing.T) {
	register := lines("REGISTER sip:192.0.2.2 SIP/2.0", `Authorization: Digest username="100", realm="x", response="00"`, "Content-Length: 0")
	turns := []Turn{Out(register), In(lines("SIP/2.0 100 Trying")), In(lines("SIP/2.0 401 Unauthorized")), Out(register), In(lines("SIP/2.0 200 OK")),
		Out(invite("RTP/AVP")), In(accepted("RTP/AVP"))}
	login := func(outcome string) *observation.Login {
		return &observation.Login{Protocol: "sip-digest", User: "100", Secret: observation.Secret{What: "digest-response"}, Outcome: outcome}
	}
	want := []observation.Body{login("rejected"), login("accepted"), &observation.Identity{Protocol: "sip", Text: "Example Phone 1.0", OfClient: true},
		&observation.Identity{Protocol: "sip", Text: "Example PBX"}, &observation.Session{Protocol: "rtp", Detail: "RTP/AVP"},
		&observation.Session{Protocol: "sip", Version: "SIP/2.0", Banner: "Example PBX", Detail: "REGISTER"}}
	Want(t, Packets(t, sipDatagrams(), 5060, turns...), want...)
	Want(t, Stream(t, sip(), 5060, turns...), want...)
}

func TestSIPWithKeysForTheMedia(t *testing.T) {
	got := Packets(t, sipDatagrams(), 5060, Out(invite("RTP/SAVP")), In(accepted("RTP/SAVP")), Out("\r\n\r\n"))
	Want(t, got[2:3], &observation.Session{Protocol: "rtp", Detail: "srtp"})
}

func TestNotRecognised(t *testing.T) {
	NotRecognised(t, rtsp(), 554, Out("GET / HTTP/1.1\r\n\r\n"))
	NotRecognised(t, rtsp(), 554, In("RTSP/1.0 ok\r\n\r\n"))
	NotRecognised(t, sip(), 5060, Out("OPTIONS rtsp://a/ RTSP/1.0\r\n\r\n"))
	NotRead(t, sipDatagrams(), 5060, Out("M-SEARCH * HTTP/1.1\r\n\r\n"), Out("\r\n\r\n"), Out(""), Out("\x80\x00"+strings.Repeat("x", 40)))
	NotRead(t, rtp(), 5004, Out("\x80\x00"+strings.Repeat("x", 40)), Out("\x80\xc8"+strings.Repeat("x", 40)), Out("\x00\x01\x00\x08\x21\x12\xa4\x42"+strings.Repeat("x", 40)))
}

func packet(sequence byte, source, payload string) string {
	return "\x80\x00\x01" + string([]byte{sequence}) + "\x00\x00\x00\x10" + source + payload
}

// TestRTPIsKnownByItsSecondPacket plays as the engine does: a fresh reader until one says yes.
func TestRTPIsKnownByItsSecondPacket(t *testing.T) {
	silence, noise := strings.Repeat("\xff\x7f", 80), ""
	for i := range 160 {
		noise += string([]byte{byte(i)})
	}
	for payload, want := range map[string]int{silence: 1, noise: 0} {
		p := rtp()
		met := &collector{}
		c := &protocol.Context{Out: met, Frame: 1}
		if p.New().Read(c, protocol.ToServer, []byte(packet(1, "ssrc", payload))) {
			t.Fatal("one packet is enough")
		}
		c.Frame++
		if p.New().Read(c, protocol.ToServer, []byte(packet(1, "else", payload))) {
			t.Fatal("another source will do")
		}
		c.Frame++
		r := p.New()
		if !r.Read(c, protocol.ToServer, []byte(packet(2, "ssrc", payload))) || !r.Read(c, protocol.ToClient, []byte(packet(9, "back", payload))) {
			t.Fatal("the second packet is not enough")
		}
		if r.Read(c, protocol.ToServer, []byte("\x00\x01\x00\x08\x21\x12\xa4\x42stun")) || p.New() == r {
			t.Error("a reader takes what is not its own, or is given away twice")
		}
		if len(met.all) != want {
			t.Errorf("%d observations, want %d", len(met.all), want)
		}
	}
}

type collector struct{ all []observation.Body }

func (s *collector) Observe(o *observation.Observation) { s.all = append(s.all, o.Body) }

func FuzzMediaStreams(f *testing.F) {
	FuzzStreams(f, Streams(), []Turn{Out(lines("PLAY rtsp://a/ RTSP/1.0", "Content-Length: 2") + "ab"), In(lines("RTSP/1.0 200 OK", "Transport: RTP/AVP") + "$\x00\x00\x01x")},
		[]Turn{Out(invite("RTP/AVP")), In(accepted("RTP/SAVP"))})
}

func FuzzMediaDatagrams(f *testing.F) {
	FuzzDatagrams(f, Datagrams(), invite("RTP/AVP"), packet(1, "ssrc", "payload!"))
}
