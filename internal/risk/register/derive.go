// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// deriver finds what is weak.
type deriver struct {
	w        *World
	d        *Data
	snapshot *fact.Snapshot
	last     map[key]*fact.Claim // what was so when somebody last looked
	members  map[fact.Subject]*judge.Member
	order    []string
	risks    map[string]*Risk
	certain  map[string]int // the likelihood of what the wire showed at work
}

type key struct {
	subject fact.Subject
	fact    fact.Name
}

func newDeriver(w *World, d *Data) *deriver {
	m := fact.Moment{At: w.At, KnownAt: w.KnownAt, AtSubject: map[fact.Subject]time.Time{}}
	dv := &deriver{w: w, d: d, members: map[fact.Subject]*judge.Member{}, risks: map[string]*Risk{},
		last:    map[key]*fact.Claim{},
		certain: map[string]int{}}
	for i := range w.Members {
		x := &w.Members[i]
		if old := dv.members[x.Subject]; old == nil || x.At.After(old.At) {
			dv.members[x.Subject] = x
		}
		if !x.At.IsZero() && x.At.After(m.AtSubject[x.Subject]) {
			m.AtSubject[x.Subject] = x.At
		}
	}
	dv.snapshot = fact.Resolve(w.Catalogue.Vocabulary, w.Claims, m)
	for i := range w.Claims {
		c := &w.Claims[i]
		k := key{c.Subject, c.Fact}
		if c.Withheld || !c.Withdrawn.IsZero() || c.Value.Type() == fact.None ||
			c.ObservedAt.After(m.Of(c.Subject)) ||
			!w.KnownAt.IsZero() && c.RecordedAt.After(w.KnownAt) {
			continue
		}
		if old := dv.last[k]; old == nil || c.ObservedAt.After(old.ObservedAt) {
			dv.last[k] = c
		}
	}
	return dv
}

// seen gives a fact's value. What has gone stale counts as it was: a risk does not end because nobody looks.
func (dv *deriver) seen(s fact.Subject, n fact.Name) (Seen, bool) {
	r := dv.snapshot.State(s, n)
	out := Seen{Subject: s, Fact: n, Value: r.Value, Support: r.Support}
	if r.State == fact.Known {
		return out, true
	}
	if c := dv.last[key{s, n}]; r.Reason == fact.Stale && c != nil {
		out.Value, out.Stale, out.Support = c.Value, true, []*fact.Claim{c}
		return out, true
	}
	return out, false
}

// about is whom a fact speaks of, asked of a device.
func (dv *deriver) about(device fact.Subject, d *fact.Definition) fact.Subject {
	m := dv.members[device]
	switch {
	case d.Subject == fact.Device:
		return device
	case m == nil:
		return fact.Subject{}
	case d.Subject == fact.Product:
		return m.Product
	case d.Subject == fact.Organisation:
		return m.Runner
	}
	return fact.Subject{}
}

func (dv *deriver) value(device fact.Subject, n fact.Name) (Seen, bool) {
	d, ok := dv.w.Catalogue.Vocabulary.Lookup(n)
	if !ok {
		return Seen{}, false
	}
	s := dv.about(device, d)
	if s == (fact.Subject{}) {
		return Seen{}, false
	}
	return dv.seen(s, n)
}

// devices asks every control about devices, whichever law asks for it: a risk is one without any law.
func (dv *deriver) devices(r *Register) {
	controls := dv.controls()
	for _, s := range slices.SortedFunc(maps.Keys(dv.members), fact.Subject.Compare) {
		if s.Kind != fact.Device {
			continue
		}
		weak := 0
		for _, c := range controls {
			truth := expr.Unknown
			if c.tree != nil {
				truth = c.tree.Truth(dv.valuesOf(s), dv.w.Day, fact.DayOf(dv.w.At))
			}
			switch truth {
			case expr.False:
				weak++
				dv.weak(s, c.Control, dv.guilty(s, c.tree))
			case expr.True:
				r.Held++
			default:
				r.Open++
			}
		}
		if weak == 0 {
			r.Quiet = append(r.Quiet, s)
		}
	}
}

func (dv *deriver) valuesOf(device fact.Subject) func(fact.Name) fact.Value {
	return func(n fact.Name) fact.Value {
		s, _ := dv.value(device, n)
		return s.Value
	}
}

type control struct {
	*law.Control
	tree *expr.Node // nil: none of its facts is known of anything
}

// controls are those about devices that answer a threat to them; only those of whose facts anything is known
// are compiled.
func (dv *deriver) controls() (out []control) {
	known := map[fact.Name]bool{}
	for k := range dv.last {
		known[k.fact] = true
	}
	set, err := expr.NewSet(dv.w.Catalogue.Vocabulary)
	asked := dv.asked()
	for _, id := range slices.Sorted(maps.Keys(dv.w.Catalogue.Controls)) {
		c := dv.w.Catalogue.Controls[id]
		if c.Subject != fact.Device || !slices.ContainsFunc(c.Threats,
			func(t string) bool { return dv.d.threat(t) != nil }) {
			continue
		}
		x := control{Control: c}
		if err == nil && mentions(c.Expr, known) {
			if e, problems := set.Compile(c.Expr); len(problems) == 0 {
				x.tree = e.Tree
			}
		}
		if !asked[c.ID] && (x.tree == nil || !dv.ofDevice(x.tree)) {
			continue
		}
		out = append(out, x)
	}
	return out
}

// asked are the controls of the laws that bind here, or may.
func (dv *deriver) asked() map[law.ControlID]bool {
	out := map[law.ControlID]bool{}
	for _, i := range dv.w.Result.Instruments {
		if i.Bound == "no" {
			continue
		}
		for _, p := range i.Instrument.Provisions {
			for _, c := range slices.Concat(p.Breach, p.Suffices, p.Indicators) {
				out[c] = true
			}
		}
	}
	return out
}

// ofDevice says that a control asks for nothing but the device: what it answers is a risk without any law.
func (dv *deriver) ofDevice(tree *expr.Node) bool {
	only := true
	tree.Walk(func(a *expr.Atom) {
		d, ok := dv.w.Catalogue.Vocabulary.Lookup(a.Fact)
		only = only && ok && d.Subject == fact.Device
	})
	return only
}

// circumstance says of a fact that a profile answers it: it tells what something is, not what is weak of it.
func (dv *deriver) circumstance(n fact.Name) bool {
	d, ok := dv.w.Catalogue.Vocabulary.Lookup(n)
	return ok && d.Question != "" && slices.Contains(d.Known, fact.Declaration)
}

func mentions(text string, known map[fact.Name]bool) bool {
	for n := range known {
		if strings.Contains(text, string(n)) {
			return true
		}
	}
	return false
}

// guilty are the facts without which a formula would not be false of the device.
func (dv *deriver) guilty(device fact.Subject, tree *expr.Node) (out []Seen) {
	value := dv.valuesOf(device)
	var walk func(n *expr.Node, want expr.Truth)
	walk = func(n *expr.Node, want expr.Truth) {
		switch n.Op {
		case expr.Leaf:
			if s, ok := dv.value(device, n.Atom.Fact); ok && !slices.ContainsFunc(out,
				func(o Seen) bool { return o.Fact == s.Fact }) {
				out = append(out, s)
			}
		case expr.OpNot:
			walk(n.Kids[0], want.Not())
		default:
			for _, k := range n.Kids {
				if k.Truth(value, dv.w.Day, fact.DayOf(dv.w.At)) == want {
					walk(k, want)
				}
			}
		}
	}
	walk(tree, expr.False)
	if what := slices.DeleteFunc(slices.Clone(out),
		func(s Seen) bool { return dv.circumstance(s.Fact) }); len(what) > 0 {
		return what
	}
	return out
}

// reasons take from the verdicts what is weak of organisations and products: there the law says what has to be.
func (dv *deriver) reasons() {
	b := plan.NewBlamer(dv.w.Catalogue, dv.w.Day, fact.DayOf(dv.w.At))
	for i := range dv.w.Result.Verdicts {
		v := &dv.w.Result.Verdicts[i]
		if v.Outcome != judge.Violated && !slices.Contains(v.Flags, judge.BreachIndicated) {
			continue
		}
		for _, n := range b.Controls(v) {
			c := dv.w.Catalogue.Controls[law.ControlID(n.ID)]
			if c == nil || c.Subject == fact.Device {
				continue
			}
			by := map[fact.Subject][]Seen{}
			for _, f := range b.Facts(n) {
				if f.Subject != nil && f.Subject.Kind != fact.Device {
					by[*f.Subject] = append(by[*f.Subject], Seen{Subject: *f.Subject, Fact: fact.Name(f.ID),
						Value: f.Fact.Value, Support: f.Fact.Support})
				}
			}
			for _, s := range slices.SortedFunc(maps.Keys(by), fact.Subject.Compare) {
				dv.weak(s, c, by[s])
			}
		}
	}
}

// weak puts a weakness to each threat that its control answers.
func (dv *deriver) weak(asset fact.Subject, c *law.Control, facts []Seen) {
	for _, id := range c.Threats {
		if t := dv.d.threat(id); t != nil && len(facts) > 0 {
			dv.risk(asset, t).take(Weakness{c, facts})
		}
	}
}

func (dv *deriver) risk(asset fact.Subject, t *Threat) *Risk {
	id := t.ID + "@" + asset.String()
	r := dv.risks[id]
	if r == nil {
		r = &Risk{ID: id, Asset: asset, Threat: t}
		dv.risks[id], dv.order = r, append(dv.order, id)
	}
	return r
}

// severities from the gravest.
var severities = []string{"critical", "high", "medium", "low"}

func grave(c *law.Control) int {
	if c == nil {
		return len(severities)
	}
	if i := slices.Index(severities, c.Severity); i >= 0 {
		return i
	}
	return len(severities)
}

func (r *Risk) take(w Weakness) {
	r.Weaknesses = append(r.Weaknesses, w)
	for _, f := range w.Facts {
		r.Stale = r.Stale || f.Stale
	}
}

// distil keeps the weaknesses that say something of their own: of several that the same facts make, the gravest; none
// whose facts others say one by one.
func (r *Risk) distil() {
	slices.SortStableFunc(r.Weaknesses, func(a, b Weakness) int {
		return cmp.Or(cmp.Compare(len(a.Facts), len(b.Facts)), cmp.Compare(grave(a.Control), grave(b.Control)))
	})
	said := map[key]bool{}
	r.Weaknesses = slices.DeleteFunc(r.Weaknesses, func(w Weakness) bool {
		fresh := false
		for _, f := range w.Facts {
			k := key{f.Subject, f.Fact}
			fresh = fresh || !said[k]
			said[k] = true
		}
		return !fresh
	})
	slices.SortStableFunc(r.Weaknesses, func(a, b Weakness) int {
		return cmp.Compare(grave(a.Control),
			grave(b.Control))
	})
}

// signs put on the register what the wire showed to be at work.
func (dv *deriver) signs() {
	for _, s := range slices.SortedFunc(maps.Keys(dv.members), fact.Subject.Compare) {
		if s.Kind != fact.Device {
			continue
		}
		for i := range dv.d.signs {
			x := &dv.d.signs[i]
			t := dv.d.threat(x.threat)
			var facts []Seen
			for _, n := range x.facts {
				if f, ok := dv.value(s, n); ok && f.Value.IsTrue() {
					facts = append(facts, f)
				}
			}
			if t == nil || len(facts) < len(x.facts) {
				continue
			}
			r := dv.risk(s, t)
			r.Signs = append(r.Signs, x.text)
			dv.certain[r.ID] = max(dv.certain[r.ID], x.likelihood)
			if len(r.Weaknesses) == 0 {
				r.Weaknesses = append(r.Weaknesses, Weakness{Facts: facts})
			}
		}
	}
}
