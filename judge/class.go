// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
)

// ease orders the classes by who can act: the first ends a question soonest.
var ease = []Class{Answer, Listen, Test, Ours, MakerDoc, Judgment, Beyond}

// class says who can end a not-shown: of the cheapest way out, whoever has the last word; where no fact
// leads out, whoever can say more soonest; where nothing is missing, nobody.
func (c *court) class(v *Verdict) Class {
	last, first := -1, len(ease)-1
	for _, m := range v.Cheapest {
		last = max(last, slices.Index(ease, c.classOf(m)))
	}
	for _, m := range v.Missing {
		first = min(first, slices.Index(ease, c.classOf(m)))
	}
	if last >= 0 {
		return ease[last]
	}
	return ease[first]
}

// classOf says who can learn one fact. A record about a product, or about an organisation that is not
// ours, is its maker's.
func (c *court) classOf(m MissingFact) Class {
	d, ok := c.catalogue.Vocabulary.Lookup(m.Fact)
	if !ok {
		return Beyond
	}
	can := func(method fact.Method) bool { return len(d.Known) == 0 || slices.Contains(d.Known, method) }
	ours := m.Subject.Kind != fact.Product
	if member := c.members[m.Subject]; m.Subject.Kind == fact.Organisation {
		ours = member != nil && member.Own
	}
	switch {
	case strings.HasPrefix(string(m.Fact), fact.JudgementPrefix):
		return Judgment
	case can(fact.Passive):
		return Listen
	case can(fact.Active) || can(fact.Import):
		return Test
	case can(fact.Declaration) && !c.declared(m):
		return Answer
	case can(fact.Record) && ours:
		return Ours
	case can(fact.Record) || can(fact.Declaration):
		return MakerDoc
	case can(fact.Judgement):
		return Judgment
	}
	return Beyond
}

// declared says that a fact has its answer already, so that only a document can add to it.
func (c *court) declared(m MissingFact) bool {
	return c.facts.State(m.Subject, m.Fact).State == fact.Known
}
