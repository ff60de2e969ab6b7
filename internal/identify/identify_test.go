// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"slices"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
)

func TestEmbeddedRegistryKnowsItsBlocks(t *testing.T) {
	r := Addresses()
	if n := r.Len(); n < 40_000 {
		t.Errorf("the registry holds %d blocks", n)
	}
	for m, want := range map[observation.MAC]string{
		{0x00, 0x17, 0x88, 1, 2, 3}:    "Philips Lighting BV",
		{0xb0, 0xc5, 0x54, 1, 2, 3}:    "D-Link International",
		{0x02, 0x17, 0x88, 1, 2, 3}:    "", // made up by its bearer
		{0x01, 0x17, 0x88, 1, 2, 3}:    "", // a group's
		{0x70, 0xb3, 0xd5, 0, 0x10, 3}: "SOREDI touch systems GmbH",
	} {
		if got := r.Lookup(m); got != want {
			t.Errorf("%x belongs to %q, want %q", m, got, want)
		}
	}
}

func TestEveryBlockOfTheRegistryIsFoundAndNamed(t *testing.T) {
	r := Addresses()
	for i, b := range r.blocks {
		last := uint64(0)
		for k := range len(b) / entrySize {
			e := entry(b, k)
			if prefix := e >> placeBits; prefix <= last && k > 0 || prefix >= 1<<widths[i] {
				t.Fatalf("block %d of %d bits is out of order", k, widths[i])
			} else {
				last = prefix
			}
			at := e & (1<<placeBits - 1)
			if r.name(at) == "" || at > 0 && r.names[at-1] != '\n' {
				t.Fatalf("block %d of %d bits has no name", k, widths[i])
			}
		}
	}
}

func TestPackedIsOpened(t *testing.T) {
	in := []Assignment{{0x001122, 24, "A"}, {0x001122334, 36, "C"}, {0x0011223, 28, "B"}, {0x001123, 24, "A"}}
	p, err := Pack(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(string(p))
	if err != nil {
		t.Fatal(err)
	}
	for m, want := range map[observation.MAC]string{
		{0x00, 0x11, 0x22, 0xff, 0, 0}: "A", {0x00, 0x11, 0x22, 0x3f, 0, 0}: "B", {0x00, 0x11, 0x22, 0x33, 0x4f,
			0}: "C",
		{0x00, 0x11, 0x24, 0, 0, 0}: "",
	} {
		if got := r.Lookup(m); got != want {
			t.Errorf("%x belongs to %q, want %q", m, got, want)
		}
	}
	for n := range p {
		if _, err := Open(string(p[:n])); err == nil {
			t.Fatalf("%d of %d bytes were taken for the whole", n, len(p))
		}
	}
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	r := Addresses()
	if n := testing.AllocsPerRun(100, func() { r.Lookup(observation.MAC{0x00, 0x17, 0x88, 1, 2, 3}) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzOpen(f *testing.F) {
	p, err := Pack([]Assignment{{0x001122, 24, "A"}, {0x0011223, 28, "B"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(p))
	f.Fuzz(func(t *testing.T, p string) {
		if r, err := Open(p); err == nil {
			r.Lookup(observation.MAC{0, 0x11, 0x22, 0x33})
		}
	})
}

func ev(s Signal, vendor, kind, model string) *Evidence {
	e := Said(s, Tuple{Vendor: vendor, Type: kind, Model: model})
	return &e
}

func TestWhatSignalsAddUpTo(t *testing.T) {
	for name, c := range map[string]struct {
		all     []*Evidence
		vendor  string
		model   string
		least   float64
		most    float64
		certain bool
	}{
		"nothing says nothing":         {nil, "", "", 0, 0, false},
		"a prefix alone, at most half": {[]*Evidence{ev(AddressPrefix, "Acme", "", "")}, "Acme", "", 0.3, 0.5, false},
		"one family never makes nine tenths": {[]*Evidence{ev(DHCPHostname, "Acme", "camera", "C1"),
			ev(DHCPClass, "Acme", "camera", "C1")}, "Acme", "C1", 0.6, 0.85, false},
		"two families that name the model are certain": {[]*Evidence{ev(DHCPHostname, "Acme", "camera", "C1"),
			ev(MDNSText, "Acme", "camera", "C1"), ev(AddressPrefix, "Acme", "", "")}, "Acme", "C1", 0.9, 0.99, true},
		"two families of which one names the model are not": {[]*Evidence{ev(UPnP, "Acme", "camera", "C1"),
			ev(AddressPrefix, "Acme", "", ""), ev(Contact, "Acme", "", "")}, "Acme", "C1", 0.5, 0.89, false},
		"contacts alone, little": {[]*Evidence{ev(Contact, "Acme", "camera", "C1")}, "Acme", "C1", 0.3, 0.6, false},
		"words that contradict leave doubt": {[]*Evidence{ev(DHCPHostname, "Acme", "camera", "C1"),
			ev(MDNSText, "Other", "plug", "P2")}, "Other", "P2", 0.3, 0.7, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := Name(c.all)
			if r.Vendor != c.vendor || r.Model != c.model || r.Certain != c.certain {
				t.Errorf("named %q %q, certain %v", r.Vendor, r.Model, r.Certain)
			}
			if r.Confidence < c.least || r.Confidence > c.most {
				t.Errorf("confidence is %.3f, want %.2f to %.2f", r.Confidence, c.least, c.most)
			}
			slices.Reverse(c.all)
			if again := Name(c.all); again.Tuple != r.Tuple || again.Certain != r.Certain {
				t.Errorf("in another order it is %+v", again.Tuple)
			}
		})
	}
}

func TestWhoNamesTheModelSpeaksForTheVendor(t *testing.T) {
	r := Name([]*Evidence{ev(Control, "Acme", "camera", "C1"), ev(LinkDescription, "Acme", "camera", "C2")})
	if r.Vendor != "Acme" || r.VendorConfidence < 0.7 {
		t.Errorf("named %q at %.2f", r.Vendor, r.VendorConfidence)
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"abc", "abc", true}, {"abc", "abcd", false}, {"abc*", "abcd", true}, {"*bc", "abc", true}, {"*b*",
			"abc", true},
		{"a*c", "abc", true}, {"a*c", "ac", true}, {"a*c", "ab", false}, {"aa*a", "aa", false}, {"*", "x",
			true}, {"A*", "abc", true},
	} {
		if g := newGlob(c.pattern); g.match(c.text) != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.text, !c.want)
		}
	}
}
