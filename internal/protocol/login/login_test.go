// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package login_test

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/protocoltest"
)

type logins []observation.Login

func (l *logins) Observe(o *observation.Observation) { *l = append(*l, *o.Body.(*observation.Login)) }

func TestSASLSaysWhatCanBeRead(t *testing.T) {
	password := func(v string) observation.Secret { return protocoltest.Secret("credential", v) }
	hidden := func(what string) observation.Secret { return observation.Secret{What: what} }
	for _, row := range []struct {
		mechanism string
		responses []string
		want      observation.Login
	}{
		{"PLAIN", []string{"\x00admin\x00admin"}, observation.Login{User: "admin", Secret: password("admin"), Readable: true, Factory: "mirai-2016"}},
		{"plain", []string{"", "x\x00eve\x00"}, observation.Login{User: "eve", Secret: password(""), Readable: true}},
		{"PLAIN", []string{"nonsense"}, observation.Login{}},
		{"LOGIN", []string{"eve", "s3cret", "more"}, observation.Login{User: "eve", Secret: password("s3cret"), Readable: true}},
		{"CRAM-MD5", []string{"eve b913a602c7eda7a495b4e6e7334d3890"}, observation.Login{User: "eve", Secret: hidden("digest-response")}},
		{"DIGEST-MD5", []string{`charset=utf-8,username="eve",realm="a"`}, observation.Login{User: "eve", Secret: hidden("digest-response")}},
		{"SCRAM-SHA-256", []string{"n,,n=eve,r=abc", "c=biws,r=abc,p=xyz"}, observation.Login{User: "eve", Secret: hidden("digest-response")}},
		{"XOAUTH2", []string{"user=eve\x01auth=Bearer tok\x01\x01"}, observation.Login{User: "eve", Secret: protocoltest.Secret("token", "tok"), Readable: true}},
		{"OAUTHBEARER", []string{"n,a=eve,\x01auth=Bearer tok\x01\x01"}, observation.Login{User: "eve", Secret: protocoltest.Secret("token", "tok"), Readable: true}},
		{"NTLM", []string{"NTLMSSP\x00\x01\x00\x00\x00", string(authenticate("LAB", "eve"))}, observation.Login{User: `LAB\eve`, Secret: hidden("challenge-response")}},
		{"GSSAPI", []string{"\x60\x48"}, observation.Login{}},
	} {
		c := protocoltest.Context(25, observation.TCP)
		var met logins
		c.Out = &met
		var a login.Attempt
		var s login.SASL
		a.Open(c, "x", 1)
		s.Begin([]byte(row.mechanism))
		for _, r := range row.responses {
			s.Base64(c, &a, []byte(base64.StdEncoding.EncodeToString([]byte(r))))
		}
		a.Close(c, login.Rejected)
		row.want.Protocol, row.want.Outcome = "x", login.Rejected
		if d := cmp.Diff(logins{row.want}, met); d != "" {
			t.Errorf("%s %q (-want +got):\n%s", row.mechanism, row.responses, d)
		}
	}
}

// authenticate is an NTLM AUTHENTICATE message with its two names.
func authenticate(domain, user string) []byte {
	b := append([]byte("NTLMSSP\x00\x03\x00\x00\x00"), make([]byte, 52)...)
	put := func(at int, s string) {
		w := strings.Join(strings.Split(s, ""), "\x00") + "\x00"
		binary.LittleEndian.PutUint16(b[at:], uint16(len(w)))
		binary.LittleEndian.PutUint32(b[at+4:], uint32(len(b)))
		b = append(b, w...)
	}
	put(28, domain)
	put(36, user)
	b[60] = 1
	return b
}

func TestNTLMOffsetsBeyondTheMessageAreNotFollowed(t *testing.T) {
	b := authenticate("LAB", "eve")
	binary.LittleEndian.PutUint32(b[40:], 0xffffffff)
	if user, ok := login.NTLMUser(b); !ok || string(user) != "LAB" {
		t.Errorf("user %q, %v", user, ok)
	}
	if _, ok := login.NTLMUser(b[:50]); ok {
		t.Error("a cut message is read")
	}
}

func TestALoginThatIsOvertakenEndsUnknown(t *testing.T) {
	c := protocoltest.Context(25, observation.TCP)
	var met logins
	c.Out = &met
	var a login.Attempt
	a.Close(c, login.Accepted) // none is open
	a.Open(c, "x", 1)
	a.User([]byte("eve\x1b[2J"))
	a.Open(c, "y", 2)
	if d := cmp.Diff(logins{{Protocol: "x", User: "eve [2J", Outcome: login.Unknown}}, met); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
