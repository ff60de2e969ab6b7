// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func TestExpectationsReadAsSentences(t *testing.T) {
	x, err := parseExpectation("not-shown, breach-indicated, because no-telnet and service.telnet, missing a.b and c.d, reason stale")
	if err != nil {
		t.Fatal(err)
	}
	if x.Outcome != judge.NotShown || !slices.Equal(x.Flags, []string{judge.BreachIndicated}) ||
		!slices.Equal(x.Because, []string{"no-telnet", "service.telnet"}) || !slices.Equal(x.Missing, []fact.Name{"a.b", "c.d"}) ||
		!slices.Equal(x.Reasons, []judge.Reason{judge.Stale}) {
		t.Errorf("read as %+v", x)
	}
	x, err = parseExpectation("not-applicable, readiness violated on 2027-12-11")
	if err != nil {
		t.Fatal(err)
	}
	if x.Outcome != judge.NotApplicable || x.Readiness.Outcome != judge.Violated || x.Readiness.Day.String() != "2027-12-11" {
		t.Errorf("read as %+v", x)
	}
}

func TestWrongExpectationsSayWhatIsMeant(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "breaks off",
		"violated because":                "breaks off",
		"violated becuase no-telnet":      `did you mean "because"?`,
		"not-show":                        `did you mean "not-shown"?`,
		"met, breach-indicatd":            `did you mean "breach-indicated"?`,
		"not-shown, reason stal":          `did you mean "stale"?`,
		"not-applicable, readiness met":   "breaks off",
		"met, readiness met by 2027-1-1":  "readiness has a day",
		"met, readiness met on yesterday": "YYYY-MM-DD",
		"nothing at all":                  "one of met, violated, not-shown, not-applicable",
	} {
		_, err := parseExpectation(text)
		if err == nil || !strings.Contains(err.Error()+" "+hintOf(err), want) {
			t.Errorf("%q: %v %s; want %q", text, err, hintOf(err), want)
		}
	}
}

func FuzzExpectation(f *testing.F) {
	f.Add("violated because no-telnet and service.telnet, missing a.b, reason stale, readiness met on 2027-12-11")
	f.Add("met,,,because and and and")
	f.Fuzz(func(t *testing.T, s string) {
		x, err := parseExpectation(s)
		if err == nil && !strings.HasPrefix(strings.Join(strings.Fields(strings.ReplaceAll(s, ",", " ")), " "), x.Outcome.String()) {
			t.Errorf("%q is read as %s", s, x.Outcome)
		}
	})
}

// FuzzLawTestFile: no file makes reading panic, and one without problems can be judged.
func FuzzLawTestFile(f *testing.F) {
	f.Add([]byte("instrument: xx/sample\ntests:\n  - name: n\n    day: 2026-11-24\n    given:\n      bearer: supplier\n" +
		"      device: {service.telnet: {value: yes, age: 3d, coverage: none, documented: no, method: active}}\n    expect: {s-2: met}\n"))
	f.Add([]byte("tests: [{name: n, day: 2026-11-24, expect: {s-2: met}}]\n"))
	f.Add([]byte("instrument: xx/sample\ntests: [{name: [], day: no, given: {maker: 3}, expect: {}}]\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		cat := fuzzed(t)
		tests, problems := readTestFile(cat, "fuzz.lawtest", b)
		if problems.Err() == nil {
			for k := range tests {
				tests[k].Input()
			}
		}
	})
}

var fuzzCatalogue = sync.OnceValues(func() (*law.Catalogue, error) { return law.Load(os.DirFS("../lawtool/testdata/catalogue")) })

func fuzzed(t *testing.T) *law.Catalogue {
	cat, err := fuzzCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// TestLawTestFilesSayWhatIsWrong reads files that a tired author could write.
func TestLawTestFilesSayWhatIsWrong(t *testing.T) {
	const head = "instrument: xx/sample\ntests:\n  - name: n\n    day: 2026-11-24\n"
	for text, want := range map[string]string{
		"instrument: xx/sampl\ntests: []\n":                                                               `unknown instrument "xx/sampl"`,
		head + "    expect: {s-9: met}\n":                                                                 `unknown provision "s-9"`,
		head + "    expect: {s-2: met because no-telne}\n":                                                `"no-telne" is no control, fact or condition`,
		head + "    expect: {s-2: not-shown missing service.telne}\n":                                     `unknown fact "service.telne"`,
		head + "    expect: {}\n":                                                                         "expect is a map",
		head + "    given: {device: {org.clinic: yes}}\n    expect: {s-2: met}\n":                         "speaks of an organisation, not of a device",
		head + "    given: {device: {service.telnet: maybe}}\n    expect: {s-2: met}\n":                   "want yes or no",
		head + "    given: {device: {service.telnet: {value: yes, age: long}}}\n    expect: {s-2: met}\n": `"long" is no age`,
		head + "    given: {device: {\"judgement:xx/sample/s-9\": yes}}\n    expect: {s-2: met}\n":        "judges no provision",
		head + "    given: {bearer: theirs}\n    expect: {s-2: met}\n":                                    `"theirs" is no bearer`,
		head + "    expect: {s-2: met}\n  - name: n\n    day: 2026-11-24\n    expect: {s-2: met}\n":       `two tests are named "n"`,
	} {
		_, problems := readTestFile(fuzzed(t), "x.lawtest", []byte(text))
		if err := problems.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nsays %v, not %q", text, err, want)
		}
	}
}
