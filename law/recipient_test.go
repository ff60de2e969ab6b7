// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const recipients = `checked: {day: 2026-11-25, by: us}
sources: {act: the act, memory: from memory}
recipients:
  - id: xx-office
    name: Office
    kind: authority
    territory: XX
    portal: "https://example.org/report"
    form: {name: notice, version: "2"}
    languages: {accepted: [de, pt-BR], source: memory}
    receipt: a number
    takes:
      - {instrument: xx/act, clocks: [first], incomplete: yes, pinpoint: s. 2}
    source: act
    confidence: remembered
`

func someLaw() *Catalogue {
	return &Catalogue{Instruments: []*Instrument{{ID: "xx/act", Clocks: []Clock{{ID: "first"}}}}}
}

func readRecipients(text string) ([]*Recipient, error) {
	return LoadRecipients(fstest.MapFS{"recipients/xx.yaml": {Data: []byte(text)}}, someLaw())
}

func TestAPortalHasAConfidenceOfItsOwn(t *testing.T) {
	all, err := readRecipients(strings.Replace(recipients, "    form:", "    portal-confidence: doubtful\n    form:", 1))
	if err != nil || all[0].PortalConfidence != Doubtful || all[0].Confidence != Remembered {
		t.Errorf("the portal is %v of %v: %v", all[0].PortalConfidence, all[0].Confidence, err)
	}
	if all, err = readRecipients(recipients); err != nil || all[0].PortalConfidence != Remembered {
		t.Errorf("without its own it is that of the recipient, not %v: %v", all, err)
	}
	lone := strings.Replace(recipients, "    portal: \"https://example.org/report\"\n", "    portal-confidence: doubtful\n", 1)
	if _, err = readRecipients(lone); err == nil || !strings.Contains(err.Error(), "says how sure its portal is, and has none") {
		t.Errorf("a confidence without a portal gives %v", err)
	}
}

func TestARecipientIsReadWhole(t *testing.T) {
	all, err := readRecipients(recipients)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d, %v", len(all), err)
	}
	r := all[0]
	if r.Portal != "https://example.org/report" || r.Form != "notice" || r.Version != "2" || r.Source != "the act" ||
		r.LanguagesSource != "from memory" || !slices.Equal(r.Languages, []string{"de", "pt-BR"}) || r.Receipt != "a number" ||
		r.Checked.String() != "2026-11-25" || r.Takes[0].Incomplete != "yes" || r.Takes[0].Pinpoint != "s. 2" {
		t.Errorf("%+v", r)
	}
	if none, err := LoadRecipients(fstest.MapFS{}, someLaw()); err != nil || len(none) != 0 {
		t.Errorf("a catalogue without recipients: %v, %v", none, err)
	}
}

func TestFaultsOfRecipientsHaveTheirPlace(t *testing.T) {
	for _, c := range [][3]string{ // what, what for it, message
		{"instrument: xx/act", "instrument: xx/akt", `recipients/xx.yaml:13:9: unknown instrument "xx/akt"`},
		{"instrument: xx/act", "instrument: xx/akt", `did you mean "xx/act"?`},
		{"clocks: [first]", "clocks: [frist]", `clock "frist" is not in xx/act`},
		{"kind: authority", "kind: autority", `did you mean "authority"?`},
		{"https://example.org/report", "http://example.org/report", "is no address of a portal"},
		{"https://example.org/report", "https://you@example.org/", "is no address of a portal"},
		{"https://example.org/report", "example.org", "is no address of a portal"},
		{"accepted: [de, pt-BR]", "accepted: [German]", `"German" is no language`},
		{", pinpoint: s. 2", "", "is said without its pinpoint"},
		{"incomplete: yes", "incomplete: perhaps", `"perhaps" is no answer`},
		{"source: act", "source: akt", `source "akt" is not among the file's sources`},
		{"id: xx-office", "id: Office", `"Office" is no name of a recipient`},
		{"    territory: XX\n", "", `a recipient lacks the key "territory"`},
		{"receipt: a number", "recipt: a number", `unknown key "recipt"`},
		{"day: 2026-11-25", "day: 2026-11-31", "recipients/xx.yaml:1:16: "},
		{"confidence: remembered", "confidence: sure", `"sure" is no confidence`},
	} {
		text := strings.Replace(recipients, c[0], c[1], 1)
		if text == recipients {
			t.Fatalf("the file holds no %q", c[0])
		}
		if _, err := readRecipients(text); err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v\nwant %s", c[1], err, c[2])
		}
	}
	_, second, _ := strings.Cut(recipients, "recipients:\n")
	if _, err := readRecipients(recipients + second); err == nil || !strings.Contains(err.Error(), "stands twice: first at recipients/xx.yaml:4:") {
		t.Errorf("one ID twice: %v", err)
	}
}

// What ships is without fault, and who takes what the law has a clock for is named where one body does.
func TestTheRecipientsThatShipAreSound(t *testing.T) {
	cat, err := Load(os.DirFS("../catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := LoadRecipients(os.DirFS("../catalogue"), cat)
	if err != nil {
		t.Fatal(err)
	}
	of := map[InstrumentID]bool{}
	for _, r := range all {
		for _, k := range r.Takes {
			of[k.Instrument] = true
		}
		if r.Confidence == Verified && r.Source == "from memory, not checked" {
			t.Errorf("%s: verified from memory", r.ID)
		}
	}
	for _, id := range []InstrumentID{"eu/cra", "eu/nis2", "eu/gdpr", "uk/gdpr", "uk/psti", "us/hipaa-breach", "us/ftc-hbnr",
		"us/sec-8k-105", "usny/23-nycrr-500", "us/circia", "in/cert-in", "br/lgpd", "au/soci", "sg/cls"} {
		if !of[id] {
			t.Errorf("nobody takes what %s asks for", id)
		}
	}
}

func FuzzRecipients(f *testing.F) {
	f.Add(recipients)
	f.Add("recipients: [1, {takes: {}}]\nsources: []\n")
	f.Add("checked: {day: {}}\nrecipients: [{languages: [], form: x}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := readRecipients(text); err != nil && err.Error() == "" {
			t.Error("a fault without words")
		}
	})
}
