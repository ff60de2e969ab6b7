// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"errors"
	"strings"
	"sync"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/writ-iot/writ/internal/kind"
)

// Outcome of a signature.
type Outcome string

// The outcomes. What was not checked is neither good nor bad.
const (
	Holds      Outcome = "holds"
	Fails      Outcome = "fails"
	NotChecked Outcome = "not checked"
)

// DKIM is what one signature of a domain shows (RFC 6376): that whoever holds the domain vouched for these
// bytes. It says nothing of who wrote them.
type DKIM struct {
	Domain  string  `json:"domain,omitempty"`
	Outcome Outcome `json:"outcome"`
	Why     string  `json:"why,omitempty"`
	// Sender says that the domain is that of the sender's address, or lies above it.
	Sender bool `json:"of_sender"`
}

// maxSignatures bounds the signatures of one message that are looked at.
const maxSignatures = 5

// errNoKey says that no key was at hand to check a signature with.
var errNoKey = errors.New("no key at hand")

// Keys gives the text records of a name such as s1._domainkey.example.org, where domains publish their keys.
type Keys func(name string) ([]string, error)

// NoKeys knows none: every signature stays unchecked.
func NoKeys(string) ([]string, error) { return nil, errNoKey }

// CheckDKIM checks the signatures of domains with keys. A key that is not at hand leaves its signature unchecked.
func (m *Mail) CheckDKIM(keys Keys) {
	m.DKIM = nil
	a := asked{keys: keys, missing: map[string]string{}}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(m.raw),
		&dkim.VerifyOptions{MaxVerifications: maxSignatures, LookupTXT: a.ask})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		m.DKIM = []DKIM{{Outcome: NotChecked, Why: err.Error()}}
		return
	}
	if err != nil {
		m.fault("it has more than %d DKIM signatures: the rest was not looked at", maxSignatures)
	}
	_, at, _ := strings.Cut(m.Sender(), "@")
	for _, v := range found {
		d := DKIM{Domain: v.Domain, Outcome: Holds, Sender: at != "" && within(at, v.Domain)}
		switch why, unkeyed := a.missing[strings.ToLower(v.Domain)]; {
		case v.Err == nil:
		case unkeyed:
			d.Outcome, d.Why = NotChecked, why
		default:
			d.Outcome, d.Why = Fails, strings.TrimPrefix(v.Err.Error(), "dkim: ")
		}
		m.DKIM = append(m.DKIM, d)
	}
}

// asked remembers for which domains no key was to be had, and why. The signatures of a message are checked side
// by side.
type asked struct {
	keys    Keys
	mu      sync.Mutex
	missing map[string]string
}

func (a *asked) ask(name string) ([]string, error) {
	found, err := a.keys(name)
	if err == nil {
		return found, nil
	}
	if _, domain, ok := strings.Cut(strings.ToLower(name), "._domainkey."); ok {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.missing[domain] = err.Error()
	}
	return nil, err
}

func within(host, domain string) bool {
	host, domain = strings.ToLower(host), strings.ToLower(domain)
	return host == domain || domain != "" && strings.HasSuffix(host, "."+domain)
}

// KeysOf reads published keys from text, a line each: the name, such as s1._domainkey.example.org, and its text
// record.
func KeysOf(text string) (Keys, error) {
	known := map[string][]string{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, record, ok := strings.Cut(line, " ")
		if !ok || !strings.Contains(name, "._domainkey.") {
			return nil, kind.Errorf(kind.Invalid,
				"line %d: want a name such as s1._domainkey.example.org, a space, and its text record", i+1)
		}
		name = strings.ToLower(strings.TrimSuffix(name, "."))
		known[name] = append(known[name], strings.Trim(strings.TrimSpace(record), `"`))
	}
	return func(name string) ([]string, error) {
		if found := known[strings.ToLower(strings.TrimSuffix(name, "."))]; found != nil {
			return found, nil
		}
		return nil, errNoKey
	}, nil
}
