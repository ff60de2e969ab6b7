// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package catalogue_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/law"
)

// schemaOf names the schema of each file of the catalogue; "" where it has none.
func schemaOf(name string) string {
	dir, _, _ := strings.Cut(name, "/")
	switch {
	case path.Dir(name) == "lawtests/profiles":
		return "worked"
	case path.Ext(name) == ".lawtest":
		return "lawtest"
	case path.Ext(name) != ".yaml":
		return ""
	case dir == "facts", dir == "controls", dir == "recipients", dir == "records":
		return dir
	case dir == "instruments":
		return "instrument"
	}
	return ""
}

func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	all := map[string]*jsonschema.Schema{}
	names, err := fs.Glob(catalogue.FS, "schema/*.schema.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no schema is embedded: %v", err)
	}
	for _, name := range names {
		f, err := catalogue.FS.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.AddResource(name, doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s, err := c.Compile(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".schema.json")] = s
	}
	return all
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// asJSON types a node as an editor does (YAML 1.2): true and false and numbers, if unquoted; the rest is
// text. The key of a map is always text.
func asJSON(n *law.Node) any {
	switch n.Kind {
	case law.Map:
		m := map[string]any{}
		for _, e := range n.Entries {
			m[e.Key] = asJSON(e.Value)
		}
		return m
	case law.List:
		all := []any{}
		for _, i := range n.Items {
			all = append(all, asJSON(i))
		}
		return all
	}
	switch {
	case n.Empty:
		return nil
	case n.Quoted:
		return n.Text
	case n.Text == "true" || n.Text == "false":
		return n.Text == "true"
	case number.MatchString(n.Text):
		f, _ := strconv.ParseFloat(n.Text, 64)
		return f
	}
	return n.Text
}

func parsed(t *testing.T, name string, b []byte) any {
	t.Helper()
	n, err := law.ParseYAML(name, b)
	if err != nil {
		t.Fatal(err)
	}
	return asJSON(n)
}

func TestEveryFileOfTheCatalogueHasItsSchema(t *testing.T) {
	all := schemas(t)
	err := fs.WalkDir(catalogue.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || schemaOf(name) == "" {
			return err
		}
		b, err := fs.ReadFile(catalogue.FS, name)
		if err != nil {
			return err
		}
		if err := all[schemaOf(name)].Validate(parsed(t, name, b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheExamplesHaveTheProfilesSchema(t *testing.T) {
	s := schemas(t)["profile"]
	names, err := filepath.Glob("../examples/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(parsed(t, name, b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemasRefuse spoils files that are right: an editor must mark each mistake.
func TestSchemasRefuse(t *testing.T) {
	all := schemas(t)
	for _, tt := range []struct{ file, from, to string }{
		{"facts/us.yaml", "subject: organisation", "subject: organization"},
		{"facts/us.yaml", "type: bool", "type: boolean"},
		{"facts/us.yaml", "    type: bool\n", "    type: enum\n"},
		{"facts/us.yaml", "name: hipaa.covered_entity", "name: Covered"},
		{"recipients/uk.yaml", "kind: authority", "kind: office"},
		{"recipients/uk.yaml", "https://ico.org.uk", "http://ico.org.uk"},
		{"controls/us.yaml", "severity: low", "severity: mild"},
		{"controls/us.yaml", "    actor: operator\n", ""},
		{"controls/us.yaml", "actor: operator", "actors: operator"},
		{"instruments/us/hipaa-breach.yaml", "kind: regulation", "kind: rule"},
		{"instruments/us/hipaa-breach.yaml", "pinpoint: '164.404'", "pinpont: '164.404'"},
		{"instruments/us/hipaa-breach.yaml", "offset: P60D", "offset: 60 days"},
		{"instruments/us/hipaa-breach.yaml", "anchor: discovery", "anchor: found"},
		{"instruments/us/hipaa-breach.yaml", "mode: by-record", "mode: open"},
		{"instruments/us/hipaa-breach.yaml", "day: 2009-09-23", "day: 23.9.2009"},
		{"instruments/us/hipaa-breach.yaml", "event: applies", "event: starts"},
		{"instruments/us/hipaa-breach.yaml", "depth: tested", "depth: deep"},
		{"instruments/pci/dss-4.0.1.yaml", "{name: adoption,", "{name: personal,"},
		{"lawtests/us/hipaa-breach.lawtest", "164.404: met", "164.404: mett"},
		{"lawtests/us/hipaa-breach.lawtest", "day: 2026-11-24", "day: today"},
		{"lawtests/us/hipaa-breach.lawtest", "  organisation:", "  organization:"},
		{"instruments/eu/gdpr.yaml", "{id: nature, title:", "{id: Nature, title:"},
		{"instruments/eu/gdpr.yaml", "{id: nature, title:", "{id: nature, titel:"},
		{"instruments/eu/nis2.yaml", "at-least: yes", "at-least: maybe"},
		{"instruments/br/lgpd.yaml", "currency: BRL}, whichever", "currency: reais}, whichever"},
		{"recipients/uk.yaml", "portal-confidence: remembered", "portal-confidence: sure"},
		{"lawtests/profiles/irish-bank.yaml", "\nday: ", "\ndate: "},
		{"lawtests/profiles/irish-bank.yaml", ": own ", ": ours "},
		{"lawtests/profiles/irish-bank.yaml", "\nexpect:", "\nexpects:"},
		{"lawtests/profiles/irish-bank.yaml", "  declared-by:", "  declared:"},
		{"lawtests/profiles/irish-bank.yaml", "\nonly:", "\nonly: all\nits:"},
	} {
		b, err := fs.ReadFile(catalogue.FS, tt.file)
		if err != nil {
			t.Fatal(err)
		}
		spoilt := strings.Replace(string(b), tt.from, tt.to, 1)
		if spoilt == string(b) {
			t.Errorf("%s holds no %q to spoil", tt.file, tt.from)
		}
		if all[schemaOf(tt.file)].Validate(parsed(t, tt.file, []byte(spoilt))) == nil {
			t.Errorf("%s: the schema takes %q for %q", tt.file, tt.to, tt.from)
		}
	}
}

func TestProfileSchemaRefuses(t *testing.T) {
	s := schemas(t)["profile"]
	const head = "version: 1\norganisation: {name: N, declared-by: B, declared-on: 2026-11-01"
	for _, good := range []string{head + "}\n", head + ", answers: {org.clinic: yes}}\n",
		head + "}\nrecords: [{judgement: us/x/1, value: yes, by: B, day: 2026-11-01, until: 2027-11-01, reasons: because}]\n",
		"version: 1\ngroup: {name: G, declared-by: B, declared-on: 2026-11-01}\npersons: [{id: a, name: A}]\n"} {
		if err := s.Validate(parsed(t, "good", []byte(good))); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{
		"organisation: {name: N}\n",
		"version: 2\norganisation: {name: N}\n",
		"version: 1\norganisation: {name: N, answers: {org.clinic: yes}}\n", // nobody's word
		head + "}\nnetworks: [ours]\n",
		head + "}\ndevices: [{product: p}]\n",
		head + "}\nrecords: [{fact: a.b, value: yes}]\n",
		head + "}\nrecords: [{judgement: us/x/1, value: yes, by: B, day: 2026-11-01}]\n", // without reasons or end
		head + "}\nproduct: []\n",
		head + "}\npersons: [{id: a, name: A}]\n", // of no group
		"version: 1\n",
		"version: 1\ngroup: {name: G, declared-by: B, declared-on: 2026-11-01}\n", // of nobody
		"version: 1\ngroup: {name: G}\npersons: [{id: a, name: A}]\n",             // nobody's word
		"version: 1\ngroup: {name: G, declared-by: B, declared-on: 2026-11-01}\npersons: [{id: a, name: A}]\n" +
			"services: [{from: a, to: b, kind: friend}]\n",
	} {
		if s.Validate(parsed(t, "bad", []byte(bad))) == nil {
			t.Errorf("the schema takes %q", bad)
		}
	}
}

// TestSchemasKnowTheLoadersWords: a word that the loader takes and an editor marks would be a trap.
func TestSchemasKnowTheLoadersWords(t *testing.T) {
	b, err := fs.ReadFile(catalogue.FS, "schema/instrument.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties struct {
			Kind struct{ Enum []string }
		}
		Defs struct {
			Anchor    struct{ Enum []string }
			Milestone struct {
				Properties struct {
					Event struct{ Pattern string }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, k := range law.Kinds() {
		kinds = append(kinds, string(k))
	}
	if !slices.Equal(s.Properties.Kind.Enum, kinds) {
		t.Errorf("kinds of instrument: %q", s.Properties.Kind.Enum)
	}
	if !slices.Equal(s.Defs.Anchor.Enum, law.Anchors()) {
		t.Errorf("anchors: %q", s.Defs.Anchor.Enum)
	}
	if want := "^(" + strings.Join(law.Events(), "|") + ")([ ,:;].*)?$"; s.Defs.Milestone.Properties.Event.Pattern != want {
		t.Errorf("events: %q", s.Defs.Milestone.Properties.Event.Pattern)
	}
}
