// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"sync"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
)

// PlanOf is an assessment as a plan needs it.
func PlanOf(a *assess.Assessment) *plan.World {
	w := &plan.World{Catalogue: a.Catalogue, Result: a.Result, Day: a.Day, At: fact.DayOf(a.At), Claims: a.Facts,
		Name: func(s fact.Subject) string { return name(a, s) }}
	for i := range a.Things {
		t := &a.Things[i]
		w.Things = append(w.Things, plan.Thing{Device: t.Subject, Product: t.Product, Type: t.Type})
	}
	return w
}

// vocabulary is what people really do, as the program carries it.
var vocabulary = sync.OnceValues(func() (*plan.Vocabulary, error) { return plan.LoadVocabulary(catalogue.FS) })

// planned is what to do about our own duties, in order; nil where the program carries no actions.
func planned(a *assess.Assessment) *plan.Plan {
	v, err := vocabulary()
	if err != nil {
		return nil // a test holds the carried actions to be sound
	}
	return plan.Make(PlanOf(a), v, plan.Options{For: judge.Own})
}

// doing says who does what, of each part of an action.
func doing(a *assess.Assessment, act *plan.Action) []string {
	var all []string
	for i := range act.Parts {
		part := &act.Parts[i]
		text := map[plan.How]string{plan.Ask: "Ask its maker: ", plan.AtMaker: "Its maker: ",
			plan.Around: "Around the device: "}[part.How] + Clean(part.Text)
		if len(part.Subjects) > 0 {
			text += " (" + listed(names(a, part.Subjects), 4) + ")"
		}
		if part.Caution != "" {
			text += " " + Clean(part.Caution)
		}
		all = append(all, text)
	}
	return all
}
