// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"bytes"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/profile"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// compiled is the law that the program carries, read once.
var compiled = sync.OnceValues(func() (*law.Catalogue, error) { return law.Load(catalogue.FS) })

func theLaw(t testing.TB) *law.Catalogue {
	t.Helper()
	cat, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

var question = regexp.MustCompile(`(?m)[0-9]+\. (.*?) \([0-9]+ more\)`)

// aFew is a catalogue of a few laws, so that an interview is short and its order plain to see.
var aFew = sync.OnceValues(func() (*law.Catalogue, error) {
	few := fstest.MapFS{}
	err := fs.WalkDir(catalogue.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if in, is := strings.CutPrefix(name, "instruments/"); is && !slices.Contains([]string{"eu/cra.yaml", "eu/gdpr.yaml", "pci/dss-4.0.1.yaml",
			"us/hipaa-security.yaml", "us/hipaa-breach.yaml", "uk/psti.yaml", "etsi/en-303-645.yaml", "etsi/en-303-645-v2.1.1.yaml"}, in) {
			return nil
		}
		b, err := catalogue.FS.ReadFile(name)
		few[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		return nil, err
	}
	return law.Load(few)
})

// ask holds the interview with these answers, in order, and gives them and the questions.
func ask(t *testing.T, lines ...string) (answers map[fact.Name]string, asked []string, said string) {
	t.Helper()
	cat, err := aFew()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := judge.Compile(cat)
	if err != nil {
		t.Fatal(err)
	}
	today, err := fact.ParseDay("2026-11-24")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	answers, err = profile.Ask(strings.NewReader(strings.Join(lines, "\n")+"\n"), &out, cat, engine, today)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range question.FindAllStringSubmatch(out.String(), -1) {
		asked = append(asked, m[1])
	}
	return answers, asked, out.String()
}

func TestSilenceIsUnknown(t *testing.T) {
	empty := make([]string, 100)
	answers, asked, _ := ask(t, append([]string{"We", "an officer"}, empty...)...)
	if len(answers) != 3 || answers["declared-on"] != "2026-11-24" {
		t.Errorf("answers %v", answers)
	}
	if len(asked) < 20 || len(asked) > len(profile.Questions(theLaw(t), fact.Organisation)) {
		t.Errorf("%d questions", len(asked))
	}
	seen := map[string]bool{}
	for _, q := range asked {
		if seen[q] {
			t.Errorf("asked twice: %s", q)
		}
		seen[q] = true
	}
}

// Whoever no contract binds to PCI DSS is asked nothing more about it.
func TestWhatNoLongerMattersIsNotAsked(t *testing.T) {
	count := func(asked []string) (n int) {
		for _, q := range asked {
			if strings.Contains(q, "card") || strings.Contains(q, "PCI") {
				n++
			}
		}
		return n
	}
	_, all, _ := ask(t, append([]string{"We", "an officer", ""}, make([]string, 6)...)...)
	_, without, _ := ask(t, append([]string{"We", "an officer", "not-adopted"}, make([]string, 100)...)...)
	if !strings.Contains(all[0], "PCI DSS") || count(all) < 2 || count(without) != 1 {
		t.Errorf("%d questions about cards, and %d once PCI DSS binds nobody:\n%s", count(all), count(without),
			strings.Join(without, "\n"))
	}
}

func TestAnAnswerThatIsNoneIsAskedAgain(t *testing.T) {
	answers, asked, said := ask(t, "We", "an officer", "perhaps", "?", "defined", "y", "q")
	if answers["pci.approach"] != "defined" || answers["pci.handles_account_data"] != "yes" || len(answers) != 5 {
		t.Errorf("answers %v after\n%s", answers, strings.Join(asked, "\n"))
	}
	for _, want := range []string{`"perhaps" is none of defined`, "pci.approach: how the organisation is bound"} {
		if !strings.Contains(said, want) {
			t.Errorf("it did not say %q", want)
		}
	}
}

// What the interview writes is a profile, whatever a name holds.
func TestTheTemplateIsAProfile(t *testing.T) {
	cat := theLaw(t)
	answers := map[fact.Name]string{"name": "\"We\"\\ : #\n", "declared-by": "", "declared-on": "2026-11-24",
		"role.manufacturer": "yes", "org.employees": "3"}
	var out bytes.Buffer
	if err := profile.Template(&out, cat, answers); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse("new.yaml", out.Bytes(), cat)
	if err != nil {
		t.Fatal(err)
	}
	if p.Organisation.Name != `"We"\ : # ` || len(p.Organisation.Facts) != 2 {
		t.Errorf("%+v", p.Organisation)
	}
}
