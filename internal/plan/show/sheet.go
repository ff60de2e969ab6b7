// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/internal/sheet"
)

// OwnerSoFar heads the column that says who owned an action when the list went out.
const OwnerSoFar = "Owner so far"

// Sheeted is a plan as a list that people change: one row for each action. Of it, they say who owns what.
func Sheeted() *sheet.List {
	const derived = "it follows from evidence (write the plan again where that is old)"
	return &sheet.List{Name: "plan", Columns: []sheet.Column{
		{Key: "title", Title: "Action", Fixed: true, Why: derived, Width: 40},
		{Key: "what", Title: "What", Fixed: true, Why: derived, Width: 40},
		{Key: "on", Title: "On", Fixed: true, Why: derived, Width: 30},
		{Key: "hours", Title: "Hours", Fixed: true, Why: derived, Width: 8},
		{Key: "severity", Title: "Severity", Fixed: true, Why: derived, Width: 10},
		{Key: "laws", Title: "Laws", Fixed: true, Why: derived},
		{Key: "was", Title: OwnerSoFar, Fixed: true,
			Why: "it tells who owned it when the list went out (write the plan again where that is old)"},
		{Key: "owner", Title: "Owner"},
	}}
}

// Cells are an action's in the order of the columns of Sheeted; the last is its owner.
func Cells(a *assess.Assessment, x *plan.Action) []string {
	var what, on []string
	for _, p := range x.Parts {
		what = append(what, string(p.How)+": "+p.Text)
		for _, s := range p.Subjects {
			on = append(on, paper.Clean(a.Name(s)))
		}
	}
	return []string{x.Title, strings.Join(what, "\n"), strings.Join(on, "; "), strconv.Itoa(x.Hours), x.Severity,
		strings.Join(lawsOf(x.Duties), "; "), x.Owner, x.Owner}
}
