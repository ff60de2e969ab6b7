// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

var update = flag.Bool("update", false, "write docs/crosswalk.md anew")

const report = "../../docs/crosswalk.md"

// why a place meets no other of its row.
type why int

const (
	meets why = iota
	noPlace
	judgement
	wordsAlone
	ownRecord
	ownLook
)

var whys = []struct{ name, means string }{
	meets:      {"meets", "shares a control or a fact with another law of the row"},
	noPlace:    {"no provision", "the catalogue has no provision there; the reason stands with it"},
	judgement:  {"judgement", "an open norm: a person judges it, and no control may stand in for the judgement"},
	wordsAlone: {"record in words", "a record that `needs` describes; no fact of the vocabulary stands for it, so that nothing can be shared"},
	ownRecord:  {"record of its own", "rests on a record in this law's own words: content, period or addressee differ, or nobody has yet found two texts to want one record"},
	ownLook:    {"observation of its own", "an observation that this law alone turns on; the others of the row ask for records, or look elsewhere"},
}

// walked is a place of a row with what the catalogue has there.
type walked struct {
	place
	at       law.InstrumentID
	found    []*law.Provision
	controls map[law.ControlID]bool
	facts    map[fact.Name]bool
	why      why
}

// walk puts a row onto the catalogue and says of each place whether it meets another law's.
func walk(cat *law.Catalogue, r row) []*walked {
	all := make([]*walked, len(r.places))
	for k, p := range r.places {
		w := &walked{place: p, at: ours[p.instrument]}
		if i, ok := cat.Instrument(w.at); ok {
			w.found = find(i, p)
		}
		w.gather(cat)
		all[k] = w
	}
	for _, w := range all {
		w.why = w.explain(cat)
		if slices.ContainsFunc(all, func(o *walked) bool { return o.at != w.at && w.shares(o) }) {
			w.why = meets
		}
	}
	return all
}

// gather collects the controls of what was found, and the facts that they turn on.
func (w *walked) gather(cat *law.Catalogue) {
	w.controls, w.facts = map[law.ControlID]bool{}, map[fact.Name]bool{}
	for _, p := range w.found {
		for _, id := range slices.Concat(p.Breach, p.Suffices, p.Indicators) {
			w.controls[id] = true
			defs, _ := expr.Check(cat.Vocabulary, cat.Controls[id].Expr)
			for _, d := range defs {
				w.facts[d.Name] = true
			}
		}
	}
}

func (w *walked) shares(o *walked) bool {
	for f := range w.facts { // a control that both rest on brings its facts along
		if o.facts[f] {
			return true
		}
	}
	return false
}

func (w *walked) explain(cat *law.Catalogue) why {
	open := !slices.ContainsFunc(w.found, func(p *law.Provision) bool { return p.Mode != law.Open })
	switch {
	case len(w.found) == 0:
		return noPlace
	case len(w.controls) == 0 && open:
		return judgement
	case len(w.controls) == 0:
		return wordsAlone
	}
	for f := range w.facts {
		d, _ := cat.Vocabulary.Lookup(f)
		if slices.ContainsFunc(d.Known, func(m fact.Method) bool { return m == fact.Passive || m == fact.Active || m == fact.Import }) {
			return ownLook
		}
	}
	return ownRecord
}

// TestTheDerivedCrosswalkAgainstTheReference holds what laws share by controls and facts against rows in which people say that
// laws demand the same. Each difference stands in docs/crosswalk.md with its reason, and no new one comes in unseen.
func TestTheDerivedCrosswalkAgainstTheReference(t *testing.T) {
	rows := oracle(t)
	cat, _ := lawtest.Whole(t)
	text := crosswalkPage(t, cat, rows)
	if *update {
		if err := os.WriteFile(report, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Split(string(b), "\n")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "- ") && !slices.Contains(old, line) {
			t.Errorf("a difference that docs/crosswalk.md does not list; share the control, or list it: go test ./internal/lawtest -run Crosswalk -update\n%s", line)
		}
	}
}

// crosswalkPage writes figures and differences.
func crosswalkPage(t *testing.T, cat *law.Catalogue, rows []row) string {
	t.Helper()
	count := make([]int, len(whys))
	pairs, sharing := 0, 0
	var figures, differences strings.Builder
	for _, r := range rows {
		all := walk(cat, r)
		by := make([]int, len(whys))
		p, s := 0, 0
		for k, w := range all {
			if w.at == "" {
				t.Errorf("%s: no instrument stands for %q", r.id, w.instrument)
			}
			if w.why == noPlace && absent[w.instrument+" "+w.pinpoint] == "" {
				t.Errorf("%s: %s %q is nowhere in %s, and nothing says why", r.id, w.instrument, w.pinpoint, w.at)
			}
			by[w.why]++
			count[w.why]++
			for _, o := range all[:k] {
				if o.at != w.at && len(o.found) > 0 && len(w.found) > 0 {
					p++
					if o.shares(w) {
						s++
					}
				}
			}
		}
		pairs, sharing = pairs+p, sharing+s
		fmt.Fprintf(&figures, "| %s | %d | %d | %d | %d | %d | %d | %d | %d of %d |\n", r.id, len(all), by[meets], by[noPlace], by[judgement],
			by[wordsAlone], by[ownRecord], by[ownLook], s, p)
		listDifferences(&differences, r, all)
	}
	total := 0
	for _, n := range count {
		total += n
	}
	var page strings.Builder
	fmt.Fprintf(&page, pageHead, len(rows), total, len(ours), count[meets], share(count[meets], total), sharing, pairs, share(sharing, pairs))
	for k := noPlace; int(k) < len(whys); k++ {
		fmt.Fprintf(&page, "| %s | %d | %s |\n", whys[k].name, count[k], whys[k].means)
	}
	page.WriteString(pageRows + figures.String() + beyond(cat, rows) + pageDifferences + differences.String())
	return page.String()
}

func share(n, of int) string { return fmt.Sprintf("%d %%", (100*n+of/2)/max(of, 1)) }

func listDifferences(b *strings.Builder, r row, all []*walked) {
	if !slices.ContainsFunc(all, func(w *walked) bool { return w.why != meets }) {
		return
	}
	fmt.Fprintf(b, "\n### %s\n\n", r.id)
	seen := map[string]bool{}
	for _, w := range all {
		if w.why == meets {
			continue
		}
		var places []string
		for _, p := range w.found {
			places = append(places, p.Local())
		}
		line := fmt.Sprintf("- `%s` %s: %s", w.at, cutList(places), whys[w.why].name)
		switch w.why {
		case noPlace:
			line = fmt.Sprintf("- `%s` %s: %s", w.at, w.pinpoint, absent[w.instrument+" "+w.pinpoint])
		case ownRecord, ownLook:
			var ids []string
			for id := range w.controls {
				ids = append(ids, "`"+string(id)+"`")
			}
			slices.Sort(ids)
			line += " (" + cutList(ids) + ")"
		}
		if !seen[line] {
			b.WriteString(line + "\n")
		}
		seen[line] = true
	}
}

// cutList keeps a long list to its first four.
func cutList(all []string) string {
	if len(all) > 5 {
		return strings.Join(all[:4], ", ") + fmt.Sprintf(" and %d more", len(all)-4)
	}
	return strings.Join(all, ", ")
}

// beyond counts what the derived crosswalk says and no row does: provisions of two laws that rest on one control, both of
// which the same reference knows, though in no common row.
func beyond(cat *law.Catalogue, rows []row) string {
	in := map[*law.Provision][]string{} // the rows that a provision stands in
	for _, r := range rows {
		for _, w := range walk(cat, r) {
			for _, p := range w.found {
				in[p] = append(in[p], r.id)
			}
		}
	}
	var b strings.Builder
	for _, id := range slices.Sorted(maps.Keys(cat.Controls)) {
		uses := usesOf(cat, id)
		pairs, joined := 0, 0
		for k, p := range uses {
			for _, q := range uses[:k] {
				if p.Instrument == q.Instrument || !slices.ContainsFunc(in[p], func(r string) bool { return reference(in[q], r[0]) }) {
					continue
				}
				pairs++
				if slices.ContainsFunc(in[p], func(r string) bool { return slices.Contains(in[q], r) }) {
					joined++
				}
			}
		}
		if pairs > joined {
			fmt.Fprintf(&b, "| `%s` | %d | %d |\n", id, pairs, pairs-joined)
		}
	}
	return pageBeyond + b.String()
}

func reference(rows []string, of byte) bool {
	return slices.ContainsFunc(rows, func(r string) bool { return r[0] == of })
}

func usesOf(cat *law.Catalogue, id law.ControlID) (uses []*law.Provision) {
	for _, i := range cat.Instruments {
		for _, p := range i.Provisions {
			if slices.Contains(slices.Concat(p.Breach, p.Suffices, p.Indicators), id) {
				uses = append(uses, p)
			}
		}
	}
	return uses
}

const pageBeyond = `
## What the derived crosswalk says beyond

Pairs of provisions of two laws that rest on one control, where the same reference names both and joins them in no row. An indicator
points to a breach of each law that it touches, so that an observation (telnet, a default password) joins demands of different rows: least
functionality and authentication, say. None of this makes a verdict.

| control | pairs of provisions | that no row joins |
|---|--:|--:|
`

const pageHead = `# The derived crosswalk and the reference

Writ derives its crosswalk: two provisions meet where they rest on the same control or turn on the same fact, and each law is judged for
itself (` + "`writ law crosswalk`" + `). Beside it stand reference rows, made by hand, in which places of several laws are said to demand the
same. They are an oracle and never make a verdict. This page is what a test finds when it holds one against the other; write it anew with
` + "`go test ./internal/lawtest -run Crosswalk -update`" + `. The reference is not part of the project: without it the test skips.

%d rows name %d places of %d instruments. %d of these places (%s) meet at least one place of another law in their row; of all pairs of
places of two laws in a row, %d of %d share a fact (%s). A row that holds together by one fact throughout is rare by intent: a row such as
*incident reporting* joins notices to different authorities with different clocks, and one fact for all of them would let one notice
stand for another.

Why a place meets no other:

| reason | places | what it means |
|---|--:|---|
`

const pageRows = `
A place that the reference gives as a range, a chapter or a family (NIST SP 800-53, CSF, ISVS) is compared as all that the catalogue holds
there, and counts as one.

## By row

| row | places | meet | no provision | judgement | record in words | own record | own observation | pairs that share |
|---|--:|--:|--:|--:|--:|--:|--:|---|
`

const pageDifferences = `
## Every difference
`

// TestTheComparisonAsksWhatTheCommandShows: two places share what writ law crosswalk lists of them, and nothing else.
func TestTheComparisonAsksWhatTheCommandShows(t *testing.T) {
	cat, _ := lawtest.Whole(t)
	const a, b = "uk/psti", "etsi/en-303-645"
	meetings, err := lawtool.Crosswalk(cat, a, b)
	if err != nil || len(meetings) == 0 {
		t.Fatalf("%d meetings of %s and %s: %v", len(meetings), a, b, err)
	}
	one := func(p *law.Provision) *walked {
		w := &walked{found: []*law.Provision{p}}
		w.gather(cat)
		return w
	}
	from, _ := cat.Instrument(a)
	to, _ := cat.Instrument(b)
	for _, p := range from.Provisions {
		for _, q := range to.Provisions {
			shown := slices.ContainsFunc(meetings, func(m lawtool.Meeting) bool { return m.From == p.ID && m.To == q.ID })
			if got := one(p).shares(one(q)); got != shown {
				t.Errorf("%s and %s share: %v, the command shows: %v", p.ID, q.ID, got, shown)
			}
		}
	}
}
