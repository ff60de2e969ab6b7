// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/judge"
)

// grouped is the small assessment where a sister runs the camera, and of a probe it is not known who of us does.
func grouped(t testing.TB) *assess.Assessment {
	t.Helper()
	sister := fact.Subject{Kind: fact.Organisation, ID: "sister"}
	names := friendly()
	names[sister] = "Sister <b>Company</b>"
	a := small(t, names)
	a.Profile = "Both"
	_, e := compiled()
	a.Result = e.Judge(judge.Input{Claims: smallClaims(), At: a.At, Day: a.Day, All: true, Members: []judge.Member{
		{Subject: clinic, Own: true}, {Subject: sister, Own: true}, {Subject: maker},
		{Subject: pump, Product: pumps, Runner: clinic}, {Subject: camera, Product: eyes, Runner: sister},
		{Subject: fact.Subject{Kind: fact.Device, ID: "probe"}}, {Subject: pumps}, {Subject: eyes, Maker: maker},
	}})
	return a
}

func TestEachPersonOfAGroupHasItsOwnMatrix(t *testing.T) {
	a := grouped(t)
	text := plainText(t, func(w io.Writer) error { return report.Text(w, a, 0) })
	_, part, ok := strings.Cut(string(text), "Verdicts by person")
	part, _, _ = strings.Cut(part, "\n\n")
	if !ok {
		t.Fatalf("no matrix by person in\n%s", text)
	}
	golden(t, "persons.txt", []byte(part+"\n"))
	var page bytes.Buffer
	if err := report.HTML(&page, a); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`aria-label="Verdicts by person"`, "Sister &lt;b&gt;Company&lt;/b&gt;", "one of us; which is not known"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page has no %s", want)
		}
	}
	one := plainText(t, func(w io.Writer) error { return report.Text(w, small(t, friendly()), 0) })
	if strings.Contains(string(one), "by person") {
		t.Error("one organisation is told apart from itself")
	}
}

func TestTheJSONOfAGroupIsWhatItsSchemaSays(t *testing.T) {
	var b bytes.Buffer
	if err := report.JSON(&b, grouped(t), true); err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t, "assess.schema.json").Validate(v); err != nil {
		t.Error(err)
	}
	all := v.(map[string]any)["persons"].([]any)
	if len(all) != 3 {
		t.Fatalf("%d persons", len(all))
	}
	for _, p := range all {
		if n := len(p.(map[string]any)["instruments"].([]any)); n != 3 {
			t.Errorf("%d laws for %v", n, p.(map[string]any)["person"])
		}
	}
}
