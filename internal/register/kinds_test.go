// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/law"
)

// theLaw is what the program carries, read once.
var theLaw = sync.OnceValues(func() (*law.Catalogue, error) {
	trees, err := law.ReadTrees(catalogue.Trees)
	if err != nil {
		return nil, err
	}
	return law.LoadWith(trees, catalogue.FS)
})

func lawOf(t testing.TB) *law.Catalogue {
	t.Helper()
	c, err := theLaw()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func kindsOf(t testing.TB) *Kinds {
	t.Helper()
	k, err := LoadKinds(catalogue.FS, lawOf(t))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Every fact that a kind names is there, known by record, of its subject and type; every duty to keep has its place.
func TestTheCataloguesKindsOfRecordsAreSound(t *testing.T) {
	all := kindsOf(t).All()
	if len(all) < 20 {
		t.Errorf("%d kinds", len(all))
	}
	for _, name := range []string{"policy", "procedure", "training", "assessment", "certificate", "contract", "processing-record",
		"impact-assessment", "risk-analysis", "penetration-test", "exercise", "support-period", "disclosure-contact",
		"responsibility", "judgement", "decision"} {
		if _, err := kindsOf(t).Of(name); err != nil {
			t.Error(err)
		}
	}
}

func TestAFaultyKindIsRefusedAtItsPlace(t *testing.T) {
	const good = `records:
  - kind: policy
    title: T
    meaning: m
    subjects: [organisation]
    day: {means: d}
    sets: [{fact: record.security_policy, value: yes}]
    keep: [{law: us/hipaa-security, pinpoint: 164.316(b)(2)(i), from: day}]
`
	load := func(text string) error {
		_, err := LoadKinds(fstest.MapFS{"records/a.yaml": {Data: []byte(text)}}, lawOf(t))
		return err
	}
	if err := load(good); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ old, new, want string }{
		{"record.security_policy", "record.security_polic", `records/a.yaml:7:19: unknown fact "record.security_polic"`},
		{"record.security_policy", "record.vdp_published", "is about a product"},
		{"value: yes", "value: perhaps", "want yes or no"},
		{"value: yes", "from: day", "is a bool, not a day"},
		{"164.316(b)(2)(i)", "164.316(b)(2)(x)", "says nothing of keeping"},
		{"us/hipaa-security", "us/hippa", "unknown instrument"},
		{"from: day}", "from: noon}", "neither day, end"},
		{"subjects:", "subject:", `did you mean "subjects"?`},
		{"[organisation]", "[organization]", `did you mean "organisation"?`},
		{"kind: policy", "kind: A policy", "is no name"},
	} {
		err := load(strings.Replace(good, row.old, row.new, 1))
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s for %s: %v, want %q", row.new, row.old, err, row.want)
		}
	}
}

func catalogueFS(t testing.TB) fs.FS { t.Helper(); return catalogue.FS }
