// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
)

func embedded(t testing.TB) *Set {
	t.Helper()
	s, err := Load(catalogue.FS, "devices")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheCarriedSignaturesAreTheCatalogues(t *testing.T) {
	want, err := Source(catalogue.FS, "devices")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("signatures.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("catalogue/devices has changed since: go generate ./internal/identify")
	}
	s, err := Carried()
	if err != nil {
		t.Fatal(err)
	}
	from := embedded(t)
	if len(s.Signatures) != len(from.Signatures) || !maps.Equal(s.Vendors.names, from.Vendors.names) ||
		!maps.Equal(s.Vendors.modules, from.Vendors.modules) {
		t.Error("what is carried is not what it was made from")
	}
}

func TestEverySignatureKeepsItsExamples(t *testing.T) {
	s := embedded(t)
	if len(s.Signatures) < 200 {
		t.Errorf("only %d signatures were read", len(s.Signatures))
	}
	for i := range s.Signatures {
		g := &s.Signatures[i]
		says := g.say(g.Example, strings.ToLower(g.Example))
		if len(says) == 0 {
			t.Errorf("%s: %s %q does not match its example %q", g.File, g.Signal, g.Match, g.Example)
			continue
		}
		for _, no := range g.Not {
			if got := g.say(no, strings.ToLower(no)); len(got) > 0 {
				t.Errorf("%s: %s %q matches %q", g.File, g.Signal, g.Match, no)
			}
		}
		if g.signal == Port {
			continue
		}
		if found := s.NewMatcher().Match(g.signal, g.Example); !slices.ContainsFunc(found,
			func(e *Evidence) bool { return e.Vendor == g.Vendor && e.Type == g.Type }) {
			t.Errorf("%s: %s %q is not found by its example", g.File, g.Signal, g.Match)
		}
	}
}

func TestVendorsAreSpelledOneWay(t *testing.T) {
	s := embedded(t)
	for i := range s.Signatures {
		g := &s.Signatures[i]
		if g.Vendor != "" && s.Vendors.Canonical(g.Vendor) != g.Vendor {
			t.Errorf("%s: %s %q says %q, which is called %q elsewhere", g.File, g.Signal, g.Match, g.Vendor,
				s.Vendors.Canonical(g.Vendor))
		}
	}
	for in, want := range map[string]string{
		"D-Link International": "D-Link", "TP-LINK TECHNOLOGIES CO.,LTD.": "TP-Link", "Belkin International Inc.": "Belkin",
		"Unheard Of Things GmbH": "Unheard Of Things", "EQ-3 Entwicklung GmbH": "eQ-3", "Philips Lighting BV": "Philips",
		"OSRAM GmbH": "Ledvance", "ASSMANN Electronic GmbH": "ednet",
	} {
		if got := s.Vendors.Canonical(in); got != want {
			t.Errorf("%q is called %q, want %q", in, got, want)
		}
	}
	for _, m := range []string{"Espressif Inc.", "Murata Manufacturing Co., Ltd.", "Delta Electronics, Inc.",
		"Tuya Smart Inc.", "Hi-Flying electronics technology Co.,Ltd"} {
		if !s.Vendors.Module(m) {
			t.Errorf("%s makes modules: its prefix names no product", m)
		}
	}
}

func TestContactHoldsForWhatLiesBelow(t *testing.T) {
	m := embedded(t).NewMatcher()
	for name, want := range map[string]string{"ntp1.dlink.com": "D-Link", "dlink.com": "D-Link",
		"DLINK.COM.": "D-Link", "notdlink.com": "", "com": ""} {
		vendor := ""
		if e := m.Match(Contact, name); len(e) > 0 {
			vendor = e[0].Vendor
		}
		if vendor != want {
			t.Errorf("%s says %q, want %q", name, vendor, want)
		}
	}
}

func TestFaultySignaturesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"a signal that is none":    "signatures: [{signal: colour, match: a, vendor: A, example: a}]",
		"no example":               "signatures: [{signal: contact, match: a.example, vendor: A}]",
		"nothing said":             "signatures: [{signal: contact, match: a.example, example: a.example}]",
		"a type that is none":      "signatures: [{signal: contact, match: a.example, type: gizmo, example: a.example}]",
		"a key that is none":       "signatures: [{signal: contact, match: a.example, maker: A, example: a.example}]",
		"a regexp that is none":    "signatures: [{signal: greeting, match: a, regexp: '(', vendor: A, example: a}]",
		"two names for two makers": "vendors: [{name: A, also: [x]}, {name: B, also: [x]}]",
	} {
		if _, err := Load(fstest.MapFS{"d/a.yaml": {Data: []byte(text)}}, "d"); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(catalogue.FS, "devices"); err != nil {
			b.Fatal(err)
		}
	}
}
