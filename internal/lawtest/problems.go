// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import "github.com/writ-iot/writ/law"

// Finding is a problem as JSON shows it.
type Finding struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Warning bool   `json:"warning,omitempty"`
	What    string `json:"what"`
	Hint    string `json:"hint,omitempty"`
}

// Findings puts problems into a shape for JSON.
func Findings(all law.Problems) []Finding {
	out := make([]Finding, 0, len(all))
	for _, p := range all {
		out = append(out, Finding{p.Pos.File, p.Pos.Line, p.Pos.Col, p.Warning, p.What, p.Hint})
	}
	return out
}
