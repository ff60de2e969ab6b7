// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func TestHowLongARecordIsKeptFollowsFromTheLaw(t *testing.T) {
	d, _ := newDesk(t)
	k := kindsOf(t)
	item := func(name, topic, day, until string, fields map[string]string) *Item {
		one, err := k.Of(name)
		if err != nil {
			t.Fatal(err)
		}
		return &Item{Kind: one, Body: Body{Kind: name, Topic: topic, Day: day, Until: until, Fields: fields}}
	}
	for _, row := range []struct {
		what  string
		item  *Item
		place string
		until string
		why   string
	}{
		{"six years from its day", item("training", "", "2024-02-29", "", nil), "us/hipaa-security 164.316(b)(2)(i)", "2030-02-28", "counted from its day"},
		{"six years from its last day", item("policy", "security", "2020-01-01", "2025-06-30", nil), "us/hipaa-security 164.316(b)(2)(i)", "2031-06-30",
			"counted from its last day"},
		{"in force without an end", item("policy", "security", "2020-01-01", "", nil), "us/hipaa-security 164.316(b)(2)(i)", "", "none is recorded"},
		{"ten years from placing", item("support-period", "", "2026-01-01", "", map[string]string{"placed": "2026-01-01", "ends": "2031-01-01"}),
			"eu/cra Art. 13(13)", "2036-01-01", "its field placed"},
		{"or the support period, if longer", item("support-period", "", "2026-01-01", "", map[string]string{"placed": "2026-01-01", "ends": "2041-01-01"}),
			"eu/cra Art. 13(13)", "2041-01-01", "ends"},
		{"and one of the two is not known", item("declaration", "eu", "2026-01-01", "", map[string]string{"placed": "2026-01-01"}), "eu/cra Art. 13(13)", "",
			"2036-01-01 at least: support-ends is not recorded"},
		{"placing is not known", item("declaration", "eu", "2026-01-01", "", nil), "eu/cra Art. 13(13)", "", "placed is not recorded"},
		{"no period that can be counted", item("impact-assessment", "", "2026-01-01", "", nil), "eu/gdpr Art. 35(11)", "", "no period that can be counted"},
		{"several periods in one", item("policy", "security", "2020-01-01", "2025-01-01", nil), "us/reg-s-p 248.30(c)", "", "no period that can be counted"},
		{"the opposite", item("training", "", "2024-02-29", "", nil), "eu/gdpr Art. 5(1)(e)", "", "it holds personal data"},
	} {
		duties := d.Duties(row.item, nil)
		i := slices.IndexFunc(duties, func(u Duty) bool { return u.ID+" "+u.Pinpoint == row.place })
		if i < 0 {
			t.Errorf("%s: no duty at %s: %+v", row.what, row.place, duties)
			continue
		}
		if u := duties[i]; u.Until != row.until || !strings.Contains(u.Why, row.why) || u.Bound != "undetermined" {
			t.Errorf("%s: %+v", row.what, u)
		}
	}
	only := func(id law.InstrumentID) string {
		return map[bool]string{true: "own", false: "no"}[id == "us/hipaa-security"]
	}
	if duties := d.Duties(item("training", "", "2024-02-29", "", nil), only); len(duties) != 1 || duties[0].Bound != "own" {
		t.Errorf("laws that do not bind us: %+v", duties)
	}
}

// Of whom nothing is known, no law is known not to ask.
func TestWhatIsNotKnownToBindNobodyMayBind(t *testing.T) {
	d, _ := newDesk(t)
	if got := HoldsOf(&judge.Result{})("us/hipaa-security"); got != "undetermined" {
		t.Errorf("nobody: %s", got)
	}
	if got := HoldsOf(judged(t, d))("us/hipaa-security"); got != "undetermined" {
		t.Errorf("nothing known of us: %s", got)
	}
	bound(t, d)
	if got := HoldsOf(judged(t, d))("us/hipaa-security"); got != "own" {
		t.Errorf("bound: %s", got)
	}
	for _, who := range []string{"us", "clinic"} {
		add(t, d, Given{Kind: "other", About: who, Day: "2026-11-25", Facts: map[string]string{"hipaa.covered_entity": "no", "hipaa.business_associate": "no",
			"org.established_us": "no"}})
	}
	if got := HoldsOf(judged(t, d))("us/hipaa-security"); got != "no" {
		t.Errorf("not bound: %s", got)
	}
}

func TestADecisionIsVoidWhenWhatItWasMadeOnMoves(t *testing.T) {
	const id, f = "us/hipaa-security/164.308/a/1/i", "record.security_policy"
	d, k := newDesk(t)
	bound(t, d)
	d.Verdicts = func(context.Context) (*judge.Result, error) { return judged(t, d), nil }
	closed(t, d, Closes{Kind: "policy", Topic: "security", About: "us"})
	given := Given{Kind: "decision", Topic: "acceptance", About: "us", Day: "2026-11-25", Until: "2027-11-01", By: "officer", Reasons: "in work",
		Fields: map[string]string{"scope": id + "@" + subject(t, d, "us"), "requester": "A", "approver": "B"}}
	add(t, d, given)
	state := func() string {
		t.Helper()
		all, err := d.Decisions(t.Context())
		if err != nil || len(all) != 1 || len(all[0].Scope) != 1 || len(all[0].Frozen) == 0 {
			t.Fatalf("%+v, %v", all, err)
		}
		return all[0].Void
	}
	if v := state(); v != "" {
		t.Errorf("just made: %s", v)
	}
	k.on(t, "2027-10-31")
	if v := state(); v != "" {
		t.Errorf("on its last day but one: %s", v)
	}
	k.on(t, "2027-11-02")
	if v := state(); v != "it ended on 2027-11-01" {
		t.Errorf("past its end: %s", v)
	}
	k.on(t, "2026-12-24")
	out := add(t, d, Given{Kind: "policy", Topic: "security", About: "us", Day: "2026-12-01"})
	if v := state(); !strings.Contains(v, f+" was no when it was made") {
		t.Errorf("moved: %s", v)
	}
	if _, err := d.Revoke(t.Context(), out.IDs, "officer", "wrong"); err != nil {
		t.Fatal(err)
	}
	if v := state(); v != "" {
		t.Errorf("what moved it was no truth: %s", v)
	}
	for _, row := range []struct {
		want string
		edit func(map[string]string)
	}{
		{"no verdict", func(f map[string]string) { f["scope"] = "us/none" }},
		{"nobody grants what they ask for", func(f map[string]string) { f["approver"] = " a " }},
		{"verdicts have", func(f map[string]string) { f["scope"] = "us/hipaa-security" }},
		{"a decision needs approver", func(f map[string]string) { delete(f, "approver") }},
	} {
		g := given
		g.Fields = map[string]string{"scope": given.Fields["scope"], "requester": "A", "approver": "B"}
		row.edit(g.Fields)
		if _, err := d.Add(t.Context(), []Given{g}, How{}); err == nil || !strings.Contains(err.Error(), row.want) || kind.Of(err) == kind.Other {
			t.Errorf("%v, want %q", err, row.want)
		}
	}
}

func subject(t *testing.T, d *Desk, name string) string {
	t.Helper()
	s, _, err := (&names{d, map[string]named{}}).of(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s.String()
}

func TestEveryTemplateIsFilled(t *testing.T) {
	all, err := Templates(catalogueFS(t))
	if err != nil || len(all) < 12 {
		t.Fatalf("%d templates, %v", len(all), err)
	}
	d, _ := newDesk(t)
	world := &World{Organisation: "Example | <b>", Day: "2026-11-25", Persons: []string{"A", "B"},
		Devices: []Thing{{Name: "pump", Type: "infusion pump", Where: "10.0.0.1"}, {}}, Products: []Thing{{Name: "Acme P1"}}}
	for i := range all {
		for what, w := range map[string]*World{"filled": world, "empty": {Day: "2026-11-25"}} {
			var b strings.Builder
			if err := d.Fill(&b, &all[i], w); err != nil {
				t.Errorf("%s: %v", all[i].Name, err)
			}
			for _, part := range []string{"# " + all[i].Title, "**[complete: ", "## Laws that ask for it", "writ record add " + all[i].Kind} {
				if !strings.Contains(b.String(), part) {
					t.Errorf("%s, %s, lacks %q", all[i].Name, what, part)
				}
			}
			if strings.Contains(b.String(), "<b>") || strings.Contains(b.String(), "<no value>") || strings.Contains(b.String(), "{{") {
				t.Errorf("%s, %s:\n%s", all[i].Name, what, b.String())
			}
		}
	}
	if _, err := TemplateOf(all, "polcy", "security"); err == nil || !strings.Contains(err.Error(), `did you mean "policy-security"?`) {
		t.Error(err)
	}
}
