// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/register"
	"github.com/writ-iot/writ/internal/sheet"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// world is what all tests share: the law is loaded once.
type world struct {
	law   *law.Catalogue
	lists *Lists
	index *Index
}

func load(t *testing.T) world {
	t.Helper()
	c, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := register.LoadKinds(catalogue.FS, c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Load(kinds)
	if err != nil {
		t.Fatal(err)
	}
	return world{c, l, IndexOf(c)}
}

func table(t testing.TB, text string) *sheet.Table {
	t.Helper()
	path := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Open(path, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	tab, err := s.Table(s.Tabs[0])
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// taken is what columns are taken for: list: heading=field …
func taken(m *Mapping) string {
	out := []string{m.List.Name + ":"}
	for _, c := range m.Columns {
		out = append(out, c.Heading+"="+c.Field)
	}
	return strings.Join(out, " ")
}

const (
	schulung = "Personalnummer;Vorname;Nachname;Schulung;Datum;Gültig bis;Raum\n17;Eva;Muster;Informationssicherheit;3.2.2026;3.2.2028;1.04\n" +
		"18;Jan;Probe;Informationssicherheit;4.2.2026;;\n"
	status = "Control,Framework,Status,Comment\nArt. 32(1)(a),GDPR,Compliant,all encrypted\n164.312(e)(2)(ii),,partially,\n" +
		"eu/gdpr/art-32/1/d,,nicht anwendbar,\nA.8.9,ISO 27001,done,\n"
)

func testLists(t *testing.T, w world) {
	for text, want := range map[string]string{
		schulung: "training: Personalnummer=number Vorname=person Nachname=person Schulung=course Datum=day Gültig bis=until Raum=",
		"Employee,Course Title,Completed On,Job Title\nEva,Phishing,2026-02-03,Nurse\n": "training: Employee=person Course Title=course Completed On=day Job Title=role",
		status: "status: Control=provision Framework=law Status=status Comment=words",
		"Massnahme;Umsetzungsstatus;Verantwortlich\n1;umgesetzt;IT\n":                                                    "status: Massnahme=provision Umsetzungsstatus=status Verantwortlich=who",
		"Asset;Net;Adr;Hersteller;Modell;Standort\nKamera;10.0.0.7;02:00:00:00:00:01;Acme;C1;EG\n":                       "asset: Asset=name Net=ip Adr=mac Hersteller=vendor Modell=model Standort=location",
		"Risiko;Bedrohung;Eintrittswahrscheinlichkeit;Auswirkung;Massnahme;Frist\nAusfall;Feuer;gering;hoch;;1.3.2026\n": "risk: Risiko=risk Bedrohung=threat Eintrittswahrscheinlichkeit=likelihood Auswirkung=impact Massnahme=treatment Frist=due",
	} {
		m, err := w.lists.Guess(table(t, text), "", nil)
		if err != nil || taken(m) != want {
			got := ""
			if m != nil {
				got = taken(m)
			}
			t.Errorf("%v\n%s\nwant %s", err, got, want)
		}
	}
	if _, err := w.lists.Guess(table(t, "Foo,Bar\n1,2\n"), "", nil); err == nil || !strings.Contains(err.Error(),
		"say so with --list") {
		t.Errorf("a list of nothing: %v", err)
	}
}

func testCorrections(t *testing.T, w world) {
	m, err := w.lists.Guess(table(t, schulung), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Correct(map[string]string{"Raum": "department", "personalnummer": "-"}); err != nil {
		t.Fatal(err)
	}
	if got := taken(m); !strings.Contains(got, "Raum=department") || !strings.Contains(got, "Personalnummer= ") {
		t.Errorf("%s", got)
	}
	for heading, field := range map[string]string{"Nowhere": "person", "Raum": "colour"} {
		if err := m.Correct(map[string]string{heading: field}); err == nil {
			t.Errorf("%s=%s was taken", heading, field)
		}
	}
}

func testRows(t *testing.T, w world) {
	tab := table(t, schulung)
	m, err := w.lists.Guess(tab, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Read(tab, w.lists, w.index, How{By: "HR", File: "list.csv"})
	if err != nil || r.Rows != 2 || len(r.Given) != 2 || len(r.Wrong) != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	g := r.Given[0]
	if g.Kind != "training" || g.Day != "2026-02-03" || g.Until != "2028-02-03" || g.Fields["person"] != "Eva Muster" ||
		g.Where != "list.csv: row 2" {
		t.Errorf("%+v", g)
	}
	bad := table(t, "Name,Course,Date\n=A1,x,2026-01-01\nEva,,2026-01-01\nJan,x,2026-01-01\nIda,x,3/4/2026\n")
	if m, err = w.lists.Guess(bad, "training", nil); err != nil {
		t.Fatal(err)
	}
	if r, err = m.Read(bad, w.lists, w.index, How{}); err != nil || len(r.Given) != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	got := fmt.Sprint(r.Wrong)
	for _, want := range []string{"{2 column A (Name) is computed by a formula", "{3 course is empty",
		`{5 column C (Date): "3/4/2026" can be two dates`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
}

func testStatuses(t *testing.T, w world) {
	tab := table(t, status+"A.8.10,ISO 27001,so so,\n")
	m, err := w.lists.Guess(tab, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Read(tab, w.lists, w.index, How{By: "officer"})
	if err != nil || len(r.Said) != 4 || len(r.Wrong) != 1 || r.Statuses["so so"] != 1 {
		t.Fatalf("%+v %v", r, err)
	}
	var got []string
	for _, s := range r.Said {
		got = append(got, s.Provision+" "+string(s.Stance))
	}
	if want := "eu/gdpr/art-32/1/a met, us/hipaa-security/164.312/e/2/ii partly, eu/gdpr/art-32/1/d not-applicable,  met"; strings.Join(got, ", ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, ", "), want)
	}
	r, err = m.Read(tab, w.lists, w.index, How{By: "officer", Statuses: map[string]Stance{"so so": Partly}})
	if err != nil || len(r.Said) != 5 || r.Said[4].Stance != Partly {
		t.Errorf("%+v %v", r, err)
	}
}

func testMemory(t *testing.T, w world) {
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	tab := table(t, schulung)
	m, err := w.lists.Guess(tab, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Correct(map[string]string{"Raum": "department"}); err != nil {
		t.Fatal(err)
	}
	how := How{By: "HR"}
	for range 2 { // the second says nothing new
		before, err := Recall(t.Context(), c, tab.Headings)
		if err != nil {
			t.Fatal(err)
		}
		if err := Remember(t.Context(), c, m.Memory(&how), before, FileEntry{Name: "list.csv", By: "HR"},
			[]byte(schulung)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := c.CountEntries(t.Context(), casefile.Query{Form: formMap}); err != nil || n != 1 {
		t.Errorf("%d memories, %v", n, err)
	}
	next := table(t, strings.Replace(strings.Replace(schulung, "Datum", "DATUM", 1), "Eva", "Ida", 1))
	mem, err := Recall(t.Context(), c, next.Headings)
	if err != nil || mem == nil {
		t.Fatalf("%v %v", mem, err)
	}
	again, err := mem.Apply(w.lists, next)
	if err != nil || !again.Known || !strings.Contains(taken(again), "Raum=department") ||
		!strings.Contains(taken(again), "Vorname=person") {
		t.Errorf("%v %v", again, err)
	}
	if mem, err := Recall(t.Context(), c, []string{"Datum"}); err != nil || mem != nil {
		t.Errorf("other headings: %v %v", mem, err)
	}
}

// A claim of somebody stands beside the verdict: it makes nothing known.
func testClaims(t *testing.T, w world) {
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	tab := table(t, status)
	m, err := w.lists.Guess(tab, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Read(tab, w.lists, w.index, How{By: "officer"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Kept{{New: 4}, {Repeated: 4}} {
		if k, err := Keep(t.Context(), c, r.Said, false); err != nil || *k != want {
			t.Errorf("time %d: %+v %v", i, k, err)
		}
	}
	book, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range book.Entries {
		if len(e.Statement.Claims) > 0 || strings.Contains(string(e.Bytes), "encrypted") {
			t.Errorf("leaf %d says %s", e.Index, e.Bytes)
		}
	}
	claims, err := Claims(t.Context(), c)
	if err != nil || len(claims) != 4 {
		t.Fatalf("%+v %v", claims, err)
	}
	p := w.law.Provisions[law.ProvisionID(claims[0].Provision)]
	us := fact.Subject{Kind: fact.Organisation, ID: "0f"}
	all := Compare(claims, &judge.Result{Verdicts: []judge.Verdict{{Provision: p, Bearer: judge.Own, Subject: us,
		Outcome: judge.Met},
		{Provision: p, Bearer: judge.Own, Subject: us, Outcome: judge.NotShown, Flags: []string{judge.BreachIndicated}}}})
	if all[0].Standing != Contradicted || all[0].Verdicts != 2 || all[1].Standing != Nowhere {
		t.Errorf("%+v", all)
	}
}

func TestIntake(t *testing.T) {
	w := load(t)
	for name, test := range map[string]func(*testing.T, world){
		"lists of others are known by their headings": testLists,
		"a person says what a column is":              testCorrections,
		"rows are read, and faults told by row":       testRows,
		"statuses are read as claims":                 testStatuses,
		"the next file needs nothing":                 testMemory,
		"claims stand beside verdicts":                testClaims,
	} {
		t.Run(name, func(t *testing.T) { test(t, w) })
	}
}

func TestAClaimIsHeldAgainstEachOutcome(t *testing.T) {
	indicated := &judge.Verdict{Outcome: judge.NotShown, Flags: []string{judge.BreachIndicated}}
	for _, c := range []struct {
		s    Stance
		v    *judge.Verdict
		want Standing
	}{
		{Met, &judge.Verdict{Outcome: judge.Violated}, Contradicted}, {Met, indicated, Contradicted},
		{Met, &judge.Verdict{}, Unsupported}, {Met, &judge.Verdict{Outcome: judge.Met}, Agrees},
		{Met, &judge.Verdict{Outcome: judge.NotApplicable}, Unclaimed},
		{NotMet, &judge.Verdict{Outcome: judge.Violated}, Agrees}, {NotMet, &judge.Verdict{Outcome: judge.Met}, Unclaimed},
		{NotMet, &judge.Verdict{}, Open}, {NotMet, indicated, Open},
		{Partly, &judge.Verdict{Outcome: judge.Violated}, Contradicted}, {Partly, &judge.Verdict{Outcome: judge.Met},
			Unclaimed},
		{NotApplicable, &judge.Verdict{Outcome: judge.NotApplicable}, Agrees}, {NotApplicable, &judge.Verdict{}, Unclaimed},
		{NotApplicable, &judge.Verdict{Outcome: judge.Violated}, Contradicted},
	} {
		if got := stands(c.s, c.v); got != c.want {
			t.Errorf("%s beside %v %v: %s, want %s", c.s, c.v.Outcome, c.v.Flags, got, c.want)
		}
	}
}
