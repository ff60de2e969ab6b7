// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// vocabulary of the synthetic catalogue: name, subject, type, how it becomes known, more.
var vocabulary = [][5]string{
	{"service.telnet", "device", "bool", "passive, active, record", "ttl: {passive: 24h}, absence-hours: 24"},
	{"credentials.default", "device", "bool", "passive, active", "ttl: {passive: 24h}"},
	{"data.health", "device", "bool", "passive, active", "ttl: {passive: 24h}, absence-hours: 24"},
	{"unit.state", "device", "enum", "declaration, record", "words: [factory-default, set-up, altered]"},
	{"unit.placed", "device", "date", "declaration, record", ""},
	{"identity.certain", "device", "bool", "passive, record", "ttl: {passive: 24h}"},
	{"sighting.repeated", "device", "bool", "passive, record", "ttl: {passive: 24h}"},
	{"product.market", "product", "bool", "declaration, record", ""},
	{"product.medical", "product", "bool", "declaration, record", ""},
	{"product.claims", "product", "bool", "declaration, record", ""},
	{"record.label", "product", "bool", "record", ""},
	{"record.listed", "product", "bool", "record", ""},
	{"org.role", "organisation", "bool", "declaration", ""},
	{"org.bank", "organisation", "bool", "declaration", ""},
	{"org.decision", "organisation", "enum", "record", "words: [implemented, alternative, none]"},
	{"org.policy", "organisation", "bool", "record", ""},
	{"org.trained", "organisation", "date", "record", ""},
}

var controls = [][3]string{ // ID, subject, expression
	{"no-telnet", "device", "!service.telnet"},
	{"no-default", "device", "!credentials.default"},
	{"no-default-after-set-up", "device", `!credentials.default || unit.state == "factory-default"`},
	{"no-health", "device", "!data.health"},
	{"decided", "organisation", `!(org.decision == "none")`},
	{"addressed", "device", `org.decision == "alternative" || org.decision == "implemented" && !data.health`},
	{"policy", "organisation", "org.policy"},
	{"trained", "organisation", `within(org.trained, "P12M")`},
	{"label", "product", "record.label"},
	{"market", "product", "product.market"},
}

// instrument is the source of an instrument: what stands before its provisions, and these.
type instrument struct {
	id, kind string   // "" is a statute
	head     []string // lines such as applies: …
	from     string   // "" is 2020-01-01
	of       []string // provisions: their lines, joined by a semicolon
}

const source = `id: %s
title: A text for tests
short: Text
citation: 2022 c. 0
jurisdiction: XX
issuer: nobody
kind: %s
status: in force
addressees: [anyone]
checked: {day: 2026-11-24, by: us}
confidence: verified
depth: tested
sources: {text: the text}
milestones:
  - {day: 2020-01-01, event: applies, source: text}
  - {day: 2027-12-11, event: phase, source: text}
  - {day: 2030-01-01, event: repealed, source: text}
`

func (i instrument) yaml() string {
	if i.kind == "" {
		i.kind = "statute"
	}
	if i.from == "" {
		i.from = "2020-01-01"
	}
	out := fmt.Sprintf(source, i.id, i.kind)
	if i.from != "never" {
		out += "applies-from: " + i.from + "\n"
	}
	for _, h := range i.head {
		out += h + "\n"
	}
	out += "provisions:\n"
	for _, p := range i.of {
		out += "  - " + strings.Join(defaults(strings.Split(p, "; ")), "\n    ") + "\n"
	}
	return out
}

// defaults adds what a provision needs and a test does not care about.
func defaults(lines []string) []string {
	id := strings.TrimPrefix(lines[0], "id: ")
	for _, d := range []string{"pinpoint: " + id, "text: a duty", "force: must", "mode: judged",
		"bearer: operator", "subject: device",
		"source: text", "needs: [a judgement]"} {
		key, _, _ := strings.Cut(d, ":")
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, key+":") }) {
			lines = append(lines, d)
		}
	}
	return lines
}

func catalogue(t testing.TB, instruments ...instrument) *law.Catalogue {
	t.Helper()
	facts, demands := "facts:\n", "controls:\n"
	for _, f := range vocabulary {
		more := ""
		for _, part := range strings.SplitAfter(f[4], "}, ") {
			if part = strings.TrimSuffix(part, ", "); part != "" {
				more += "    " + part + "\n"
			}
		}
		facts += fmt.Sprintf("  - name: %s\n    subject: %s\n    type: %s\n    meaning: a thing\n    known: [%s]\n    source: a text\n%s", f[0], f[1], f[2], f[3], more)
	}
	for _, c := range controls {
		demands += fmt.Sprintf("  - {id: %s, title: %s, subject: %s, expr: '%s', severity: high, remedy: mend it, actor: either}\n", c[0], c[0], c[1], c[2])
	}
	fsys := fstest.MapFS{"catalogue.yaml": {Data: []byte("version: test\n")},
		"facts/f.yaml": {Data: []byte(facts)}, "controls/c.yaml": {Data: []byte(demands)}}
	for _, i := range instruments {
		fsys["instruments/"+i.id+".yaml"] = &fstest.MapFile{Data: []byte(i.yaml())}
	}
	c, err := law.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func engine(t testing.TB, instruments ...instrument) *judge.Engine {
	t.Helper()
	e, err := judge.Compile(catalogue(t, instruments...))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The world of most tests: we run a camera and its twin, which a maker makes.
var (
	us      = fact.Subject{Kind: fact.Organisation, ID: "us"}
	maker   = fact.Subject{Kind: fact.Organisation, ID: "maker"}
	product = fact.Subject{Kind: fact.Product, ID: "model"}
	camera  = fact.Subject{Kind: fact.Device, ID: "camera"}
	twin    = fact.Subject{Kind: fact.Device, ID: "twin"}
	noon    = time.Date(2027, 12, 12, 12, 0, 0, 0, time.UTC)
)

func members() []judge.Member {
	return []judge.Member{{Subject: us, Own: true}, {Subject: maker}, {Subject: product, Maker: maker},
		{Subject: camera, Product: product, Runner: us}}
}

// scene is an input being put together.
type scene struct{ judge.Input }

func set() *scene {
	return &scene{judge.Input{Members: members(), At: noon, Day: day("2027-12-12"), All: true}}
}

func day(s string) fact.Day {
	d, err := fact.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (s *scene) on(d string) *scene {
	s.Day = day(d)
	return s
}

func (s *scene) with(m ...judge.Member) *scene {
	s.Members = append(s.Members, m...)
	return s
}

// value reads yes, no, a day or a word.
func value(s string) fact.Value {
	for _, t := range []fact.Type{fact.Bool, fact.Date} {
		if v, err := fact.ParseValue(t, s); err == nil {
			return v
		}
	}
	return fact.EnumValue(s)
}

func claim(who fact.Subject, name, v string, m fact.Method) fact.Claim {
	c := fact.Claim{Subject: who, Fact: fact.Name(name), Value: value(v), Method: m, ObservedAt: noon.Add(-time.Hour),
		Statement: "of " + name + " " + who.ID}
	if m == fact.Passive {
		c.Coverage = fact.Coverage{Hours: 48, BothWays: true, Vantage: "tap"}
	}
	return c
}

// seen is full passive coverage; says a declaration; shows a record.
func (s *scene) seen(who fact.Subject, name, v string) *scene {
	return s.claim(claim(who, name, v, fact.Passive))
}

func (s *scene) says(who fact.Subject, name, v string) *scene {
	return s.claim(claim(who, name, v, fact.Declaration))
}

func (s *scene) shows(who fact.Subject, name, v string) *scene {
	return s.claim(claim(who, name, v, fact.Record))
}

func (s *scene) judged(who fact.Subject, provision, v string) *scene {
	return s.claim(claim(who, fact.JudgementPrefix+provision, v, fact.Judgement))
}

func (s *scene) claim(c fact.Claim) *scene {
	s.Claims = append(s.Claims, c)
	return s
}

// verdict finds the verdict on a provision about a subject; without a subject, the only one.
func verdict(t testing.TB, r *judge.Result, provision string, about ...fact.Subject) *judge.Verdict {
	t.Helper()
	var found []*judge.Verdict
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		if string(v.Provision.ID) == provision && (len(about) == 0 || v.Subject == about[0]) {
			found = append(found, v)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d verdicts on %s about %v", len(found), provision, about)
	}
	return found[0]
}

// words puts a verdict into one line: outcome, flags, reasons, class, missing facts.
func words(v *judge.Verdict) string {
	parts := append([]string{v.Outcome.String()}, v.Flags...)
	for _, r := range v.Reasons {
		parts = append(parts, "reason "+string(r))
	}
	if v.Class != "" {
		parts = append(parts, "class "+string(v.Class))
	}
	for _, m := range v.Missing {
		parts = append(parts, "missing "+string(m.Fact))
	}
	return strings.Join(parts, ", ")
}

func is(t testing.TB, v *judge.Verdict, want string) {
	t.Helper()
	if got := words(v); got != want {
		t.Errorf("%s: got\n  %s\nwant\n  %s", v.ID(), got, want)
	}
}
