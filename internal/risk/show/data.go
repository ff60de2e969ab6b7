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
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/risk/register"
)

type document struct {
	Profile   string     `json:"profile"`
	Day       string     `json:"day"`
	Catalogue catalogue  `json:"catalogue"`
	Counts    counts     `json:"counts"`
	Scales    scales     `json:"scales"`
	Risks     []risk     `json:"risks"`
	Quiet     []subject  `json:"quiet"`
	Closed    []decision `json:"closed"`
	Analyses  []analysis `json:"analyses"`
	Note      string     `json:"disclaimer"`
}

type catalogue struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

type counts struct {
	Risks     int            `json:"risks"`
	Assets    int            `json:"assets"`
	Levels    map[string]int `json:"levels"`
	Untreated int            `json:"untreated"`
	Held      int            `json:"controls_held"`
	Open      int            `json:"controls_open"`
}

type scales struct {
	Source     string          `json:"source"`
	Likelihood []register.Step `json:"likelihood"`
	Impact     []register.Step `json:"impact"`
	Levels     []register.Step `json:"levels"`
	Matrix     [][]string      `json:"matrix"`
}

type subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

type risk struct {
	ID         string     `json:"id"`
	Asset      subject    `json:"asset"`
	Threat     threat     `json:"threat"`
	Level      string     `json:"level"`
	Likelihood weight     `json:"likelihood"`
	Impact     weight     `json:"impact"`
	Signs      []string   `json:"signs"`
	Weaknesses []weakness `json:"weaknesses"`
	Stale      bool       `json:"stale"`
	Plan       []string   `json:"plan"`
	Treatment  *decision  `json:"treatment"`
	Residual   string     `json:"residual"`
}

type threat struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Affects []string `json:"affects"`
}

type weight struct {
	Step int      `json:"step"`
	Name string   `json:"name"`
	Why  []string `json:"why"`
}

type weakness struct {
	Control  string `json:"control"`
	Title    string `json:"title"`
	Severity string `json:"severity"`
	Facts    []seen `json:"facts"`
}

type seen struct {
	Subject    subject       `json:"subject"`
	Fact       string        `json:"fact"`
	Value      string        `json:"value"`
	Stale      bool          `json:"stale"`
	Method     string        `json:"method"`
	ObservedAt string        `json:"observed_at"`
	Statement  string        `json:"statement"`
	Sources    []fact.Source `json:"sources"`
}

type decision struct {
	ID    string         `json:"id"`
	Risk  string         `json:"risk"`
	At    string         `json:"at"`
	State register.State `json:"state,omitempty"`
	Why   string         `json:"why,omitempty"`
	register.Treatment
}

type analysis struct {
	Law       string    `json:"law"`
	Title     string    `json:"title"`
	Pinpoint  string    `json:"pinpoint"`
	Provision string    `json:"provision"`
	Bound     string    `json:"bound"`
	Elements  []element `json:"elements"`
}

type element struct {
	ID        string            `json:"id"`
	Text      string            `json:"text"`
	Pinpoint  string            `json:"pinpoint"`
	Provision string            `json:"provision,omitempty"`
	Standing  register.Standing `json:"standing"`
	Says      string            `json:"says"`
	Human     string            `json:"to_complete,omitempty"`
}

// JSON writes register and analyses for programs (docs/risk.schema.json).
func (s *Sheet) JSON(w io.Writer, only string) error {
	c := &s.Data.Scales
	d := document{Profile: s.a.Profile, Day: s.a.Day.String(), Catalogue: catalogue{s.a.Catalogue.Version,
		s.a.Catalogue.Digest},
		Counts: counts{len(s.Risks), s.Assets, map[string]int{}, s.Untreated(), s.Held, s.Open},
		Scales: scales{Source: c.Source, Likelihood: c.Likelihood, Impact: c.Impact, Levels: c.Levels},
		Risks:  []risk{}, Quiet: []subject{}, Closed: []decision{}, Analyses: []analysis{}, Note: page.Disclaimer}
	for i := range c.Likelihood {
		var row []string
		for k := range c.Impact {
			row = append(row, s.level(c.Level(i+1, k+1)))
		}
		d.Scales.Matrix = append(d.Scales.Matrix, row)
	}
	for _, l := range c.Levels {
		d.Counts.Levels[l.Name] = 0
	}
	for i := range s.Risks {
		d.Counts.Levels[s.level(s.Risks[i].Level)]++
		d.Risks = append(d.Risks, s.risk(&s.Risks[i]))
	}
	for _, q := range s.Quiet {
		d.Quiet = append(d.Quiet, s.subject(q))
	}
	for i := range s.Closed {
		d.Closed = append(d.Closed, decisionOf(&s.Closed[i]))
	}
	for _, x := range s.Documents(only) {
		d.Analyses = append(d.Analyses, analysisOf(&x))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(d); err != nil {
		return fmt.Errorf("writing the risk register: %w", err)
	}
	return nil
}

func (s *Sheet) subject(x fact.Subject) subject { return subject{string(x.Kind), x.ID, s.a.Name(x)} }

func (s *Sheet) risk(r *register.Risk) risk {
	out := risk{ID: r.ID, Asset: s.subject(r.Asset), Threat: threat{r.Threat.ID, r.Threat.Title,
		r.Threat.Affects}, Level: s.level(r.Level),
		Likelihood: weight{r.Likelihood.Step, s.likelihood(r), orNone(r.Likelihood.Why)},
		Impact:     weight{r.Impact.Step, s.impact(r), orNone(r.Impact.Why)},
		Signs:      orNone(r.Signs), Weaknesses: []weakness{}, Stale: r.Stale, Plan: orNone(s.offers(r)),
		Residual: s.level(r.Residual)}
	for i := range r.Weaknesses {
		out.Weaknesses = append(out.Weaknesses, s.weak(&r.Weaknesses[i]))
	}
	if t := r.Treatment; t != nil {
		d := decisionOf(&t.Kept)
		d.State, d.Why = t.State, t.Why
		out.Treatment = &d
	}
	return out
}

func (s *Sheet) weak(w *register.Weakness) weakness {
	out := weakness{Facts: []seen{}}
	if w.Control != nil {
		out.Control, out.Title, out.Severity = string(w.Control.ID), w.Control.Title, w.Control.Severity
	}
	for _, f := range w.Facts {
		x := seen{Subject: s.subject(f.Subject), Fact: string(f.Fact), Value: f.Value.String(), Stale: f.Stale,
			Sources: []fact.Source{}}
		if len(f.Support) > 0 {
			c := f.Support[0]
			x.Method, x.ObservedAt, x.Statement = string(c.Method), c.ObservedAt.UTC().Format(time.RFC3339),
				c.Statement
			x.Sources = append(x.Sources, c.Sources...)
		}
		out.Facts = append(out.Facts, x)
	}
	return out
}

func decisionOf(k *register.Kept) decision {
	return decision{ID: k.ID, Risk: k.Threat + "@" + k.Asset.String(), At: k.At.UTC().Format(time.RFC3339),
		Treatment: k.Treatment}
}

func analysisOf(d *register.Document) analysis {
	out := analysis{string(d.Law), d.Title, d.Pinpoint, string(d.Provision), d.Bound, []element{}}
	for _, e := range d.Elements {
		out.Elements = append(out.Elements, element{e.ID, e.Text, e.Pinpoint, string(e.Provision), e.Standing,
			e.Says, e.Human})
	}
	return out
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// CSV writes one row for each asset, threat and weakness. No cell is taken for a formula.
func (s *Sheet) CSV(w io.Writer) error {
	rows := [][]string{{"risk", "level", "asset", "threat", "weakness", "severity", "facts", "likelihood",
		"likelihood_why", "impact", "impact_why",
		"signs", "plan", "treatment", "owner", "due", "until", "residual"}}
	for i := range s.Risks {
		r := &s.Risks[i]
		var owner, due, until string
		if r.Treatment != nil {
			owner, due, until = r.Treatment.Owner, r.Treatment.Due, r.Treatment.Until
		}
		for k := range r.Weaknesses {
			x := s.weak(&r.Weaknesses[k])
			var facts []string
			for _, f := range r.Weaknesses[k].Facts {
				facts = append(facts, s.fact(&f))
			}
			rows = append(rows, []string{r.ID, s.level(r.Level), s.a.Name(r.Asset), r.Threat.Title, x.Title,
				x.Severity, strings.Join(facts, "; "),
				strconv.Itoa(r.Likelihood.Step), strings.Join(r.Likelihood.Why, "; "),
				strconv.Itoa(r.Impact.Step), strings.Join(r.Impact.Why, "; "),
				strings.Join(r.Signs, "; "), strings.Join(s.offers(r), "; "), treatment(r), owner, due, until,
				s.level(r.Residual)})
		}
	}
	for _, r := range rows {
		for i := range r {
			r[i] = cell(r[i])
		}
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("writing the risk register: %w", err)
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
