// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// HTML writes one self-contained page: no script, no request, light and dark, fit to print.
func HTML(w io.Writer, a *assess.Assessment) error {
	if err := pageTemplate.Execute(w, newPage(a)); err != nil {
		return fmt.Errorf("writing the report page: %w", err)
	}
	return nil
}

type page struct {
	Profile, Lead, Day, At, KnownAt      string
	Version, Digest, DigestShort, Engine string
	Disclaimer, Depth, ReplayKey         string
	Own, Supplier                        judge.Counts
	OtherNotShown                        int
	Rows                                 []pageRow
	Findings                             []pageFinding
	Network                              template.HTML
	Edges                                []assess.Edge
	Actions                              []pageAction
	Items                                []Item
	Things                               []pageThing
	Laws                                 []pageLaw
	Inputs                               []pageInput
	Notices                              []string
}

type pageRow struct {
	Law, Anchor, Bound, Displaced string
	Bar                           template.HTML
	Counts                        judge.Counts
	Rest                          int
}

type pageFinding struct {
	Law, Pinpoint, Text, Word, Subjects, Missing string
	Indicated, Supplier                          bool
	Seen                                         []string
}

type pageAction struct {
	Remedy, Severity, Who, Laws, Subjects string
	Clears                                int
}

type pageThing struct{ Name, Kind, Confidence, Addresses, Last string }

type pageInput struct {
	Path, SHA256, First, Last string
	Packets                   int64
}

type pageLaw struct {
	Anchor, Title, Citation, Because string
	Provisions                       []pageProvision
}

type pageProvision struct {
	Pinpoint, Text, Words, Facts, More string
	Verdicts                           []pageVerdict
}

type pageVerdict struct{ Word, Style, Subject, Detail, Reasons string }

func newPage(a *assess.Assessment) *page {
	p := &page{Profile: Clean(a.Profile), Day: a.Day.String(), At: stamp(a.At), KnownAt: stamp(a.KnownAt),
		Version: a.Catalogue.Version, Digest: a.Catalogue.Digest, DigestShort: short(a.Catalogue.Digest), Engine: a.Engine,
		Disclaimer: Disclaimer, ReplayKey: a.Result.ReplayKey, Own: a.Result.Own, Supplier: a.Result.Supplier,
		OtherNotShown: a.Result.Own.NotShown - a.Result.Own.BreachIndicated, Items: Cheapest(a, 10), Notices: cleanAll(a.Notices)}
	p.Lead = fmt.Sprintf("%d devices, %d laws looked at.", len(a.Things), len(a.Result.Instruments))
	p.Depth = depthSentence(a)
	for _, r := range Matrix(a) {
		p.Rows = append(p.Rows, matrixRows(r)...)
	}
	for _, f := range Findings(a) {
		p.Findings = append(p.Findings, findingOf(a, f))
	}
	for _, act := range First(a, 8) {
		p.Actions = append(p.Actions, pageAction{Remedy: act.Control.Remedy, Severity: act.Control.Severity, Who: who(act.Control),
			Laws: strings.Join(act.Laws, ", "), Subjects: Clean(strings.Join(act.Subjects, ", ")), Clears: act.Clears})
	}
	for _, t := range a.Things {
		p.Things = append(p.Things, thingOf(t))
	}
	for _, in := range a.Inputs {
		p.Inputs = append(p.Inputs, pageInput{Clean(in.Path), in.SHA256, stamp(in.First), stamp(in.Last), in.Packets})
	}
	p.Edges = topEdges(a, 60)
	p.Network = network(a)
	p.Laws = lawsOf(a)
	return p
}

func depthSentence(a *assess.Assessment) string {
	depth := map[law.Depth]int{}
	for i := range a.Result.Verdicts {
		depth[a.Result.Verdicts[i].Provision.Depth]++
	}
	return fmt.Sprintf("Of the verdicts, %d rest on law that is tested, %d on law that is modelled, %d on law that a named jurist reviewed.",
		depth[law.Tested], depth[law.Modelled]+depth[law.Listed], depth[law.Reviewed])
}

func anchor(id law.InstrumentID) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '.' {
			return '-'
		}
		return r
	}, string(id))
}

func matrixRows(r Row) []pageRow {
	row := pageRow{Law: r.Instrument.Short, Anchor: anchor(r.Instrument.ID), Displaced: string(r.Displaced)}
	var out []pageRow
	if r.Own != (judge.Counts{}) || r.Supplier == (judge.Counts{}) {
		own := row
		own.Bound, own.Counts, own.Rest, own.Bar = boundWord(r.Bound), r.Own, r.Own.NotShown-r.Own.BreachIndicated, bar(r.Own)
		out = append(out, own)
	}
	if r.Supplier != (judge.Counts{}) {
		row.Bound, row.Counts, row.Rest, row.Bar = "suppliers", r.Supplier, r.Supplier.NotShown-r.Supplier.BreachIndicated, bar(r.Supplier)
		out = append(out, row)
	}
	return out
}

func boundWord(b string) string {
	switch b {
	case "own", "supplier":
		return "ours"
	case "no":
		return "not bound"
	}
	return "undetermined"
}

func findingOf(a *assess.Assessment, f Finding) pageFinding {
	pf := pageFinding{Law: f.Provision.Instrument.Short, Pinpoint: f.Provision.Pinpoint, Text: f.Provision.Text, Word: "violated",
		Indicated: f.Indicated, Supplier: f.Bearer == judge.Supplier}
	if f.Indicated {
		pf.Word = "breach indicated"
	}
	var names, missing []string
	for _, v := range f.Verdicts {
		add(&names, Clean(a.Name(v.Subject)))
		for _, m := range factNames(v.Missing) {
			add(&missing, m)
		}
		if line := seen(v); len(pf.Seen) < 3 && line != "" {
			add(&pf.Seen, Clean(a.Name(v.Subject))+": "+line)
		}
	}
	pf.Subjects, pf.Missing = strings.Join(names, ", "), strings.Join(missing[:min(6, len(missing))], ", ")
	return pf
}

func thingOf(t assess.Thing) pageThing {
	var parts []string
	for _, s := range []string{t.Vendor, t.Type, t.Model, t.Firmware} {
		if s != "" {
			parts = append(parts, Clean(s))
		}
	}
	return pageThing{Name: Clean(t.Name), Kind: strings.Join(parts, ", "), Confidence: fmt.Sprintf("%.2f", t.Confidence),
		Addresses: Clean(strings.Join(slices.Concat(t.MACs, t.IPs), " ")), Last: stamp(t.Last)}
}

func cleanAll(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = Clean(s)
	}
	return out
}
