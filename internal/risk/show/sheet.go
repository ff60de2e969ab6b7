// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/risk/register"
	"github.com/writ-iot/writ/internal/sheet"
)

// Columns of the list of risks that people change.
const (
	ColOption, ColText, ColReasons, ColApprover = "treatment", "text", "reasons", "approver"
	ColOwner, ColDue, ColUntil, ColDone         = "owner", "due", "until", "done"
	ColLeft                                     = "residual"
)

// Decision heads the column that says which decision stood when the list went out.
const Decision = "Decision"

// Sheeted is the register as a list that people change: one row for each risk. What follows from the evidence is
// shown only.
func Sheeted() *sheet.List {
	const derived = "it follows from evidence"
	return &sheet.List{Name: "risks", Columns: []sheet.Column{
		{Key: "decision", Title: Decision, Fixed: true, Width: 14,
			Why: "it tells what was decided when the list went out (write the list again where that is old)"},
		{Key: "level", Title: "Level", Fixed: true, Why: derived, Width: 11},
		{Key: "asset", Title: "Asset", Fixed: true, Why: derived},
		{Key: "threat", Title: "Threat", Fixed: true, Why: derived, Width: 30},
		{Key: "weaknesses", Title: "Weaknesses", Fixed: true, Why: derived, Width: 40},
		{Key: "weighed", Title: "Likelihood, impact", Fixed: true, Why: derived},
		{Key: ColOption, Title: "Treatment"},
		{Key: ColText, Title: "What is done", Width: 30},
		{Key: ColOwner, Title: "Owner"},
		{Key: ColDue, Title: "Due", Day: true, Width: 12},
		{Key: ColDone, Title: "Done", Width: 8},
		{Key: ColReasons, Title: "Reasons", Width: 30},
		{Key: ColApprover, Title: "Approved by"},
		{Key: ColUntil, Title: "Accepted until", Day: true, Width: 14},
		{Key: ColLeft, Title: "Expected to be left"},
	}}
}

// Cells are a risk's in the order of the columns of Sheeted.
func (s *Sheet) Cells(r *register.Risk) []string {
	var weak []string
	for i := range r.Weaknesses {
		title := s.weak(&r.Weaknesses[i]).Title
		if title == "" || slices.Contains(weak, title) {
			continue
		}
		weak = append(weak, title)
	}
	out := []string{"", s.level(r.Level), s.name(r.Asset), r.Threat.Title, strings.Join(weak, "; "),
		fmt.Sprintf("%d, %d", r.Likelihood.Step, r.Impact.Step), "", "", "", "", "", "", "", "", ""}
	t := r.Treatment
	if t == nil {
		return out
	}
	done, left := "", ""
	if t.Done {
		done = "yes"
	}
	if t.Residual != nil {
		left = fmt.Sprintf("%d, %d", t.Residual.Likelihood, t.Residual.Impact)
	}
	out[0] = t.ID
	copy(out[6:], []string{string(t.Option), t.Text, t.Owner, t.Due, done, t.Reasons, t.Approver, t.Until, left})
	return out
}
