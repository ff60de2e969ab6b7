// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remind

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/internal/kind"
)

// server is a small mail server on loopback: EHLO, STARTTLS, AUTH PLAIN, and one message.
type server struct {
	t        *testing.T
	l        net.Listener
	tls      *tls.Config
	starttls bool
	refuse   string // of a password: what it answers
	got      chan mailed
}

type mailed struct {
	auth, from, data string
	to               []string
	secure           bool
}

func newServer(t *testing.T, starttls bool) (*server, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour),
		NotAfter:    time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &server{t: t, l: l, starttls: starttls, got: make(chan mailed, 4),
		tls: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
			MinVersion: tls.VersionTLS12}}
	go s.serve()
	return s, pool
}

func (s *server) serve() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		go s.talk(c)
	}
}

func (s *server) talk(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	var m mailed
	r := bufio.NewReader(c)
	say := func(f string, args ...any) { fmt.Fprintf(c, f+"\r\n", args...) }
	say("220 here")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		switch word, rest, _ := strings.Cut(line, " "); strings.ToUpper(word) {
		case "EHLO":
			say("250-here")
			if s.starttls && !m.secure {
				say("250-STARTTLS")
			}
			say("250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go on")
			secure := tls.Server(c, s.tls)
			if err := secure.Handshake(); err != nil {
				return
			}
			c, r, m.secure = secure, bufio.NewReader(secure), true
			defer c.Close()
		case "AUTH":
			b, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			m.auth = string(b)
			if s.refuse != "" {
				say("535 not %s", s.refuse)
				continue
			}
			say("235 welcome")
		case "MAIL":
			m.from = rest
			say("250 yes")
		case "RCPT":
			m.to = append(m.to, rest)
			say("250 yes")
		case "DATA":
			say("354 go on")
			for {
				l, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				m.data += l
			}
			say("250 taken")
			s.got <- m
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 yes")
		}
	}
}

func TestAReminderGoesByMailOverTLSAlone(t *testing.T) {
	s, pool := newServer(t, true)
	m := &Mail{Server: s.l.Addr().String(), TLS: "starttls", Roots: pool, From: "writ@example.org",
		To:   []string{"a@example.org", "b@example.org"},
		User: "duty", Password: "a very secret word"}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	if err := m.Send(t.Context(), "0123@writ", "INC-2026-001: GDPR, Art. 33(1) is due in 3 h 20 min",
		"due soon\n"); err != nil {
		t.Fatal(err)
	}
	got := <-s.got
	if !got.secure || !strings.Contains(got.auth,
		"duty\x00a very secret word") || len(got.to) != 2 || !strings.Contains(got.from, "writ@example.org") ||
		!strings.Contains(got.data, "Subject: INC-2026-001: GDPR, Art. 33(1) is due") || !strings.Contains(got.data,
		"Message-ID: <0123@writ>") ||
		!strings.Contains(got.data, "due soon") {
		t.Errorf("%+v", got)
	}
}

func TestNothingIsSentToAServerThatIsNotTrusted(t *testing.T) {
	s, _ := newServer(t, true)
	m := &Mail{Server: s.l.Addr().String(), TLS: "starttls", From: "a@example.org", To: []string{"b@example.org"},
		User: "u", Password: "pass"}
	if err := m.Send(t.Context(), "1@writ", "s", "t"); kind.Of(err) != kind.Unavailable {
		t.Errorf("a server whose certificate nobody signed: %v", err)
	}
	plain, pool := newServer(t, false)
	m.Server, m.Roots = plain.l.Addr().String(), pool
	if err := m.Send(t.Context(), "1@writ", "s", "t"); kind.Of(err) != kind.Unavailable {
		t.Errorf("a server without STARTTLS: %v", err)
	}
	select {
	case got := <-plain.got:
		t.Errorf("sent in clear: %+v", got)
	default:
	}
}

func TestAPasswordStandsInNoError(t *testing.T) {
	s, pool := newServer(t, true)
	s.refuse = "swordfish-13"
	m := &Mail{Server: s.l.Addr().String(), TLS: "starttls", Roots: pool, From: "a@example.org",
		To: []string{"b@example.org"}, User: "u", Password: "swordfish-13"}
	err := m.Send(t.Context(), "1@writ", "s", "t")
	if err == nil || strings.Contains(err.Error(), "swordfish") {
		t.Errorf("%v", err)
	}
}

func TestWhatCannotBeSentByIsRefusedBefore(t *testing.T) {
	for name, m := range map[string]*Mail{
		"no port":         {Server: "mail.example.org", From: "a@example.org", To: []string{"b@example.org"}},
		"bad port":        {Server: "mail.example.org:99999", From: "a@example.org", To: []string{"b@example.org"}},
		"nobody":          {Server: "mail.example.org:587", From: "a@example.org"},
		"no address":      {Server: "mail.example.org:587", From: "a@example.org", To: []string{"b\r\nBcc: c@example.org"}},
		"clear elsewhere": {Server: "mail.example.org:25", TLS: "none", From: "a@example.org", To: []string{"b@example.org"}},
		"clear password": {Server: "127.0.0.1:25", TLS: "none", User: "u", From: "a@example.org",
			To: []string{"b@example.org"}},
	} {
		if err := m.Check(); kind.Of(err) != kind.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	secret := []byte("0123456789abcdef")
	for _, h := range []*Hook{{URL: "http://example.org/x", Secret: secret}, {URL: "ftp://example.org",
		Secret: secret}, {URL: "https://u:p@example.org", Secret: secret},
		{URL: "https://example.org", Secret: secret[:8]}, {URL: ":", Secret: secret}} {
		if err := h.Check(); kind.Of(err) != kind.Invalid || strings.Contains(fmt.Sprint(err), "u:p") {
			t.Errorf("%s: %v", h.URL, err)
		}
	}
}

func TestAWebhookCanTellWhoSendsAndWhen(t *testing.T) {
	secret := []byte("0123456789abcdef")
	answer := http.StatusNoContent
	var body []byte
	var head http.Header
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		head = r.Header
		if answer == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(answer)
	}))
	defer s.Close()
	h := &Hook{URL: s.URL + "/hook?token=hush", Secret: secret, Now: func() time.Time { return time.Unix(1764150000, 0) }}
	if err := h.Check(); err != nil {
		t.Fatal(err)
	}
	if err := h.Send(t.Context(), "id-1", []byte(`{"a":1}`)); err != nil {
		t.Fatal(err)
	}
	if string(body) != `{"a":1}` || head.Get(TimeHeader) != "1764150000" || head.Get(IDHeader) != "id-1" ||
		head.Get(SignatureHeader) != Sign(secret, "1764150000", body) || Sign(secret, "1764150001", body) == Sign(secret,
		"1764150000", body) {
		t.Errorf("%s %v", body, head)
	}
	for _, answer = range []int{http.StatusFound, http.StatusInternalServerError, http.StatusUnauthorized} {
		if err := h.Send(t.Context(), "id-1", nil); kind.Of(err) != kind.Unavailable || strings.Contains(err.Error(), "hush") {
			t.Errorf("%d: %v", answer, err)
		}
	}
	s.Close()
	if err := h.Send(t.Context(), "id-1", nil); kind.Of(err) != kind.Unavailable || strings.Contains(err.Error(), "hush") {
		t.Errorf("nobody there: %v", err)
	}
}
