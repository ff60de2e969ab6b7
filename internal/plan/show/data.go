// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/plan"
)

type document struct {
	Profile   string       `json:"profile"`
	Day       string       `json:"day"`
	Catalogue catalogueRef `json:"catalogue"`
	For       string       `json:"for"`
	Counts    counts       `json:"counts"`
	Exact     bool         `json:"exact"`
	Hours     int          `json:"effort_hours"`
	Actions   []action     `json:"actions"`
	Left      []left       `json:"left"`
	Notes     []plan.Note  `json:"notes"`
	Evidence  []item       `json:"evidence"`
	Note      string       `json:"disclaimer"`
}

type catalogueRef struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

type counts struct {
	Pressing  int `json:"pressing"`
	Violated  int `json:"violated"`
	Indicated int `json:"breach_indicated"`
	Cleared   int `json:"cleared"`
	Unsure    int `json:"cleared_with_caution"`
	Open      int `json:"law_undetermined"`
	Others    int `json:"others"`
}

type action struct {
	ID       string       `json:"id"`
	Title    string       `json:"title"`
	Hours    int          `json:"effort_hours"`
	Owner    string       `json:"owner"`
	Severity string       `json:"severity"`
	Parts    []part       `json:"parts"`
	Clears   int          `json:"clears"`
	Cleared  int          `json:"cleared"`
	Share    float64      `json:"share"`
	Laws     []string     `json:"laws"`
	Duties   []duty       `json:"duties"`
	Controls []string     `json:"controls"`
	Proof    []plan.Proof `json:"proof"`
}

type part struct {
	How      plan.How  `json:"how"`
	Who      string    `json:"who"`
	Text     string    `json:"text"`
	Caution  string    `json:"caution,omitempty"`
	Subjects []subject `json:"subjects"`
}

type subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type duty struct {
	Provision string   `json:"provision"`
	Law       string   `json:"law"`
	Pinpoint  string   `json:"pinpoint"`
	Verdicts  []string `json:"verdicts"`
}

type left struct {
	Why    plan.Why `json:"why"`
	Text   string   `json:"text"`
	Count  int      `json:"count"`
	Duties []duty   `json:"duties"`
	Asks   []part   `json:"asks"`
}

type item struct {
	Fact       string   `json:"fact"`
	Class      string   `json:"class"`
	Text       string   `json:"text"`
	Bearer     string   `json:"bearer"`
	Alone      int      `json:"ends_alone"`
	Helps      int      `json:"helps_with"`
	Provisions int      `json:"provisions"`
	Subjects   int      `json:"subjects"`
	Laws       []string `json:"laws"`
}

// JSON writes a plan for programs (docs/plan.schema.json).
func JSON(w io.Writer, a *assess.Assessment, p *plan.Plan) error {
	d := document{Profile: a.Profile, Day: a.Day.String(), Catalogue: catalogueRef{a.Catalogue.Version,
		a.Catalogue.Digest},
		For: string(p.For), Exact: p.Exact, Hours: p.Hours, Notes: p.Notes, Note: page.Disclaimer,
		Counts:  counts{p.Pressing, p.Violated, p.Indicated, p.Cleared, p.Unsure, p.Open, p.Others},
		Actions: []action{}, Left: []left{}, Evidence: []item{}}
	for i := range p.Actions {
		d.Actions = append(d.Actions, actionOf(a, &p.Actions[i]))
	}
	for _, l := range p.Left {
		d.Left = append(d.Left, left{l.Why, l.Text, l.Count, dutiesOf(l.Duties), partsOf(a, l.Asks)})
	}
	for _, it := range p.Evidence {
		d.Evidence = append(d.Evidence, item{string(it.Fact), string(it.Class), it.Text, string(it.Bearer), it.Alone,
			it.Decides - it.Alone, it.Provisions(), it.Subjects(), it.Laws})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

func actionOf(a *assess.Assessment, x *plan.Action) action {
	out := action{ID: x.ID, Title: x.Title, Hours: x.Hours, Owner: x.Owner, Severity: x.Severity,
		Parts: partsOf(a, x.Parts), Clears: x.Clears,
		Cleared: x.Cleared, Share: x.Share, Laws: lawsOf(x.Duties), Duties: dutiesOf(x.Duties),
		Controls: []string{}, Proof: x.Proof}
	for _, c := range x.Controls {
		out.Controls = append(out.Controls, string(c))
	}
	return out
}

func partsOf(a *assess.Assessment, parts []plan.Part) []part {
	out := []part{}
	for _, p := range parts {
		out = append(out, part{p.How, p.Who, p.Text, p.Caution, subjectsOf(a, p.Subjects)})
	}
	return out
}

func subjectsOf(a *assess.Assessment, all []fact.Subject) []subject {
	out := []subject{}
	for _, s := range all {
		out = append(out, subject{string(s.Kind), s.ID, a.Name(s)})
	}
	return out
}

func dutiesOf(all []plan.Duty) []duty {
	out := []duty{}
	for _, d := range all {
		x := duty{Provision: string(d.Provision.ID), Law: d.Provision.Instrument.Short,
			Pinpoint: d.Provision.Pinpoint}
		for _, v := range d.Verdicts {
			x.Verdicts = append(x.Verdicts, v.ID())
		}
		out = append(out, x)
	}
	return out
}

func lawsOf(duties []plan.Duty) []string {
	out := []string{}
	seen := map[string]bool{}
	for _, d := range duties {
		if l := d.Provision.Instrument.Short; !seen[l] {
			seen[l], out = true, append(out, l)
		}
	}
	return out
}

// CSV writes one row for each part of an action. No cell is taken for a formula.
func CSV(w io.Writer, a *assess.Assessment, p *plan.Plan) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"rank", "action", "title", "how", "who", "what", "caution", "on", "effort_hours",
		"severity", "owner", "clears", "cleared",
		"share_percent", "laws", "provisions", "proof"}}
	for i := range p.Actions {
		x := &p.Actions[i]
		var ids []string
		for _, d := range x.Duties {
			ids = append(ids, string(d.Provision.ID))
		}
		for _, part := range x.Parts {
			var on []string
			for _, s := range part.Subjects {
				on = append(on, a.Name(s))
			}
			rows = append(rows, []string{strconv.Itoa(i + 1), x.ID, x.Title, string(part.How), part.Who,
				part.Text, part.Caution,
				strings.Join(on, "; "), strconv.Itoa(x.Hours), x.Severity, x.Owner, strconv.Itoa(x.Clears),
				strconv.Itoa(x.Cleared),
				strconv.Itoa(int(x.Share * 100)), strings.Join(lawsOf(x.Duties), "; "), strings.Join(ids, "; "),
				strings.Join(proofs(x), "; ")})
		}
	}
	for _, r := range rows {
		for i := range r {
			r[i] = cell(r[i])
		}
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	return nil
}

// cell keeps a sheet from reading a name as a formula.
func cell(s string) string {
	s = paper.Clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
