// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/incident/remind"
)

// mailbox takes mail on loopback, without TLS, until the test ends.
func mailbox(t *testing.T) (addr string, got chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	got = make(chan string, 16)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go take(c, got)
		}
	}()
	return l.Addr().String(), got
}

func take(c net.Conn, got chan string) {
	defer c.Close()
	fmt.Fprint(c, "220 here\r\n")
	var mail strings.Builder
	in := false
	for s := bufio.NewScanner(c); s.Scan(); {
		switch line := s.Text(); {
		case in && line == ".":
			in = false
			got <- mail.String()
			fmt.Fprint(c, "250 taken\r\n")
		case in:
			mail.WriteString(line + "\n")
		case line == "DATA":
			in = true
			fmt.Fprint(c, "354 go on\r\n")
		case line == "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 yes\r\n")
		}
	}
}

// TestEachReminderIsSentOnce: what was sent is recorded in the case, what failed is tried again.
func TestEachReminderIsSentOnce(t *testing.T) {
	dir := t.TempDir()
	cased, profile := filepath.Join(dir, "us.case"), filepath.Join(dir, "us.yaml")
	us := "version: 1\norganisation:\n  name: Example\n  declared-by: officer\n  declared-on: 2026-11-02\n  answers:\n" +
		"    org.established_eu: yes\n    org.processes_personal_data: yes\n    role.controller: yes\n    role.processor: no\n"
	if err := os.WriteFile(profile, []byte(us), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(want int, args ...string) string {
		t.Helper()
		var out, errw bytes.Buffer
		if got := run(t.Context(), args, strings.NewReader(""), &out, &errw); got != want {
			t.Fatalf("writ %s: exit status %d: %s", strings.Join(args, " "), got, errw.String())
		}
		return out.String() + errw.String()
	}
	do(0, "assess", "--profile", profile, "--case", cased)
	do(0, "incident", "open", "--case", cased, "--zone", "Europe/Dublin", "--by", "officer", "--title", "lost laptop",
		"awareness=2026-11-03T09:15", "data.personal=yes")

	status, bodies := http.StatusServiceUnavailable, []string{}
	secret := "a secret of enough bytes"
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if r.Header.Get(remind.SignatureHeader) != remind.Sign([]byte(secret), r.Header.Get(remind.TimeHeader), b) {
			t.Error("the signature is another's")
		}
		bodies = append(bodies, string(b))
		w.WriteHeader(status)
	}))
	defer hook.Close()
	server, mails := mailbox(t)
	t.Setenv("WRIT_WEBHOOK_SECRET", secret)
	args := func(at string) []string {
		return []string{"incident", "remind", "--case", cased, "--at", at, "--webhook", hook.URL, "--smtp", server,
			"--smtp-tls", "none",
			"--mail-from", "writ@example.org", "--mail-to", "duty@example.org", "--format", "json"}
	}
	if said := do(2, args("2026-11-05T10:00:00Z")...); !strings.Contains(said,
		"answered 503") || !strings.Contains(said, `"mail"`) || strings.Contains(said, secret) {
		t.Errorf("mail went, the webhook did not: %s", said)
	}
	if mail := <-mails; !strings.Contains(mail, "GDPR, Art. 33(1) is due in 23 h 15 min") || !strings.Contains(mail,
		"2026-11-06 09:15 (Europe/Dublin)") {
		t.Errorf("%s", mail)
	}
	status = http.StatusOK
	if said := do(0, args("2026-11-05T10:05:00Z")...); !strings.Contains(said, `"webhook"`) || strings.Contains(said,
		`"mail"`) {
		t.Errorf("only what failed is sent again: %s", said)
	}
	var body struct {
		Kind  string
		Clock struct{ Clock, State string }
	}
	if err := json.Unmarshal([]byte(bodies[len(bodies)-1]),
		&body); err != nil || body.Kind != "writ.incident.reminder" || body.Clock.Clock != "eu/gdpr/authority" {
		t.Errorf("%+v, %v", body, err)
	}
	if said := do(0, args("2026-11-05T10:10:00Z")...); strings.TrimSpace(said) != "[]" {
		t.Errorf("sent again: %s", said)
	}
	if said := do(0, args("2026-11-06T05:20:00Z")...); !strings.Contains(said, `"lead_seconds": 14400`) || len(bodies) != 3 {
		t.Errorf("the next lead: %d, %s", len(bodies), said)
	}
	if said := do(2, "incident", "remind", "--case", cased, "--webhook",
		"http://example.org/x"); !strings.Contains(said, "without TLS only this machine") {
		t.Errorf("%s", said)
	}
}
