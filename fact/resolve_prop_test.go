// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawClaims makes looks at one fact, close enough in time to contradict, expire and be withdrawn in
// every order.
func drawClaims(t *rapid.T) []Claim {
	methods := []Method{Passive, Active, Import, Record, Declaration}
	covers := []Coverage{{}, full, scan, {CompletedScan: true, Port: 23, Vantage: "tap-2"}, {Port: 2323, Vantage: "tap-1"}}
	n := rapid.IntRange(0, 6).Draw(t, "claims")
	out := make([]Claim, n)
	for i := range out {
		c := telnet(rapid.Bool().Draw(t, "value"), rapid.SampledFrom(methods).Draw(t, "method"),
			float64(rapid.IntRange(-200, 0).Draw(t, "hours")), rapid.SampledFrom(covers).Draw(t, "coverage"))
		if rapid.Bool().Draw(t, "enum") { // a fact that is not existential
			c.Fact, c.Value = "unit.state", EnumValue(rapid.SampledFrom([]string{"factory-default", "set-up"}).Draw(t, "word"))
		}
		if rapid.IntRange(0, 2).Draw(t, "dated") == 0 { // a dated act, which its record alone can end
			c.Subject, c.Fact, c.Method = org, "training.last", Record
			c.Value = DateValue(Day(rapid.IntRange(1, 3).Draw(t, "day")))
		}
		if rapid.IntRange(0, 3).Draw(t, "bounded") == 0 {
			c.Expires = c.ObservedAt.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "for")) * time.Hour)
		}
		switch rapid.IntRange(0, 9).Draw(t, "fate") {
		case 0:
			c = stub(c)
		case 1:
			c.Value = Value{}
		}
		out[i] = c
	}
	return out
}

func states(t testing.TB, cs []Claim, m Moment) map[Name]Resolved {
	s := Resolve(testVocabulary(t), cs, m)
	out := map[Name]Resolved{}
	for _, n := range []Name{"service.telnet", "unit.state"} {
		out[n] = s.State(cam, n)
	}
	out["training.last"] = s.State(org, "training.last")
	return out
}

// P2, the half of it that facts decide: time and withdrawal only ever lead to unknown.
func TestExpiryAndWithdrawalOnlyEverLeadToUnknown(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cs := drawClaims(r)
		before := states(t, cs, Moment{At: at(0)})
		later := slices.Clone(cs)
		for i := range later {
			switch rapid.IntRange(0, 4).Draw(r, "loss") {
			case 0:
				later[i].Withdrawn = at(1)
			case 1:
				if later[i].Expires.IsZero() || later[i].Expires.After(at(1)) {
					later[i].Expires = at(1)
				}
			case 2:
				later[i] = stub(later[i])
			}
		}
		moved := Moment{At: at(float64(rapid.IntRange(0, 300).Draw(r, "then")))}
		for n, after := range states(t, later, moved) {
			if after.State == Known && (before[n].State != Known || before[n].Value != after.Value) {
				r.Fatalf("%s was %s %q and became known %q by loss alone", n, before[n].State, before[n].Value, after.Value)
			}
		}
	})
}

// P2, deletion: what nothing contradicts can be deleted without another value appearing.
func TestDeletingWhatNothingContradictsShowsNothingNew(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cs := drawClaims(r)
		if len(cs) == 0 {
			return
		}
		i := rapid.IntRange(0, len(cs)-1).Draw(r, "deleted")
		for _, c := range cs {
			if c.Fact == cs[i].Fact && (c.Withheld || cs[i].Withheld || c.Value != cs[i].Value) {
				return
			}
		}
		before := states(t, cs, Moment{At: noon})
		for n, after := range states(t, slices.Delete(slices.Clone(cs), i, i+1), Moment{At: noon}) {
			if after.State == Known && before[n].Value != after.Value {
				r.Fatalf("%s became known %q by a deletion", n, after.Value)
			}
		}
	})
}

// P3: a claim that agrees with all others leaves what is known, and can only add to it.
func TestAgreeingEvidenceIsMonotone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cs := drawClaims(r)
		before := states(t, cs, Moment{At: noon})
		extra := drawClaims(r)
		for _, e := range extra {
			for _, c := range cs {
				if c.Fact == e.Fact && (c.Withheld || e.Withheld || c.Value != e.Value) {
					return
				}
			}
		}
		for _, e := range extra { // and they agree among themselves
			if e.Fact != extra[0].Fact || e.Value != extra[0].Value || e.Withheld {
				return
			}
		}
		for n, after := range states(t, append(slices.Clone(cs), extra...), Moment{At: noon}) {
			if before[n].State == Known && (after.State != Known || after.Value != before[n].Value) {
				r.Fatalf("%s was known %q and is now %s %q", n, before[n].Value, after.State, after.Value)
			}
		}
	})
}

// P7, the half of it that facts decide.
func TestOrderOfClaimsNeverMatters(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		cs := drawClaims(r)
		shuffled := rapid.Permutation(cs).Draw(r, "order")
		a, b := states(t, cs, Moment{At: noon}), states(t, shuffled, Moment{At: noon})
		if !reflect.DeepEqual(a, b) {
			r.Fatalf("one order gives %v, another %v", a, b)
		}
	})
}

func TestExpiryOfLaterEvidenceNeverRevivesInAnyOrder(t *testing.T) {
	// Three looks: absent, present, absent again from elsewhere; each expires or is withdrawn in turn.
	base := []Claim{telnet(false, Active, -30, scan), telnet(true, Passive, -20, Coverage{Port: 23, Vantage: "tap-1"}),
		telnet(false, Active, -10, Coverage{CompletedScan: true, Port: 23, Vantage: "tap-2"})}
	fates := []func(c *Claim, hours float64){
		func(c *Claim, h float64) { c.Expires = at(h) },
		func(c *Claim, h float64) { c.Withdrawn = at(h) },
	}
	orders := [][]float64{{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}}
	for _, order := range orders {
		for kinds := range 8 {
			cs := slices.Clone(base)
			for i := range cs {
				fates[kinds>>i&1](&cs[i], order[i])
			}
			for h := 0.0; h < 4; h += 0.5 {
				got := states(t, cs, Moment{At: at(h), KnownAt: at(h)})["service.telnet"]
				if got.State == Known {
					t.Fatalf("order %v, fates %b, hour %g: known %q", order, kinds, h, got.Value)
				}
			}
		}
	}
}
