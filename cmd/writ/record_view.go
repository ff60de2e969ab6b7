// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/register"
)

// listView is a page of records, for programs.
type listView struct {
	Total   int64      `json:"total"`
	Page    int        `json:"page"`
	Records []itemView `json:"records"`
}

// itemView is a record, for programs.
type itemView struct {
	ID        string              `json:"id"`
	Kind      string              `json:"kind"`
	Topic     string              `json:"topic"`
	About     fact.Subject        `json:"about"`
	AboutName string              `json:"about_name"`
	Title     string              `json:"title"`
	Day       string              `json:"day"`
	Until     string              `json:"until"`
	By        string              `json:"by"`
	Says      string              `json:"says"` // who says so, where that is not who entered it
	Reasons   string              `json:"reasons"`
	Fields    map[string]string   `json:"fields"`
	Facts     []claimView         `json:"facts"`
	Attached  []register.Attached `json:"attached"`
	Scope     []string            `json:"scope"`
	Frozen    []register.Frozen   `json:"frozen"`
	Entered   string              `json:"entered"` // when it reached the case
	Stands    bool                `json:"stands"`
	Void      string              `json:"void"` // of a decision
	Erased    bool                `json:"erased"`
	Duties    []register.Duty     `json:"retention"`
}

// claimView is what a record makes known.
type claimView struct {
	Fact  fact.Name  `json:"fact"`
	Value fact.Value `json:"value"`
	From  string     `json:"from"`
	Until string     `json:"until"` // "": as long as the vocabulary lets it stand
}

// closingView is a closed register, for programs.
type closingView struct {
	register.Closing
	Day   string      `json:"day"`
	Until string      `json:"until"`
	Shows []claimView `json:"shows"`
}

func closingViews(all []register.Closing) []closingView {
	out := []closingView{}
	for i := range all {
		out = append(out, closingOf(&all[i]))
	}
	return out
}

func closingOf(c *register.Closing) closingView {
	return closingView{*c, c.Day.String(), c.Until.String(), claimViews(c.Shows)}
}

func claimViews(all []fact.Claim) []claimView {
	out := []claimView{}
	for i := range all {
		c := &all[i]
		out = append(out, claimView{c.Fact, c.Value, stamp(c.ObservedAt), ""})
		if !c.Expires.IsZero() {
			out[i].Until = stamp(c.Expires)
		}
	}
	return out
}

// views makes records ready to be shown.
func (d *door) views(ctx context.Context, desk *register.Desk, items []register.Item, retention bool) ([]itemView, error) {
	who, err := journal.Everybody(ctx, desk.Case)
	if err != nil {
		return nil, err
	}
	var held register.Holds
	if retention {
		if held, err = heldBy(ctx, desk); err != nil {
			return nil, err
		}
	}
	out := []itemView{}
	for i := range items {
		it := &items[i]
		_, kind, _ := strings.Cut(it.Form, ".")
		b := &it.Body
		v := itemView{ID: it.ID, Kind: kind, Topic: b.Topic, About: it.Subject, AboutName: journal.NameOf(who, it.Subject), Title: b.Title,
			Day: b.Day, Until: b.Until, By: b.By, Says: b.Says, Reasons: b.Reasons, Fields: orEmpty(b.Fields), Facts: claimViews(it.Claims),
			Attached: orNone(b.Attached), Scope: orNone(b.Scope), Frozen: orNone(b.Frozen), Entered: evidence.FormatTime(it.KnownAt),
			Stands: it.Stands, Void: it.Void, Erased: it.Erased, Duties: []register.Duty{}}
		if retention {
			v.Duties = orNone(desk.Duties(it, held))
		}
		out = append(out, v)
	}
	return out, nil
}

func orNone[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// words is a record in a few words: its title, or what its first fields say.
func (v *itemView) words() string {
	if v.Erased {
		return "(erased)"
	}
	var parts []string
	for _, name := range []string{"person", "course", "scope", "processing", "party", "control", "provision", "standard", "scenario"} {
		if s := v.Fields[name]; s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		for _, name := range slices.Sorted(maps.Keys(v.Fields)) {
			parts = append(parts, v.Fields[name])
		}
	}
	const few = 60
	s := []rune(cmp.Or(v.Title, strings.Join(parts, ", ")))
	if len(s) > few {
		return string(s[:few-1]) + "…"
	}
	return string(s)
}

func (v *itemView) state() string {
	switch {
	case !v.Stands:
		return "taken back"
	case v.Void != "":
		return "void: " + v.Void
	case v.Erased:
		return "erased"
	}
	return "stands"
}
