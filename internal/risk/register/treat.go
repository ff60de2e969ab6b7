// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/person"
)

// Treatment is what people decided about a risk. It stands beside verdicts and changes none. What it froze is
// named by fact and statement: no value lies in what can be erased.
type Treatment struct {
	Threat   string   `json:"threat"`
	Option   Option   `json:"option"`
	Text     string   `json:"text,omitempty"`
	Reasons  string   `json:"reasons"`
	By       string   `json:"by"`                 // who asks for it
	Approver string   `json:"approver,omitempty"` // who decided; of an acceptance somebody else
	Owner    string   `json:"owner,omitempty"`
	Due      string   `json:"due,omitempty"`   // a day: carried out by then
	Until    string   `json:"until,omitempty"` // a day: the last on which an acceptance stands
	Done     bool     `json:"done,omitempty"`
	Residual *Pair    `json:"residual,omitempty"` // what a person expects to be left
	Before   Pair     `json:"before"`             // how it was weighed when it was decided
	Frozen   []Frozen `json:"frozen,omitempty"`
}

// Pair is a likelihood and an impact, each from 1.
type Pair struct {
	Likelihood int `json:"likelihood"`
	Impact     int `json:"impact"`
}

// Frozen is a fact that a decision rests on, as one statement carries it.
type Frozen struct {
	Fact      fact.Name `json:"fact"`
	Statement string    `json:"statement"`
}

// Option of a treatment.
type Option string

// The options.
const (
	Mitigate Option = "mitigate"
	Transfer Option = "transfer"
	Avoid    Option = "avoid"
	Accept   Option = "accept"
)

// Form is how a treatment stands in the journal of a case.
const Form = "risk.treatment"

// Kept is a treatment as a case holds it.
type Kept struct {
	Treatment
	ID    string
	Asset fact.Subject
	At    time.Time
}

func (k *Kept) risk() string { return k.Threat + "@" + k.Asset.String() }

// Check says what is wrong with a treatment that is to be entered on a day.
func (t *Treatment) Check(today fact.Day) error {
	var wrong []error
	need := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, errors.New(what))
		}
	}
	need(strings.TrimSpace(t.By) != "", "say who asks for it: --by")
	need(strings.TrimSpace(t.Reasons) != "", "say why: --reasons")
	due := dayOf(t.Due, "--due", &wrong)
	until := dayOf(t.Until, "--until", &wrong)
	switch t.Option {
	case Accept:
		need(strings.TrimSpace(t.Approver) != "", "an acceptance is approved by somebody: --approver")
		need(t.Approver == "" || !person.Same(t.Approver, t.By),
			"who asks for an acceptance cannot approve it: --approver is --by")
		need(t.Until != "", "an acceptance ends: --until")
		need(t.Until == "" || until > today, fmt.Sprintf("an acceptance ends after today, %s: --until is %s",
			today, t.Until))
		need(t.Residual == nil, "what is accepted is left as it is: no --residual")
	case Mitigate, Transfer, Avoid:
		need(strings.TrimSpace(t.Owner) != "", "say who owns it: --owner")
		need(t.Due != "" || t.Done, "say by when it is carried out (--due), or that it is (--done)")
		need(t.Done || t.Due == "" || due >= today,
			fmt.Sprintf("it cannot be due before today, %s: --due is %s", today, t.Due))
		need(t.Until == "", "only an acceptance has an end: --until")
	default:
		need(false, fmt.Sprintf("%q is no way to treat a risk: mitigate, transfer, avoid, accept", t.Option))
	}
	if p := t.Residual; p != nil {
		need(p.Likelihood >= 1 && p.Likelihood <= steps && p.Impact >= 1 && p.Impact <= steps,
			fmt.Sprintf("what is left is a likelihood and an impact of 1 to %d each", steps))
		need(p.Likelihood <= t.Before.Likelihood && p.Impact <= t.Before.Impact,
			"what is left cannot be more than what there is now")
	}
	return errors.Join(wrong...)
}

func dayOf(s, flag string, wrong *[]error) fact.Day {
	if s == "" {
		return 0
	}
	d, err := fact.ParseDay(s)
	if err != nil {
		*wrong = append(*wrong, fmt.Errorf("%s: %w", flag, err))
	}
	return d
}

// State of a treatment.
type State string

// The states. Only planned, done and accepted stand.
const (
	Planned      State = "planned"
	Overdue      State = "overdue"
	Done         State = "done"         // and evidence has not looked again
	Contradicted State = "contradicted" // done, and evidence that came later still shows the weakness
	Accepted     State = "accepted"
	Expired      State = "expired"
	Void         State = "void"
)

// Treated is the treatment of a risk as it stands on a day.
type Treated struct {
	Kept
	State State
	Why   string
}

// Stands says that nobody needs to decide anew.
func (t *Treated) Stands() bool {
	return t.State == Planned || t.State == Done || t.State == Accepted
}

// treat lays the newest treatment of each risk beside it. Those of risks that are not shown any more are closed.
func treat(w *World, r *Register) {
	newest := map[string]*Kept{}
	var order []string
	for i := range w.Treatments {
		k := &w.Treatments[i]
		if newest[k.risk()] == nil {
			order = append(order, k.risk())
		}
		newest[k.risk()] = k
	}
	claims := map[string][]*fact.Claim{}
	for i := range w.Claims {
		c := &w.Claims[i]
		claims[c.Statement] = append(claims[c.Statement], c)
	}
	used := map[string]bool{}
	for i := range r.Risks {
		x := &r.Risks[i]
		k := newest[x.ID]
		if k == nil {
			continue
		}
		used[x.ID] = true
		t := &Treated{Kept: *k}
		t.State, t.Why = state(w, r, x, k, claims)
		x.Treatment = t
		if t.State == Done && t.Residual != nil {
			x.Residual = r.Data.Scales.Level(t.Residual.Likelihood, t.Residual.Impact)
		}
	}
	for _, id := range order {
		if !used[id] {
			r.Closed = append(r.Closed, *newest[id])
		}
	}
}

// state of a treatment on the law day.
func state(w *World, r *Register, x *Risk, k *Kept, claims map[string][]*fact.Claim) (State, string) {
	if k.Option == Accept {
		until, err := fact.ParseDay(k.Until)
		if err != nil || w.Day > until {
			return Expired, "it stood until " + k.Until
		}
		if why := void(r, x, k, claims); why != "" {
			return Void, why
		}
		return Accepted, "until " + k.Until
	}
	if k.Done {
		if f := after(x, k.At); f != nil {
			return Contradicted, fmt.Sprintf("evidence of %s still shows %s", fact.DayOf(f.ObservedAt), f.Fact)
		}
		return Done, "no evidence has looked since"
	}
	if due, err := fact.ParseDay(k.Due); err == nil && w.Day > due {
		return Overdue, "it was due on " + k.Due
	}
	return Planned, "due on " + k.Due
}

// after is a claim of a weakness that was observed after a moment.
func after(x *Risk, at time.Time) *fact.Claim {
	for _, weak := range x.Weaknesses {
		for _, f := range weak.Facts {
			for _, c := range f.Support {
				if c.ObservedAt.After(at) {
					return c
				}
			}
		}
	}
	return nil
}

// void says why an acceptance does not hold any more: a frozen fact took another known value, what it rested
// on was taken back, or there is a weakness that it did not know. Going stale is no change.
func void(r *Register, x *Risk, k *Kept, claims map[string][]*fact.Claim) string {
	var frozen []fact.Name
	for _, f := range k.Frozen {
		frozen = append(frozen, f.Fact)
		i := slices.IndexFunc(claims[f.Statement], func(c *fact.Claim) bool { return c.Fact == f.Fact })
		if i < 0 || claims[f.Statement][i].Withheld || !claims[f.Statement][i].Withdrawn.IsZero() {
			return fmt.Sprintf("what it rested on was taken back: %s", f.Fact)
		}
		c := claims[f.Statement][i]
		if now := r.snapshot.State(c.Subject, c.Fact); now.State == fact.Known && now.Value != c.Value {
			return fmt.Sprintf("%s has changed from %s to %s", f.Fact, c.Value, now.Value)
		}
	}
	for _, weak := range x.Weaknesses {
		for _, f := range weak.Facts {
			if !slices.Contains(frozen, f.Fact) {
				return fmt.Sprintf("there is a weakness that it did not know: %s", f.Fact)
			}
		}
	}
	return ""
}

// Freeze names the facts that a risk rests on now.
func (x *Risk) Freeze() (out []Frozen) {
	for _, weak := range x.Weaknesses {
		for _, f := range weak.Facts {
			if len(f.Support) > 0 && !slices.ContainsFunc(out, func(o Frozen) bool { return o.Fact == f.Fact }) {
				out = append(out, Frozen{f.Fact, f.Support[0].Statement})
			}
		}
	}
	return out
}
