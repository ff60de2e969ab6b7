// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// A verdict's history names each turn and the words that turned it, and nothing else of the case moves it.
func TestTheHistoryNamesWhatTurnedAVerdict(t *testing.T) {
	w := newWard(t)
	const duty = "us/hipaa-security/164.308/a/5/i"
	w.keeps("import", w.file("staff.csv", "Employee,Course,Completed\nA. Nurse,Phishing,2023-02-03\n"), "--kind", "training", "--by", "people office")
	w.keeps("close", "training", "--by", "people office")
	w.keeps("add", "policy", "security", "--day", w.today, "--by", "security office") // bears on another duty
	w.keeps("add", "training-programme", "--day", w.today, "--by", "security office", "--field", "reaches-all=yes")
	var turns []told
	out := w.does(0, "history", "--case", w.dir, duty, "--format", "json")
	if err := json.Unmarshal([]byte(out), &turns); err != nil {
		t.Fatal(err)
	}
	var words, forms []string
	for _, turn := range turns {
		words = append(words, turn.To)
		for _, c := range turn.By {
			forms = append(forms, c.Form+" by "+c.Who)
		}
	}
	if got := strings.Join(words, ", "); !strings.HasPrefix(got, "not-shown, violated, ") || len(turns) != 3 {
		t.Errorf("it became %s", got)
	}
	for _, want := range []string{"register.training by people office", "record.training-programme by security office"} {
		if !strings.Contains(strings.Join(forms, "; "), want) {
			t.Errorf("%s is not named: %v", want, forms)
		}
	}
	if text := w.does(0, "history", "--case", w.dir, duty); !strings.Contains(text, "HIPAA Security 164.308(a)(5)(i)") ||
		!strings.Contains(text, "register.training by people office") {
		t.Errorf("for people: %s", text)
	}
	if out := w.does(2, "history", "--case", w.dir, "us/hipaa-security/164.308/a/5/j"); !strings.Contains(out, "did you mean us/hipaa-security/164.308/a/5/i?") {
		t.Errorf("no such duty: %s", out)
	}
}
