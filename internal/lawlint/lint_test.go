// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/law"
)

// TestEmbeddedCatalogueIsClean is lint over the catalogue that the program carries.
func TestEmbeddedCatalogueIsClean(t *testing.T) {
	for _, p := range Lint(catalogue.FS) {
		if !p.Warning {
			t.Error(p)
		}
	}
}

// copied is a catalogue of one's own to spoil.
func copied(t *testing.T) fstest.MapFS {
	t.Helper()
	return copyOf(t, catalogue.FS)
}

func copyOf(t *testing.T, fsys fs.FS) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		m[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sample is a small catalogue of an invented law, to be spoilt.
func sample(t *testing.T) fstest.MapFS {
	t.Helper()
	return copyOf(t, os.DirFS("../lawtool/testdata/catalogue"))
}

func spoil(t *testing.T, m fstest.MapFS, file, from, to string) {
	t.Helper()
	s := string(m[file].Data)
	if strings.Count(s, from) == 0 {
		t.Fatalf("%s holds no %q to spoil", file, from)
	}
	m[file] = &fstest.MapFile{Data: []byte(strings.Replace(s, from, to, 1))}
}

// mistake is a word of a catalogue spoilt, and what lint says of it. The loader's own refusals stand alone.
type mistake struct {
	name, file, from, to, want, hint, caret string
	loader                                  bool
}

func TestMistakesFailWhereTheyStand(t *testing.T) {
	const pci, us = "instruments/pci/dss-4.0.1.yaml", "instruments/us/hipaa-security.yaml"
	tests := []mistake{
		{"a pinpoint that the text does not have", us, "pinpoint: 164.312(e)(2)(ii)", "pinpoint: 164.312(e)(2)(iii)",
			`pinpoint "164.312(e)(2)(iii)" is not a place of us/hipaa-security`, "did you mean", "164.312(e)(2)(iii)", false},
		{"a fact that nobody defined", "controls/sample.yaml", "'!service.telnet'", "'!service.telnett'",
			`control no-telnet: fact service.telnett is not in the vocabulary`, `did you mean "service.telnet"?`, "service.telnett", false},
		{"a fact that nobody defined, in a condition", pci, "'pci.in_scope || pci.whole_network_in_scope'", "'pci.in_scope || pci.whole_network_in_scop'",
			`material condition: fact pci.whole_network_in_scop is not in the vocabulary`, `did you mean "pci.whole_network_in_scope"?`, "pci.whole_network_in_scop'", false},
		{"a control that nobody wrote", pci, "breach: [pci-8-3-2]", "breach: [pci-8-3-2y]",
			`unknown control "pci-8-3-2y"`, `did you mean "pci-8-3-2"?`, "pci-8-3-2y", true},
		{"a word that the key does not know", pci, "mode: judged", "mode: judge",
			`"judge" is no`, `did you mean "judged"?`, "judge", true},
		{"a word outside the enum", pci, `pci.approach == "defined"`, `pci.approach == "defind"`,
			`"defind" is no word of pci.approach`, `did you mean "defined"?`, `== "defind"`, false},
		{"a date that is no milestone", pci, "from: 2025-03-31", "from: 2025-04-31", `2025-04-31`, "", "2025-04-31", true},
		{"a day that nothing happened on", pci, "from: 2025-03-31", "from: 2025-03-30",
			`from 2025-03-30 is the day of no fitting milestone`, "the nearest is 2025-03-31", "2025-03-30", true},
		{"membership in a list", "controls/sample.yaml", "'!service.telnet'", `'record.policy_date in ["2026-01-01"]'`,
			`control no-telnet: membership is not asked of a value (in)`, "a set is one yes/no fact per member", "", false},
		{"a question whether something is known", "controls/sample.yaml", "'!service.telnet'", "'!has(service.telnet)'",
			`whether a fact is known cannot be asked`, "what is not known is unknown by itself", "", false},
		{"a choice", "controls/sample.yaml", "'!service.telnet'", "'service.telnet ? false : true'",
			`a choice forgets what its condition did not know`, "", "", false},
		{"an expression that is always true", "controls/sample.yaml", "'!service.telnet'", "'true'",
			`a constant decides nothing`, "", "", false},
		{"a law test with a fact that nobody defined", "lawtests/pci/dss-4.0.1.lawtest", "credentials.cleartext: yes", "credentials.cleartxt: yes",
			`unknown fact "credentials.cleartxt"`, `did you mean "credentials.cleartext"?`, "credentials.cleartxt", false},
		{"a law test that expects no verdict", "lawtests/pci/dss-4.0.1.lawtest", "8.3.2: violated because", "8.3.2: violatd because",
			`"violatd" is no verdict`, `did you mean "violated"?`, "violatd", false},
		{"a law test of no provision", "lawtests/pci/dss-4.0.1.lawtest", "8.3.2: violated because", "8.3.22: violated because",
			`unknown provision "8.3.22" of pci/dss-4.0.1`, `did you mean "8.3.2"?`, "8.3.22", false},
	}
	said := map[bool]law.Problems{} // of all that is spoilt in the real catalogue, by who says it
	for _, byLoader := range []bool{true, false} {
		m, small := copied(t), sample(t)
		for _, tt := range tests {
			if tt.loader == byLoader && small[tt.file] == nil {
				spoil(t, m, tt.file, tt.from, tt.to)
			}
		}
		said[byLoader] = Lint(m)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := said[tt.loader]
			if m := sample(t); m[tt.file] != nil {
				spoil(t, m, tt.file, tt.from, tt.to)
				all = Lint(m)
			}
			tt.told(t, all)
		})
	}
}

// told looks for what lint should say, at its place and with its hint.
func (m mistake) told(t *testing.T, all law.Problems) {
	t.Helper()
	for _, p := range all {
		if p.Warning || !strings.Contains(p.What, m.want) {
			continue
		}
		if p.Pos.File != m.file || p.Pos.Line == 0 || p.Pos.Col == 0 {
			t.Errorf("it is reported at %s, not in %s", p.Pos, m.file)
		}
		if !strings.Contains(p.Hint, m.hint) {
			t.Errorf("its hint is %q, not %q", p.Hint, m.hint)
		}
		checkCaret(t, p, m.caret)
		return
	}
	t.Errorf("lint does not say %q but %v", m.want, all)
}

// checkCaret holds the caret to the first character of what is wrong.
func checkCaret(t *testing.T, p *law.Problem, want string) {
	t.Helper()
	line := []rune(p.Line)
	if p.Pos.Col < 1 || p.Pos.Col > len(line) || !strings.HasPrefix(strings.TrimLeft(string(line[p.Pos.Col-1:]), `'"`), want) {
		t.Errorf("the caret stands at column %d of %q, not at %q", p.Pos.Col, p.Line, want)
	}
	if !strings.Contains(p.Error(), "^") {
		t.Error("the message shows no caret")
	}
}

// TestSlipsThatBreakNoFormat plants, in the real catalogue, what every reader of YAML lets pass.
func TestSlipsThatBreakNoFormat(t *testing.T) {
	const cra, psti, pci = "instruments/eu/cra.yaml", "instruments/uk/psti.yaml", "facts/pci.yaml"
	slips := []struct {
		file, from, to, want string
		warning              bool
	}{
		{cra, "{name: territorial, expr: product.market_eu", "{name: adoption, expr: product.market_eu", "a regulation binds without being adopted", false},
		{cra, "{name: material, expr: product.digital_elements", "{name: material, expr: \"product.digital_elements && !product.digital_elements\"",
			"material condition is always false", false},
		{cra, "expr: \"!product.sector_excluded\"", "expr: \"!product.medical_device\"", `"!product.medical_device" stands twice`, false},
		{"controls/eu.yaml", "expr: record.ropa_written", "expr: record.ropa_written || !record.ropa_written", "is always true", false},
		{cra, "period: P10Y, pinpoint: Art. 23(2)", "period: P10Z, pinpoint: Art. 23(2)", `period "P10Z"`, false},
		{cra, "    after: incident-notification\n", "", "does not say of which notice", false},
		{cra, "    anchor: awareness\n    offset: PT24H\n", "    anchor: awareness\n", "has no period", false},
		{cra, "amount: 15000000", "amount: 10000000", "has an amount of 10000000", false},
		{cra, "percent: 2.5", "percent: 2", "has 2 %", false},
		{cra, "role: manufacturer", "role: manufaturer", `role "manufaturer"`, true},
		{cra, "when: record.cra_excluded_a, pinpoint: Art. 13(4)", "when: record.cra_excluded_a, pinpoint: Art. 130(4)", `"Art. 130(4)", cited here`, true},
		{cra, "pinpoint: Art. 64(2)", "pinpoint: Art. 640(2)", `"Art. 640(2)", cited here`, true},
		{psti, "{by: etsi/en-303-645-v2.1.1, kind: presumption", "{by: uk/psti, kind: presumption", "rest on itself", false},
		{pci, "ttl: {record: 12M}", "ttl: {passive: 12M}", "a ttl for passive", false},
		{pci, "words: [as-stated, customised,", "words: [as-stated, as-stated,", "has a word twice", false},
	}
	m := copied(t)
	m["pinpoints/xx/none.txt"] = &fstest.MapFile{Data: []byte("s. 1\n")}
	for _, c := range slips {
		spoil(t, m, c.file, c.from, c.to)
	}
	all := Lint(m)
	for _, c := range slips {
		if !says(all, c.want, c.warning) {
			t.Errorf("lint does not say %q of %q", c.want, c.to)
		}
	}
	if !says(all, "places of xx/none, which is no instrument", false) {
		t.Error("lint does not miss the instrument of a list of pinpoints")
	}
}

// What only the judge finds is told once nothing else is wrong.
func TestAFactOfNobodyIsASlip(t *testing.T) {
	m := copied(t)
	spoil(t, m, "instruments/eu/gdpr.yaml", "requires: [processors-under-contract]", "requires: [no-telnet]")
	if !says(Lint(m), "asks service.telnet, a fact about a device", false) {
		t.Error("lint lets a duty of an organisation ask for a device's fact")
	}
}

func TestMissingListOfPinpointsFails(t *testing.T) {
	m := copied(t)
	delete(m, "pinpoints/us/hipaa-breach.txt")
	if !says(Lint(m), "us/hipaa-breach has no list of pinpoints", false) {
		t.Error("lint does not miss it")
	}
}

// A provision that claims to be tested and lost its tests fails; a control that nobody uses is a notice.
func TestCoverageAndUnused(t *testing.T) {
	m := copied(t)
	delete(m, "lawtests/us/hipaa-breach.lawtest")
	spoil(t, m, "controls/wire.yaml", "controls:", "controls:\n"+
		"  - {id: nobody-asks, title: T, subject: device, expr: '!service.telnet', severity: low, remedy: R, actor: either}")
	all := Lint(m)
	if !says(all, "provision 164.404 has no law test that expects it met, nor violated, nor not-shown", false) {
		t.Error("lint does not miss the law tests")
	}
	if !says(all, "control nobody-asks is used by no provision", true) {
		t.Error("lint does not notice the control")
	}
}

func says(all law.Problems, what string, warning bool) bool {
	for _, p := range all {
		if strings.Contains(p.What, what) && p.Warning == warning {
			return true
		}
	}
	return false
}

func TestPinpointsExpand(t *testing.T) {
	for text, want := range map[string]string{
		"164.306({a-c})": "164.306(a) 164.306(b) 164.306(c)",
		"A2.1.{1-3}":     "A2.1.1 A2.1.2 A2.1.3",
		"{i,ii} and {x}": "i and x ii and x",
		"8.3.2":          "8.3.2",
	} {
		got, err := expand(text)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s expands to %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"a{b", "a}b", "{a{b}}", "{9-1}", "{a-Z}", "{,}", "{1-99999}{1-99999}"} {
		if got, err := expand(text); err == nil {
			t.Errorf("%s expands to %d pinpoints", text, len(got))
		}
	}
}

func FuzzPinpoints(f *testing.F) {
	for _, s := range []string{"164.312(e)(2)({i,ii})", "{1-9}{a-z}{1-99}", "a}b{", "{0-999999999999}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all, err := expand(s)
		if err == nil && (len(all) == 0 || len(all) > maxPlaces) {
			t.Errorf("%q expands to %d pinpoints", s, len(all))
		}
	})
}

// TestLintReadsRecipientsAndHolidays: who takes the notice of a clock, and by whose holidays its days are counted.
func TestLintReadsRecipientsAndHolidays(t *testing.T) {
	const cra, eu = "instruments/eu/cra.yaml", "recipients/eu.yaml"
	for _, c := range []struct {
		file, from, to, want string
		warning              bool
	}{
		{cra, "    recipient: \"single reporting platform", "    recipients: [eu-enisa-spr]\n    recipient: \"single reporting platform", `names the recipient "eu-enisa-spr", which is none`, false},
		{cra, "    recipient: \"single reporting platform", "    recipients: [ie-dpc]\n    recipient: \"single reporting platform", "names ie-dpc, which does not take it", false},
		{cra, "    recipient: \"single reporting platform", "    no-recipient: nobody\n    recipient: \"single reporting platform", "says that it has no recipient, and eu-enisa-srp takes it", false},
		{cra, "    no-recipient: \"each person concerned is addressed; no authority takes it\"\n", "", `no recipient takes what goes to "impacted users, where appropriate all"`, true},
		{eu, "clocks: [vulnerability-early-warning,", "clocks: [vulnerability-early-warnin,", `clock "vulnerability-early-warnin" is not in eu/cra`, false},
		{eu, "    territory: EU\n    portal: \"https://portal.cra", "    portal: \"https://portal.cra", `lacks the key "territory"`, false},
		{"holidays/br.yaml", "territory: BR", "territory: PT", "clock lgpd-anpd counts business days, and the holidays of BR are not known", true},
	} {
		m := copied(t)
		spoil(t, m, c.file, c.from, c.to)
		cat, err := law.Load(m)
		if err != nil {
			t.Fatal(err)
		}
		l := &linter{cat: cat, fsys: m} // of Lint what this is about
		l.recipients()
		l.calendars()
		if !says(l.problems, c.want, c.warning) {
			t.Errorf("lint does not say %q of %q but %v", c.want, c.to, l.problems)
		}
	}
}

// Lint and the law tests read anybody's files: what is no plain file could wait for ever.
func TestWhatIsNoPlainFileIsNotRead(t *testing.T) {
	m := copied(t)
	for _, name := range []string{"pinpoints/eu/cra.txt", "lawtests/eu/cra.lawtest", "lawtests/profiles/household.yaml"} {
		m[name] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
	}
	n := 0
	for _, p := range Lint(m) {
		if strings.Contains(p.What, "it is no plain file") {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d of three pipes are told", n)
	}
}
