// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/law"
)

// TestNoCitationLeadsNowhere plants, one by one, what a citation can get wrong: a place, a day, a law, a
// provision, a clock. Each is told where it stands.
func TestNoCitationLeadsNowhere(t *testing.T) {
	const in = "instruments/xx/sample.yaml"
	const duty = "    requires: [no-telnet]\n"
	for _, m := range []mistake{
		{"a provision's place", in, "pinpoint: s. 3", "pinpoint: s. 33", `pinpoint "s. 33" is not a place of xx/sample`, "did you mean", "s. 33", false},
		{"a clock's place", in, "pinpoint: s. 7", "pinpoint: s. 77", `pinpoint "s. 77" is not a place of xx/sample`, "did you mean", "s. 77", false},
		{"applies-from", in, "applies-from: 2021-01-01", "applies-from: 2021-01-02", "applies-from 2021-01-02 is the day of no fitting milestone",
			"the nearest is 2021-01-01", "2021-01-02", true},
		{"from", in, duty, duty + "    from: 2022-01-01\n", "from 2022-01-01 is the day of no fitting milestone", "the nearest is 2021-01-01", "2022-01-01", true},
		{"until", in, duty, duty + "    until: 2021-01-03\n", "until 2021-01-03 is the day of no fitting milestone", "the nearest is", "2021-01-03", true},
		{"repealed", in, "applies-from: 2021-01-01", "applies-from: 2021-01-01\nrepealed: 2026-01-01", "repealed 2026-01-01 is the day of no fitting milestone",
			"the nearest is", "2026-01-01", true},
		{"the law that displaces", in, "authorities:", "displaced: [{by: xx/sampel, when: org.clinic, pinpoint: s. 1}]\nauthorities:",
			`unknown instrument "xx/sampel"`, `did you mean "xx/sample"?`, "xx/sampel", true},
		{"the law that replaces", in, "status: in force", "status: in force\nreplaced-by: xx/sampel", `unknown instrument "xx/sampel"`,
			`did you mean "xx/sample"?`, "xx/sampel", true},
		{"what is deemed enough", in, duty, duty + "    deemed: [{by: xx/sample, kind: deemed, when: org.clinic, provisions: [s-9], pinpoint: s. 2, source: act}]\n",
			`unknown provision "xx/sample/s-9"`, "did you mean", "org.clinic", true},
		{"the clock before", in, "    anchor: awareness\n", "    anchor: submission\n    after: notise\n", `clock "notise" is not in this instrument`,
			`did you mean "notice"?`, "notise", true},
		{"a source", in, "year: 2020, confidence: remembered, source: memory", "year: 2020, confidence: remembered, source: memorie",
			`source "memorie" is not among the file's sources`, `did you mean "memory"?`, "memorie", true},
	} {
		t.Run(m.name, func(t *testing.T) { m.plant(t) })
	}
}

// TestWhatIsOutOfOrderIsTold plants the other slips of an author's hand.
func TestWhatIsOutOfOrderIsTold(t *testing.T) {
	const in, controls = "instruments/xx/sample.yaml", "controls/sample.yaml"
	for _, m := range []mistake{
		{"milestones out of order", in, "day: 2020-05-01", "day: 2022-05-01", "milestone of 2021-01-01 after one of 2022-05-01",
			"milestones stand in order of day", "2021-01-01", true},
		{"a clock without an anchor", in, "    anchor: awareness\n", "", "clock notice has no anchor: nothing starts it", "anchor: one of awareness", "notice", true},
		{"a control twice", controls, "id: policy-renewed", "id: no-telnet", "control no-telnet is defined twice: first at controls/sample.yaml:", "one definition", "no-telnet", true},
		{"a fact twice", "facts/sample.yaml", "facts:\n", "facts:\n  - {name: org.clinic, subject: organisation, type: bool, meaning: m, known: [record], source: s}\n",
			"fact org.clinic is defined twice: first at facts/sample.yaml:", "one definition", "org.clinic", true},
		{"a provision twice", in, "id: s-3", "id: s-2", "provision xx/sample/s-2 stands twice: first at line", "an ID stands once", "s-2", true},
		{"a key twice", in, "short: Sample", "short: Sample\nshort: Again", `key "short" twice in one map`, "a key stands once", "short", true},
		{"an anchor", in, "title: Sample Act", "title: &a Sample Act", "an anchor is not part of the format", "quote the value", "&a", true},
		{"an alias", in, "short: Sample", "short: *a", "an alias is not part of the format", "quote the value", "*a", true},
		{"a merge key", in, "    force: must\n", "    <<: {force: must}\n", "a merge key is not part of the format", "", "<<", true},
		{"a tag", in, "short: Sample", "short: !!str Sample", "a tag is not part of the format", "quote the value", "!!str", true},
		{"a second document", in, "short: Sample\n", "short: Sample\n---\n", "a document mark is not part of the format", "", "---", true},
	} {
		t.Run(m.name, func(t *testing.T) { m.plant(t) })
	}
}

func (m mistake) plant(t *testing.T) {
	fsys := sample(t)
	spoil(t, fsys, m.file, m.from, m.to)
	m.told(t, Lint(fsys))
}

// TestTestedWithoutItsThreeCasesFails: each of the cases, taken away alone, is missed.
func TestTestedWithoutItsThreeCasesFails(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"s-2: met", "s-2: not-shown", "judged provision s-2 has no law test that expects it met"},
		{"s-2: violated because no-telnet", "s-2: not-shown", "judged provision s-2 has no law test that expects it violated"},
		{"s-2: not-shown, missing service.telnet", "s-2: met", "judged provision s-2 has no law test that expects it not-shown"},
	} {
		fsys := sample(t)
		spoil(t, fsys, "lawtests/xx/sample.lawtest", c.from, c.to)
		p := find(Lint(fsys), c.want)
		if p == nil || p.Warning || p.Pos.File != "instruments/xx/sample.yaml" || p.Pos.Line == 0 || p.Hint != "write the case in lawtests/xx/sample.lawtest" {
			t.Errorf("without %q lint says %v", c.from, p)
		}
	}
}

func find(all law.Problems, what string) *law.Problem {
	for _, p := range all {
		if strings.Contains(p.What, what) {
			return p
		}
	}
	return nil
}

// TestHostileFilesAreRefusedWithAPlace: what would cost a parser dearly is measured first.
func TestHostileFilesAreRefusedWithAPlace(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 9) + "]\n"
	}
	for name, tt := range map[string]struct{ text, want string }{
		"an alias bomb":   {bomb, "an anchor is not part of the format"},
		"too long a line": {"id: " + strings.Repeat("x", 20_000), "a line of 20004 bytes: at most 16384"},
		"too deep":        {strings.Repeat("[", 200), "nested deeper than 64"},
		"too many keys":   {manyKeys(5000), "a map of more than 4096 keys"},
		"too many marks":  {strings.Repeat("- - - - - - - -\n", 60_000), "marks of structure: a file holds at most 400000"},
		"too large":       {strings.Repeat("# a comment without end, so to speak\n", 240_000), "bytes: a file holds at most 8388608"},
		"not text":        {"id: \x00\n", "a control character"},
		"a tab":           {"id:\n\t- x\n", "a tab in the indentation"},
	} {
		fsys := sample(t)
		fsys["instruments/xx/hostile.yaml"] = &fstest.MapFile{Data: []byte(tt.text)}
		p := find(Lint(fsys), tt.want)
		if p == nil || p.Warning || !strings.Contains(p.Error(), "instruments/xx/hostile.yaml") {
			t.Errorf("of %s lint says %v", name, p)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + strings.Repeat("i", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + ": 1\n")
	}
	return b.String()
}
