// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import "strings"

// glob is a pattern in which * stands for any run of bytes; it is matched against lower-case text.
type glob struct {
	parts    []string
	atStart  bool // the first part must stand at the start
	atEnd    bool
	anything bool
}

func newGlob(pattern string) glob {
	pattern = strings.ToLower(pattern)
	g := glob{atStart: !strings.HasPrefix(pattern, "*"), atEnd: !strings.HasSuffix(pattern, "*")}
	for _, p := range strings.Split(pattern, "*") {
		if p != "" {
			g.parts = append(g.parts, p)
		}
	}
	g.anything = len(g.parts) == 0 && pattern != ""
	return g
}

// match says whether s, in lower case, fits the pattern.
func (g *glob) match(s string) bool {
	if len(g.parts) == 0 {
		return g.anything
	}
	parts := g.parts
	if g.atStart {
		if !strings.HasPrefix(s, parts[0]) {
			return false
		}
		if s = s[len(parts[0]):]; len(parts) == 1 {
			return !g.atEnd || s == ""
		}
		parts = parts[1:]
	}
	last := len(parts) - 1
	for _, p := range parts[:last] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	if g.atEnd {
		return strings.HasSuffix(s, parts[last])
	}
	return strings.Contains(s, parts[last])
}
