// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/kind"
)

// mask replaces what tells of our network in a text, always by the same word, and finds what was left.
type mask struct {
	words map[string]string // lower case → what stands in its place
	order []string          // longest first
	free  map[string]bool   // lower case: of the product itself
	seen  map[string]string // addresses of others that a text holds
	n     map[string]int
}

// shortest is how many letters a name has that is told apart from ordinary words.
const shortest = 3

// newMask knows everybody of an assessment. unit names the units of the product; what the product is called by its
// maker is not ours.
func newMask(a *assess.Assessment, units map[fact.Subject]string, own ...string) *mask {
	m := &mask{words: map[string]string{}, free: map[string]bool{}, seen: map[string]string{}, n: map[string]int{}}
	for _, o := range own {
		for w := range strings.FieldsSeq(o) {
			m.free[strings.ToLower(w)] = true
		}
		m.free[strings.ToLower(o)] = true
	}
	for i := range a.Things {
		t := &a.Things[i]
		as := units[t.Subject]
		if as == "" {
			as = m.next("device")
		}
		for _, w := range slices.Concat([]string{t.Name, t.Subject.ID}, t.Hostnames, t.MACs, t.IPs) {
			m.add(w, as)
		}
	}
	for s, name := range a.Names {
		if s.Kind != fact.Product && s.Kind != fact.Device {
			m.add(name, "the operator")
		}
	}
	m.add(a.Profile, "the operator")
	for i := range a.Inputs {
		m.add(a.Inputs[i].Path, "the capture")
		m.add(a.Inputs[i].Path[strings.LastIndexAny(a.Inputs[i].Path, `/\`)+1:], "the capture")
	}
	for i := range a.Edges {
		for _, end := range []string{a.Edges[i].From, a.Edges[i].To} {
			if m.words[strings.ToLower(end)] == "" {
				m.add(end, m.next("peer"))
			}
		}
	}
	for w := range m.words {
		m.order = append(m.order, w)
	}
	slices.SortFunc(m.order, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return m
}

func (m *mask) next(what string) string {
	m.n[what]++
	return fmt.Sprintf("%s %d", what, m.n[what])
}

func (m *mask) add(word, as string) {
	key := strings.ToLower(strings.TrimSpace(word))
	if len(key) < shortest || m.free[key] || m.words[key] != "" {
		return
	}
	m.words[key] = as
}

// address finds link and network addresses of whatever sort.
var address = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b|\b(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?\b|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}`)

// text is a text with everything of ours replaced.
func (m *mask) text(s string) string {
	for _, w := range m.order {
		s = replaceWord(s, w, m.words[w])
	}
	return address.ReplaceAllStringFunc(s, func(found string) string {
		if !isAddress(found) {
			return found
		}
		key := strings.ToLower(found)
		if m.seen[key] == "" {
			m.seen[key] = m.next("address")
		}
		return m.seen[key]
	})
}

func isAddress(s string) bool {
	if _, err := net.ParseMAC(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(s)
	if _, e := netip.ParsePrefix(s); e == nil {
		err = nil
	}
	return err == nil
}

// replaceWord replaces a word where no letter or digit stands beside it, in whatever case.
func replaceWord(s, word, as string) string {
	var out strings.Builder
	low := strings.ToLower(s)
	if len(low) != len(s) {
		return s // case that changes lengths is no name of a network; leaks finds what is left
	}
	for {
		i := strings.Index(low, word)
		if i < 0 {
			break
		}
		end := i + len(word)
		if !letter(low, i-1) && !letter(low, end) {
			out.WriteString(s[:i] + as)
		} else {
			out.WriteString(s[:end])
		}
		s, low = s[end:], low[end:]
	}
	return out.String() + s
}

func letter(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9')
}

// leaks refuses a text in which something of ours is left.
func (m *mask) leaks(text string) error {
	low := strings.ToLower(text)
	for _, w := range m.order {
		for at := 0; ; {
			i := strings.Index(low[at:], w)
			if i < 0 {
				break
			}
			i += at
			if at = i + len(w); !letter(low, i-1) && !letter(low, at) {
				return kind.Errorf(kind.Denied,
					"the notice would tell something of our network (what stands for %q is left in it): nothing is written",
					m.words[w])
			}
		}
	}
	for _, found := range address.FindAllString(text, -1) {
		if isAddress(found) {
			return kind.Errorf(kind.Denied, "the notice would tell an address: nothing is written")
		}
	}
	return nil
}
