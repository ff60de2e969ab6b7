// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
)

const whole = `version: 1
organisation:
  name: We
  declared-by: an officer
  declared-on: 2026-11-02
  answers:
    role.operator: yes
    org.employees: 40
    pci.approach: unknown
networks: [10.20.3.4/16]
products:
  - id: pump
    vendor: Medusa
    model: MP-2
    answers: {product.market_eu: yes, product.medical_device: {value: yes, document: declaration of conformity}}
devices:
  - id: pump-1
    mac: 00-0B-AB-20-00-01
    product: pump
    label-read-by: a technician
    answers: {unit.state: {value: set-up, day: 2026-10-01}, hipaa.ephi_system: yes}
records:
  - {fact: record.risk_analysis_date, value: 2026-03-14, day: 2026-03-15, by: an officer}
  - {judgement: eu/gdpr/art-32/1/a, about: pump-1, value: yes, day: 2026-10-01, until: 2027-09-30, by: an officer, reasons: behind a tunnel}
`

func parsed(t *testing.T, text string) *profile.Profile {
	t.Helper()
	p, err := profile.Parse("us.yaml", []byte(text), theLaw(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// one gives the one claim of a fact.
func one(t *testing.T, said []profile.Said, name fact.Name) profile.Said {
	t.Helper()
	var found []profile.Said
	for _, s := range said {
		if s.Fact == name {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d claims of %s, want one", len(found), name)
	}
	return found[0]
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := fact.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d.Time()
}

func TestEveryKeyIsRead(t *testing.T) {
	p := parsed(t, whole)
	if p.Organisation.Name != "We" || len(p.Networks) != 1 || p.Networks[0].String() != "10.20.0.0/16" {
		t.Errorf("%+v", p)
	}
	if d := p.Devices[0]; d.MAC != "00:0b:ab:20:00:01" || d.LabelReadBy != "a technician" {
		t.Errorf("%+v", d)
	}
}

func TestUnknownIsNoAnswer(t *testing.T) {
	p := parsed(t, whole)
	said := p.OfOrganisation(fact.Subject{Kind: fact.Organisation, ID: "o"}, &p.Organisation)
	for _, s := range said {
		if s.Fact == "pci.approach" {
			t.Errorf("unknown was said as %v", s.Value)
		}
	}
	one(t, said, "role.operator")
}

// An answer without a day of its own speaks of a thing from when it was first seen on; without a sight, from
// the declaration's day.
func TestAnAnswerSpeaksFromFirstSightOn(t *testing.T) {
	p, unit := parsed(t, whole), fact.Subject{Kind: fact.Device, ID: "d"}
	early, late := day(t, "2018-01-30"), day(t, "2026-11-20")
	for _, c := range []struct {
		what  string
		fact  fact.Name
		first time.Time
		want  string
	}{
		{"seen long before the declaration", "hipaa.ephi_system", early, "2018-01-30"},
		{"seen after it", "hipaa.ephi_system", late, "2026-11-02"},
		{"never seen", "hipaa.ephi_system", time.Time{}, "2026-11-02"},
		{"with a day of its own", "unit.state", early, "2026-10-01"},
		{"a label", "identity.certain", early, "2018-01-30"},
	} {
		if s := one(t, p.OfDevice(unit, &p.Devices[0], c.first), c.fact); !s.ObservedAt.Equal(day(t, c.want)) {
			t.Errorf("%s: it speaks from %s on, want %s", c.what, s.ObservedAt, c.want)
		}
	}
	org := p.OfOrganisation(fact.Subject{Kind: fact.Organisation, ID: "o"}, &p.Organisation)
	if s := one(t, org, "org.employees"); !s.ObservedAt.Equal(day(t, "2026-11-02")) {
		t.Errorf("the organisation's answer speaks from %s on", s.ObservedAt)
	}
}

func TestOnlyADocumentLiftsADeclaration(t *testing.T) {
	p, product := parsed(t, whole), fact.Subject{Kind: fact.Product, ID: "p"}
	said := p.OfProduct(product, &p.Products[0], time.Time{})
	if s := one(t, said, "product.medical_device"); s.Method != fact.Declaration || !s.Documented {
		t.Errorf("%+v", s)
	}
	if s := one(t, said, "product.market_eu"); s.Method != fact.Declaration || s.Documented {
		t.Errorf("%+v", s)
	}
}

func TestALabelMakesAProductCertain(t *testing.T) {
	p, unit := parsed(t, whole), fact.Subject{Kind: fact.Device, ID: "d"}
	s := one(t, p.OfDevice(unit, &p.Devices[0], time.Time{}), "identity.certain")
	if !s.Value.IsTrue() || s.Method != fact.Record || !s.Documented || s.By != "a technician" {
		t.Errorf("%+v", s)
	}
	p.Devices[0].LabelReadBy = ""
	for _, s := range p.OfDevice(unit, &p.Devices[0], time.Time{}) {
		if s.Fact == "identity.certain" {
			t.Error("nobody read the label, and it is certain")
		}
	}
}

func TestRecordsSpeakOfTheirSubjectUntilTheirEnd(t *testing.T) {
	p := parsed(t, whole)
	s := one(t, p.OfOrganisation(fact.Subject{Kind: fact.Organisation, ID: "o"}, &p.Organisation), "record.risk_analysis_date")
	if s.Method != fact.Record || !s.Expires.IsZero() || !s.ObservedAt.Equal(day(t, "2026-03-15")) {
		t.Errorf("%+v", s)
	}
	s = one(t, p.OfDevice(fact.Subject{Kind: fact.Device, ID: "d"}, &p.Devices[0], time.Time{}),
		fact.JudgementPrefix+"eu/gdpr/art-32/1/a")
	if s.Method != fact.Judgement || s.By != "an officer" || s.Reasons != "behind a tunnel" ||
		!s.Expires.Equal(day(t, "2027-10-01")) {
		t.Errorf("%+v", s)
	}
}

// TestFaultsHaveTheirPlace changes one line of a good profile, and looks for the fault that it makes.
func TestFaultsHaveTheirPlace(t *testing.T) {
	for _, c := range []struct{ what, old, new, want string }{
		{"version", "version: 1", "version: 2", `us.yaml:1:1: a profile of version "2" cannot be read`},
		{"no version", "version: 1\n", "", `a profile of version "" cannot be read`},
		{"no name", "  name: We\n", "", "a profile names its organisation"},
		{"an unknown key", "declared-by: an", "declared_by: an", `unknown key "declared_by" in an organisation`},
		{"nobody answers for it", "  declared-by: an officer\n", "",
			"answers are the word of a named officer for a day"},
		{"no day", "2026-11-02", "2026-11-31", `us.yaml:5:16: "2026-11-31" is not a day`},
		{"an unknown fact", "role.operator", "role.operater", `did you mean "role.operator"?`},
		{"a word that is none", "pci.approach: unknown", "pci.approach: perhaps", `"perhaps" is none of defined`},
		{"no number", "org.employees: 40", "org.employees: 40.5", `fact org.employees: "40.5": want a whole number`},
		{"another's fact", "role.operator: yes", "product.consumer: yes",
			"fact product.consumer is about a product, not about an organisation"},
		{"no network", "10.20.3.4/16", "10.20.3.4", `"10.20.3.4" is not a network`},
		{"no link address", "00-0B-AB-20-00-01", "00-0B-AB", `"00-0B-AB" is not a link address`},
		{"nothing to find it by", "    mac: 00-0B-AB-20-00-01\n", "", "nothing says which device this is"},
		{"a product without id", "- id: pump\n    vendor", "- vendor", "a product needs an id"},
		{"a product that is not listed", "product: pump", "product: pmp",
			`us.yaml:17:5: device pump-1 names the product "pmp"`},
		{"a product misspelt", "product: pump", "product: pmp", `did you mean "pump"?`},
		{"a record about nobody", "about: pump-1", "about: pump-9",
			`a record about "pump-9", which the profile does not list`},
		{"a record about the wrong thing", "{fact: record.risk_analysis_date,",
			"{fact: record.risk_analysis_date, about: pump-1,", "is about an organisation, not about a device"},
		{"a judgement about the wrong thing", "about: pump-1", "about: pump",
			"is about a device, not about a product"},
		{"one id for two things", "id: pump-1", "id: pump", `two things have the id "pump"`},
		{"a record of nobody", ", by: an officer}", "}", "a record says who says so, and for which day"},
		{"a record that ends before it begins", "until: 2027-09-30", "until: 2026-09-30",
			"the record ends on 2026-09-30, before its day 2026-10-01"},
		{"a judgement without reasons", ", reasons: behind a tunnel", "",
			"a judgement on an open norm needs reasons and an end"},
		{"a judgement without an end", " until: 2027-09-30,", "",
			"a judgement on an open norm needs reasons and an end"},
		{"a judgement on nothing", "eu/gdpr/art-32/1/a", "eu/gdpr/art-32/1/z",
			`unknown provision "eu/gdpr/art-32/1/z"`},
		{"a judgement as an answer", "role.operator: yes", `"judgement:eu/gdpr/art-32/1/a": yes`,
			"a judgement is a record with reasons, not an answer"},
		{"answers that are a list",
			"{product.market_eu: yes, product.medical_device: {value: yes, document: declaration of conformity}}", "[yes]",
			"answers are a map: fact: value"},
		{"an answer with a key too many", "{value: set-up, day", "{value: set-up, dy",
			`unknown key "dy" in an answer`},
		{"a list where none is", "networks: [10.20.3.4/16]", "networks: {a: b}", "want a list here"},
		{"broken YAML", "name: We", `name: "We`, "us.yaml:3:9: "},
		{"a key twice", "  name: We\n", "  name: We\n  name: You\n", "us.yaml:4:3: "},
	} {
		text := strings.Replace(whole, c.old, c.new, 1)
		if text == whole {
			t.Fatalf("%s: the profile does not hold %q", c.what, c.old)
		}
		if _, err := profile.Parse("us.yaml", []byte(text), theLaw(t)); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant %s", c.what, err, c.want)
		}
	}
}

func TestRecordsOfAnotherFileAreAdded(t *testing.T) {
	p := parsed(t, whole)
	more := "records:\n  - {fact: identity.certain, about: pump-1, value: yes, day: 2026-10-01, by: a technician}\n"
	if err := p.ParseRecords("more.yaml", []byte(more), theLaw(t)); err != nil || len(p.Records) != 3 {
		t.Errorf("%d records, %v", len(p.Records), err)
	}
	bad := strings.Replace(more, "pump-1", "pump-2", 1)
	if err := p.ParseRecords("more.yaml", []byte(bad), theLaw(t)); err == nil || !strings.Contains(err.Error(),
		"more.yaml:2:") {
		t.Errorf("got %v, want the place in more.yaml", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(group))
	f.Add([]byte("version: 1\norganisation: [name]\ndevices: {}\nrecords: [1, [2]]\n"))
	f.Add([]byte("products:\n  - answers: {product.consumer: {value: {}}}\n"))
	cat := theLaw(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := profile.Parse("f.yaml", b, cat)
		if err != nil && err.Error() == "" {
			t.Error("a fault without words")
		}
		if err == nil {
			for _, o := range p.People() {
				p.OfOrganisation(fact.Subject{Kind: fact.Organisation, ID: "o"}, o)
			}
		}
	})
}

func TestManyFaultsOfAProfileEndWithHowManyMoreThereAre(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\norganisation:\n  name: N\n  declared-by: B\n  declared-on: 2026-11-01\n  answers:\n")
	for i := range 300 {
		fmt.Fprintf(&b, "    org.nonsense_%d: yes\n", i)
	}
	_, err := profile.Parse("profile.yaml", []byte(b.String()), theLaw(t))
	if err == nil || !strings.HasSuffix(err.Error(), "\nand 200 more") {
		t.Errorf("three hundred faults end with %.60q", err)
	}
}
