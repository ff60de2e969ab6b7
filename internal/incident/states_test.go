// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge/expr"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const (
	individual = "us/hipaa-breach/hipaa-individual"
	authority  = "eu/gdpr/authority"
)

func TestANoticeIsSparedOnlyByWhatIsShown(t *testing.T) {
	h := everything(t)
	for _, c := range []struct {
		clock string
		says  []string
		want  State
		why   string
	}{
		{authority, []string{"data.personal=yes"}, Running, ""},
		{authority, []string{"data.personal=yes", "harm.unlikely=yes"}, NotRequired, "incident.breach_risk_unlikely: yes"},
		{authority, []string{"data.personal=no", "data.patients=no", "data.customers=no", "data.state=no"}, NotRequired,
			"incident.personal_data_breach: no"},
		{authority, []string{"data.personal=no"}, NotRequired, "incident.personal_data_breach: no"},
		{authority, []string{"data.personal=no", "data.patients=yes"}, Running, ""}, // they are personal data
		{authority, []string{"data.state=no"}, Open, ""},                            // other data may be personal data
		{authority, []string{"data.personal=yes", "data.of_others=yes"}, NotRequired, "Art. 33(2)"},
		{authority, []string{"data.personal=yes", "data.of_others=no"}, Running, ""},
		{individual, []string{"data.patients=yes", "data.of_others=yes"}, NotRequired, "164.410(a)"},
		{individual, []string{"data.patients=yes"}, Running, ""},
		{individual, []string{"data.patients=yes", "data.encrypted=yes"}, Running,
			""}, // nobody says whether the key was reached
		{individual, []string{"data.patients=yes", "data.encrypted=yes", "data.key_taken=yes"}, Running, ""},
		{individual, []string{"data.patients=yes", "data.encrypted=yes", "data.key_taken=no"}, NotRequired,
			"164.402, unsecured"},
		{individual, []string{"data.patients=yes", "harm.low_probability=yes"}, NotRequired, "164.402, breach (2)"},
		{individual, []string{"data.patients=yes", "harm.low_probability=yes", "harm.low_probability=unknown"}, Running, ""},
		{individual, []string{"data.patients=yes", "harm.excepted=yes"}, NotRequired, "164.402, breach (1)(i)-(iii)"},
		{individual, []string{"data.patients=yes", "harm.excepted=no"}, Running, ""},
		{"us/hipaa-breach/hipaa-media", []string{"data.patients=yes", "patients.us.ca=501"}, Running, ""},
		{"us/hipaa-breach/hipaa-media", []string{"data.patients=yes", "patients.us.ca=500"}, Open,
			""}, // of the other States nobody knows
		{"us/hipaa-breach/hipaa-media", []string{"data.patients=yes", "patients.us.ca=500", "patients=600"}, NotRequired,
			"hipaa.breach_state_residents"},
		{"us/hipaa-breach/hipaa-media", []string{"data.patients=yes", "patients.us.ca=400", "patients=1000"}, Open, ""},
		{"us/hipaa-breach/hipaa-media", []string{"data.patients=yes", "people=500"}, NotRequired, "from 0 to 500"},
		{"us/hipaa-breach/hipaa-hhs-500", []string{"data.patients=yes", "people=2000"}, Open,
			""}, // of them patients: nobody says
		{"us/hipaa-breach/hipaa-hhs-under500", []string{"data.patients=yes", "people=2000"}, Open, ""},
		{"us/hipaa-breach/hipaa-hhs-under500", []string{"data.patients=yes", "people=499"}, Running, ""},
		{"us/glba-safeguards/glba-ftc", []string{"data.customers=yes", "customers=499"}, NotRequired,
			"glba.event_consumers: 499"},
		{"us/glba-safeguards/glba-ftc", []string{"data.customers=yes", "customers=500"}, Running, ""},
		{"us/states-breach/texas-ag", []string{"data.state=yes", "people=1000", "people.us.ca=800"}, NotRequired,
			"at most 200"},
	} {
		s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", append([]string{"awareness=2026-11-24T10:20"}, c.says...)...)
		got := s.clock("2026-11-24T13:00:00Z", c.clock)
		if got.State != c.want || !strings.Contains(strings.Join(got.Because, "; "), c.why) {
			t.Errorf("%s %v: %s %q, want %s %q", c.clock, c.says, got.State, got.Because, c.want, c.why)
		}
	}
}

func TestAHoldMovesOnlyWhatItsLawLetsBeHeld(t *testing.T) {
	h := everything(t)
	open := func() *story {
		return h.story(t, "America/New_York", "2026-11-24T15:00:00Z", "awareness=2026-11-24T09:00", "data.patients=yes",
			"data.personal=yes")
	}
	hold := func(from, until string, oral bool) Entry {
		x := Hold{Authority: "law-enforcement", From: at(t, from), Oral: oral, Statement: "letter"}
		if until != "" {
			x.Until = at(t, until)
		}
		return Entry{Hold: &x}
	}
	written := open().add(hold("2026-12-01T12:00:00Z", "2027-03-01T05:00:00Z", false))
	if c := written.clock("2026-12-02T00:00:00Z", individual); c.State != Suspended || !c.Due.Equal(at(t,
		"2027-03-01T05:00:00Z")) {
		t.Errorf("a written hold: %s %s %q", c.State, c.Due, c.Because)
	}
	if c := written.clock("2026-12-02T00:00:00Z", authority); c.State != Late {
		t.Errorf("no law lets the notice of Art. 33 GDPR be held: %s", c.State)
	}
	if c := written.clock("2027-03-01T05:00:01Z", individual); c.State != Late {
		t.Errorf("after the hold: %s, due %s", c.State, c.Due)
	}
	// 164.412(b): by word of mouth at most 30 days, so to 31 December: before the 60th day, which stays.
	oral := open().add(hold("2026-12-01T12:00:00Z", "", true))
	if c := oral.clock("2026-12-02T00:00:00Z",
		individual); c.State != Suspended || c.Due.Format(time.DateOnly) != "2027-01-23" ||
		!c.Held.Until.Equal(at(t, "2026-12-31T12:00:00Z")) {
		t.Errorf("by word of mouth: %s %s until %s", c.State, c.Due, c.Held.Until)
	}
	late := open().add(hold("2027-01-25T12:00:00Z", "2027-03-01T05:00:00Z", false))
	if c := late.clock("2027-01-26T00:00:00Z", individual); c.State != Late || c.Due.Format(time.DateOnly) != "2027-01-23" {
		t.Errorf("a hold after the due time: %s %s", c.State, c.Due)
	}
	lifted := open().add(hold("2026-12-01T12:00:00Z", "", false)).
		add(Entry{Hold: &Hold{Authority: "law-enforcement", From: at(t, "2027-02-01T12:00:00Z"), Lifted: true,
			Statement: "call"}})
	if c := lifted.clock("2027-02-02T00:00:00Z", individual); c.State != Late || !c.Due.Equal(at(t,
		"2027-02-01T12:00:00Z")) {
		t.Errorf("lifted: %s %s %q", c.State, c.Due, c.Because)
	}
	general := open().add(Entry{Hold: &Hold{Authority: "attorney-general", From: at(t, "2026-12-01T12:00:00Z"),
		Statement: "letter"}})
	if c := general.clock("2026-12-02T00:00:00Z", individual); c.State != Running {
		t.Errorf("the wrong authority: %s", c.State)
	}
}

func TestADisputedEventRunsFromTheEarliestClaim(t *testing.T) {
	h := everything(t)
	s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "data.personal=yes")
	for who, when := range map[string]string{"night shift": "2026-11-23T22:00:00Z", "day shift": "2026-11-24T08:00:00Z"} {
		s.add(Entry{Facts: []Said{{Key: "awareness", Value: when, Claimant: who}}})
	}
	for now, want := range map[string]struct {
		state  State
		timely string
	}{"2026-11-26T21:00:00Z": {Running, ""}, "2026-11-27T06:00:00Z": {Late,
		Conflicting}, "2026-11-27T08:00:01Z": {Late, TooLate}} {
		c := s.clock(now, authority)
		if c.State != want.state || c.Timeliness != want.timely || !c.Due.Equal(at(t,
			"2026-11-26T22:00:00Z")) || !c.LaterDue.Equal(at(t, "2026-11-27T08:00:00Z")) {
			t.Errorf("at %s: %s %q due %s, later %s", now, c.State, c.Timeliness, c.Due, c.LaterDue)
		}
	}
	s.notifies(authority, "2026-11-27T06:00:00Z")
	if c := s.clock("2026-11-28T00:00:00Z", authority); c.State != Done || c.Timeliness != Conflicting {
		t.Errorf("notified between both: %s %q", c.State, c.Timeliness)
	}
	// One claimant corrects: a claim is replaced by the same claimant's later word alone.
	s.add(Entry{Facts: []Said{{Key: "awareness", Value: Unknown, Claimant: "night shift"}}})
	if c := s.clock("2026-11-28T00:00:00Z", authority); c.State != Done || c.Timeliness != InTime || !c.LaterDue.IsZero() {
		t.Errorf("no dispute is left: %s %q", c.State, c.Timeliness)
	}
}

func TestDoneLateIsNotTheSameAsNotDone(t *testing.T) {
	h := everything(t)
	for submitted, want := range map[string]struct {
		state  State
		timely string
	}{
		"2026-11-27T10:20:00Z": {Done, InTime}, "2026-11-27T10:59:00Z": {Done,
			InTime}, // within Art. 3(1) of Regulation 1182/71
		"2026-11-27T11:00:01Z": {DoneLate, TooLate},
	} {
		s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "awareness=2026-11-24T10:20",
			"data.personal=yes").notifies(authority, submitted)
		if c := s.clock("2026-11-29T00:00:00Z", authority); c.State != want.state || c.Timeliness != want.timely {
			t.Errorf("submitted %s: %s %q", submitted, c.State, c.Timeliness)
		}
	}
}

// RTS 2025/301 Art. 5(4) to (6): of the initial notification some have until noon after a weekend, of the final report all.
func TestAGraceThatNotEverybodyHasShowsNoTimeliness(t *testing.T) {
	h := everything(t)
	for submitted, want := range map[string]string{"2026-11-28T02:30:00Z": InTime, "2026-11-28T02:59:00Z": InTime,
		"2026-11-28T03:01:00Z": Contested,
		"2026-11-30T12:00:00Z": Contested, "2026-11-30T12:00:01Z": TooLate} {
		s := h.story(t, "Europe/Dublin", "2026-11-28T12:00:00Z", "awareness=2026-11-27T20:00",
			"classification=2026-11-27T22:30").
			notifies("eu/dora/initial", submitted)
		if c := s.clock("2026-12-01T00:00:00Z", "eu/dora/initial"); c.Timeliness != want {
			t.Errorf("submitted %s: %q, want %q", submitted, c.Timeliness, want)
		}
	}
}

func TestAnEventMayHoldForOneLawAlone(t *testing.T) {
	h := everything(t)
	s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "hit.material=yes", "bank.notification_incident=yes",
		"determination@us/bank-36h=2026-11-24T11:00", "awareness=2026-11-24T10:20")
	if c := s.clock("2026-11-24T13:00:00Z", "us/bank-36h/bank-36h"); c.State != Running {
		t.Errorf("the bank's: %s", c.State)
	}
	if c := s.clock("2026-11-24T13:00:00Z",
		"us/sec-8k-105/sec-8k"); c.State != NotStarted || len(c.Missing) != 1 || c.Missing[0].Fact != "determination" {
		t.Errorf("the registrant's: %s %v", c.State, c.Missing)
	}
}

func TestALawThatGivesWayStartsNoClock(t *testing.T) {
	h := everything(t)
	s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "awareness=2026-11-24T10:20", "hit.significant=yes")
	c := s.clock("2026-11-24T13:00:00Z", "eu/nis2/early-warning")
	if c.State != NotRequired || !strings.Contains(strings.Join(c.Because, "; "), "gives way to eu/dora (Art. 4(1)") {
		t.Errorf("%s %q", c.State, c.Because)
	}
}

func TestALawThatBindsNobodyYetStartsNoClock(t *testing.T) {
	h := everything(t)
	s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "awareness=2026-11-24T10:20", "data.personal=yes")
	for _, c := range s.clocks("2026-11-24T13:00:00Z").Clocks {
		if c.Instrument.AppliesFrom == nil && c.State != NotRequired {
			t.Errorf("%s is a proposal, and stands as %s", c.Key, c.State)
		}
	}
}

func TestWhatCannotBeSaidIsRefusedWithAHint(t *testing.T) {
	v := everything(t).vocabulary
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"awarenes=2026-11-24T10:20":                  `did you mean "awareness"?`,
		"awareness":                                  "want KEY=VALUE",
		"awareness=2026-03-29T02:30":                 "its clocks go from 2026-03-29T01:59:59+01:00 to 2026-03-29T03:00:00+02:00",
		"awareness=2026-10-25T02:30":                 "comes twice",
		"awareness=soon":                             "is no time",
		"awareness=":                                 "nothing is said",
		"data.personal=maybe":                        "want yes, no or unknown",
		"people=-1":                                  "whole number",
		"people.usa.ca=1":                            "incidents have no fact",
		"people.us.ca.la=1":                          "incidents have no fact",
		"role.controller=yes":                        "its place is the profile",
		"incident.nis2_significnt=yes":               `did you mean "incident.nis2_significant"?`,
		"incident.nis2_significant=perhaps":          "incident.nis2_significant",
		"determination@us/sec-8k=2026-11-24T10:20":   "sec-8k-105",
		"determination@us/nothing=2026-11-24T10:20Z": "has no clock",
		"story.what=" + strings.Repeat("a", 20000):   "at most",
	} {
		if _, err := v.Assign(text, zone); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
	for key, want := range map[string]string{"eu/nis2/early-warnin": `did you mean "eu/nis2/early-warning"?`,
		"early-warning": `did you mean "eu/nis2/early-warning"?`, "": "writ incident clocks"} {
		if _, _, err := v.Clock(key); kind.Of(err) != kind.NotFound || !strings.Contains(err.Error(), want) {
			t.Errorf("clock %q: %v", key, err)
		}
	}
}

func TestWhatCannotBeIsRefused(t *testing.T) {
	h := everything(t)
	now := at(t, "2026-11-24T13:00:00Z")
	i := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "occurrence=2026-11-23T10:00",
		"awareness=2026-11-24T10:20").incident()
	said := func(text, reasons string) Entry {
		s, err := h.vocabulary.Assign(text, i.Zone)
		if err != nil {
			t.Fatal(err)
		}
		s.Reasons = reasons
		return Entry{By: "x", Facts: []Said{s}}
	}
	nobody := said("people=1", "")
	nobody.By = " "
	for name, c := range map[string]struct {
		e    Entry
		want string
	}{
		"nobody":           {nobody, "--by says who"},
		"the future":       {said("awareness=2026-11-24T13:01", ""), "lies in the future"},
		"before it began":  {said("awareness=2026-11-23T09:59", ""), "before the incident began"},
		"no reasons":       {said("harm.unlikely=yes", " "), "--reasons must say why"},
		"no zone":          {said("zone=Dublin", ""), "no zone"},
		"an unknown clock": {Entry{By: "x", Notice: &Notice{Clock: "eu/nis2/early", At: now}}, "has no clock"},
		"a future notice":  {Entry{By: "x", Notice: &Notice{Clock: authority, At: now.Add(time.Minute)}}, "in the future"},
		"an early notice": {Entry{By: "x", Notice: &Notice{Clock: authority, At: at(t, "2026-11-23T09:00:00Z")}},
			"before the incident (occurrence"},
		"no statement":       {Entry{By: "x", Hold: &Hold{From: now}}, "rests on a statement"},
		"a backward hold":    {Entry{By: "x", Hold: &Hold{From: now, Until: now, Statement: "s"}}, "not after it begins"},
		"a hold to be":       {Entry{By: "x", Hold: &Hold{From: now.Add(time.Hour), Statement: "s"}}, "in the future"},
		"nothing is refused": {said("people=1", ""), ""},
	} {
		err := h.vocabulary.Check(i, &c.e, now)
		if c.want == "" && err != nil || c.want != "" && (kind.Of(err) == kind.Other || !strings.Contains(err.Error(),
			c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAChangeOnAnOlderRevisionIsRefusedAndGivenBack(t *testing.T) {
	h := everything(t)
	s := h.story(t, "Europe/Dublin", "2026-11-24T12:00:00Z", "people=1").add(Entry{By: "colleague",
		Facts: []Said{{Key: "people", Value: "2"}}})
	i := s.incident()
	if i.Revision != 3 {
		t.Fatalf("revision %d", i.Revision)
	}
	s.add(Entry{Reminder: &Reminder{Key: "k", At: s.at}})
	if i = s.incident(); i.Revision != 3 || len(i.Sent) != 1 {
		t.Errorf("a reminder is no change: revision %d", i.Revision)
	}
	if err := i.On(3, "again"); err != nil {
		t.Error(err)
	}
	err := i.On(2, "writ incident fact people=3")
	if kind.Of(err) != kind.Conflict || !strings.Contains(err.Error(),
		"revision 3, 2026-11-24 12:00Z, by colleague: people=2") ||
		!strings.Contains(err.Error(), "writ incident fact people=3") || strings.Contains(err.Error(), "people=1") {
		t.Errorf("%v", err)
	}
	if err := i.On(9, ""); kind.Of(err) != kind.Invalid {
		t.Errorf("%v", err)
	}
}

func TestWhatIsLearntLaterOpensAnIncidentAgain(t *testing.T) {
	s := everything(t).story(t, "Europe/Dublin", "2026-11-24T12:00:00Z").add(Entry{Close: &Closing{Reason: "over"}})
	if s.incident().Closed == nil {
		t.Error("it is not closed")
	}
	if s.says("people=3").incident().Closed != nil {
		t.Error("it is still closed")
	}
}

func TestIncidentsAreNumberedByYear(t *testing.T) {
	all := []*Incident{{ID: "INC-2025-007"}, {ID: "INC-2026-002"}, {ID: "x"}}
	if got := Next(all, 2026); got != "INC-2026-003" {
		t.Error(got)
	}
	if got := Next(nil, 2027); got != "INC-2027-001" {
		t.Error(got)
	}
	if _, err := Pick(all, "INC-2026-003"); kind.Of(err) != kind.NotFound || !strings.Contains(err.Error(), "did you mean") {
		t.Error(err)
	}
}

func FuzzAssign(f *testing.F) {
	f.Add("awareness=2026-03-29T02:30")
	f.Add("people.us.ca=600")
	f.Add("determination@us/sec-8k-105=2026-11-24T12:00")
	f.Add("incident.nis2_significant=yes")
	f.Add("say.contact@eu/gdpr/authority=x")
	b, err := base()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := b.vocabulary.Assign(text, time.UTC)
		if err != nil {
			return
		}
		if again, err := b.vocabulary.canonical(s.Key, s.Value, time.UTC); err != nil || again != s.Value {
			t.Errorf("%q is kept as %q, which reads as %q, %v", text, s.Value, again, err)
		}
	})
}

func TestANoticeGoesToTheAuthorityOfTheTerritory(t *testing.T) {
	h := houseWith(t, "role.financial_entity=no")
	s := h.story(t, "Europe/Berlin", "2026-11-24T12:00:00Z", "awareness=2026-11-24T10:20", "hit.significant=yes")
	if c := s.clock("2026-11-24T13:00:00Z",
		"eu/nis2/early-warning"); len(c.Recipients) != 1 || c.Recipients[0].Territory != "EU" {
		t.Errorf("no territory is known: %v", c.Recipients)
	}
	s.says("territory=DE")
	if c := s.clock("2026-11-24T13:00:00Z",
		"eu/nis2/early-warning"); len(c.Recipients) != 2 || c.Recipients[0].Territory != "DE" {
		t.Errorf("in Germany: %v", c.Recipients)
	}
}

func TestWorkingDaysAreThoseOfTheZone(t *testing.T) {
	h := houseWith(t, "role.financial_entity=no")
	for zone, want := range map[string]string{"Europe/Paris": "2026-11-12", "Europe/Dublin": "2026-11-11",
		"Europe/Vienna": "2026-11-11"} {
		// A month from 11 October ends on Armistice Day, which is a holiday in France.
		s := h.story(t, zone, "2026-10-11T12:00:00Z", "awareness=2026-10-10T10:20", "hit.significant=yes").
			notifies("eu/nis2/notification", "2026-10-11T10:00:00Z")
		if c := s.clock("2026-10-12T00:00:00Z", "eu/nis2/final-report"); c.Due.Format(time.DateOnly) != want {
			t.Errorf("%s: %s", zone, c.Due)
		}
	}
	s := h.story(t, "Europe/Dublin", "2026-10-11T12:00:00Z", "awareness=2026-10-10T10:20", "hit.significant=yes",
		"zone@eu/nis2=Europe/Paris").
		notifies("eu/nis2/notification", "2026-10-11T10:00:00Z")
	if c := s.clock("2026-10-12T00:00:00Z",
		"eu/nis2/final-report"); c.Due.Format(time.DateOnly) != "2026-11-12" || c.Zone.String() != "Europe/Paris" {
		t.Errorf("a zone for one law: %s", c.Due)
	}
}

// A clock whose condition asks nothing of the incident would run for every incident of whoever has the role.
func TestEveryClockAsksSomethingOfTheIncident(t *testing.T) {
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	v := b.vocabulary
	for key, r := range v.rules {
		asks := r.apart != ""
		for _, e := range []*expr.Expr{r.own, r.when} {
			if e == nil {
				continue
			}
			for _, n := range e.Facts {
				asks = asks || v.incidental(n) || v.byID[string(n)] != nil
			}
		}
		if !asks {
			t.Errorf("clock %s asks nothing of the incident", key)
		}
	}
}
