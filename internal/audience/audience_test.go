// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package audience

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// ward is an assessment of one organisation with three pumps, of which nothing is called by a name that may leave.
func ward() *assess.Assessment {
	i := &law.Instrument{ID: "us/hipaa-security", Short: "HIPAA Security", Depth: law.Tested}
	i.Milestones = []law.Milestone{{Day: fact.DayOf(now) + 40, Event: "applies"}, {Day: fact.DayOf(now) + 4000, Event: "far"}}
	p := &law.Provision{ID: "us/hipaa-security/164.312/e/1", Instrument: i, Pinpoint: "45 CFR 164.312(e)(1)", Text: "Guard what is transmitted.",
		Force: law.Must, Depth: law.Tested}
	us := fact.Subject{Kind: fact.Organisation, ID: "secret-org"}
	a := &assess.Assessment{Catalogue: &law.Catalogue{Version: "2026.11.25", Instruments: []*law.Instrument{i}}, Day: fact.DayOf(now), KnownAt: now,
		Profile: "Saint Nobody", Names: map[fact.Subject]string{us: "Saint Nobody"},
		Inputs: []assess.Input{{Path: "/secret/ward.pcap", SHA256: strings.Repeat("5e", 32), Packets: 9, First: now, Last: now}},
		Result: &judge.Result{ReplayKey: strings.Repeat("ab", 32),
			Instruments: []judge.Applicability{{Instrument: i, Bound: "own"}}, Persons: []judge.Standing{{Person: us}}}}
	for k, o := range []judge.Outcome{judge.Violated, judge.Met, judge.NotShown, judge.NotShown, judge.NotApplicable} {
		s := fact.Subject{Kind: fact.Device, ID: fmt.Sprint("secret-", k)}
		v := judge.Verdict{Provision: p, Person: us, Bearer: judge.Own, Subject: s, Outcome: o}
		if k == 2 {
			v.Flags = []string{judge.BreachIndicated}
		}
		if o == judge.NotShown {
			v.Reasons, v.Class = []judge.Reason{judge.NoEvidence}, judge.Ours
		}
		a.Result.Verdicts = append(a.Result.Verdicts, v)
		a.Names[s] = fmt.Sprint("pump-secret-", k)
		a.Things = append(a.Things, assess.Thing{Subject: s, Name: a.Names[s], IPs: []string{"10.6.6.6"}, MACs: []string{"02:5e:5e:00:00:01"},
			Type: "infusion-pump", Vendor: "Medusa", Model: "MP-2"})
	}
	return a
}

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func TestEveryAudienceIsToldTheSameFiguresInItsWords(t *testing.T) {
	all, err := All()
	if err != nil || len(all) != 5 {
		t.Fatal(len(all), err)
	}
	for _, who := range all {
		d := who.Make(&Basis{Assessment: ward()})
		var text, page bytes.Buffer
		if err := d.Text(&text, 100); err != nil {
			t.Fatal(err)
		}
		if err := d.HTML(&page); err != nil {
			t.Fatal(err)
		}
		w := who.words.Columns
		for _, out := range []string{ansi.Strip(text.String()), page.String()} {
			for _, want := range []string{w.Violated, w.Indicated, w.Open, w.Met, who.words.Own.Violated, who.words.Supplier.Violated, "draft: no named person has issued it"} {
				if !strings.Contains(out, want) {
					t.Errorf("%s: it does not say %q", who.ID, want)
				}
			}
			if n := strings.Count(strings.Join(strings.Fields(out), " "), "no legal advice"); n != 1 {
				t.Errorf("%s: it says %d times what it is", who.ID, n)
			}
		}
	}
}

func TestEachFigureNamesAsManyVerdictsAsItCounts(t *testing.T) {
	who, err := Named("auditor")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, s := range who.Make(&Basis{Assessment: ward()}).Sections {
		if s.ID != "standing" && s.ID != "open" {
			continue
		}
		for _, r := range s.Table.Rows {
			for _, c := range r[1:] {
				if seen++; c.Text != fmt.Sprint(len(c.Trace)) {
					t.Errorf("%s: %s counts %s and names %v", s.ID, r[0].Text, c.Text, c.Trace)
				}
			}
		}
	}
	if seen < 5 {
		t.Errorf("%d figures", seen)
	}
}

func TestAnAudienceThatIsNotKnownIsNamedNearest(t *testing.T) {
	if _, err := Named("bord"); err == nil || !strings.Contains(err.Error(), "did you mean board?") {
		t.Error(err)
	}
}

func TestTheBoardSeesWhatComesWithinAYear(t *testing.T) {
	who, err := Named("board")
	if err != nil {
		t.Fatal(err)
	}
	issued := ward()
	issued.Issued = "2026-001"
	var b bytes.Buffer
	if err := who.Make(&Basis{Assessment: issued, Owed: []Owed{{"Ward scan", "GDPR", "Art. 33(1)", "late", now}}}).Text(&b, 100); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2027-01-04", "issued as 2026-001", "Notice owed: Ward scan (GDPR, Art. 33(1)): late"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "far") {
		t.Error("what lies years ahead is on the page")
	}
}

func TestWhatIsSharedIdentifiesNobody(t *testing.T) {
	for _, o := range []ShareOptions{{}, {Products: true}, {Least: 2}} {
		s := Share(ward(), o)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var c bytes.Buffer
		if err := s.CSV(&c); err != nil {
			t.Fatal(err)
		}
		for _, out := range []string{string(b), c.String()} {
			for _, bad := range []string{"secret", "Nobody", "10.6.6.6", "02:5e", "5e5e5e", "abab", "2026-11-25"} {
				if strings.Contains(out, bad) {
					t.Errorf("%+v: %q leaves", o, bad)
				}
			}
			if strings.Contains(out, "Medusa") != o.Products {
				t.Errorf("%+v: the vendor", o)
			}
		}
		want := 4
		if o.Least == 2 {
			want = 0
		}
		if len(s.Findings) != want || s.Left != 4-want {
			t.Errorf("%+v: %d findings, %d left out", o, len(s.Findings), s.Left)
		}
	}
}
