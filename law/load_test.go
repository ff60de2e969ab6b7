// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

const facts = `facts:
  - name: service.telnet
    subject: device
    type: bool
    meaning: telnet was spoken
    known: [passive, record]
    ttl: {passive: 24h, record: 12M}
    absence-hours: 24
    source: RFC 854
  - name: unit.state
    subject: device
    type: enum
    words: [factory-default, set-up]
    meaning: the unit's state
    known: [declaration]
    source: a clause
`

const controls = `controls:
  - id: no-telnet
    title: No Telnet
    subject: device
    expr: "!service.telnet"
    severity: high
    remedy: Switch it off.
    actor: either
    cost: 1
`

const instrument = `id: uk/example
title: An act for tests
short: Act
citation: 2022 c. 0
jurisdiction: UK
issuer: Parliament
kind: statute
status: in force
addressees: [manufacturer]
checked: {day: 2026-11-24, by: us}
confidence: verified
depth: tested
sources: {act: the act}
milestones:
  - {day: 2022-12-06, event: adopted, source: act}
  - {day: 2024-04-29, event: applies, confidence: remembered, source: act}
applies-from: 2024-04-29
applies:
  - {name: material, expr: service.telnet, pinpoint: s. 4}
clocks:
  - id: report
    pinpoint: s. 9
    anchor: awareness
    offset: PT72H
    period-rule: uk
    recipient: the Secretary of State
    source: act
provisions:
  - id: schedule-1/1
    pinpoint: Sch. 1 para. 1
    text: no telnet
    force: must
    mode: judged
    subject: device
    bearer: maker
    requires: [no-telnet]
    source: act
  - id: schedule-1/2
    pinpoint: Sch. 1 para. 2
    text: be careful
    force: must
    mode: open
    subject: organisation
    bearer: self
    needs: [a judgement]
    source: act
    depth: listed
`

func files(change func(map[string]string)) fs.FS {
	all := map[string]string{
		"catalogue.yaml":              "version: 2026.11.24\n",
		"facts/all.yaml":              facts,
		"controls/all.yaml":           controls,
		"instruments/uk/example.yaml": instrument,
		"instruments/README.md":       "not law",
	}
	if change != nil {
		change(all)
	}
	out := fstest.MapFS{}
	for name, text := range all {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestLoadReadsWhatTheFilesSay(t *testing.T) {
	c, err := law.Load(files(nil))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Provisions["uk/example/schedule-1/1"]
	if p == nil || p.Pinpoint != "Sch. 1 para. 1" || p.Breach[0] != "no-telnet" || p.Suffices[0] != "no-telnet" {
		t.Errorf("requires is not both breach and suffices: %+v", p)
	}
	if p.Confidence != law.Verified || p.Depth != law.Tested {
		t.Errorf("confidence %q and depth %q are not the instrument's", p.Confidence, p.Depth)
	}
	i := p.Instrument
	if i.AppliesFrom.String() != "2024-04-29" || i.Milestones[1].Confidence != law.Remembered {
		t.Errorf("dates or confidence differ: %+v", i.Milestones)
	}
	def, _ := c.Vocabulary.Lookup("service.telnet")
	if def.TTL[fact.Passive] != 24*time.Hour || def.TTL[fact.Record] != 366*24*time.Hour || def.AbsenceHours != 24 {
		t.Errorf("freshness differs: %+v", def)
	}
}

// Each row mistypes one thing; the message must name its place.
func TestEachMistakeIsNamedWhereItStands(t *testing.T) {
	const in = "instruments/uk/example.yaml"
	rows := []struct{ name, file, old, new, want, hint string }{
		{"unknown key", in, "    pinpoint: Sch. 1 para. 1", "    pinpont: Sch. 1 para. 1", in + `:30:5: unknown key "pinpont" in a provision`, `did you mean "pinpoint"?`},
		{"missing key", in, "    force: must\n    mode: judged", "    mode: judged", in + `:29:5: a provision lacks the key "force"`, ""},
		{"unknown control", in, "[no-telnet]", "[no-telent]", in + `:36:16: unknown control "no-telent"`, `did you mean "no-telnet"?`},
		{"unknown source", in, "source: act}\napplies-from", "source: cat}\napplies-from", in + `:16:71: source "cat" is not among`, `did you mean "act"?`},
		{"wrong word", in, "kind: statute", "kind: statue", in + `:7:7: "statue" is no kind of instrument`, `did you mean "statute"?`},
		{"wrong date", in, "applies-from: 2024-04-29", "applies-from: 2024-04-28", in + `:17:15: applies-from 2024-04-28 is the day of no fitting milestone`, "the nearest is 2024-04-29, applies"},
		{"impossible date", in, "applies-from: 2024-04-29", "applies-from: 2024-02-30", in + `:17:15: day "2024-02-30"`, ""},
		{"milestones out of order", in, "day: 2022-12-06", "day: 2025-12-06", in + `:16:11: milestone of 2024-04-29 after one of 2025-12-06`, ""},
		{"clock without anchor", in, "    anchor: awareness\n", "", in + `:21:9: clock report has no anchor`, "awareness, discovery"},
		{"replaced by nothing", in, "kind: statute", "kind: statute\nreplaced-by: uk/exampel", in + `:8:14: unknown instrument "uk/exampel"`, `did you mean "uk/example"?`},
		{"left to fill in", in, "kind: statute", "kind: FILL one of the kinds", in + `:7:7: still to be filled in`, "one of the kinds"},
		{"not a period", in, "PT72H", "72 hours", in + `:24:13: "72 hours" is no period`, ""},
		{"voluntary and not adopted", in, "kind: statute", "kind: standard", in + `:1:1: a standard binds nobody`, "adoption"},
		{"pinpoint twice", in, "Sch. 1 para. 2", "Sch. 1 para. 1", in + `:39:15: pinpoint "Sch. 1 para. 1" stands twice`, ""},
		{"provision twice", in, "id: schedule-1/2", "id: schedule-1/1", in + `:38:9: provision uk/example/schedule-1/1 stands twice`, ""},
		{"open and decided", in, "    needs: [a judgement]", "    needs: [a judgement]\n    breach: [no-telnet]", in + `:38:9: an open provision has neither`, ""},
		{"judged by nothing", in, "    requires: [no-telnet]", "    needs: [luck]", in + `:29:9: a judged provision without a control`, ""},
		{"nothing can meet it", in, "    needs: [a judgement]\n", "", in + `:38:9: nothing can meet this provision`, ""},
		{"reviewed by nobody", in, "depth: listed", "depth: reviewed", in + `:38:9: depth reviewed`, ""},
		{"wrong path", in, "id: uk/example", "id: uk/sample", in + `:1:5: instrument "uk/sample" stands in the file of "uk/example"`, ""},
		{"key twice", in, "short: Act", "title: Act", in + `:3:1: key "title" twice`, ""},
		{"no value", in, "short: Act", "short:", in + `:3:7: key "short" of an instrument has no value`, ""},
		{"alias", in, "short: Act", "short: *act", in + ":3:8: an alias is not part", "quote"},
		{"colon in a plain text", in, "short: Act", "short: Act: the", in + ":3:8: mapping value is not allowed", "stands in quotes"},
		{"fact twice", "facts/all.yaml", "name: unit.state", "name: service.telnet", `facts/all.yaml:10:11: fact service.telnet is defined twice`, ""},
		{"enum without words", "facts/all.yaml", "    words: [factory-default, set-up]\n", "", `facts/all.yaml:10:11: fact unit.state: an enum`, ""},
		{"not a duration", "facts/all.yaml", "24h", "1 day", `facts/all.yaml:7:20: "1 day" is no duration`, "12M"},
		{"unknown method", "facts/all.yaml", "[passive, record]", "[pasive, record]", `facts/all.yaml:6:13: "pasive" is no way to know`, `"passive"`},
		{"control twice", "controls/all.yaml", controls, controls + strings.TrimPrefix(controls, "controls:\n"), `controls/all.yaml:10:9: control no-telnet is defined twice`, ""},
		{"tab", "controls/all.yaml", "    title", "\ttitle", "controls/all.yaml:3:1: a tab in the indentation", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, err := law.Load(files(func(all map[string]string) {
				changed := strings.Replace(all[row.file], row.old, row.new, 1)
				if changed == all[row.file] {
					t.Fatalf("%q is not in %s", row.old, row.file)
				}
				all[row.file] = changed
			}))
			if err == nil {
				t.Fatal("the mistake was accepted")
			}
			if !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), row.hint) {
				t.Errorf("got\n%v\nwant %s\n  %s", err, row.want, row.hint)
			}
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	_, err := law.Load(files(func(all map[string]string) {
		all["instruments/uk/example.yaml"] = strings.NewReplacer("kind: statute", "kind: statue", "[no-telnet]", "[nothing]").Replace(instrument)
		all["controls/all.yaml"] = strings.Replace(controls, "severity: high", "severity: hihg", 1)
	}))
	var problems law.Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("want three problems, got\n%v", err)
	}
	want := "controls/all.yaml:6:15: \"hihg\" is no severity\n        severity: hihg\n                  ^\n  did you mean \"high\"?"
	if got := problems[0].Error(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDigestFollowsContentAndNamesOnly(t *testing.T) {
	digest := func(change func(map[string]string)) string {
		c, err := law.Load(files(change))
		if err != nil {
			t.Fatal(err)
		}
		return c.Digest
	}
	base := digest(nil)
	if digest(nil) != base {
		t.Error("the same files have two digests")
	}
	if digest(func(all map[string]string) { all["instruments/README.md"] = "other" }) != base {
		t.Error("a file that is no law changes the digest")
	}
	if digest(func(all map[string]string) { all["controls/all.yaml"] += "# a remark\n" }) == base {
		t.Error("a changed file keeps the digest")
	}
	moved := func(all map[string]string) {
		all["controls/moved.yaml"] = all["controls/all.yaml"]
		delete(all, "controls/all.yaml")
	}
	if digest(moved) == base {
		t.Error("a moved file keeps the digest")
	}
}

func TestVersionsOfOneProvisionShareAPinpoint(t *testing.T) {
	second := func(day string) func(map[string]string) {
		return func(all map[string]string) {
			text := strings.Replace(instrument, "  - {day: 2024-04-29, event: applies, confidence: remembered, source: act}",
				"  - {day: 2024-04-29, event: applies, source: act}\n  - {day: 2026-01-01, event: amended, source: act}", 1)
			text = strings.Replace(text, "    requires:", "    until: 2026-01-01\n    requires:", 1)
			text = strings.Replace(text, "pinpoint: Sch. 1 para. 2", "pinpoint: Sch. 1 para. 1\n    from: "+day, 1)
			all["instruments/uk/example.yaml"] = text
		}
	}
	if _, err := law.Load(files(second("2026-01-01"))); err != nil {
		t.Errorf("two versions, one after the other: %v", err)
	}
	if _, err := law.Load(files(second("2024-04-29"))); err == nil {
		t.Error("two versions bind on one day, and were accepted")
	}
}

func TestMissingPartOfTheCatalogueIsAnError(t *testing.T) {
	_, err := law.Load(files(func(all map[string]string) { delete(all, "catalogue.yaml") }))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a catalogue without its version: %v", err)
	}
}

// A dossier brings its own law, and an overlay is anyone's: neither may cost more than a catalogue can be worth.
func TestACatalogueIsReadWithinBounds(t *testing.T) {
	remark := "#" + strings.Repeat(strings.Repeat("x", 1000)+"\n#", 7000) + "\n"
	_, err := law.Load(files(func(all map[string]string) {
		for i := range 6 {
			all[fmt.Sprintf("controls/more%d.yaml", i)] = controls + remark
		}
	}))
	if err == nil || !strings.Contains(err.Error(), "controls/more4.yaml: a catalogue holds at most 33554432 bytes in all") {
		t.Errorf("42 MB of remarks: %.200v", err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, files(nil)); err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(dir, "controls", "long.yaml")
	if err := os.WriteFile(long, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(long, 1<<40); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	if _, err := law.Load(os.DirFS(dir)); err == nil ||
		!strings.Contains(err.Error(), "controls/long.yaml: 1099511627776 bytes: a file holds at most 8388608") {
		t.Errorf("a tebibyte: %v", err)
	}
}

func TestWhatIsNoPlainFileIsNoLaw(t *testing.T) {
	const device = "/dev/zero"
	if info, err := os.Stat(device); err != nil || info.Mode().IsRegular() {
		t.Skip("no device to point at")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, files(nil)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(device, filepath.Join(dir, "controls", "zero.yaml")); err != nil {
		t.Fatal(err)
	}
	for what, fsys := range map[string]fs.FS{"a catalogue": os.DirFS(dir), "an overlay": law.Overlay(files(nil), os.DirFS(dir))} {
		if _, err := law.Load(fsys); err == nil || !strings.Contains(err.Error(), "controls/zero.yaml: it is no plain file") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestEmbeddedCatalogueLoads(t *testing.T) {
	if _, err := law.Load(os.DirFS("../catalogue")); err != nil {
		t.Error(err)
	}
}

func TestADirectoryThatIsNoCatalogueIsToldSo(t *testing.T) {
	for _, fsys := range []fs.FS{fstest.MapFS{}, fstest.MapFS{"holiday/photo.jpg": {Data: []byte("x")}}} {
		_, err := law.Load(fsys)
		if err == nil || !strings.Contains(err.Error(), "this is no catalogue") || !strings.Contains(err.Error(), "instruments/") {
			t.Errorf("it is read with %v", err)
		}
	}
}

func TestManyProblemsEndWithHowManyMoreThereAre(t *testing.T) {
	var all law.Problems
	for range 250 {
		all = append(all, &law.Problem{Pos: law.Pos{File: "x.yaml"}, What: "wrong"})
	}
	if s := all.Error(); strings.Count(s, "wrong") != 100 || !strings.HasSuffix(s, "\nand 150 more") {
		t.Errorf("%d are shown, and then %q", strings.Count(s, "wrong"), s[len(s)-20:])
	}
	if s := all[:100].Error(); strings.Contains(s, "more") {
		t.Errorf("a hundred are shown whole, not with %q", s[len(s)-20:])
	}
}

func TestAFileOfACatalogueIsAPlainFile(t *testing.T) {
	for mode, want := range map[fs.FileMode]string{fs.ModeNamedPipe: "no plain file", fs.ModeDevice: "no plain file"} {
		fsys := fstest.MapFS{"a.txt": {Mode: mode}}
		if _, err := law.ReadFile(fsys, "a.txt"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a file of mode %s is read with %v", mode, err)
		}
	}
}
