// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// ledger is a case as a run needs it.
type ledger struct{ *casefile.Case }

func (l ledger) Append(ctx context.Context, drafts []assess.Draft) error {
	var all []casefile.Draft
	for _, d := range drafts {
		all = append(all, casefile.Draft(d))
	}
	_, err := l.Case.Append(ctx, all)
	return err
}

// hospital is the example's hospital in a case, judged by three laws on the day.
func hospital(t *testing.T) (*casefile.Case, *Basis) {
	t.Helper()
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		t.Fatal(err)
	}
	engine = engine.Only("eu/gdpr", "us/hipaa-security", "eu/cra")
	text, err := examples.FS.ReadFile("hospital.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse("hospital.yaml", text, cat)
	if err != nil {
		t.Fatal(err)
	}
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	q := proof.Question{Day: fact.DayOf(now), At: now, All: true}
	a, err := assess.Run(t.Context(), nil, assess.Options{Catalogue: cat, Engine: engine, Profile: p, Now: now, Question: q, Ledger: ledger{c}})
	if err != nil {
		t.Fatal(err)
	}
	book, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c, &Basis{Assessment: a, Engine: engine, Book: book, Question: q, Now: now, Told: func(int, int) error { return nil }}
}

func day(t testing.TB, s string) fact.Day {
	t.Helper()
	d, err := fact.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func draft(t testing.TB) *Draft {
	return &Draft{Purpose: "yearly review", Scope: "ward 3", From: day(t, "2026-10-20"), To: day(t, "2026-11-25"),
		Prepared: "an officer", Reviewed: "a colleague", Approved: "the board"}
}

func TestADraftIsIssuedOnlyWholeAndByTwo(t *testing.T) {
	for want, change := range map[string]func(*Draft){
		"":                                  func(*Draft) {},
		"--purpose":                         func(d *Draft) { d.Purpose = " " },
		"--approved":                        func(d *Draft) { d.Approved = "" },
		"An  Officer prepared it":           func(d *Draft) { d.Prepared, d.Approved = "An  Officer", "an officer" },
		"--changes":                         func(d *Draft) { d.Supersedes = "2026-001" },
		"--supersedes":                      func(d *Draft) { d.Changes = "more" },
		"want WHAT=WHY":                     func(d *Draft) { d.Without = []string{"pump-3a"} },
		"before it begins":                  func(d *Draft) { d.To = d.From - 1 },
		"still to come":                     func(d *Draft) { d.To = day(t, "2026-11-26") },
		"at most 1096 are assessed at once": func(d *Draft) { d.From = day(t, "2020-01-01") },
	} {
		d := draft(t)
		change(d)
		err := d.Check(fact.DayOf(now))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestJudgingTheTurnsAloneCountsAsJudgingEveryDay(t *testing.T) {
	_, b := hospital(t)
	d := draft(t)
	w, _, err := scope(d, b.Assessment)
	if err != nil {
		t.Fatal(err)
	}
	got, err := over(b.Assessment.Catalogue, b.Engine, b.Book, b.Question, d.From, d.To, w, b.Told)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*Stood{}
	q := b.Question
	q.All = false
	for at := d.From; at <= d.To; at++ {
		q.Day, q.At = at, endOf(at)
		r := b.Engine.Judge(proof.Input(b.Book.Entries, b.Book.Stubs, q))
		for i := range r.Verdicts {
			if v := &r.Verdicts[i]; v.Provision.Force == law.Must {
				add(all, v, 1)
			}
		}
	}
	moved := 0
	for _, s := range got.Stood {
		id := s.Provision + "@" + s.Subject
		want := all[id]
		if want == nil {
			want = all[id+"@"+s.Person]
		}
		if want == nil || want.Met != s.Met || want.Violated != s.Violated || want.NotShown != s.NotShown || want.BreachIndicated != s.BreachIndicated {
			t.Errorf("%s: turns give %+v, every day gives %+v", id, s, want)
		}
		if s.Met > 0 && s.NotShown > 0 || s.Violated > 0 && s.NotShown > 0 {
			moved++
		}
	}
	if len(got.Stood) != len(all) || moved == 0 {
		t.Errorf("%d duties, %d by every day; %d moved within the period: it shows nothing", len(got.Stood), len(all), moved)
	}
}

func TestWhatIsLeftOutIsNotCounted(t *testing.T) {
	_, b := hospital(t)
	whole, _, err := Make(draft(t), b)
	if err != nil {
		t.Fatal(err)
	}
	d := draft(t)
	d.Without = []string{"pump-3a=out of use", "eu/cra=not in force"}
	less, table, err := Make(d, b)
	if err != nil {
		t.Fatal(err)
	}
	if less.Counts.NotShown >= whole.Counts.NotShown || len(less.ByLaw) != len(whole.ByLaw)-1 || len(less.Scope.Without) != 2 {
		t.Errorf("whole %+v, less %+v", whole.Counts, less.Counts)
	}
	for _, s := range table.Stood {
		if strings.HasPrefix(s.Provision, "eu/cra") {
			t.Errorf("%s is counted", s.Provision)
		}
	}
	for want, bad := range map[string]string{"did you mean": "pump-3=x", "has no law": "eu/nothing=x"} {
		d.Without = []string{bad}
		if _, _, err := Make(d, b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestNothingIsEditedAndOneTakesAnothersPlace(t *testing.T) {
	c, b := hospital(t)
	var given []Assessment
	for i, supersedes := range []string{"", "2026-001"} {
		d := draft(t)
		if supersedes != "" {
			d.Supersedes, d.Changes = supersedes, "a record was added"
		}
		if err := Successive(d.Supersedes, given); err != nil {
			t.Fatal(err)
		}
		a, table, err := Make(d, b)
		if err != nil {
			t.Fatal(err)
		}
		a.Number = Next(2026, given)
		if err := Keep(t.Context(), c, b.Assessment.Result.Persons[0].Person, a, table); err != nil {
			t.Fatal(err)
		}
		if given, err = All(t.Context(), c); err != nil || len(given) != i+1 {
			t.Fatal(given, err)
		}
		if back, err := TableOf(c, &given[i]); err != nil || len(back.Stood) != len(table.Stood) {
			t.Errorf("the days came back otherwise: %v", err)
		}
	}
	if given[1].Number != "2026-002" || Successor("2026-001", given) == nil || Successor("2026-002", given) != nil {
		t.Errorf("%+v", given)
	}
	for number, want := range map[string]string{"2026-001": "superseded by 2026-002 already", "2025-001": "no assessment 2025-001"} {
		if err := Successive(number, given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", number, err)
		}
	}
}

func TestMonthsAreCountedBothWaysAtTheirEnds(t *testing.T) {
	at := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	if got := clamped(at, span{months: 1}); got.Format(time.DateOnly) != "2026-02-28" {
		t.Error(got)
	}
}
