// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
)

// clock is the time of a test: each look at it is a millisecond later.
type clock struct{ at time.Time }

func (c *clock) now() time.Time {
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

// on moves the clock to noon of a day.
func (c *clock) on(t testing.TB, day string) {
	t.Helper()
	d, err := fact.ParseDay(day)
	if err != nil {
		t.Fatal(err)
	}
	c.at = d.Time().Add(12 * time.Hour)
}

// newDesk makes a desk of an empty case of one organisation, on 2026-11-25.
func newDesk(t testing.TB) (*Desk, *clock) {
	t.Helper()
	k := &clock{}
	k.on(t, "2026-11-25")
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{Clock: k.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	d := NewDesk(c, lawOf(t), kindsOf(t), k.now)
	member(t, d, fact.Organisation, "us", true, "self")
	member(t, d, fact.Organisation, "them", false, "maker:them")
	member(t, d, fact.Device, "pump", false, "mac:02:00:00:00:00:01")
	member(t, d, fact.Device, "scanner", false, "mac:02:00:00:00:00:02")
	member(t, d, fact.Product, "Acme P1", false, "make:acme/p1")
	return d, k
}

func member(t testing.TB, d *Desk, k fact.SubjectKind, name string, own bool, key string) fact.Subject {
	t.Helper()
	s, err := d.Case.Subject(t.Context(), k, key)
	if err != nil {
		t.Fatal(err)
	}
	m := fact.Member{Subject: s, Own: own}
	_, err = d.Case.Append(t.Context(), []casefile.Draft{{Payload: map[string]string{"name": name}, Statement: evidence.Statement{
		Kind: evidence.Membership, Collector: "writ observe", Subject: s, Member: &m}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func add(t testing.TB, d *Desk, given ...Given) *Added {
	t.Helper()
	for i := range given {
		if given[i].By == "" {
			given[i].By = "security officer"
		}
	}
	out, err := d.Add(t.Context(), given, How{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func closed(t testing.TB, d *Desk, g Closes) *Closing {
	t.Helper()
	g.By = "security officer"
	c, err := d.Close(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// is gives what is known of a fact of ours: its value, or a question mark.
func is(t testing.TB, d *Desk, name fact.Name) string {
	t.Helper()
	us, err := d.Case.Subject(t.Context(), fact.Organisation, "self")
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.states(t.Context(), us, name)
	if err != nil {
		t.Fatal(err)
	}
	if s[name].State != fact.Known {
		return "?"
	}
	return s[name].Value.String()
}

func want(t testing.TB, d *Desk, when string, facts map[fact.Name]string) {
	t.Helper()
	for name, v := range facts {
		if got := is(t, d, name); got != v {
			t.Errorf("%s: %s is %s, want %s", when, name, got, v)
		}
	}
}

func analysis(day string) Given {
	return Given{Kind: "risk-analysis", Day: day, Fields: map[string]string{"scope": "all systems", "period": "one-year"}}
}

// An open register cannot show that nothing newer exists; the closed one can, and is void when it was not complete.
func TestOnlyAClosedRegisterShowsThatNothingNewerExists(t *testing.T) {
	d, k := newDesk(t)
	add(t, d, Given{Kind: "risk-analysis", Day: "2024-05-01", Fields: map[string]string{"scope": "all", "period": "three-years"}})
	want(t, d, "open", map[fact.Name]string{"record.risk_analysis_exists": "yes", "record.risk_analysis_date": "?",
		"record.risk_analysis_period": "three-years"})
	c := closed(t, d, Closes{Kind: "risk-analysis"})
	if c.Records != 1 || c.Denies || c.Until.String() != "2027-11-25" {
		t.Errorf("closed: %+v", c)
	}
	want(t, d, "closed", map[fact.Name]string{"record.risk_analysis_exists": "yes", "record.risk_analysis_date": "2024-05-01"})
	if _, err := d.Close(t.Context(), Closes{Kind: "risk-analysis", By: "x"}); kind.Of(err) != kind.Conflict || !strings.Contains(err.Error(), c.ID) {
		t.Errorf("closed twice: %v", err)
	}
	out := add(t, d, Given{Kind: "risk-analysis", Day: "2026-10-01", Fields: map[string]string{"scope": "all", "period": "three-years"}})
	if len(out.Voided) != 1 || out.Voided[0].ID != c.ID {
		t.Errorf("voided %+v", out.Voided)
	}
	want(t, d, "one was missing", map[fact.Name]string{"record.risk_analysis_exists": "yes", "record.risk_analysis_date": "2026-10-01"})
	k.on(t, "2027-10-01")
	want(t, d, "for as long as any law asks for it", map[fact.Name]string{"record.risk_analysis_date": "2026-10-01"})
	k.on(t, "2027-10-02")
	want(t, d, "and no longer", map[fact.Name]string{"record.risk_analysis_date": "?", "record.risk_analysis_exists": "yes"})
}

// A closed register whose newest analysis is past the period that the organisation set itself holds none in force.
func TestAnAnalysisPastTheOwnPeriodIsNoneInAClosedRegister(t *testing.T) {
	d, _ := newDesk(t)
	add(t, d, Given{Kind: "risk-analysis", Day: "2024-05-01", Fields: map[string]string{"scope": "all"}})
	if c := closed(t, d, Closes{Kind: "risk-analysis", Day: "2026-11-01"}); c.Denies || c.Valid != 1 {
		t.Errorf("without a period: %+v", c)
	}
	add(t, d, Given{Kind: "other", Day: "2026-01-01", Facts: map[string]string{"record.risk_analysis_period": "two-years"}})
	c := closed(t, d, Closes{Kind: "risk-analysis"})
	if !c.Denies || c.Valid != 0 {
		t.Errorf("past it: %+v", c)
	}
	want(t, d, "past it", map[fact.Name]string{"record.risk_analysis_exists": "no", "record.risk_analysis_date": "2024-05-01"})
	add(t, d, analysis("2026-11-25"))
	want(t, d, "renewed", map[fact.Name]string{"record.risk_analysis_exists": "yes", "record.risk_analysis_date": "2026-11-25",
		"record.risk_analysis_period": "one-year"})
}

func trained(person, day, until string) Given {
	return Given{Kind: "training", Day: day, Until: until, Fields: map[string]string{"person": person, "course": "phishing"}}
}

func TestAClosedRegisterWithoutAValidRecordSaysSo(t *testing.T) {
	const programme, all = "record.training_programme", "record.training_all_workforce"
	d, k := newDesk(t)
	add(t, d, trained("A. Nurse", "2023-03-01", ""), trained("B. Nurse", "2023-03-01", "2025-03-01"))
	want(t, d, "open", map[fact.Name]string{programme: "?", all: "?"})
	if c := closed(t, d, Closes{Kind: "training", DryRun: true}); c.ID != "" || !c.Denies || is(t, d, programme) != "?" {
		t.Errorf("a dry run: %+v", c)
	}
	c := closed(t, d, Closes{Kind: "training"})
	if c.Records != 2 || c.Valid != 0 || !c.Denies {
		t.Errorf("%+v", c)
	}
	want(t, d, "closed", map[fact.Name]string{programme: "no", all: "?"})
	k.on(t, "2026-12-01")
	if out := add(t, d, trained("A. Nurse", "2026-11-30", "")); len(out.Voided) != 1 {
		t.Errorf("a course after the closing left it: %+v", out)
	}
	want(t, d, "and a course was held since", map[fact.Name]string{programme: "?"})
	closed(t, d, Closes{Kind: "training", Day: "2026-12-01"})
	want(t, d, "a course is no programme", map[fact.Name]string{programme: "?"})
	add(t, d, Given{Kind: "training-programme", Day: "2026-12-01", Fields: map[string]string{"reaches-all": "yes"}})
	want(t, d, "with the programme", map[fact.Name]string{programme: "yes", all: "yes"})
}

// A record that is entered late, for a day before the closing, is a new look: what was closed in error said
// otherwise for later days, and what it said does not revive.
func TestARecordEnteredLateCountsFromItsEntryOn(t *testing.T) {
	const f = "record.security_policy"
	d, _ := newDesk(t)
	closed(t, d, Closes{Kind: "policy"})
	want(t, d, "closed and empty", map[fact.Name]string{f: "no", "record.hr_security": "no"})
	out := add(t, d, Given{Kind: "policy", Topic: "security", Day: "2026-01-01", Until: "2026-12-31"})
	if len(out.Voided) != 1 {
		t.Errorf("%+v", out)
	}
	want(t, d, "found after all", map[fact.Name]string{f: "yes", "record.hr_security": "?"})
	rev, err := d.Revoke(t.Context(), out.IDs, "officer", "wrong document")
	if err != nil || len(rev.Unknown) != 1 || rev.Unknown[0].Fact != f || rev.Unknown[0].Was != "yes" {
		t.Errorf("%+v, %v", rev, err)
	}
	want(t, d, "taken back", map[fact.Name]string{f: "?"})
	add(t, d, Given{Kind: "policy", Topic: "security", Day: "2026-01-01"})
	want(t, d, "and entered again", map[fact.Name]string{f: "yes"})
}

func TestRevokingOpensTheRegisterAgain(t *testing.T) {
	d, _ := newDesk(t)
	first := add(t, d, analysis("2026-01-01"))
	c := closed(t, d, Closes{Kind: "risk-analysis"})
	rev, err := d.Revoke(t.Context(), first.IDs, "officer", "not ours")
	if err != nil || len(rev.Voided) != 1 || rev.Voided[0].ID != c.ID || len(rev.Unknown) != 3 {
		t.Errorf("%+v, %v", rev, err)
	}
	if _, err := d.Revoke(t.Context(), first.IDs, "officer", "again"); kind.Of(err) != kind.Conflict {
		t.Errorf("taken back twice: %v", err)
	}
}

// What was erased may have been anything: a register that holds it shows nothing missing, and a closing whose words
// are gone is opened as before.
func TestWhatWasErasedMakesNothingMissing(t *testing.T) {
	const programme = "record.training_programme"
	d, _ := newDesk(t)
	erase := func(who string) {
		t.Helper()
		if out, err := d.Erase(t.Context(), Erasing{Person: who, By: "officer", Despite: "asked for"}, nil); err != nil || !out.Done {
			t.Fatalf("%+v, %v", out, err)
		}
	}
	add(t, d, trained("Anna Example", "2023-03-01", ""), trained("B. Nurse", "2023-03-01", ""))
	erase("Anna Example")
	if c := closed(t, d, Closes{Kind: "training"}); c.Denies || c.Records != 2 {
		t.Errorf("%+v", c)
	}
	want(t, d, "one was erased", map[fact.Name]string{programme: "?"})
	c, err := d.Close(t.Context(), Closes{Kind: "policy", By: "Bernd Example"})
	if err != nil || !c.Denies {
		t.Fatalf("%+v, %v", c, err)
	}
	erase("Bernd Example")
	out := add(t, d, Given{Kind: "policy", Topic: "security", Day: "2026-01-01"})
	if len(out.Voided) != 1 || out.Voided[0].ID != c.ID || out.Voided[0].Until != c.Until {
		t.Errorf("%+v", out.Voided)
	}
	want(t, d, "opened", map[fact.Name]string{"record.security_policy": "yes", "record.hr_security": "?"})
}

func TestWhatIsWrongWithARecordIsSaid(t *testing.T) {
	d, _ := newDesk(t)
	large := filepath.Join(t.TempDir(), "large.pdf")
	f, err := os.Create(large)
	if err == nil {
		err = f.Truncate(2 << 30)
	}
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	good := func(edit func(*Given)) Given {
		g := analysis("2026-01-01")
		g.By, g.Where = "officer", "a.yaml:3"
		edit(&g)
		return g
	}
	for _, row := range []struct {
		want string
		edit func(*Given)
	}{
		{`day "2026-02-30": February 2026 has 28 days`, func(g *Given) { g.Day = "2026-02-30" }},
		{`there is no month 13`, func(g *Given) { g.Day = "2026-13-01" }},
		{`day "yesterday": want YYYY-MM-DD`, func(g *Given) { g.Day = "yesterday" }},
		{`day 2026-11-26 lies ahead`, func(g *Given) { g.Day = "2026-11-26" }},
		{`lies before 1950-01-01`, func(g *Given) { g.Day = "0202-11-26" }},
		{`a risk-analysis has no end`, func(g *Given) { g.Until = "2027-01-01" }},
		{`did you mean "risk-analysis"?`, func(g *Given) { g.Kind = "risk-anlysis" }},
		{`a risk-analysis needs scope`, func(g *Given) { delete(g.Fields, "scope") }},
		{`no field "scop": did you mean "scope"?`, func(g *Given) { g.Fields["scop"] = "x" }},
		{`did you mean "one-year"?`, func(g *Given) { g.Fields["period"] = "one-yeer" }},
		{`who enters it?`, func(g *Given) { g.By = " " }},
		{`the case knows nobody called "thm": did you mean "them"?`, func(g *Given) { g.About = "thm" }},
		{`a risk-analysis is about an organisation, and pump is a device`, func(g *Given) { g.About = "pump" }},
		{`did you mean "record.risk_treatment_plan"?`, func(g *Given) { g.Facts = map[string]string{"record.risk_treatment_pln": "yes"} }},
		{`want yes or no`, func(g *Given) { g.Facts = map[string]string{"record.risk_treatment_plan": "perhaps"} }},
		{`fact record.vdp_published is about a product, not about an organisation`, func(g *Given) { g.Facts = map[string]string{"record.vdp_published": "yes"} }},
		{`it has 2048 MB, at most 100 MB are kept`, func(g *Given) { g.Attach = []string{large} }},
		{`is none of one-year, two-years, three-years`, func(g *Given) { g.Fields["period"] = "ten" }},
	} {
		_, err := d.Add(t.Context(), []Given{good(row.edit)}, How{})
		if err == nil || !strings.Contains(err.Error(), row.want) || !strings.HasPrefix(err.Error(), "a.yaml:3: ") {
			t.Errorf("%v, want %q", err, row.want)
		}
	}
}

func TestARecordOfNobodyElseIsEntered(t *testing.T) {
	d, _ := newDesk(t)
	add(t, d, Given{Kind: "policy", Topic: "security", About: "them", Day: "2026-01-01"})
	want(t, d, "theirs", map[fact.Name]string{"record.security_policy": "?"})
}
