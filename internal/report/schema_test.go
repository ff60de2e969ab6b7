// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/internal/report"
)

func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../docs/schema/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheJSONIsWhatItsSchemaSays(t *testing.T) {
	s := schema(t, "assess.schema.json")
	var b bytes.Buffer
	if err := report.JSON(&b, small(t, friendly()), true); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	check := func(text string) error {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return s.Validate(v)
	}
	if err := check(text); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{
		{`"verdict": "met"`, `"verdict": "compliant"`}, {`"bearer": "own"`, `"bearer": "us"`}, {`"counts": {`, `"counts": {"passed": 1, `},
		{`"reasons": [
    "open-norm"
   ]`, `"reasons": []`}, {`"day": "2026-11-03"`, `"day": "03.11.2026"`}, {`"class": "judgement"`, `"class": "somebody"`},
	} {
		wrong := strings.Replace(text, change[0], change[1], 1)
		if wrong == text {
			t.Errorf("the text has no %s", change[0])
		} else if check(wrong) == nil {
			t.Errorf("the schema takes %s", change[1])
		}
	}
}
