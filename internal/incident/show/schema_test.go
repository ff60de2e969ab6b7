// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package show

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/incident"
)

// holds holds a value, as programs are given it, against its schema.
func holds(t *testing.T, name string, v any) {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../../docs/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestWhatProgramsAreGivenIsAsItsSchemaSays(t *testing.T) {
	v, w, i, l := everyClock(t, "awareness=2026-11-24T10:20:00Z", "occurrence=2026-11-23T01:00:00Z",
		"data.personal=yes", "data.patients=yes", "people=600", "harm.high=yes")
	i.Notices = append(i.Notices, incident.Notice{Clock: "eu/gdpr/authority", At: l.Now.Add(-time.Hour),
		Reference: "4711", By: "counsel",
		Receipt: &incident.File{Name: "r.pdf", SHA256: strings.Repeat("0a", 32), Size: 3}})
	i.Holds = append(i.Holds, incident.Hold{Authority: "law-enforcement", From: l.Now.Add(-time.Hour),
		Statement: "letter", By: "counsel"})
	w.Laws[0].Bound = "undetermined"
	l = v.Clocks(i, w)
	holds(t, "incident-clocks", Of(l, "Example", time.UTC))
	holds(t, "incident", Incident(i, "Example"))
	holds(t, "incident-list", []Row{RowOf(i, "Example", l), RowOf(i, "Example", nil)})
	holds(t, "incident-facts", Facts(v))
	for n := range l.Clocks {
		c := &l.Clocks[n]
		holds(t, "incident-draft", DraftOf(v.Draft(i, w, c, "Example"), time.UTC))
		if n == 0 {
			holds(t, "incident-clock", One(l, c, "Example", time.UTC))
		}
	}
	for _, d := range incident.Reminders(l, []time.Duration{100 * 24 * time.Hour}) {
		holds(t, "incident-reminder", ReminderOf(&d, "Example", time.UTC))
	}
	dev := fact.Subject{Kind: fact.Device, ID: "0123456789abcdef"}
	claims := []fact.Claim{{Subject: dev, Fact: "behaviour.mirai_scan", Value: fact.BoolValue(true),
		ObservedAt: l.Now, Statement: "ab12",
		Sources: []fact.Source{{Input: "cd", Frames: [][2]int{{3, 9}, {12, 12}}, Note: "port 23"}}}}
	all := v.Propose(claims, []incident.Thing{{Device: dev, Name: "camera", Model: "Acme C1"}})
	if len(all) != 1 || all[0].ID != "botnet-01234567" {
		t.Fatalf("%+v", all)
	}
	holds(t, "incident-propose", []Proposal{ProposalOf(&all[0], "", func(s string) string { return s })})
}

func TestAProposalNamesTheDeviceAndTheFrames(t *testing.T) {
	v, _, _, l := everyClock(t)
	dev := fact.Subject{Kind: fact.Device, ID: "0123456789abcdef"}
	claim := func(name fact.Name, value bool) fact.Claim {
		return fact.Claim{Subject: dev, Fact: name, Value: fact.BoolValue(value), ObservedAt: l.Now, Statement: "ab12cd34ef56",
			Sources: []fact.Source{{Input: "cd", Frames: [][2]int{{3, 9}, {12, 12}}}}}
	}
	thing := []incident.Thing{{Device: dev, Name: "cam\x1bera", Model: "Acme C1"}}
	for _, none := range [][]fact.Claim{nil, {claim("behaviour.mirai_scan", false)}, {claim("behaviour.scanning",
		true)}, {claim("data.health_cleartext", true)}} {
		if all := v.Propose(none, thing); len(all) != 0 {
			t.Errorf("%v propose %+v", none, all)
		}
	}
	if all := v.Propose([]fact.Claim{claim("data.health_cleartext", true), claim("data.internet_cleartext", true)},
		thing); len(all) != 1 ||
		all[0].ID != "patient-data-01234567" || len(all[0].Shown) != 2 {
		t.Errorf("patient data in clear beside clear traffic to public addresses: %+v", all)
	}
	taken := claim("behaviour.mirai_scan", true)
	taken.Withdrawn = l.Now
	if all := v.Propose([]fact.Claim{taken}, thing); len(all) != 0 {
		t.Errorf("what was taken back proposes %+v", all)
	}
	all := v.Propose([]fact.Claim{claim("behaviour.mirai_scan", true), claim("credentials.default_accepted", true)}, thing)
	if len(all) != 1 {
		t.Fatalf("%+v", all)
	}
	var b bytes.Buffer
	if err := Proposals(&b, 200, []Proposal{ProposalOf(&all[0], "", func(string) string { return "lab.pcap" })},
		"us.case", time.UTC); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"frames 3-9, 12 of lab.pcap", "hit.malicious=yes", "--from botnet-01234567",
		"cam\uFFFDera"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	said := func(maker bool) string {
		var s strings.Builder
		for _, x := range all[0].Says(maker) {
			s.WriteString(x.Key + "=" + x.Value + "\n")
		}
		return s.String()
	}
	if strings.Contains(said(false), "hit.exploited") || !strings.Contains(said(true),
		"hit.exploited=yes") || !strings.Contains(said(true), "story.product=Acme C1") {
		t.Errorf("to its maker alone it is an exploited vulnerability:\n%s\n%s", said(false), said(true))
	}
}

func TestACalendarHoldsEachDueTimeOnceWithItsAlarms(t *testing.T) {
	_, _, _, l := everyClock(t, "awareness=2026-11-24T10:20:00Z", "data.personal=yes")
	holds(t, "incident-ics", Events([]*incident.List{l}, []time.Duration{time.Hour}))
	var b bytes.Buffer
	if err := Calendar(&b, []*incident.List{l}, []time.Duration{24 * time.Hour, time.Hour}, l.Now); err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(b.String(), "\r\n ", "")
	for _, want := range []string{"DTSTART:20261127T102000Z", "SUMMARY:INC-2026-001: GDPR\\, Art. 33(1) due",
		"TRIGGER:-PT24H0M0S", "TRIGGER:-PT1H0M0S", "-eu-gdpr-authority@writ"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%.600s", want, text)
		}
	}
	seen := map[string]bool{}
	for line := range strings.SplitSeq(text, "\r\n") {
		if strings.HasPrefix(line, "UID:") {
			if seen[line] {
				t.Errorf("%s stands twice", line)
			}
			seen[line] = true
		}
	}
}
