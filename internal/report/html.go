// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/page"
	"github.com/writ-iot/writ/internal/plan"
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

type reportPage struct {
	Style                                template.CSS
	Policy                               string // Content-Security-Policy: our own style, nothing else
	Profile, Lead, Day, Until, KnownAt   string
	Standing                             string
	Version, Digest, DigestShort, Engine string
	Disclaimer, Depth, ReplayKey         string
	Own, Supplier                        line
	Rows                                 []pageRow
	Persons                              []pagePerson // of a group
	Open, Out                            []pageBeside // laws that may bind; laws that bind nobody here
	Findings, MoreFindings               []pageFinding
	Network, Moments                     template.HTML
	Edges                                []assess.Edge
	EdgesLeft                            int
	Actions                              []pageAction
	Planned                              string
	Items                                []pageItem
	Classes                              []pageClass
	Things                               []pageThing
	Laws                                 []pageLaw
	Inputs                               []pageInput
	Notices                              []string
}

type pageRow struct {
	Law, Anchor, Displaced string
	Lines                  []pageLine
}

type pageLine struct {
	line
	Bar template.HTML
}

type pageAction struct {
	Title, Owner, Share string
	Does                []string
	Hours, Clears       int
}

type pageItem struct {
	Text, Fact, Class, Whose, Laws      string
	Provisions, Subjects, Alone, Decide int
}

type pageThing struct {
	Name, Product, Kind, Confidence, Addresses, Last string
	Signals                                          []string
}

type pageInput struct {
	Path, SHA256, First, Last string
	Packets                   int64
}

func newPage(a *assess.Assessment) *reportPage {
	p := &reportPage{Style: page.Style(), Policy: page.Policy(),
		Profile: Clean(a.Profile), Standing: Standing(a), Day: a.Day.String(), Until: evidenceUntil(a), KnownAt: stamp(a.KnownAt),
		Version: a.Catalogue.Version, Digest: a.Catalogue.Digest, DigestShort: short(a.Catalogue.Digest),
		Engine: a.Engine, Disclaimer: Disclaimer, Depth: depthSentence(a), ReplayKey: a.Result.ReplayKey,
		Own: line{"ours", a.Result.Own}, Supplier: line{"suppliers'", a.Result.Supplier}, Notices: cleanAll(a.Notices)}
	p.Persons = pagePersons(a)
	p.Lead = fmt.Sprintf("%s and %s looked at, from %s.", count(len(a.Things), "device", "devices"),
		count(len(a.Result.Instruments), "law", "laws"), count(len(a.Inputs), "input", "inputs"))
	p.matrix(a)
	all := findings(a)
	p.findings(a, all)
	p.actions(a)
	for _, it := range plan.Cheapest(PlanOf(a), 10) {
		p.Items = append(p.Items, pageItem{Text: it.Text, Fact: string(it.Fact), Class: classWord(it.Class),
			Whose: bearerWord(it.Bearer), Laws: strings.Join(it.Laws, ", "), Provisions: it.Provisions(),
			Subjects: it.Subjects(), Alone: it.Alone, Decide: it.Decides})
	}
	p.Classes = classes(a)
	for i := range a.Things {
		p.Things = append(p.Things, thingOf(a, &a.Things[i]))
	}
	for _, in := range a.Inputs {
		p.Inputs = append(p.Inputs, pageInput{Clean(in.Path), in.SHA256, stamp(in.First), stamp(in.Last), in.Packets})
	}
	const mostEdges = 40
	edges := topEdges(a)
	p.Edges, p.EdgesLeft = edges[:min(mostEdges, len(edges))], max(0, len(edges)-mostEdges)
	p.Network, p.Moments = network(a, edges), moments(a, all)
	p.Laws = lawsOf(a)
	return p
}

// matrix gives each law that binds somebody here its rows, and one for all of which that is open.
func (p *reportPage) matrix(a *assess.Assessment) {
	bind, open, out := sorted(matrix(a))
	add := func(pr pageRow, lines ...line) {
		for _, l := range lines {
			pr.Lines = append(pr.Lines, pageLine{l, bar(l)})
		}
		p.Rows = append(p.Rows, pr)
	}
	for _, r := range bind {
		add(pageRow{Law: r.Instrument.Short, Anchor: "law-" + anchor(string(r.Instrument.ID)),
			Displaced: string(r.Displaced)}, r.lines()...)
	}
	if len(open) > 0 {
		own, supplier := sum(open)
		add(pageRow{Law: count(len(open), "law", "laws") + " that may bind", Anchor: "open"}, line{"ours", own},
			line{"suppliers'", supplier})
	}
	p.Open, p.Out = lawsBeside(a, open), lawsBeside(a, out)
}

func depthSentence(a *assess.Assessment) string {
	d := depths(a)
	return fmt.Sprintf("Of the verdicts, %d rest on law that is tested, %d on law that is modelled or listed, "+
		"%d on law that a named jurist reviewed.",
		d[law.Tested], d[law.Modelled]+d[law.Listed], d[law.Reviewed])
}

func (p *reportPage) actions(a *assess.Assessment) {
	const most = 10
	pl := planned(a)
	if pl == nil {
		return
	}
	for i := range pl.Actions[:min(most, len(pl.Actions))] {
		act := &pl.Actions[i]
		p.Actions = append(p.Actions, pageAction{Title: Clean(act.Title), Does: doing(a, act), Owner: cmp.Or(Clean(act.Owner), "open"),
			Hours: act.Hours, Clears: act.Clears, Share: fmt.Sprintf("%.0f %%", 100*act.Share)})
	}
	p.Planned = fmt.Sprintf("The fewest actions that clear most of the %s of ours that evidence contradicts or points against; "+
		"new evidence clears a duty, never a plan", count(pl.Pressing, "duty", "duties"))
}

func thingOf(a *assess.Assessment, t *assess.Thing) pageThing {
	var parts []string
	for _, s := range []string{t.Vendor, t.Model, t.Type, t.Firmware} {
		if s != "" {
			parts = append(parts, Clean(s))
		}
	}
	conf := ""
	if t.Confidence > 0 {
		conf = fmt.Sprintf("%.2f", t.Confidence)
	}
	product := productName(a, t)
	if product == strings.Join(parts[:min(2, len(parts))], " ") {
		product = "" // the wire says the same
	}
	return pageThing{Name: Clean(t.Name), Product: product, Kind: strings.Join(parts, ", "), Confidence: conf,
		Signals: cleanAll(t.Signals), Addresses: Clean(strings.Join(slices.Concat(t.IPs, t.MACs), " ")),
		Last: stamp(t.Last)}
}

// productName is the make and model that a device is a unit of; "" where nobody knows.
func productName(a *assess.Assessment, t *assess.Thing) string {
	n := name(a, t.Product)
	if strings.HasPrefix(n, "the make of ") {
		return ""
	}
	return n
}

// anchor makes an ID of what the catalogue names; it holds letters, digits, dots, slashes and dashes only.
func anchor(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '.' || r == ':' {
			return '-'
		}
		return r
	}, id)
}

// pageClass says how much of what is not shown one kind of help would end.
type pageClass struct {
	Word             string
	Own, Supplier    int
	OwnBar, TheirBar template.HTML
}

func classes(a *assess.Assessment) []pageClass {
	order := []judge.Class{judge.Answer, judge.Ours, judge.Listen, judge.Test, judge.MakerDoc,
		judge.Judgment, judge.Beyond}
	own, theirs := map[judge.Class]int{}, map[judge.Class]int{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		switch {
		case v.Outcome != judge.NotShown || v.Provision.Force != law.Must:
		case v.Bearer == judge.Supplier:
			theirs[v.Class]++
		default:
			own[v.Class]++
		}
	}
	most := 1
	for _, c := range order {
		most = max(most, own[c], theirs[c])
	}
	var out []pageClass
	for _, c := range order {
		if own[c]+theirs[c] > 0 {
			out = append(out, pageClass{Word: classWord(c), Own: own[c], Supplier: theirs[c],
				OwnBar: length(own[c], most), TheirBar: length(theirs[c], most)})
		}
	}
	return out
}
