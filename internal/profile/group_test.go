// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
)

const group = `version: 1
group: {name: Both, declared-by: an officer, declared-on: 2026-11-02}
persons:
  - {id: ward, name: Ward GmbH, answers: {role.controller: yes, hipaa.covered_entity: no}}
  - {id: clinic, name: Clinic LLC, declared-by: its officer, declared-on: 2026-10-01, answers: {hipaa.covered_entity: yes}}
  - {id: archive, name: Archive GmbH}
sites:
  - {id: house, person: ward, networks: [10.0.0.0/8, "fd00::/16"]}
  - {id: us, person: clinic, networks: [10.90.0.0/16, "fd00:90::/32"]}
services:
  - {from: archive, to: ward, kind: processor}
  - {from: archive, to: clinic, kind: business-associate}
networks: [172.16.0.0/12]
products:
  - {id: viewer, vendor: Archive, model: V1, ours: archive}
  - {id: pump, vendor: Medusa, model: MP-2, ours: no}
devices:
  - {id: store, ip: 10.1.2.3, person: archive}
  - {id: pump-us, ip: 10.90.0.7}
records:
  - {fact: record.risk_analysis_exists, about: clinic, value: yes, day: 2026-03-15, by: its officer}
`

func TestPersonsSpeakForThemselves(t *testing.T) {
	p := parsed(t, group)
	if p.Name() != "Both" || len(p.People()) != 3 || len(p.Ours()) != 5 {
		t.Fatalf("%+v", p)
	}
	facts := map[string]map[string]string{}
	for _, o := range p.People() {
		facts[o.ID] = map[string]string{}
		for _, s := range p.OfOrganisation(fact.Subject{Kind: fact.Organisation, ID: o.ID}, o) {
			if s.Subject.ID != o.ID {
				t.Errorf("%s of %s is said of %s", s.Fact, o.ID, s.Subject)
			}
			facts[o.ID][string(s.Fact)] = s.Value.String() + " by " + s.By
		}
	}
	for id, want := range map[string]map[string]string{
		"ward": {"role.controller": "yes by an officer", "hipaa.covered_entity": "no by an officer",
			"org.uses_processors": "yes by an officer"},
		"clinic": {"hipaa.covered_entity": "yes by its officer", "record.risk_analysis_exists": "yes by its officer",
			"hipaa.uses_business_associates": "yes by an officer"},
		"archive": {"role.processor": "yes by an officer", "hipaa.business_associate": "yes by an officer"},
	} {
		for name, said := range want {
			if got := facts[id][name]; strings.NewReplacer("true", "yes", "false", "no").Replace(got) != said {
				t.Errorf("%s of %s: %q, want %q", name, id, got, said)
			}
		}
		if len(facts[id]) != len(want) {
			t.Errorf("%s: %v is said, want no more than %v", id, facts[id], want)
		}
	}
}

// What a group says of all holds for whoever does not answer, and not for whoever calls it unknown.
func TestAGroupAnswersForWhoeverDoesNot(t *testing.T) {
	text := strings.NewReplacer(
		"declared-on: 2026-11-02}\npersons", "declared-on: 2026-11-02, answers: {org.established_uk: no, org.employees: 9}}\npersons",
		"hipaa.covered_entity: no}", "hipaa.covered_entity: no, org.established_uk: yes}",
		"hipaa.covered_entity: yes}", "hipaa.covered_entity: yes, org.established_uk: unknown, org.employees: {value: unknown}}",
	).Replace(group)
	p := parsed(t, text)
	for id, want := range map[string]string{"ward": "yes/9", "clinic": "/", "archive": "no/9"} {
		var uk, size string
		for _, o := range p.People() {
			for _, s := range p.OfOrganisation(fact.Subject{Kind: fact.Organisation, ID: o.ID}, o) {
				switch {
				case o.ID != id:
				case s.Fact == "org.established_uk":
					uk += map[bool]string{true: "yes", false: "no"}[s.Value.IsTrue()]
				case s.Fact == "org.employees":
					size += s.Value.String()
				}
			}
		}
		if uk+"/"+size != want {
			t.Errorf("of %s it is said %s/%s, want %s", id, uk, size, want)
		}
	}
	denied := strings.Replace(group, "declared-on: 2026-11-02}\npersons",
		"declared-on: 2026-11-02, answers: {role.processor: no}}\npersons", 1)
	if _, err := profile.Parse("us.yaml", []byte(denied), theLaw(t)); err == nil ||
		!strings.Contains(err.Error(), "archive answers role.processor: no, and is processor from archive to ward") {
		t.Errorf("a service that the group denies: %v", err)
	}
}

func TestTheMostSpecificNetworkSaysWhoRunsADevice(t *testing.T) {
	p := parsed(t, group)
	for _, c := range []struct {
		what, addresses string
		entry           *profile.Device
		want            string
	}{
		{"in one site", "10.20.3.4", nil, "ward"},
		{"in a site within a site", "10.90.3.4", nil, "clinic"},
		{"with a link-local address beside", "fe80::1 10.90.3.4", nil, "clinic"},
		{"in both families", "10.90.3.4 fd00:90::4", nil, "clinic"},
		{"written as IPv6", "::ffff:10.90.3.4", nil, "clinic"},
		{"in two persons' sites", "10.90.3.4 10.20.3.4", nil, ""},
		{"in no site", "172.16.0.9", nil, ""},
		{"without an address", "", nil, ""},
		{"named in its entry", "10.90.3.4", &p.Devices[0], "archive"},
		{"listed without a person", "10.90.0.7", &p.Devices[1], "clinic"},
	} {
		var addresses []netip.Addr
		for _, a := range strings.Fields(c.addresses) {
			addresses = append(addresses, netip.MustParseAddr(a))
		}
		if id, known := p.Runner(c.entry, addresses); id != c.want || known != (c.want != "") {
			t.Errorf("%s: %q, %t, want %q", c.what, id, known, c.want)
		}
	}
	if id, known := parsed(t, whole).Runner(nil, nil); id != "" || !known {
		t.Error("of one organisation, it is not the one that runs a device")
	}
}

// TestGroupFaultsHaveTheirPlace changes one line of a good profile, and looks for the fault that it makes.
func TestGroupFaultsHaveTheirPlace(t *testing.T) {
	for _, c := range []struct{ what, old, new, want string }{
		{"an organisation beside", "networks: [172", "organisation: {name: We}\nnetworks: [172",
			"us.yaml:2:8: a profile speaks for an organisation or for a group"},
		{"no group", "group: {name: Both, declared-by: an officer, declared-on: 2026-11-02}\n", "",
			"persons, sites and services are a group's"},
		{"no officer", ", declared-by: an officer, declared-on: 2026-11-02}", "}", "us.yaml:2:8: what is said of a group's"},
		{"a group without a name", "name: Both, ", "", "a group needs a name"},
		{"a person without a name", "archive, name: Archive GmbH", "archive", "us.yaml:6:5: a person of a group needs an id and a name"},
		{"half a declaration", ", declared-on: 2026-10-01", "", "half a declaration"},
		{"an unknown key", "id: archive, name", "id: archive, nam", `us.yaml:6:19: unknown key "nam" in a person`},
		{"a site of nobody", "person: ward,", "person: wrd,", `us.yaml:8:5: site house names the person "wrd"`},
		{"a person misspelt", "person: ward,", "person: wrd,", `did you mean "ward"?`},
		{"a site without networks", ", networks: [10.90.0.0/16, \"fd00:90::/32\"]", "",
			"a site says which person runs the devices on which networks"},
		{"one network, two persons", "10.90.0.0/16", "10.0.0.0/8", "us.yaml:9:5: network 10.0.0.0/8 stands in site house of ward"},
		{"a network that is none", "10.90.0.0/16", "10.90", `us.yaml:9:41: "10.90" is not a network`},
		{"a service that is none", "kind: processor", "kind: procesor", `"procesor" is no kind of service`},
		{"a service misspelt", "kind: processor", "kind: procesor", `did you mean "processor"?`},
		{"a service to nobody", "to: clinic", "to: clinik", `us.yaml:12:5: the service names the person "clinik"`},
		{"a service to itself", "to: clinic", "to: archive", "a service from archive to itself"},
		{"a service without an end", ", to: ward", "", "a service says who does what for whom"},
		{"a service that an answer denies", "name: Archive GmbH", "name: Archive GmbH, answers: {role.processor: no}",
			"us.yaml:11:5: archive answers role.processor: no, and is processor from archive to ward"},
		{"ours of whom", "ours: archive", "ours: yes", "product viewer is ours: whose, in a group?"},
		{"ours of nobody", "ours: archive", "ours: archiv", `product viewer names the person "archiv"`},
		{"a device run by nobody", "person: archive}", "person: archiv}", `device store names the person "archiv"`},
		{"a record about whom", ", about: clinic", "", `a record about "organisation", which the profile does not list`},
		{"a record about a site", "about: clinic", "about: us", "is about an organisation, not about a site"},
		{"one id for two", "id: viewer", "id: ward", `two things have the id "ward"`},
	} {
		text := strings.Replace(group, c.old, c.new, 1)
		if text == group {
			t.Fatalf("%s: the profile does not hold %q", c.what, c.old)
		}
		if _, err := profile.Parse("us.yaml", []byte(text), theLaw(t)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant %s", c.what, err, c.want)
		}
	}
	const nobody = "version: 1\ngroup: {name: Both, declared-by: an officer, declared-on: 2026-11-02}\n"
	if _, err := profile.Parse("us.yaml", []byte(nobody), theLaw(t)); err == nil ||
		!strings.Contains(err.Error(), "us.yaml:2:8: a group of nobody") {
		t.Errorf("without persons: %v", err)
	}
	one := strings.Replace(whole, "model: MP-2", "model: MP-2\n    ours: pump", 1)
	if _, err := profile.Parse("us.yaml", []byte(one), theLaw(t)); err == nil ||
		!strings.Contains(err.Error(), "say ours: yes or no") {
		t.Errorf("a person where there is no group: %v", err)
	}
}
