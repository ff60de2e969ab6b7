// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// builder turns duties into what may be done about them.
type builder struct {
	w      *World
	v      *Vocabulary
	side   judge.Bearer
	blamer *Blamer
	status *standing
	order  []string // keys of candidates as they were met
	by     map[string]*candidate
	needs  []need
	left   map[Why]*leftover
}

// need is a duty with the actions of which each clause holds one that is enough.
type need struct {
	verdict *judge.Verdict
	clauses []clause
}

// candidate is an action that may be chosen, with the literals that it answers.
type candidate struct {
	key      string
	at       int
	action   *action // of the vocabulary; nil: a control's own remedy
	control  *law.Control
	product  fact.Subject // of a supplier's: whom to write to
	answers  []answer
	verdicts []*judge.Verdict
	seen     map[answer]bool
	known    map[*judge.Verdict]bool // of verdicts
	unsure   map[*judge.Verdict]bool // of which an answer bears a caution
}

// answer is one fact that a candidate changes, or answers for.
type answer struct {
	who     fact.Subject
	fact    fact.Name
	control law.ControlID
	how     How
	caution string
	wanted  bool // it is to become a yes
}

// wish is one way to meet a demand: that this fact of this subject changes.
type wish struct {
	who     fact.Subject
	fact    fact.Name
	control *law.Control
	verdict *judge.Verdict
	// judged: a person's judgement that a measure answers the duty is enough, because the fact itself only
	// points to its breach.
	judged bool
	wanted bool // the fact is a no, and a yes is what it takes
}

func newBuilder(w *World, v *Vocabulary, side judge.Bearer) *builder {
	return &builder{w: w, v: v, side: side, blamer: NewBlamer(w.Catalogue, w.Day, w.At), status: newStanding(w, v),
		by: map[string]*candidate{}, left: map[Why]*leftover{}}
}

// take works out what would clear a duty. Where one demand has no answer the duty is left.
func (b *builder) take(v *judge.Verdict) {
	n := need{verdict: v}
	type option struct {
		c *candidate
		a answer
	}
	var options []option
	controls := b.blamer.controls(v, true)
	for _, control := range controls {
		c := b.w.Catalogue.Controls[law.ControlID(control.ID)]
		if c == nil {
			continue
		}
		judged := len(v.Provision.Suffices) == 0 && !slices.Contains(v.Provision.Breach, c.ID)
		for _, d := range b.blamer.demands(control) {
			var ways clause
			stuck := stuckness{}
			for _, because := range b.actionable(d) {
				x := wish{who: subjectOf(because, v), fact: fact.Name(because.ID), control: c, verdict: v,
					judged: judged,
					wanted: because.Truth == "false"}
				for _, o := range b.ways(x, &stuck) {
					c := b.candidate(o)
					options = append(options, option{c, o.answer})
					add(&ways, c.at)
				}
			}
			if len(ways) == 0 {
				b.leave(v, stuck)
				return
			}
			slices.Sort(ways)
			n.clauses = append(n.clauses, ways)
		}
	}
	if len(n.clauses) == 0 {
		b.leave(v, stuckness{why: Judged})
		return
	}
	for _, o := range options {
		o.c.take(o.a, v)
	}
	b.needs = append(b.needs, n)
}

// actionable leaves out what is a circumstance (a unit's state, a product's class, an organisation's role): nobody
// changes that to comply, unless nothing else is there.
func (b *builder) actionable(d demand) demand {
	var out demand
	for _, n := range d {
		def, ok := b.w.Catalogue.Vocabulary.Lookup(fact.Name(n.ID))
		if !ok || def.Question == "" || !slices.Contains(def.Known, fact.Declaration) {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		return d
	}
	return out
}

func subjectOf(n *judge.Because, v *judge.Verdict) fact.Subject {
	if n.Subject != nil {
		return *n.Subject
	}
	return v.Subject
}

func (c *candidate) take(a answer, v *judge.Verdict) {
	if !c.seen[a] {
		c.seen[a] = true
		c.answers = append(c.answers, a)
	}
	if a.caution != "" {
		c.unsure[v] = true
	}
	if !c.known[v] {
		c.known[v] = true
		c.verdicts = append(c.verdicts, v)
	}
}

func (b *builder) candidate(o offer) *candidate {
	key := o.key()
	c := b.by[key]
	if c == nil {
		c = &candidate{key: key, at: len(b.order), action: o.action, control: o.control, product: o.product,
			seen:  map[answer]bool{},
			known: map[*judge.Verdict]bool{}, unsure: map[*judge.Verdict]bool{}}
		b.by[key] = c
		b.order = append(b.order, key)
	}
	return c
}

// problem groups the needs that ask for the same.
func (b *builder) problem() *problem {
	p := &problem{}
	for _, key := range b.order {
		p.cost = append(p.cost, b.by[key].hours())
	}
	at := map[string]int{}
	for i := range b.needs {
		n := &b.needs[i]
		slices.SortFunc(n.clauses, slices.Compare)
		n.clauses = slices.CompactFunc(n.clauses, func(x, y clause) bool { return slices.Equal(x, y) })
		key := keyOf(n.clauses)
		g, known := at[key]
		if !known {
			g = len(p.groups)
			at[key] = g
			p.groups = append(p.groups, group{clauses: n.clauses})
		}
		p.groups[g].weight++
	}
	return p
}

func keyOf(clauses []clause) string {
	var b []byte
	for _, c := range clauses {
		for _, a := range c {
			b = append(b, byte(a>>8), byte(a), ',')
		}
		b = append(b, ';')
	}
	return string(b)
}

// unsure counts the duties that the chosen clear, and of which a part bears a caution.
func (b *builder) unsure(chosen []int) (n int) {
	for i := range b.needs {
		if d := &b.needs[i]; covers(chosen, d.clauses) && slices.ContainsFunc(chosen, func(a int) bool {
			return b.by[b.order[a]].unsure[d.verdict]
		}) {
			n++
		}
	}
	return n
}

// over puts what the chosen do not clear beyond the limit.
func (b *builder) over(chosen []int) {
	for i := range b.needs {
		if n := &b.needs[i]; !covers(chosen, n.clauses) {
			b.leave(n.verdict, stuckness{why: OverLimit})
		}
	}
}

// stuckness is why no action meets a demand.
type stuckness struct {
	why  Why
	asks parts
}

var whyTexts = map[Why]string{
	WaitsForMaker: "Only a change to the product would end it: ask its maker, and judge what the measures " +
		"around it are worth.",
	OverdueFor: "The time for it is over: what was late stays late. Do it all the same, and record why.",
	Judged:     "A person judged it not met: put right what the reasons name, then judge again.",
	OverLimit:  "Not within the number of actions or the effort that was allowed.",
}

func (b *builder) leave(v *judge.Verdict, s stuckness) {
	s.why = cmp.Or(s.why, WaitsForMaker)
	l := b.left[s.why]
	if l == nil {
		l = &leftover{Left: Left{Why: s.why, Text: whyTexts[s.why]}, duties: map[*law.Provision]int{}}
		b.left[s.why] = l
	}
	l.Count++
	addDuty(&l.Duties, l.duties, v)
	for _, a := range s.asks.list {
		l.asks.add(a)
	}
	l.Asks = l.asks.list
}

// leftover is a Left while it grows.
type leftover struct {
	Left
	duties map[*law.Provision]int
	asks   parts
}

func addDuty(all *[]Duty, at map[*law.Provision]int, v *judge.Verdict) {
	i, known := at[v.Provision]
	if !known {
		at[v.Provision] = len(*all)
		*all = append(*all, Duty{v.Provision, []*judge.Verdict{v}})
		return
	}
	(*all)[i].Verdicts = append((*all)[i].Verdicts, v)
}

// parts collects what to do, each once with all its subjects.
type parts struct {
	list []Part
	at   map[partKey]int
	has  map[partSubject]bool
}

type partKey struct {
	how           How
	text, caution string
}

type partSubject struct {
	part    int
	subject fact.Subject
}

func (p *parts) add(x Part) {
	if p.at == nil {
		p.at, p.has = map[partKey]int{}, map[partSubject]bool{}
	}
	k := partKey{x.How, x.Text, x.Caution}
	i, known := p.at[k]
	if !known {
		i = len(p.list)
		p.at[k] = i
		p.list = append(p.list, Part{How: x.How, Who: x.Who, Text: x.Text, Caution: x.Caution})
	}
	for _, s := range x.Subjects {
		if !p.has[partSubject{i, s}] {
			p.has[partSubject{i, s}] = true
			p.list[i].Subjects = append(p.list[i].Subjects, s)
		}
	}
}
