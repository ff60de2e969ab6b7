// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// compiled is the program's own law, read once for all tests.
var compiled = sync.OnceValues(func() (*program, error) {
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		return nil, err
	}
	engine, err := judge.Compile(cat)
	return &program{cat, engine}, err
})

type program struct {
	cat    *law.Catalogue
	engine *judge.Engine
}

func whole(t *testing.T) (*law.Catalogue, *judge.Engine) {
	t.Helper()
	p, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return p.cat, p.engine
}

// TestWorkedProfilesComeTrue: each says what binds, what does not and why, and what stays open.
func TestWorkedProfilesComeTrue(t *testing.T) {
	cat, engine := whole(t)
	worked, problems := ReadProfiles(cat, catalogue.FS)
	for _, p := range problems {
		t.Error(p)
	}
	have := map[string]bool{}
	for _, w := range worked {
		have[strings.TrimSuffix(strings.TrimPrefix(w.File, "lawtests/profiles/"), ".yaml")] = true
		result := w.judge(engine)
		for _, f := range w.compare(result) {
			t.Error(f)
		}
		canBeAsked(t, cat, w, result)
		for _, f := range w.checkOnly(cat.Vocabulary, engine) {
			t.Error(f)
		}
	}
	for _, name := range []string{"german-hospital-group", "us-regional-hospital", "irish-bank", "californian-camera-maker",
		"singapore-router-maker", "british-smart-home-brand", "us-federal-agency", "operator-of-a-wind-farm",
		"open-source-steward", "french-ten-person-maker", "household"} {
		if !have[name] {
			t.Errorf("the profile %s is not worked", name)
		}
	}
}

// canBeAsked: of no instrument is it open whether it binds us without a question that tells.
func canBeAsked(t *testing.T, cat *law.Catalogue, w *Worked, result *judge.Result) {
	t.Helper()
	asked := func(m judge.MissingFact) bool {
		d, ok := cat.Vocabulary.Lookup(m.Fact)
		return ok && d.Question != "" && (slices.Contains(d.Known, fact.Declaration) || slices.Contains(d.Known, fact.Record))
	}
	for _, p := range result.Persons {
		for _, a := range p.Instruments {
			if a.OpenFor == judge.Own && !slices.ContainsFunc(a.Missing, asked) {
				t.Errorf("%s: %s is open, and nothing can be asked: %v", w.File, a.Instrument.ID, a.Missing)
			}
		}
	}
}

const workedHead = "version: 1\nday: 2026-11-25\norganisation: {name: N, declared-by: B, declared-on: 2026-11-01," +
	" answers: {org.clinic: yes}}\nexpect: "

// TestWorkedProfilesSayWhatIsWrong reads files that a tired author could write.
func TestWorkedProfilesSayWhatIsWrong(t *testing.T) {
	cat, err := law.Load(os.DirFS("../lawtool/testdata/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		workedHead + "{xx/sampl: own}\n":                                               `unknown instrument "xx/sampl": did you mean "xx/sample"?`,
		workedHead + "{xx/sample: no because org.clinc}\n":                             `unknown fact "org.clinc": did you mean "org.clinic"?`,
		workedHead + "{xx/sample: undetermined asking org.clinc}\n":                    `unknown fact "org.clinc"`,
		workedHead + "{xx/sample: no}\n":                                               "a no says why",
		workedHead + "{xx/sample: undetermined}\n":                                     "what is undetermined asks something",
		workedHead + "{xx/sample: displaced}\n":                                        "a law is displaced by another",
		workedHead + "{xx/sample: displaced by xx/nothing}\n":                          `unknown instrument "xx/nothing"`,
		workedHead + "{xx/sample: onw}\n":                                              `did you mean "own"?`,
		workedHead + "{xx/sample: own becuase org.clinic}\n":                           `did you mean "because"?`,
		workedHead + "{xx/sample: own because}\n":                                      "breaks off",
		workedHead + "{xx/sample: undetermined for us asking org.clinic}\n":            "for own, or for supplier",
		workedHead + "{others: own}\n":                                                 "nothing that all others can be",
		workedHead + "{xx/sample: own}\nonly: [xx/sampl]\n":                            `unknown instrument "xx/sampl": did you mean "xx/sample"?`,
		workedHead + "[]\n":                                                            "says what it expects",
		strings.Replace(workedHead, "day: 2026-11-25\n", "", 1) + "{xx/sample: own}\n": "without its day",
		strings.Replace(workedHead, "2026-11-25", "today", 1) + "{xx/sample: own}\n":   "today",
		strings.Replace(workedHead, "answers", "anwsers", 1) + "{xx/sample: own}\n":    `did you mean "answers"?`,
		"version: 1\nday: 2026-11-25\ngroup: {name: G, declared-by: B, declared-on: 2026-11-01}\npersons: [{id: a, name: A}]\n" +
			"expect: {aa: {xx/sample: own}}\n": `lists no person "aa"`,
	} {
		_, problems := readWorked(cat, "x.yaml", []byte(text))
		if err := problems.Err(); err == nil || !strings.Contains(plain(problems), want) {
			t.Errorf("%s\nsays %v, not %q", text, err, want)
		}
	}
}

func plain(problems law.Problems) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.What + ": " + p.Hint + "\n")
	}
	return b.String()
}

// TestAWrongWorkedProfileFails: each kind of expectation can fail, and says what is so.
func TestAWrongWorkedProfileFails(t *testing.T) {
	cat, engine := whole(t)
	const head = "version: 1\nday: 2026-11-25\norganisation: {name: N, declared-by: B, declared-on: 2026-11-01," +
		" answers: {org.established_us: yes, role.us_federal_agency: no, hipaa.covered_entity: yes}}\nexpect: "
	for expect, want := range map[string]string{
		"us/fisma: own": "got no because role.us_federal_agency; want own",
		"us/fisma: no because org.established_us":                       "want it because of org.established_us",
		"us/ftc-hbnr: no because in-force":                              "got displaced by us/hipaa-breach",
		"us/ftc-hbnr: displaced by eu/dora":                             "want displaced by eu/dora",
		"us/hipaa-security: undetermined asking hipaa.covered_entity":   "got own because hipaa.covered_entity",
		"us/cisa-cpg: undetermined asking org.adopted_csf":              "want org.adopted_csf asked",
		"us/cisa-cpg: undetermined for supplier asking org.adopted_cpg": "want it open for supplier",
		"others: not own": "us/hipaa-security: got own",
		"us/fisma: no because role.us_federal_agency}\nonly: [us/fisma": "us/fisma is to bind us: got no",
	} {
		w, problems := readWorked(cat, "x.yaml", []byte(head+worked(expect)))
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
		failures := w.Check(cat.Vocabulary, engine)
		if !slices.ContainsFunc(failures, func(f Failure) bool { return strings.Contains(f.What, want) }) {
			t.Errorf("%s: %v; want %q", expect, failures, want)
		}
	}
}

// FuzzWorkedProfile: no file makes reading panic, and one without problems can be judged.
func FuzzWorkedProfile(f *testing.F) {
	f.Add([]byte(workedHead + "{xx/sample: undetermined for own asking org.clinic, others: not own}\n"))
	f.Add([]byte(workedHead + "{xx/sample: displaced by xx/sample because in-force and org.clinic}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, problems := readWorked(fuzzed(t), "fuzz.yaml", b)
		if problems.Err() == nil && w != nil {
			w.Profile.Input(w.Day, w.Day.Time())
		}
	})
}

// worked closes the bracket that an expectation is written in.
func worked(expect string) string {
	if strings.Contains(expect, "only: [") {
		return "{" + expect + "]\n"
	}
	return "{" + expect + "}\n"
}
