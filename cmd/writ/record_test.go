// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// ward is a case of a hospital of which nothing is known but that HIPAA binds it.
type ward struct {
	*testing.T
	dir   string
	today string
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{t, filepath.Join(t.TempDir(), "ward.case"), time.Now().UTC().Format(time.DateOnly)}
	profile := w.file("ward.yaml", `version: 1
organisation:
  name: Example Hospital
  declared-by: head of information security
  declared-on: 2026-01-02
  answers: {hipaa.covered_entity: yes, org.established_us: yes}
devices:
  - {id: pump-1, mac: "02:00:00:00:00:01"}
`)
	w.does(0, "assess", "--profile", profile, "--case", w.dir)
	return w
}

func (w *ward) file(name, text string) string {
	w.Helper()
	path := filepath.Join(filepath.Dir(w.dir), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// does runs a command that must end in the status, and gives all that it says.
func (w *ward) does(want int, args ...string) string {
	w.Helper()
	status, out, errs := writ(w.T, args...)
	if status != want {
		w.Fatalf("writ %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, out, errs)
	}
	return out + errs
}

// keeps runs a command of writ record on the case.
func (w *ward) keeps(args ...string) string {
	w.Helper()
	return w.does(0, slices.Concat([]string{"record"}, args, []string{"--case", w.dir})...)
}

// verdicts gives those of the whole organisation on some provisions, by their local part.
func (w *ward) verdicts(args ...string) map[string]string {
	w.Helper()
	status, out, errs := writ(w.T, slices.Concat([]string{"report", "--format", "json", "--case", w.dir}, args)...)
	if status != 0 {
		w.Fatal(errs)
	}
	var r struct {
		Verdicts []struct{ ID, Verdict string }
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		w.Fatal(err)
	}
	all := map[string]string{}
	for _, v := range r.Verdicts {
		id, _, _ := strings.Cut(v.ID, "@")
		all[strings.TrimPrefix(id, "us/hipaa-security/")] = v.Verdict
	}
	return all
}

func (w *ward) judged(when, analysis, training string, args ...string) {
	w.Helper()
	got := w.verdicts(args...)
	if a, b := got["164.308/a/1/ii/A"], got["164.308/a/5/i"]; a != analysis || b != training {
		w.Errorf("%s: 164.308(a)(1)(ii)(A) is %s, want %s; 164.308(a)(5)(i) is %s, want %s", when, a, analysis, b, training)
	}
}

// The hospital analysed its risks and trained its staff more than two years ago. That shows nothing, until the
// registers are closed; and what is done since turns both duties met.
func TestOldRecordsAreABreachOnlyOnceTheRegistersAreClosed(t *testing.T) {
	w := newWard(t)
	w.judged("nothing on record", "not-shown", "not-shown")
	w.keeps("add", "risk-analysis", "--day", "2023-05-01", "--by", "security office", "--field", "scope=all", "--field", "period=one-year")
	w.keeps("import", w.file("staff.csv", "Employee,Course,Completed\nA. Nurse,Phishing,2023-02-03\nB. Nurse,Phishing,2023-02-03\n"),
		"--kind", "training", "--by", "people office")
	w.judged("open registers", "not-shown", "not-shown")
	time.Sleep(2 * time.Millisecond) // knowledge points are moments
	open := time.Now().UTC().Format(time.RFC3339Nano)
	w.keeps("close", "training", "--by", "people office")
	w.keeps("close", "risk-analysis", "--by", "security office")
	w.judged("closed registers", "violated", "violated")
	w.judged("as it was known before", "not-shown", "not-shown", "--known-at", open)
	if out := w.keeps("add", "risk-analysis", "--day", w.today, "--by", "security office", "--field", "scope=all", "--field", "period=one-year",
		"--field", "treatment-plan=yes"); !strings.Contains(out, "is open again") || !strings.Contains(out, "writ record close risk-analysis") {
		t.Errorf("a closing that does not hold any more is not named: %s", out)
	}
	w.keeps("import", w.file("new.csv", "Employee,Course,Completed\nA. Nurse,Phishing,"+w.today+"\nB. Nurse,Phishing,"+w.today+"\n"),
		"--kind", "training", "--by", "people office")
	w.judged("what is new contradicts the old closings", "not-shown", "not-shown")
	w.keeps("add", "training-programme", "--day", w.today, "--by", "people office", "--field", "reaches-all=yes")
	w.keeps("add", "judgement", "us/hipaa-security/164.308/a/1/ii/A", "--day", w.today, "--until", "2099-01-01", "--by", "security official",
		"--field", "met=yes", "--reasons", "accurate and thorough: it covers every device of the inventory")
	w.judged("after the new records", "met", "met")
	w.keeps("close", "training", "--by", "people office")
	w.keeps("close", "risk-analysis", "--by", "security office")
	w.judged("and with the registers closed again", "met", "met")
}

func (w *ward) first(kind string) string {
	w.Helper()
	var page struct{ Records []struct{ ID string } }
	if err := json.Unmarshal([]byte(w.keeps("list", "--kind", kind, "--format", "json")), &page); err != nil || len(page.Records) == 0 {
		w.Fatalf("no %s: %v", kind, err)
	}
	return page.Records[0].ID
}

// A decision names who grants it, stands beside the verdicts and changes none of them; it is void when what it was
// made on is known to be otherwise.
func TestADecisionStandsBesideTheVerdictsUntilItsFactsMove(t *testing.T) {
	w := newWard(t)
	w.keeps("close", "policy", "--by", "security office")
	before := w.verdicts()
	const scope = "us/hipaa-security/164.308/a/4/i"
	if before["164.308/a/4/i"] != "violated" {
		t.Fatalf("164.308(a)(4)(i) is %s", before["164.308/a/4/i"])
	}
	decide := func(approver string) []string {
		return []string{"record", "add", "decision", "waiver", "--case", w.dir, "--day", w.today, "--until", "2099-01-01", "--by", "security office",
			"--field", "scope=" + scope, "--field", "requester=Head of Radiology", "--field", "approver=" + approver, "--reasons", "new policy is in work"}
	}
	if out := w.does(2, decide(" head of  radiology")...); !strings.Contains(out, "nobody grants what they ask for") {
		t.Errorf("an approver who is the requester: %s", out)
	}
	w.does(0, decide("Chief Executive")...)
	after := w.verdicts()
	for id, v := range before {
		if after[id] != v {
			t.Errorf("the decision turned %s from %s to %s", id, v, after[id])
		}
	}
	id := "us/hipaa-security/164.308/a/4/i@"
	if out := w.does(0, "why", "--case", w.dir, id); !strings.Contains(out, "granted by Chief Executive, until 2099-01-01") {
		t.Errorf("it does not stand beside the verdict: %s", out)
	}
	if out := w.does(0, "report", "--case", w.dir, "--format", "json"); strings.Count(out, `"beside": [`) != 1 {
		t.Error("the report does not show it beside its verdict alone")
	}
	out := w.keeps("list", "--kind", "decision")
	if !strings.Contains(out, "stands") || strings.Contains(out, "void") {
		t.Errorf("it stands: %s", out)
	}
	if out := w.keeps("show", w.first("decision")); !strings.Contains(out, "record.access_authorisation_policy of organisation:") {
		t.Errorf("what it rests on is not shown: %s", out)
	}
	w.keeps("add", "policy", "access-control", "--day", w.today, "--by", "security office")
	if out := w.keeps("list", "--kind", "decision"); !strings.Contains(out, "void") {
		t.Errorf("what it was made on moved: %s", out)
	}
}

// What one person's data are is found everywhere, held back where it must be, and erased; the proofs stay whole.
func TestErasingAPersonLeavesTheProofsWhole(t *testing.T) {
	w := newWard(t)
	w.keeps("import", w.file("staff.csv", "Employee,Course,Completed\nAnna Example,Phishing,2026-02-03\nAnna Examples,Phishing,2026-02-03\n"),
		"--kind", "training", "--by", "people office")
	w.keeps("add", "responsibility", "--day", "2026-01-01", "--by", "security office", "--field", "control=backups", "--field", "accountable=Anna Example")
	before := w.verdicts()
	erase := func(args ...string) []string {
		return slices.Concat([]string{"record", "erase", "anna example", "--case", w.dir, "--by", "data protection officer"}, args)
	}
	if out := w.does(2, erase()...); !strings.Contains(out, "164.316(b)(2)(i)") || !strings.Contains(out, "--despite") {
		t.Errorf("a duty to keep is not named: %s", out)
	}
	w.keeps("hold", "add", "--kind", "responsibility", "--by", "legal office", "--reasons", "claim 17")
	if out := w.does(2, erase("--despite", "wish of the person")...); !strings.Contains(out, "legal hold") || !strings.Contains(out, "placed by legal office") {
		t.Errorf("the hold is not named: %s", out)
	}
	id := strings.Fields(w.keeps("hold", "list"))[1]
	w.keeps("hold", "lift", id, "--by", "legal office", "--reasons", "settled")
	if out := w.does(0, erase("--despite", "wish of the person")...); !strings.Contains(out, "statements: 2") {
		t.Errorf("erased: %s", out)
	}
	if out := w.keeps("list"); strings.Contains(out, "Anna Example,") || !strings.Contains(out, "Anna Examples") || !strings.Contains(out, "(erased)") {
		t.Errorf("listed afterwards: %s", out)
	}
	w.does(0, "fsck", w.dir)
	dossier := filepath.Join(filepath.Dir(w.dir), "d.zip")
	w.does(0, "dossier", "--case", w.dir, "--out", dossier)
	w.does(0, "verify", dossier)
	for id, v := range w.verdicts() {
		if before[id] != v {
			t.Errorf("erasing turned %s from %s to %s", id, before[id], v)
		}
	}
}

// Each command's JSON is what docs/record.schema.json says.
func TestTheRecordsJSONIsAsDocumented(t *testing.T) {
	c := jsonschema.NewCompiler()
	is := func(part, out string) {
		t.Helper()
		s, err := c.Compile("../../docs/record.schema.json#/$defs/" + part)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err == nil {
			err = s.Validate(v)
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", part, err, out)
		}
	}
	w := newWard(t)
	js := func(args ...string) string { t.Helper(); return w.keeps(append(args, "--format", "json")...) }
	is("added", js("add", "policy", "security", "--day", "2026-01-01", "--until", "2099-01-01", "--by", "office", "--attach", w.file("p.pdf", "x")))
	is("closed", js("close", "policy", "--by", "office"))
	is("closings", js("list", "--closed"))
	is("added", js("add", "policy", "sanctions", "--day", "2026-01-01", "--by", "office"))
	is("added", js("import", w.file("r.csv", "Employee,Course,Completed\nA. Nurse,Phishing,2023-02-03\n"), "--kind", "training", "--by", "office"))
	is("list", js("list", "--retention"))
	is("record", js("show", w.first("policy")))
	is("revoked", js("revoke", w.first("policy"), "--by", "office", "--reasons", "wrong"))
	is("holds", js("hold", "add", "--kind", "policy", "--by", "legal", "--reasons", "claim"))
	is("holds", js("hold", "list"))
	is("lifted", js("hold", "lift", strings.Fields(w.keeps("hold", "list"))[1], "--by", "legal", "--reasons", "settled"))
	is("erasure", js("erase", "A. Nurse", "--dry-run"))
	is("kinds", w.does(0, "record", "kinds", "--format", "json"))
	is("templates", w.does(0, "record", "template", "--format", "json"))
	is("template", js("template", "risk-analysis"))
}
