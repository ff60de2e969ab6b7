// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// The small assessment: a clinic with a pump and a camera, under three made-up laws.
var (
	clinic = fact.Subject{Kind: fact.Organisation, ID: "clinic"}
	maker  = fact.Subject{Kind: fact.Organisation, ID: "maker"}
	pump   = fact.Subject{Kind: fact.Device, ID: "pump"}
	camera = fact.Subject{Kind: fact.Device, ID: "camera"}
	pumps  = fact.Subject{Kind: fact.Product, ID: "pumps"}
	eyes   = fact.Subject{Kind: fact.Product, ID: "eyes"}

	morning = time.Date(2026, 11, 2, 6, 0, 0, 0, time.UTC)
	capture = strings.Repeat("ab12", 16)
)

func smallVocabulary() []fact.Definition {
	wire := []fact.Method{fact.Passive, fact.Active}
	people := []fact.Method{fact.Declaration, fact.Record}
	return []fact.Definition{
		{Name: "data.clear", Subject: fact.Device, Type: fact.Bool, Meaning: "patient data crossed the wire in clear", Known: wire, AbsenceHours: 24},
		{Name: "login.default", Subject: fact.Device, Type: fact.Bool, Meaning: "the device let a published factory credential in", Known: wire},
		{Name: "service.ftp", Subject: fact.Device, Type: fact.Bool, Meaning: "FTP was spoken by the device", Known: wire, AbsenceHours: 24},
		{Name: "identity.certain", Subject: fact.Device, Type: fact.Bool, Meaning: "vendor and model are certain", Known: []fact.Method{fact.Record}},
		{Name: "sighting.repeated", Subject: fact.Device, Type: fact.Bool, Meaning: "the same was seen twice", Known: wire},
		{Name: "unit.state", Subject: fact.Device, Type: fact.Enum, Words: []string{"factory-default", "set-up", "altered"},
			Meaning: "the unit's state", Known: people, Question: "Had the unit left its factory default state?"},
		{Name: "role.clinic", Subject: fact.Organisation, Type: fact.Bool, Meaning: "the organisation treats patients", Known: people,
			Question: "Does the organisation treat patients?"},
		{Name: "record.plan", Subject: fact.Organisation, Type: fact.Bool, Meaning: "a plan for emergencies is in force", Known: []fact.Method{fact.Record}},
		{Name: "record.review", Subject: fact.Organisation, Type: fact.Bool, Meaning: "system activity is reviewed; no: only from a closed register",
			Known: []fact.Method{fact.Record}},
		{Name: "record.choice", Subject: fact.Organisation, Type: fact.Enum, Words: []string{"made", "none"},
			Meaning: "the documented choice about passwords - made; none: a signed record that there is none", Known: []fact.Method{fact.Record}},
		{Name: "product.market", Subject: fact.Product, Type: fact.Bool, Meaning: "the product is sold here", Known: people,
			Question: "Is the product sold here?"},
		{Name: "record.contact", Subject: fact.Product, Type: fact.Bool, Meaning: "a contact for reports is published", Known: people},
	}
}

// compiled is the small catalogue with its engine, made once.
var compiled = sync.OnceValues(func() (*law.Catalogue, *judge.Engine) {
	c := smallCatalogue()
	e, err := judge.Compile(c)
	if err != nil {
		panic(err)
	}
	return c, e
})

func smallCatalogue() *law.Catalogue {
	v, err := fact.NewVocabulary(smallVocabulary())
	if err != nil {
		panic(err)
	}
	c := &law.Catalogue{Version: "2026.11", Digest: strings.Repeat("c0ffee00", 8), Vocabulary: v,
		Controls: map[law.ControlID]*law.Control{}, Provisions: map[law.ProvisionID]*law.Provision{}}
	for _, k := range []law.Control{
		{ID: "no-clear-data", Title: "No patient data in clear", Expr: "!data.clear && !service.ftp", Severity: "critical",
			Remedy: "Carry patient data over TLS.", Actor: "either", Cost: 5},
		{ID: "no-default-login", Title: "No factory credential in use", Expr: "!login.default", Severity: "critical",
			Remedy: "Change the credential.", Actor: "operator", Cost: 1},
		{ID: "plan-in-force", Title: "A plan is in force", Expr: "record.plan", Severity: "high", Remedy: "Adopt a plan.", Actor: "operator", Cost: 5},
		{ID: "activity-reviewed", Title: "Activity is reviewed", Expr: "record.review", Severity: "low", Remedy: "Review it.", Actor: "operator", Cost: 2},
		{ID: "choice-made", Title: "The choice about passwords is made", Expr: `!(record.choice == "none")`, Severity: "high",
			Remedy: "Decide, and write it down.", Actor: "operator", Cost: 2},
		{ID: "contact-published", Title: "A contact is published", Expr: "record.contact", Severity: "medium", Remedy: "Publish one.", Actor: "maker", Cost: 1},
	} {
		c.Controls[k.ID] = &k
	}
	c.Instruments = smallLaws()
	for _, in := range c.Instruments {
		for _, p := range in.Provisions {
			p.Instrument = in
			p.Force, p.Confidence, p.Source, p.Depth = law.Must, law.Verified, "gazette", law.Tested
			c.Provisions[p.ID] = p
		}
	}
	return c
}

func smallLaws() []*law.Instrument {
	from, later := fact.DayOf(morning.AddDate(-5, 0, 0)), fact.DayOf(morning.AddDate(1, 0, 0))
	clinics := []law.Conjunct{{Name: "personal", Expr: "role.clinic", Pinpoint: "s. 1"}}
	sold := []law.Conjunct{{Name: "territorial", Expr: "product.market", Pinpoint: "Art. 1"}}
	controls := func(ids ...law.ControlID) []law.ControlID { return ids }
	return []*law.Instrument{
		{ID: "xx/care", Title: "Care of Patients' Data Act", Short: "Care", Citation: "2021 c. 1", Kind: law.Statute, Status: "in force", AppliesFrom: &from,
			Applies: clinics, Provisions: []*law.Provision{
				{ID: "xx/care/s-2", Pinpoint: "s. 2", Text: "Patient data are protected as appropriate.", Mode: law.Judged, Subject: fact.Device,
					Bearer: law.OfOperator, Role: "clinic", Indicators: controls("no-clear-data", "no-default-login"), Needs: []string{"a signed judgement"}},
				{ID: "xx/care/s-3", Pinpoint: "s. 3", Text: "A plan for emergencies is in force.", Mode: law.ByRecord, Subject: fact.Organisation,
					Bearer: law.OfSelf, Role: "clinic", Breach: controls("plan-in-force"), Suffices: controls("plan-in-force")},
				{ID: "xx/care/s-4", Pinpoint: "s. 4", Text: "A choice about passwords is made.", Mode: law.ByRecord, Subject: fact.Organisation,
					Bearer: law.OfSelf, Role: "clinic", Breach: controls("choice-made"), Suffices: controls("choice-made")},
				{ID: "xx/care/s-5", Pinpoint: "s. 5", Text: "Activity is reviewed.", Mode: law.ByRecord, Subject: fact.Organisation,
					Bearer: law.OfSelf, Role: "clinic", Breach: controls("activity-reviewed"), Suffices: controls("activity-reviewed")},
			}},
		{ID: "xx/things", Title: "Connected Things Regulation", Short: "Things", Citation: "Regulation 7/2024", Kind: law.Regulation, Status: "in force",
			AppliesFrom: &from, Applies: sold, Provisions: []*law.Provision{
				{ID: "xx/things/art-2", Pinpoint: "Art. 2", Text: "No factory password works after set-up.", Mode: law.Judged, Subject: fact.Product,
					Bearer: law.OfMaker, Role: "manufacturer", Breach: controls("no-default-login")},
				{ID: "xx/things/art-3", Pinpoint: "Art. 3", Text: "A contact is published.", Mode: law.ByRecord, Subject: fact.Product,
					Bearer: law.OfMaker, Role: "manufacturer", Breach: controls("contact-published"), Suffices: controls("contact-published")},
			}},
		{ID: "xx/tomorrow", Title: "Act of Next Year", Short: "Tomorrow", Citation: "2027 c. 9", Kind: law.Statute, Status: "adopted", AppliesFrom: &later,
			Applies: clinics, Provisions: []*law.Provision{
				{ID: "xx/tomorrow/s-1", Pinpoint: "s. 1", Text: "Nobody sends patient data in clear.", Mode: law.Judged, Subject: fact.Device,
					Bearer: law.OfOperator, Role: "clinic", Breach: controls("no-clear-data"), Suffices: controls("no-clear-data")},
			}},
	}
}

func smallClaims() []fact.Claim {
	n := 0
	claim := func(s fact.Subject, name fact.Name, v fact.Value, m fact.Method, frames ...[2]int) fact.Claim {
		n++
		c := fact.Claim{Subject: s, Fact: name, Value: v, Method: m, ObservedAt: morning, Documented: true,
			Statement: strings.Repeat(fmt.Sprintf("%02x", 160+n), 32)}
		if len(frames) > 0 {
			c.ObservedAt = morning.Add(time.Duration(n) * time.Hour)
			c.Coverage = fact.Coverage{Hours: 25, BothWays: true}
			c.Sources = []fact.Source{{Input: capture, Frames: frames, Note: "port 104"}}
		}
		return c
	}
	yes, no := fact.BoolValue(true), fact.BoolValue(false)
	return []fact.Claim{
		claim(clinic, "role.clinic", yes, fact.Declaration),
		claim(clinic, "record.plan", yes, fact.Record),
		claim(clinic, "record.choice", fact.EnumValue("none"), fact.Record),
		claim(pump, "data.clear", yes, fact.Passive, [2]int{12, 14}, [2]int{40, 40}),
		claim(pump, "service.ftp", no, fact.Passive, [2]int{1, 2000}),
		claim(camera, "login.default", yes, fact.Passive, [2]int{100, 106}),
		claim(camera, "sighting.repeated", yes, fact.Passive, [2]int{100, 106}, [2]int{200, 206}),
		claim(camera, "identity.certain", yes, fact.Record),
		claim(camera, "unit.state", fact.EnumValue("set-up"), fact.Declaration),
		claim(eyes, "product.market", yes, fact.Declaration),
		claim(eyes, "record.contact", yes, fact.Record),
	}
}

// small makes the assessment; names are what people call the subjects.
func small(t testing.TB, names map[fact.Subject]string) *assess.Assessment {
	t.Helper()
	cat, e := compiled()
	at := morning.Add(25 * time.Hour)
	a := &assess.Assessment{Catalogue: cat, Engine: "writ test", Day: fact.DayOf(at), At: at, KnownAt: at.Add(time.Hour), PerSubject: true,
		Profile: names[clinic], Names: names,
		Inputs: []assess.Input{{Path: "ward.pcap", SHA256: capture, Size: 99, Packets: 2000, Bytes: 90, LinkType: "ethernet", First: morning, Last: at}},
		Things: []assess.Thing{
			{Subject: camera, Product: eyes, Name: names[camera], MACs: []string{"02:00:00:00:00:02"}, IPs: []string{"10.0.0.2"}, Vendor: "Eyes", Model: "E-1",
				Type: "camera", Confidence: 0.9, Signals: []string{"dhcp.hostname says Eyes (frame 3)"}, First: morning, Last: at},
			{Subject: pump, Product: pumps, Name: names[pump], MACs: []string{"02:00:00:00:00:01"}, IPs: []string{"10.0.0.1"}, First: morning, Last: at},
		},
		Edges: []assess.Edge{
			{From: "pump", To: "camera", Protocol: "dicom", Port: 104, Flows: 3, Bytes: 900, Exposure: "clear-sensitive"},
			{From: "camera", To: "cloud.example 192.0.2.7", Protocol: "tls", Port: 443, Flows: 9, Bytes: 5000, Exposure: "secure"},
			{From: "pump", To: "192.0.2.1", Protocol: "ntp", Port: 123, Flows: 1, Bytes: 90, Exposure: "clear"},
		},
	}
	a.Result = e.Judge(judge.Input{Claims: smallClaims(), At: at, Day: a.Day, All: true, Members: []judge.Member{
		{Subject: clinic, Own: true}, {Subject: maker}, {Subject: pump, Product: pumps, Runner: clinic}, {Subject: camera, Product: eyes, Runner: clinic},
		{Subject: pumps}, {Subject: eyes, Maker: maker},
	}})
	return a
}

// friendly are names that mean no harm.
func friendly() map[fact.Subject]string {
	return map[fact.Subject]string{clinic: "Small Clinic", maker: "Eyes", pump: "pump-1", camera: "camera-1", pumps: "the make of pump-1", eyes: "Eyes E-1"}
}
