// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
)

// sourceText names an artefact, its frames and what was seen there.
func sourceText(a *assess.Assessment, s fact.Source) string {
	text := "artefact " + short(s.Input)
	if n := inputName(a, s.Input); n != "" {
		text += " (" + n + ")"
	}
	if f := frames(a, s); f != "" {
		text += ", " + strings.Replace(f, "frames ", "frame ", 1)
	}
	return text + noted(s)
}

// placeText is the short form of it, for people: frames of a file.
func placeText(a *assess.Assessment, s fact.Source) string {
	in := inputName(a, s.Input)
	if in == "" {
		in = short(s.Input)
	}
	f := frames(a, s)
	if f == "" {
		return in + noted(s)
	}
	return f + " of " + in + noted(s)
}

func noted(s fact.Source) string {
	if s.Note == "" {
		return ""
	}
	return ": " + Clean(s.Note)
}

func inputName(a *assess.Assessment, digest string) string {
	for _, in := range a.Inputs {
		if in.SHA256 == digest && in.Path != "" {
			return Clean(filepath.Base(in.Path))
		}
	}
	return ""
}

// frames says which frames, the first ones by number; a look at all of them says so.
func frames(a *assess.Assessment, s fact.Source) string {
	const most = 6
	var parts []string
	for _, f := range s.Frames {
		switch {
		case whole(a, s.Input, f):
			return "all frames"
		case f[0] == f[1]:
			parts = append(parts, itoa(f[0]))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", f[0], f[1]))
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(parts) > most:
		parts = append(parts[:most], fmt.Sprintf("and %d more", len(parts)-most))
	}
	word := "frames "
	if len(parts) == 1 && !strings.Contains(parts[0], "-") {
		word = "frame "
	}
	return word + strings.Join(parts, ", ")
}

func whole(a *assess.Assessment, digest string, f [2]int) bool {
	for _, in := range a.Inputs {
		if in.SHA256 == digest {
			return f[0] == 1 && int64(f[1]) == in.Packets && in.Packets > 1
		}
	}
	return false
}
