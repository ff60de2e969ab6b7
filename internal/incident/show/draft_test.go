// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"bytes"
	"encoding/json"
	"html"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// everyClock gives every clock of the catalogue to an incident, as if all laws bound.
func everyClock(t *testing.T, facts ...string) (*incident.Vocabulary, *incident.World, *incident.Incident,
	*incident.List) {
	t.Helper()
	trees, err := law.ReadTrees(catalogue.Trees)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := law.LoadWith(trees, catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	v, err := incident.Load(catalogue.FS, cat)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	person := fact.Subject{Kind: fact.Organisation, ID: "own"}
	e := incident.Entry{Incident: "INC-2026-001", By: "counsel", At: at,
		Open: &incident.Opening{Title: "a <b>test</b>", Zone: "Europe/Dublin"}}
	for _, f := range facts {
		s, err := v.Assign(f, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		e.Facts = append(e.Facts, s)
	}
	all, err := incident.Fold([]incident.Recorded{{Entry: e, ID: "0a1b2c3d4e5f", Subject: person}})
	if err != nil {
		t.Fatal(err)
	}
	w := &incident.World{Now: at, Day: fact.DayOf(at), State: func(_ fact.Subject, n fact.Name) fact.Resolved {
		if strings.HasPrefix(string(n), "role.") { // whatever a role asks is asked
			return fact.Resolved{State: fact.Known, Value: fact.BoolValue(true)}
		}
		return fact.Resolved{}
	}}
	for _, i := range cat.Instruments {
		if len(i.Clocks) > 0 {
			w.Laws = append(w.Laws, judge.Applicability{Instrument: i, Bound: "own"})
		}
	}
	if w.Recipients, err = law.LoadRecipients(catalogue.FS, cat); err != nil {
		t.Fatal(err)
	}
	return v, w, all[0], v.Clocks(all[0], w)
}

func TestEachDraftHoldsEveryItemThatItsLawAsks(t *testing.T) {
	v, w, i, l := everyClock(t)
	asked := 0
	for n := range l.Clocks {
		c := &l.Clocks[n]
		d := v.Draft(i, w, c, "Example")
		if len(d.Items) != len(c.Law.Items) {
			t.Errorf("%s: %d items of %d", c.Key, len(d.Items), len(c.Law.Items))
		}
		var text, page, prog bytes.Buffer
		if err := DraftText(&text, 100000, d, time.UTC); err != nil {
			t.Fatal(err)
		}
		if err := DraftHTML(&page, d, time.UTC); err != nil {
			t.Fatal(err)
		}
		if err := json.NewEncoder(&prog).Encode(DraftOf(d, time.UTC)); err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(ansi.Strip(text.String())), " ")
		markup := html.UnescapeString(page.String())
		var back Draft
		if err := json.Unmarshal(prog.Bytes(), &back); err != nil {
			t.Fatal(err)
		}
		for k, it := range c.Law.Items {
			asked++
			pinpoint := it.Pinpoint
			if pinpoint == "" {
				pinpoint = c.Law.Pinpoint
			}
			if !strings.Contains(flat, it.Title) || !strings.Contains(flat, "["+pinpoint+"]") {
				t.Errorf("%s: the text lacks %q [%s]", c.Key, it.Title, pinpoint)
			}
			if !strings.Contains(markup, it.Title) || !strings.Contains(markup, pinpoint) {
				t.Errorf("%s: the page lacks %q, %s", c.Key, it.Title, pinpoint)
			}
			got := &back.Items[k]
			if got.Title != it.Title || got.Pinpoint != pinpoint || (got.Status == present) != (len(got.Wants) == 0 && len(got.Lines) > 0) {
				t.Errorf("%s: %+v", c.Key, got)
			}
			if got.Status != present && (len(got.Wants) == 0 || !strings.Contains(flat, missing)) {
				t.Errorf("%s: %s is missing, and not marked", c.Key, it.Title)
			}
		}
		if strings.Contains(markup, "<script") || strings.Contains(page.String(), "<b>test") {
			t.Errorf("%s: the page holds what was not written for it", c.Key)
		}
	}
	if asked < 300 {
		t.Errorf("only %d items in all laws", asked)
	}
}

// Whatever is said of an incident reaches the drafts that ask for it, and nothing that was not.
func TestADraftIsFilledFromWhatWasSaid(t *testing.T) {
	v, w, i, l := everyClock(t, "awareness=2026-11-24T10:20:00Z", "occurrence=2026-11-23T01:00:00Z",
		"story.nature=disclosure of <names>", "people=40",
		"people.ie=30", "records=80", "story.data=names and addresses", "story.contact=privacy office", "story.consequences=spam",
		"story.measures=access was cut", "story.states=Ireland", "hit.exploited=yes", "say.status@eu/nis2/intermediate-report=contained")
	want := map[string]string{
		"eu/gdpr/authority":                  "disclosure of <names>|people affected: 40|people affected in IE: 30|how many records are concerned: 80|privacy office|spam|access was cut|made in time",
		"eu/cra/vulnerability-early-warning": "a vulnerability of the product is actively exploited: yes|Ireland",
		"usca/breach/ca-residents":           "Notice of Data Breach|What Happened|What Information Was Involved|What We Are Doing|What You Can Do|For More Information|names and addresses|no authority has asked for a delay",
		"us/hipaa-breach/hipaa-individual":   "when it began: 2026-11-23 01:00 +00:00|MISSING: what the people or users concerned can do",
		"us/sec-8k-105/sec-8k":               "not determined or not available yet: impact and severity",
		"eu/nis2/early-warning":              "MISSING: an unlawful or malicious act is suspected (hit.malicious=…)",
		"au/cyber-security-act-2024/ransom":  "MISSING: the demand: by whom, how, how much (story.demand=…)",
		"in/cert-in/six-hours":               "MISSING",
		"us/bank-36h/bank-36h":               "Example",
		"us/hipaa-breach/hipaa-ba":           "people affected: 40",
		"us/states-breach/washington-ag":     "MISSING: one sample copy of the notice, without personal information (say.sample@us/states-breach/washington-ag=…)",
		"eu/dora/final":                      "MISSING: costs and losses",
		"us/glba-safeguards/glba-ftc":        "names and addresses",
		"uk/psti/maker":                      "MISSING: the compliance failure",
		"eu/cra/incident-notification":       "disclosure of <names>",
	}
	for n := range l.Clocks {
		c := &l.Clocks[n]
		var b bytes.Buffer
		if err := DraftText(&b, 100000, v.Draft(i, w, c, "Example"), time.UTC); err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(ansi.Strip(b.String())), " ")
		for part := range strings.SplitSeq(want[c.Key], "|") {
			if part != "" && !strings.Contains(flat, part) {
				t.Errorf("%s: no %q in\n%s", c.Key, part, b.String())
			}
		}
		delete(want, c.Key)
	}
	for key := range want {
		t.Errorf("no clock %s", key)
	}
}
