// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/risk/register"
)

//go:embed report.html
var reportText string

var reportPage = template.Must(template.New("risk").Parse(reportText))

type pageRisk struct {
	N                                           int
	ID, Title, Asset, Level, Likelihood, Impact string
	LikelyWhy, ImpactWhy, Seen, Weak, Offers    []string
	Treatment, Decided, Residual                string
	Class                                       string
}

type pageElement struct{ Text, Pinpoint, Standing, Says, Class string }

type pageDocument struct {
	Title, Summary string
	Elements       []pageElement
}

type pageScale struct {
	Title string
	Steps []register.Step
}

type pageView struct {
	Documents []pageDocument
	Risks     []pageRisk
	Closed    []string
	Quiet     []string
	Scales    []pageScale
	Impact    []string
	Matrix    [][]string
	Source    string
	Draft     string
}

// HTML writes the risk analysis as one page: without script or request, to be printed as well.
func (s *Sheet) HTML(w io.Writer, only string) error {
	v := pageView{Source: s.Data.Scales.Source, Draft: draft}
	for _, d := range s.Documents(only) {
		x := pageDocument{Title: d.Short + ": " + d.Title, Summary: documentSummary(&d)}
		for _, e := range d.Elements {
			x.Elements = append(x.Elements, pageElement{e.Text, e.Pinpoint, standingWord(e.Standing), says(&e),
				standingClass(e.Standing)})
		}
		v.Documents = append(v.Documents, x)
	}
	for i := range s.Risks {
		v.Risks = append(v.Risks, s.pageRisk(i+1, &s.Risks[i]))
	}
	for i := range s.Closed {
		v.Closed = append(v.Closed, fmt.Sprintf("%s of %s: %s", s.Closed[i].Threat, s.name(s.Closed[i].Asset),
			s.Closed[i].Option))
	}
	for _, q := range s.Quiet {
		v.Quiet = append(v.Quiet, s.name(q))
	}
	s.pageScales(&v)
	var body strings.Builder
	if err := reportPage.Execute(&body, v); err != nil {
		return fmt.Errorf("writing the risk analysis: %w", err)
	}
	d := page.Document{Brand: "risk analysis", Title: "Risk analysis: " + paper.Clean(s.a.Profile), Lead: s.summary(),
		Facts: [][2]string{{"law of", s.a.Day.String()}, {"evidence until", s.a.At.UTC().Format("2006-01-02 15:04Z")},
			{"catalogue", s.a.Catalogue.Version}},
		Body: template.HTML(body.String())} // from a template that escapes
	return d.Write(w)
}

func (s *Sheet) pageRisk(n int, r *register.Risk) pageRisk {
	x := pageRisk{N: n, ID: r.ID, Title: r.Threat.Title, Asset: s.name(r.Asset), Level: s.level(r.Level),
		Likelihood: s.likelihood(r),
		Impact:     s.impact(r), LikelyWhy: r.Likelihood.Why, ImpactWhy: r.Impact.Why, Seen: r.Signs, Offers: s.offers(r),
		Treatment: treatment(r), Decided: s.decided(r), Residual: s.level(r.Residual),
		Class: levelClass(len(s.Data.Scales.Levels) - r.Level)}
	for i := range r.Weaknesses {
		x.Weak = append(x.Weak, s.weakness(&r.Weaknesses[i]))
	}
	return x
}

func (s *Sheet) pageScales(v *pageView) {
	c := &s.Data.Scales
	v.Scales = []pageScale{{"Likelihood", c.Likelihood}, {"Impact", c.Impact}, {"Level", c.Levels}}
	for _, step := range c.Impact {
		v.Impact = append(v.Impact, step.Name)
	}
	for i := range c.Likelihood {
		row := []string{c.Likelihood[i].Name}
		for k := range c.Impact {
			row = append(row, s.level(c.Level(i+1, k+1)))
		}
		v.Matrix = append(v.Matrix, row)
	}
}

// standingClass and levelClass are the colours of the house's style sheet; the words say it without them.
func standingClass(s register.Standing) string {
	switch s {
	case register.Present:
		return "tm"
	case register.Missing:
		return "tv"
	}
	return "ti"
}

func levelClass(fromTop int) string {
	switch fromTop {
	case 1:
		return "tv"
	case 2:
		return "ti"
	}
	return "to"
}
