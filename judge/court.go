// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// court judges one world. Its sittings go on at once, each over one duty; what they share does not change,
// but for what CEL said.
type court struct {
	*Engine
	*world
	rows rows
	said sync.Map // hearing to expr.Outcome
}

func newCourt(e *Engine, in Input) *court {
	c := &court{Engine: e, world: newWorld(e.catalogue.Vocabulary, in)}
	c.rows = newRows(e, c.world)
	return c
}

// sitting is what is known while one duty is judged: by law day, for readiness asks of another.
type sitting struct {
	*court
	days map[fact.Day]*asking
}

func (s *sitting) on(day fact.Day) *asking {
	a := s.days[day]
	if a == nil {
		a = &asking{court: s.court, day: day, seen: map[question]*answer{}}
		if s.days == nil {
			s.days = map[fact.Day]*asking{}
		}
		s.days[day] = a
	}
	return a
}

// docket is a duty with all whom it binds, and the places of their verdicts in the result.
type docket struct {
	duty     *duty
	parties  []party
	verdicts []Verdict
	holds    *holds
}

// dockets makes room in the result for a verdict on each party.
func (c *court) dockets(r *Result) []docket {
	var all []docket
	seen, total := map[bench][]party{}, 0
	for _, d := range c.duties {
		if d.Force == law.May {
			continue
		}
		b := bench{d.Subject, d.Bearer, d.Subject == fact.Product && d.ofUnits}
		if _, known := seen[b]; !known {
			seen[b] = c.parties(d)
		}
		all = append(all, docket{duty: d, parties: seen[b]})
		total += len(seen[b])
	}
	if total == 0 {
		return all
	}
	r.Verdicts = make([]Verdict, total)
	free := r.Verdicts
	for i := range all {
		n := len(all[i].parties)
		all[i].verdicts, free = free[:n:n], free[n:]
	}
	return all
}

// bench is what the parties of a duty depend on.
type bench struct {
	subject fact.SubjectKind
	bearer  law.Relation
	ofUnits bool
}

// sit judges all dockets, as many at once as there are processors. Each writes to its own places, so the
// order in which they end decides nothing.
func (c *court) sit(dockets []docket) {
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(dockets)) {
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(dockets)); i = next.Add(1) - 1 {
				(&sitting{court: c}).hear(&dockets[i])
			}
		})
	}
	done.Wait()
}

// hear judges a docket. Parties of whom all is alike that the duty asks are judged once.
func (s *sitting) hear(k *docket) {
	k.holds = newHolds(s.world)
	first, key := map[string]*precedent{}, []byte(nil)
	for i := range k.parties {
		p := &k.parties[i]
		alike := false
		if key, alike = s.rows.key(key[:0], k.duty, p); alike {
			if one := first[string(key)]; one != nil {
				k.verdicts[i] = one.followed(p.subject)
				continue
			}
		}
		v, t := s.verdict(k.duty, p)
		k.verdicts[i] = v
		wait := k.holds.add(t)
		if alike {
			first[string(key)] = &precedent{&k.verdicts[i], wait}
		}
	}
}

// hearing is an expression with the values that it was given.
type hearing struct {
	expr    *expr.Expr
	day, at fact.Day
	values  string
}

// evaluate asks CEL once for the same values.
func (c *court) evaluate(a *answer, day fact.Day) expr.Outcome {
	values := make([]fact.Value, len(a.known))
	for i := range a.known {
		values[i] = a.known[i].value
	}
	if c.singly {
		return a.Eval(values, day, a.at)
	}
	h := hearing{a.Expr, day, a.at, inOrder(values)}
	if said, ok := c.said.Load(h); ok {
		return said.(expr.Outcome)
	}
	out := a.Eval(values, day, a.at)
	c.said.Store(h, out)
	return out
}
