// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// offer is one way to meet a wish.
type offer struct {
	answer
	action  *action
	control *law.Control
	product fact.Subject
}

// key is what makes offers one action: the vocabulary's; of a supplier's, whom to write to; else the remedy.
func (o *offer) key() string {
	switch {
	case o.product != (fact.Subject{}):
		return "ask " + o.product.ID
	case o.action != nil:
		return "do " + o.action.id + " " + side(o.how)
	}
	return "remedy " + o.control.Remedy + " " + side(o.how)
}

func side(h How) string {
	if h == AtMaker {
		return "maker"
	}
	return "operator"
}

// ways lists what would meet a wish; where nothing does, stuck says why.
func (b *builder) ways(x wish, stuck *stuckness) []offer {
	if b.side == judge.Supplier {
		return []offer{b.askMaker(x)}
	}
	var out []offer
	known := false
	for _, a := range b.v.actions {
		if !match(a.facts, x.fact) {
			continue
		}
		if a.past {
			stuck.why, known = OverdueFor, true
			continue
		}
		how, caution := b.how(a, x, stuck)
		known = known || how != "" || b.status.guarded(x.who)
		if how != "" {
			out = append(out, offer{action: a, answer: answer{x.who, x.fact, x.control.ID, how, caution, x.wanted}})
		}
	}
	if known {
		return out
	}
	if how, caution := b.remedy(x, stuck); how != "" {
		out = append(out, offer{control: x.control, answer: answer{x.who, x.fact, x.control.ID, how, caution,
			x.wanted}})
	}
	return out
}

const caution = "Make sure first that it is no medical device: what it is was not established."

// how says how an action meets a wish; "" where it does not.
func (b *builder) how(a *action, x wish, stuck *stuckness) (How, string) {
	byMaker := x.verdict.Provision.Bearer == law.OfMaker
	switch {
	case byMaker && a.maker != "":
		return AtMaker, ""
	case byMaker:
		return "", ""
	case a.paper:
		return Paper, ""
	case a.do != "" && !b.status.guarded(x.who):
		return AtDevice, b.status.caution(x.who)
	case a.around != "" && (match(a.ends, x.fact) || x.judged):
		return Around, b.cautionAround(a, x)
	}
	stuck.ask(cmp.Or(a.ask, a.title), x.who)
	return "", ""
}

func (b *builder) cautionAround(a *action, x wish) string {
	var all []string
	if b.status.doubt[x.who] && a.do != "" {
		all = append(all, doubtCaution)
	}
	if !match(a.ends, x.fact) {
		all = append(all, judgedCaution)
	}
	if a.doubtful != "" {
		all = append(all, a.doubtful)
	}
	return strings.Join(all, " ")
}

const doubtCaution = "Whether it is a medical device was not established; until the profile says so, " +
	"it is left as it is."

const judgedCaution = "It leaves the fact as it is: a signed judgement has to say that the measure answers the duty."

func (s *stuckness) ask(text string, who fact.Subject) {
	s.asks.add(Part{How: Ask, Who: "maker", Text: text, Subjects: []fact.Subject{who}})
}

// remedy says how the control's own remedy meets a wish: what only a maker can do, or would change a medical
// device of another's, is a question to its maker.
func (b *builder) remedy(x wish, stuck *stuckness) (How, string) {
	switch {
	case x.verdict.Provision.Bearer == law.OfMaker:
		return AtMaker, ""
	case x.control.Actor == "maker" && x.who.Kind != fact.Organisation && !b.status.ours(x.who),
		b.status.guarded(x.who):
		stuck.ask(x.control.Remedy, x.who)
		return "", ""
	case x.who.Kind == fact.Device:
		return AtDevice, b.status.caution(x.who)
	}
	return Paper, ""
}

// askMaker is what to write to a supplier: one letter for all that its product owes.
func (b *builder) askMaker(x wish) offer {
	to := x.verdict.Subject
	if p := b.status.product[x.who]; p != (fact.Subject{}) {
		to = p
	}
	return offer{control: x.control, product: to, answer: answer{x.who, x.fact, x.control.ID, Ask, "", x.wanted}}
}

// standing says of devices what an operator may do to them.
type standing struct {
	product map[fact.Subject]fact.Subject
	medical map[fact.Subject]bool // devices and products
	open    map[fact.Subject]bool // devices of which it is not known
	doubt   map[fact.Subject]bool // of those, where care is given: they are left as they are
	made    map[fact.Subject]bool // products and devices that are ours to change
}

func newStanding(w *World, v *Vocabulary) *standing {
	s := &standing{product: map[fact.Subject]fact.Subject{}, medical: map[fact.Subject]bool{},
		open: map[fact.Subject]bool{}, doubt: map[fact.Subject]bool{}, made: map[fact.Subject]bool{}}
	care, carries := false, map[fact.Subject]bool{}
	said := map[fact.Subject]bool{} // of which somebody said that it is none
	for i := range w.Claims {
		c := &w.Claims[i]
		if c.Value.IsTrue() && slices.Contains(v.medical.care, c.Fact) {
			care = care || c.Subject.Kind == fact.Organisation
			carries[c.Subject] = true
		}
		for _, f := range v.medical.facts {
			if c.Fact == f && c.Value.IsTrue() {
				s.medical[c.Subject] = true
			} else if c.Fact == f && c.Value.IsFalse() {
				said[c.Subject] = true
			}
		}
	}
	for i := range w.Result.Verdicts {
		if d := &w.Result.Verdicts[i]; d.Bearer == judge.Own && d.Provision.Bearer == law.OfMaker {
			s.made[d.Subject] = true
		}
	}
	for _, t := range w.Things {
		s.product[t.Device] = t.Product
		named := t.Type != "" && slices.Contains(v.medical.types, t.Type)
		s.medical[t.Device] = s.medical[t.Device] || s.medical[t.Product] || named
		s.made[t.Device] = s.made[t.Device] || s.made[t.Product]
		s.open[t.Device] = !s.medical[t.Device] && !said[t.Product] && t.Type == ""
		s.doubt[t.Device] = s.open[t.Device] && (care || carries[t.Device])
	}
	return s
}

func (s *standing) ours(x fact.Subject) bool { return s.made[x] }

// guarded says that an operator may not change it: a medical device of another maker, or one of which nobody has said
// that it is none where care is given.
func (s *standing) guarded(x fact.Subject) bool { return (s.medical[x] || s.doubt[x]) && !s.made[x] }

func (s *standing) caution(x fact.Subject) string {
	if s.open[x] {
		return caution
	}
	return ""
}
