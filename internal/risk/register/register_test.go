// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/plan/plantest"
	"github.com/writ-iot/writ/internal/risk/register"
	"github.com/writ-iot/writ/judge"
)

func data(t *testing.T) *register.Data {
	t.Helper()
	d, err := register.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func worldOf(a *assess.Assessment) *register.World {
	return &register.World{Catalogue: a.Catalogue, Result: a.Result, Members: a.Members,
		Claims: slices.Clone(a.Facts), Day: a.Day, At: a.At,
		KnownAt: a.KnownAt, Name: a.Name, Medical: func(s fact.Subject) bool {
			n := a.Name(s)
			return strings.HasPrefix(n, "pump-") || n == "ct-ward-3"
		}}
}

// the gives the risk that people call so.
func the(t *testing.T, r *register.Register, called string) *register.Risk {
	t.Helper()
	found := r.Find(called)
	if len(found) != 1 {
		t.Fatalf("%d risks are called %s", len(found), called)
	}
	return found[0]
}

func TestTheDemosRisks(t *testing.T) {
	a := plantest.Hospital(t)
	r := register.Make(worldOf(a), data(t))
	for _, x := range []struct {
		risk               string
		likelihood, impact int
		sign               string
	}{
		{"interception@pump-3a", 4, 4, "patient data crossed the wire in clear"},
		{"unauthorised-access@camera-ward-3", 5, 4,
			"somebody entered with a published factory credential, and it began to scan"},
		{"botnet-recruitment@camera-ward-3", 5, 3, "it scans as Mirai does: it has been taken over"},
		{"unauthorised-access@pump-3a", 3, 5, ""},
		{"unmanaged-risk@Example Hospital", 3, 4, ""},
	} {
		got := the(t, r, x.risk)
		if got.Likelihood.Step != x.likelihood || got.Impact.Step != x.impact {
			t.Errorf("%s is %d by %d, want %d by %d: %q %q", x.risk, got.Likelihood.Step, got.Impact.Step,
				x.likelihood, x.impact,
				got.Likelihood.Why, got.Impact.Why)
		}
		if x.sign != "" && !slices.Contains(got.Signs, x.sign) {
			t.Errorf("%s shows %q", x.risk, got.Signs)
		}
		if got.Level != r.Data.Scales.Level(got.Likelihood.Step, got.Impact.Step) || got.Residual != got.Level {
			t.Errorf("%s: level %d, left %d", x.risk, got.Level, got.Residual)
		}
	}
	for i := range r.Risks {
		x := &r.Risks[i]
		if len(x.Weaknesses) == 0 || len(x.Likelihood.Why) == 0 || len(x.Impact.Why) == 0 {
			t.Errorf("%s has no reasons", x.ID)
		}
		if i > 0 && x.Level > r.Risks[i-1].Level {
			t.Errorf("%s stands below a lesser one", x.ID)
		}
	}
}

// Nothing known is no low risk: there is no risk on the register, and none is called sound.
func TestNothingKnownIsNoRiskAndNoSafety(t *testing.T) {
	a := plantest.Nothing(t)
	r := register.Make(worldOf(a), data(t))
	if len(r.Risks) != 0 || r.Held != 0 {
		t.Errorf("%d risks, %d controls held", len(r.Risks), r.Held)
	}
	for _, d := range r.Documents(worldOf(a)) {
		for _, e := range d.Elements {
			if e.Standing == register.Present && e.From != "criteria" {
				t.Errorf("%s has its %s out of nothing: %s", d.Law, e.ID, e.Says)
			}
		}
	}
}

// What is not known of an asset's data is weighed as if it were so.
func TestUnknownDataTakesNothingOff(t *testing.T) {
	a := plantest.Hospital(t)
	printer := the(t, register.Make(worldOf(a), data(t)), "credential-theft@printer-ward3")
	w := worldOf(a)
	w.Claims = append(w.Claims, fact.Claim{Subject: printer.Asset, Fact: "device.personal_data",
		Value:  fact.BoolValue(false),
		Method: fact.Declaration, ObservedAt: a.At.Add(-30 * 24 * time.Hour)})
	known := the(t, register.Make(w, data(t)), "credential-theft@printer-ward3")
	if printer.Impact.Step <= known.Impact.Step {
		t.Errorf("unknown %d, known to be none %d", printer.Impact.Step, known.Impact.Step)
	}
}

// A risk does not end because nobody looks: what has gone stale stays, and says so.
func TestARiskOutlivesItsEvidence(t *testing.T) {
	a := plantest.Hospital(t)
	w := worldOf(a)
	w.Members = slices.Clone(w.Members)
	for i := range w.Members {
		w.Members[i].At = time.Time{} // judged today, three weeks after the capture
	}
	x := the(t, register.Make(w, data(t)), "interception@pump-3a")
	if !x.Stale || !strings.Contains(strings.Join(x.Likelihood.Why, "; "), "nobody has looked again") {
		t.Errorf("%+v", x.Likelihood)
	}
}

// A device that two controls call weak by the same fact has one weakness.
func TestOneFactIsOneWeakness(t *testing.T) {
	r := register.Make(worldOf(plantest.Hospital(t)), data(t))
	for i := range r.Risks {
		seen := map[string]bool{}
		for _, w := range r.Risks[i].Weaknesses {
			var names []string
			for _, f := range w.Facts {
				names = append(names, string(f.Fact))
			}
			k := strings.Join(names, " ")
			if seen[k] {
				t.Errorf("%s: twice by %s", r.Risks[i].ID, k)
			}
			seen[k] = true
		}
	}
}

func treatment(x *register.Risk, o register.Option) register.Treatment {
	t := register.Treatment{Threat: x.Threat.ID, Option: o, By: "head of medical engineering", Reasons: "because",
		Before: register.Pair{Likelihood: x.Likelihood.Step, Impact: x.Impact.Step}, Frozen: x.Freeze()}
	if o == register.Accept {
		t.Approver, t.Until = "board of management", "2027-06-30"
	} else {
		t.Owner, t.Due = "network operations", "2027-03-31"
	}
	return t
}

func TestADecisionIsCheckedBeforeItIsKept(t *testing.T) {
	x := the(t, register.Make(worldOf(plantest.Hospital(t)), data(t)), "interception@pump-3a")
	today := fact.DayOf(plantest.Now)
	for _, o := range []register.Option{register.Accept, register.Mitigate, register.Transfer, register.Avoid} {
		ok := treatment(x, o)
		if err := ok.Check(today); err != nil {
			t.Errorf("%s: %v", o, err)
		}
	}
	for _, c := range []struct {
		option register.Option
		change func(*register.Treatment)
		want   string
	}{
		{register.Accept, func(t *register.Treatment) { t.Approver = " Head of  Medical Engineering " },
			"cannot approve it"},
		{register.Accept, func(t *register.Treatment) { t.Approver = "" }, "--approver"},
		{register.Accept, func(t *register.Treatment) { t.Until = "" }, "an acceptance ends: --until"},
		{register.Accept, func(t *register.Treatment) { t.Until = "2026-11-25" }, "ends after today"},
		{register.Accept, func(t *register.Treatment) { t.Until = "2027-02-30" }, "--until"},
		{register.Accept, func(t *register.Treatment) { t.Reasons = " " }, "--reasons"},
		{register.Accept, func(t *register.Treatment) { t.Residual = &register.Pair{Likelihood: 1, Impact: 1} },
			"no --residual"},
		{register.Mitigate, func(t *register.Treatment) { t.Owner = "" }, "--owner"},
		{register.Mitigate, func(t *register.Treatment) { t.Due = "" }, "--due"},
		{register.Mitigate, func(t *register.Treatment) { t.Due = "2026-11-24" }, "before today"},
		{register.Mitigate, func(t *register.Treatment) { t.Due = "soon" }, "--due"},
		{register.Mitigate, func(t *register.Treatment) { t.Until = "2027-01-01" }, "only an acceptance"},
		{register.Mitigate, func(t *register.Treatment) {
			t.Residual = &register.Pair{Likelihood: 0,
				Impact: 9}
		}, "1 to 5"},
		{register.Mitigate, func(t *register.Treatment) {
			t.Residual = &register.Pair{Likelihood: 5,
				Impact: 5}
		}, "cannot be more"},
		{register.Mitigate, func(t *register.Treatment) { t.Option = "ignore" }, "no way to treat"},
	} {
		d := treatment(x, c.option)
		c.change(&d)
		if err := d.Check(today); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("want %q, got %v", c.want, err)
		}
	}
}

// stated gives each claim a statement of its own, as in a case.
func stated(w *register.World) {
	for i := range w.Claims {
		w.Claims[i].Statement = "statement-" + string(w.Claims[i].Fact) + "-" + w.Claims[i].Subject.ID + "-" +
			w.Claims[i].ObservedAt.String()
	}
}

func TestHowADecisionStands(t *testing.T) {
	a := plantest.Hospital(t)
	base := func() *register.World {
		w := worldOf(a)
		stated(w)
		return w
	}
	const risk = "interception@pump-3a"
	x := the(t, register.Make(base(), data(t)), risk)
	decided := plantest.Now.Add(-24 * time.Hour)
	type change func(*register.World, *register.Treatment)
	look := func(value bool) change { // a look after the decision
		return func(w *register.World, _ *register.Treatment) {
			for i := range w.Members {
				w.Members[i].At = plantest.Now
			}
			w.Claims = append(w.Claims, fact.Claim{Subject: x.Asset, Fact: "data.health_cleartext",
				Value:  fact.BoolValue(value),
				Method: fact.Active, ObservedAt: plantest.Now.Add(-time.Hour), Statement: "later"})
		}
	}
	for _, c := range []struct {
		name   string
		option register.Option
		change change
		want   register.State
		left   int // levels below the inherent one
	}{
		{"accepted", register.Accept, nil, register.Accepted, 0},
		{"its last day", register.Accept, func(w *register.World, _ *register.Treatment) {
			w.Day,
				_ = fact.ParseDay("2027-06-30")
		}, register.Accepted, 0},
		{"the day after", register.Accept, func(w *register.World, _ *register.Treatment) {
			w.Day,
				_ = fact.ParseDay("2027-07-01")
		}, register.Expired, 0},
		{"going stale is no change", register.Accept, func(w *register.World, _ *register.Treatment) {
			for i := range w.Members {
				w.Members[i].At = time.Time{}
			}
		}, register.Accepted, 0},
		{"a new weakness", register.Accept, func(w *register.World, _ *register.Treatment) {
			for i := range w.Claims {
				if c := &w.Claims[i]; c.Subject == x.Asset && c.Fact == "service.telnet" {
					c.Value = fact.BoolValue(true)
				}
			}
		}, register.Void, 0},
		{"what it rested on was taken back", register.Accept, func(w *register.World,
			t *register.Treatment) {
			t.Frozen[0].Statement = "gone"
		}, register.Void, 0},
		{"planned", register.Mitigate, nil, register.Planned, 0},
		{"overdue", register.Mitigate, func(w *register.World, _ *register.Treatment) {
			w.Day,
				_ = fact.ParseDay("2027-04-01")
		}, register.Overdue, 0},
		{"done", register.Mitigate, func(_ *register.World, t *register.Treatment) {
			t.Done, t.Residual = true, &register.Pair{Likelihood: 1, Impact: 4}
		}, register.Done, 1},
		{"done, and a later look shows it still", register.Mitigate, func(w *register.World, t *register.Treatment) {
			t.Done, t.Residual = true, &register.Pair{Likelihood: 1, Impact: 4}
			look(true)(w, t)
		}, register.Contradicted, 0},
	} {
		w := base()
		w.Members = slices.Clone(w.Members)
		d := treatment(x, c.option)
		d.Frozen = slices.Clone(d.Frozen)
		if c.change != nil {
			c.change(w, &d)
		}
		w.Treatments = []register.Kept{{Treatment: d, ID: "1", Asset: x.Asset, At: decided}}
		got := the(t, register.Make(w, data(t)), risk)
		if got.Treatment == nil || got.Treatment.State != c.want {
			t.Errorf("%s: %+v, want %s", c.name, got.Treatment, c.want)
			continue
		}
		if down := got.Level - got.Residual; (down > 0) != (c.left > 0) {
			t.Errorf("%s: level %d, left %d", c.name, got.Level, got.Residual)
		}
	}
	// A look that shows that it is gone takes the risk off, and leaves the decision.
	w := base()
	w.Members = slices.Clone(w.Members)
	d := treatment(x, register.Mitigate)
	look(false)(w, &d)
	w.Treatments = []register.Kept{{Treatment: d, ID: "1", Asset: x.Asset, At: decided}}
	r := register.Make(w, data(t))
	if len(r.Find(x.ID)) != 0 || len(r.Closed) != 1 {
		t.Errorf("%d risks, %d closed", len(r.Find(x.ID)), len(r.Closed))
	}
}

// The newest decision stands.
func TestALaterDecisionTakesThePlaceOfAnEarlierOne(t *testing.T) {
	a := plantest.Hospital(t)
	w := worldOf(a)
	x := the(t, register.Make(w, data(t)), "interception@pump-3a")
	w.Treatments = []register.Kept{{Treatment: treatment(x, register.Accept), ID: "1", Asset: x.Asset},
		{Treatment: treatment(x, register.Mitigate), ID: "2", Asset: x.Asset}}
	if got := the(t, register.Make(w, data(t)), "interception@pump-3a").Treatment; got.ID != "2" ||
		got.State != register.Planned {
		t.Errorf("%+v", got)
	}
}

// Neither a register nor a decision moves a verdict.
func TestARegisterChangesNoVerdict(t *testing.T) {
	a := plantest.Hospital(t)
	before := make([]judge.Verdict, len(a.Result.Verdicts))
	copy(before, a.Result.Verdicts)
	w := worldOf(a)
	x := the(t, register.Make(w, data(t)), "interception@pump-3a")
	w.Treatments = []register.Kept{{Treatment: treatment(x, register.Accept), Asset: x.Asset}}
	register.Make(w, data(t)).Documents(w)
	if !reflect.DeepEqual(before, a.Result.Verdicts) {
		t.Error("verdicts have moved")
	}
}

func TestTheDataFitsTheCatalogue(t *testing.T) {
	cat, d := plantest.Catalogue(t), data(t)
	for id, c := range cat.Controls {
		for _, threat := range c.Threats {
			if !d.Knows(threat) {
				t.Errorf("control %s answers the threat %q, which catalogue/risk/threats.yaml does not name",
					id, threat)
			}
		}
	}
	for _, a := range d.Analyses {
		if _, ok := cat.Instrument(a.Law); !ok || cat.Provisions[a.Provision] == nil {
			t.Errorf("no law %s, or no provision %s", a.Law, a.Provision)
		}
		for _, e := range a.Elements {
			if e.Provision != "" && cat.Provisions[e.Provision] == nil {
				t.Errorf("%s: no provision %s", e.ID, e.Provision)
			}
			if _, ok := cat.Vocabulary.Lookup(e.Fact); e.Fact != "" && !ok {
				t.Errorf("%s: no fact %s", e.ID, e.Fact)
			}
		}
	}
	for _, n := range d.SignFacts() {
		if _, ok := cat.Vocabulary.Lookup(n); !ok {
			t.Errorf("a sign of the unknown fact %s", n)
		}
	}
}

// A matrix never falls as likelihood or impact grow.
func TestTheMatrixNeverFalls(t *testing.T) {
	s := &data(t).Scales
	for l := 1; l <= 5; l++ {
		for i := 1; i <= 5; i++ {
			if l > 1 && s.Level(l, i) < s.Level(l-1, i) || i > 1 && s.Level(l, i) < s.Level(l, i-1) {
				t.Errorf("level of %d by %d falls", l, i)
			}
		}
	}
}

func TestBadDataSaysWhere(t *testing.T) {
	read := func(name string) string {
		b, err := catalogue.FS.ReadFile("risk/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range []struct{ file, from, to, want string }{
		{"scales.yaml", "[low, low, low, low, moderate]", "[low, low, low, moderate]",
			"each row of the matrix has 5 levels"},
		{"scales.yaml", "very high, very high]\n  levels", "very high, dreadful]\n  levels", `"dreadful"`},
		{"threats.yaml", "part-of: interception}\n  - {id: downgrade",
			"part-of: listening}\n  - {id: downgrade", "part of listening"},
		{"threats.yaml", "affects: [confidentiality], impact: 2, network: yes}\n  - {id: session",
			"affects: [secrecy], impact: 2, network: yes}\n  - {id: session", `"secrecy"`},
		{"analyses.yaml", "from: scope}", "from: nowhere}", `"nowhere"`},
	} {
		fsys := fstest.MapFS{}
		for _, name := range []string{"scales.yaml", "threats.yaml", "analyses.yaml"} {
			text := read(name)
			if name == c.file {
				changed := strings.Replace(text, c.from, c.to, 1)
				if changed == text {
					t.Fatalf("%s does not hold %q", name, c.from)
				}
				text = changed
			}
			fsys["risk/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		if _, err := register.Load(fsys); err == nil || !strings.Contains(err.Error(), c.want) ||
			!strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: want %s, got %v", c.file, c.want, err)
		}
	}
	if _, err := register.Load(fstest.MapFS{}); err == nil {
		t.Error("no data is no error")
	}
}

// An acceptance is void when a fact that it was given on takes another known value, though the risk is less for it.
func TestAnAcceptanceEndsWithItsFacts(t *testing.T) {
	a := plantest.Hospital(t)
	w := worldOf(a)
	stated(w)
	const risk = "unauthorised-access@camera-ward-3"
	x := the(t, register.Make(w, data(t)), risk)
	w.Treatments = []register.Kept{{Treatment: treatment(x, register.Accept), Asset: x.Asset, At: plantest.Now}}
	if got := the(t, register.Make(w, data(t)), risk).Treatment; got.State != register.Accepted {
		t.Fatalf("%s: %s", got.State, got.Why)
	}
	look := a.At.Add(-time.Hour)
	w.Members = slices.Clone(w.Members)
	for i := range w.Members {
		w.Members[i].At = a.At
	}
	w.Claims = append(w.Claims, fact.Claim{Subject: x.Asset, Fact: "service.internet_exposed",
		Value: fact.BoolValue(false), Method: fact.Record,
		ObservedAt: look, Statement: "later"})
	if got := the(t, register.Make(w, data(t)), risk).Treatment; got.State != register.Void ||
		!strings.Contains(got.Why, "service.internet_exposed") {
		t.Errorf("%s: %s", got.State, got.Why)
	}
}
