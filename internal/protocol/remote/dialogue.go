// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/login"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxTerminalLine = 256
	maxBanner       = 200
	// talkBudget ends the reading of a session that shows no login: a console, a data feed.
	talkBudget = 64 << 10
)

// dialogue follows a terminal's text: prompts of the server, lines of the client, and what the server
// makes of them. Prompts have no line end, so the server's open line is judged when the client begins
// to answer it. While the client types, what the server says is taken for its echo.
type dialogue struct {
	proto   string
	first   uint32
	said    bool
	banner  []byte
	server  []byte // the server's open line
	client  []byte // the client's open line
	began   uint32 // frame in which it began; 0: none is open
	spoke   bool   // the client has begun a line
	prompt  meaning
	cr      bool // the client's last byte was CR: LF or NUL belongs to it
	spoiled bool // a gap hit the client's open line

	user     []byte
	userAt   uint32
	named    bool
	attempt  login.Attempt
	unasked  bool // the password was typed ahead: no prompt for it was seen yet
	finished bool
	budget   int
}

func (t *dialogue) begin(c *protocol.Context) {
	if t.first == 0 {
		t.first = c.Frame
	}
}

// text takes one byte of text. It returns false when there is no more to learn.
func (t *dialogue) text(c *protocol.Context, d protocol.Direction, b byte) bool {
	if t.budget++; t.budget > talkBudget || t.finished {
		return false
	}
	if d == protocol.ToClient {
		t.fromServer(c, b)
	} else {
		t.fromClient(c, b)
	}
	return !t.finished
}

func (t *dialogue) fromServer(c *protocol.Context, b byte) {
	if len(t.banner) < maxBanner && !t.spoke {
		t.banner = append(t.banner, b)
	}
	switch {
	case t.began != 0: // an echo
	case b == '\n' || b == '\r':
		t.judge(c, judgeText(t.server, false))
		t.server = t.server[:0]
	case b != 0 && len(t.server) < maxTerminalLine:
		t.server = append(t.server, b)
	}
}

func (t *dialogue) fromClient(c *protocol.Context, b byte) {
	if t.cr {
		t.cr = false
		if b == '\n' || b == 0 {
			return
		}
	}
	if t.began == 0 {
		t.began, t.spoke = c.Frame, true
		t.prompt = judgeText(t.server, true)
		t.judge(c, t.prompt)
		t.server = t.server[:0]
	}
	switch {
	case b == '\r' || b == '\n':
		t.cr = b == '\r'
		t.line(c)
	case b == 8 || b == 0x7f:
		t.client = t.client[:max(0, len(t.client)-1)]
	case len(t.client) < maxTerminalLine:
		t.client = append(t.client, b)
	}
}

// line takes a whole line of the client for what the server had asked for.
func (t *dialogue) line(c *protocol.Context) {
	line, at := t.client, t.began
	t.client, t.began = t.client[:0], 0
	if t.spoiled {
		t.spoiled, t.named = false, false
		return
	}
	switch {
	case t.prompt == asksName && len(line) > 0:
		t.user, t.userAt, t.named = append(t.user[:0], line...), at, true
	case t.prompt == asksPassword:
		t.try(c, line, at)
		t.unasked = false
	case t.prompt == saysNothing && t.named && !t.attempt.IsOpen():
		t.try(c, line, at)
		t.unasked = true
	}
	clear(line) // it may be a password
}

func (t *dialogue) try(c *protocol.Context, password []byte, at uint32) {
	if !t.named {
		t.user, t.userAt = t.user[:0], at
	}
	t.say(c)
	t.attempt.Open(c, t.proto, t.userAt)
	t.attempt.User(t.user)
	t.attempt.Password(c, password)
	t.named = false
}

// judge lets what the server said decide the attempt at hand.
func (t *dialogue) judge(c *protocol.Context, m meaning) {
	if !t.attempt.IsOpen() {
		return
	}
	switch {
	case t.unasked && m == asksPassword:
		t.unasked = false
	case t.unasked && (m == refuses || m == agrees): // nobody asked for a password: the line was something else
		t.attempt, t.unasked = login.Attempt{}, false
	case t.unasked: // the prompt that the name was typed ahead of
	case m == refuses || m == asksName || m == asksPassword:
		t.attempt.Close(c, login.Rejected)
	case m == agrees:
		t.attempt.Close(c, login.Accepted)
		t.finished = true
	}
}

func (t *dialogue) gap(d protocol.Direction) {
	if d == protocol.ToClient {
		t.server = t.server[:0]
	} else if t.spoiled = true; t.began == 0 {
		t.spoiled, t.named = false, false
	}
}

// say tells of the session, once, before its first login or at its end.
func (t *dialogue) say(c *protocol.Context) {
	if !t.said && t.first != 0 {
		t.said = true
		c.Emit(t.first, &observation.Session{Protocol: t.proto, Banner: octets.Text(t.banner, maxBanner)})
	}
}

func (t *dialogue) close(c *protocol.Context) {
	t.say(c)
	if t.began == 0 {
		t.judge(c, judgeText(t.server, true))
	}
	if t.unasked {
		t.attempt = login.Attempt{}
	}
	t.attempt.Close(c, login.Unknown)
}

// meaning is what a line of the server says about a login.
type meaning uint8

const (
	saysNothing meaning = iota
	asksName
	asksPassword
	refuses
	agrees
)

var (
	namePrompts = []string{"login:", "username:", "user name:", "user:", "userid:", "user id:",
		"account:", "logon:", "login as:"}
	passwordPrompts = []string{"password:", "passwd:", "passcode:", "pass:", "pwd:"}
	refusals        = []string{"incorrect", "invalid", "fail", "denied", "wrong", "bad password",
		"refused", "not allowed", "locked", "unknown user", "error"}
	agreements = []string{"busybox v", "logged in", "login successful", "authentication successful", "logon successful"}
)

// judgeText reads a line; open says that it has no end yet, as prompts do.
func judgeText(line []byte, open bool) meaning {
	line = bytes.TrimRight(line, " \t\x00")
	if len(line) == 0 {
		return saysNothing
	}
	if octets.HasFold(line, "last login") || octets.HasFold(line, "last failed login") {
		return agrees
	}
	switch {
	case anyFold(line, namePrompts, suffixFold):
		return asksName
	case anyFold(line, passwordPrompts, suffixFold), line[len(line)-1] == ':' && octets.HasFold(line, "password for"):
		return asksPassword
	case anyFold(line, refusals, octets.HasFold):
		return refuses
	case anyFold(line, agreements, octets.HasFold),
		open && len(line) <= 80 && bytes.IndexByte([]byte("#$>%"), line[len(line)-1]) >= 0:
		return agrees
	}
	return saysNothing
}

func anyFold(line []byte, words []string, has func([]byte, string) bool) bool {
	for _, w := range words {
		if has(line, w) {
			return true
		}
	}
	return false
}

func suffixFold(s []byte, word string) bool {
	return len(s) >= len(word) && octets.EqualFold(s[len(s)-len(word):], word)
}
