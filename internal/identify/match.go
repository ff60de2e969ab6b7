// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
)

// index orders the signatures of one signal by the first byte that they ask for.
type index struct {
	byFirst map[byte][]*Signature
	float   []*Signature // match anywhere
}

func (s *Set) compile() {
	s.contacts, s.ports = map[string][]*Signature{}, map[string][]*Evidence{}
	for i := range s.Signatures {
		g := &s.Signatures[i]
		if g.signal == Port {
			s.ports[g.Match] = append(s.ports[g.Match], g.fixed...)
			continue
		}
		if g.signal == Contact {
			s.contacts[strings.ToLower(g.Match)] = append(s.contacts[strings.ToLower(g.Match)], g)
			continue
		}
		x := &s.index[g.signal]
		if !g.glob.atStart {
			x.float = append(x.float, g)
			continue
		}
		if x.byFirst == nil {
			x.byFirst = map[byte][]*Signature{}
		}
		first := g.glob.parts[0][0]
		x.byFirst[first] = append(x.byFirst[first], g)
	}
}

// Matcher finds what texts say. It remembers what it was asked: the same words come again and again on
// a wire. It is for one goroutine.
type Matcher struct {
	set  *Set
	memo [len(kinds)]map[string][]*Evidence
}

// Port gives what the use (>) or the offer (<) of a port says: signatures write it >tcp/9292.
func (s *Set) Port(uses bool, t observation.Transport, port uint16) []*Evidence {
	if len(s.ports) == 0 {
		return nil
	}
	var buf [12]byte
	b := append(buf[:0], '<')
	if uses {
		b[0] = '>'
	}
	switch t {
	case observation.TCP:
		b = append(b, "tcp/"...)
	case observation.UDP:
		b = append(b, "udp/"...)
	default:
		return nil
	}
	return s.ports[string(strconv.AppendUint(b, uint64(port), 10))] // does not allocate
}

// maxMemo bounds each memory; a full one is emptied, never grown.
const maxMemo = 8192

// maxText is how much of a text is looked at.
const maxText = 512

// NewMatcher makes a matcher over a set.
func (s *Set) NewMatcher() *Matcher { return &Matcher{set: s} }

// Match gives what a text in a signal says, nil when nothing. The caller must not change the result.
func (m *Matcher) Match(sig Signal, text string) []*Evidence {
	if text == "" {
		return nil
	}
	if len(text) > maxText {
		text = text[:maxText]
	}
	x := &m.set.index[sig]
	if x.byFirst == nil && x.float == nil && (sig != Contact || len(m.set.contacts) == 0) {
		return nil
	}
	if got, ok := m.memo[sig][text]; ok {
		return got
	}
	text = strings.Clone(text)
	var got []*Evidence
	if sig == Contact {
		got = m.set.contact(text)
	} else {
		got = x.look(text)
	}
	if len(m.memo[sig]) >= maxMemo || m.memo[sig] == nil {
		m.memo[sig] = map[string][]*Evidence{}
	}
	m.memo[sig][text] = got
	return got
}

func (x *index) look(text string) (got []*Evidence) {
	lower := strings.ToLower(text)
	if lower == "" {
		return nil
	}
	for _, g := range x.byFirst[lower[0]] {
		got = append(got, g.say(text, lower)...)
	}
	for _, g := range x.float {
		got = append(got, g.say(text, lower)...)
	}
	return got
}

// contact looks a name up, then each name above it: a signature for vendor.example holds for
// api.eu.vendor.example. The longest that is known decides.
func (s *Set) contact(name string) []*Evidence {
	name = lowered(strings.TrimSuffix(name, "."))
	for {
		if sigs, ok := s.contacts[name]; ok {
			if len(sigs) == 1 && sigs[0].re == nil {
				return sigs[0].fixed
			}
			var got []*Evidence
			for _, g := range sigs {
				got = append(got, g.say(name, name)...)
			}
			return got
		}
		dot := strings.IndexByte(name, '.')
		if dot < 0 {
			return nil
		}
		name = name[dot+1:]
	}
}

// lowered is strings.ToLower without a copy where nothing is upper: host names seldom are.
func lowered(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' || c > 127 {
			return strings.ToLower(s)
		}
	}
	return s
}
