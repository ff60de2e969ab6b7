// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	real "crypto/tls"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func overTCP() protocol.StreamProtocol { return Streams()[0] }

// session is the handshake among observations; the certificates are counted.
func session(t *testing.T, all []observation.Body) (*observation.TLS, []*observation.Certificate) {
	t.Helper()
	var s *observation.TLS
	var certs []*observation.Certificate
	for _, b := range all {
		switch b := b.(type) {
		case *observation.TLS:
			if s != nil {
				t.Error("one handshake is said twice")
			}
			s = b
		case *observation.Certificate:
			certs = append(certs, b)
		}
	}
	if s == nil {
		t.Fatal("no handshake is said")
	}
	return s, certs
}

func TestRealHandshakes(t *testing.T) {
	cert := authority(t, nil, nil)
	for _, v := range []uint16{real.VersionTLS10, real.VersionTLS11, real.VersionTLS12, real.VersionTLS13} {
		turns := talk(t, &real.Config{ServerName: "camera.example", InsecureSkipVerify: true, MinVersion: v, MaxVersion: v,
			NextProtos: []string{"h2", "http/1.1"}, CurvePreferences: []real.CurveID{real.CurveP256}},
			&real.Config{Certificates: []real.Certificate{cert}, MinVersion: v, NextProtos: []string{"http/1.1"}})
		got, certs := session(t, Stream(t, overTCP(), 4911, turns...))
		want := version(v)
		if got.Version != want || got.OfferedMax != want || !got.Established || got.SNI != "camera.example" || got.Group != 23 ||
			got.Protocol != "tls" || got.CipherName != real.CipherSuiteName(got.Cipher) || len(got.JA3) != 32 || len(got.JA4) != 36 {
			t.Errorf("%s: got %+v", want, got)
		}
		alpn, seen := "http/1.1", 1
		if v == real.VersionTLS13 {
			alpn, seen = "h2,http/1.1", 0 // the choice and the certificate are encrypted: the offer is known
		}
		if got.ALPN != alpn || len(certs) != seen {
			t.Errorf("%s: ALPN %q, %d certificates; want %q, %d", want, got.ALPN, len(certs), alpn, seen)
		}
	}
}

func TestARetryIsNoAnswer(t *testing.T) {
	cert := authority(t, nil, nil)
	turns := talk(t, &real.Config{InsecureSkipVerify: true, CurvePreferences: []real.CurveID{real.X25519, real.CurveP384}},
		&real.Config{Certificates: []real.Certificate{cert}, CurvePreferences: []real.CurveID{real.CurveP384}})
	if got, _ := session(t, Stream(t, overTCP(), 443, turns...)); got.Version != "TLSv1.3" || got.Group != 24 || !got.Established {
		t.Errorf("got %+v", got)
	}
}

func TestAClientThatRefusesTheServerHasEstablishedNothing(t *testing.T) {
	cert := authority(t, nil, nil)
	for _, v := range []uint16{real.VersionTLS12, real.VersionTLS13} {
		turns := talk(t, &real.Config{ServerName: "camera.example", RootCAs: x509.NewCertPool(), MaxVersion: v},
			&real.Config{Certificates: []real.Certificate{cert}})
		if got, _ := session(t, Stream(t, overTCP(), 443, turns...)); got.Established || got.Version != version(v) {
			t.Errorf("%s: got %+v", version(v), got)
		}
	}
}

func TestClientCertificates(t *testing.T) {
	cert := authority(t, nil, nil)
	turns := talk(t, &real.Config{InsecureSkipVerify: true, Certificates: []real.Certificate{cert}, MaxVersion: real.VersionTLS12},
		&real.Config{Certificates: []real.Certificate{cert}, ClientAuth: real.RequireAnyClientCert})
	got, certs := session(t, Stream(t, overTCP(), 8883, turns...))
	if !got.ClientCert || len(certs) != 2 || certs[0].FromClient || !certs[1].FromClient {
		t.Errorf("got %+v and %d certificates", got, len(certs))
	}
}

func TestTheServersSideAlone(t *testing.T) {
	cert := authority(t, nil, nil)
	turns := talk(t, &real.Config{InsecureSkipVerify: true, MaxVersion: real.VersionTLS12}, &real.Config{Certificates: []real.Certificate{cert}})
	var half []Turn
	for _, turn := range turns {
		if turn.Dir == protocol.ToClient {
			half = append(half, turn)
		}
	}
	got, certs := session(t, Stream(t, overTCP(), 443, half...))
	if got.Version != "TLSv1.2" || got.Established || got.OfferedMax != "" || len(certs) != 1 {
		t.Errorf("got %+v and %d certificates", got, len(certs))
	}
}

func TestAGapCostsOnlyWhatItHits(t *testing.T) {
	cert := authority(t, nil, nil)
	turns := talk(t, &real.Config{ServerName: "camera.example", InsecureSkipVerify: true}, &real.Config{Certificates: []real.Certificate{cert}})
	turns[1] = Lost(protocol.ToClient, len(turns[1].Bytes))
	got, _ := session(t, Gaps(t, overTCP().New(), turns...))
	if got.SNI != "camera.example" || got.Version != "" || !got.Established {
		t.Errorf("got %+v", got)
	}
}

func TestReadingEndsWithTheHandshake(t *testing.T) {
	cert := authority(t, nil, nil)
	turns := talk(t, &real.Config{InsecureSkipVerify: true}, &real.Config{Certificates: []real.Certificate{cert}})
	s := overTCP().New()
	c := &protocol.Context{Out: sink{}, Frame: 1}
	more := true
	for _, turn := range turns[:len(turns)-1] {
		more = s.Data(c, turn.Dir, []byte(turn.Bytes))
	}
	if s.Close(c); more {
		t.Error("after both Finished the conversation is still read")
	}
}

type sink struct{}

func (sink) Observe(*observation.Observation) {}

func TestNotRecognised(t *testing.T) {
	for name, turn := range map[string]Turn{
		"http":               Out("GET / HTTP/1.1\r\n\r\n"),
		"data in the middle": Out("\x17\x03\x03\x00\x20" + strings.Repeat("x", 32)),
		"ssh":                In("SSH-2.0-dropbear\r\n"),
		"other handshake":    Out("\x16\x03\x01\x00\x10\x0b\x00\x00\x0c" + strings.Repeat("\x00", 12)),
		"odd lengths":        Out("\x80\x2e\x01\x03\x01\x00\x16\x00\x00\x00\x10" + strings.Repeat("x", 40)),
		"zeros":              Out(strings.Repeat("\x00", 64)),
		"tpkt":               Out("\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"),
	} {
		t.Run(name, func(t *testing.T) { NotRecognised(t, overTCP(), 443, turn) })
	}
}

func FuzzTLS(f *testing.F) {
	cert := authority(f, nil, nil)
	var seeds [][]Turn
	for _, v := range []uint16{real.VersionTLS12, real.VersionTLS13} {
		seeds = append(seeds, talk(f, &real.Config{InsecureSkipVerify: true, MaxVersion: v}, &real.Config{Certificates: []real.Certificate{cert}}))
	}
	seeds = append(seeds, []Turn{Out(oldHello(2)), In(oldAnswer("der"))})
	FuzzStreams(f, Streams(), seeds...)
}

func FuzzDTLS(f *testing.F) {
	hello := clientHello{version: 0xfefd, ciphers: []uint16{0xc02b}}.dtls()
	FuzzDatagrams(f, Datagrams(), fragment(msgClientHello, 0, hello, 0, len(hello)))
}

func BenchmarkHandshake(b *testing.B) {
	cert := authority(b, nil, nil)
	turns := talk(b, &real.Config{ServerName: "camera.example", InsecureSkipVerify: true, MaxVersion: real.VersionTLS12},
		&real.Config{Certificates: []real.Certificate{cert}})
	p := overTCP()
	c := &protocol.Context{Out: sink{}}
	raw := make([][]byte, len(turns))
	for i := range turns {
		raw[i] = []byte(turns[i].Bytes)
	}
	b.ReportAllocs()
	for b.Loop() {
		s := p.New()
		for i, turn := range turns {
			c.Frame++
			if !s.Data(c, turn.Dir, raw[i]) {
				break
			}
		}
		s.Close(c)
	}
}
