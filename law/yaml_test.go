// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/law"
)

func TestScalarsStayAsWritten(t *testing.T) {
	n, err := law.ParseYAML("f.yaml", []byte("a: 164.312\nb: no\nc: 1.20\nd: 0x1F\ne: '7'\nf: >-\n  two\n  lines\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"164.312", "no", "1.20", "0x1F", "7", "two lines"}
	for i, e := range n.Entries {
		if e.Value.Text != want[i] {
			t.Errorf("%s: %q, want %q", e.Key, e.Value.Text, want[i])
		}
	}
	if !n.Entries[4].Value.Quoted || n.Entries[1].Value.Quoted {
		t.Error("quotes are not kept apart")
	}
}

func TestColumnsCountCharacters(t *testing.T) {
	n, err := law.ParseYAML("f.yaml", []byte("é: {ü: x}\r\nb: y\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := n.Entries[0].Value.Entries[0].Value.Pos.String(); got != "f.yaml:1:8" {
		t.Errorf("x stands at %s", got)
	}
	if got := n.Entries[1].Value.Text; got != "y" {
		t.Errorf("a line that ends as on Windows gives %q", got)
	}
}

// A hostile file costs at most a second and 256 MiB, whatever it holds.
func TestHostileFilesAreRefusedAtABoundedPrice(t *testing.T) {
	var flat, wavy strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&flat, "key%d: 1\n", i)
		fmt.Fprintf(&wavy, "%*skey%d: 1\n", 2*(i%2), "", i)
	}
	bombs := map[string]string{
		"flat map":        flat.String(),
		"wavy map":        wavy.String(),
		"flow map":        "a: {" + strings.Repeat("b: 1, ", 1000) + "}\n" + strings.Repeat("x", 9<<20),
		"deep brackets":   strings.Repeat("[", 10_000),
		"bracket lines":   strings.Repeat("[\n", 100_000),
		"bracket in text": "a: |\n  \"\nb:\n  " + strings.Repeat("[", 10_000),
		"deep dashes":     strings.Repeat("- ", 8_000),
		"stairs":          stairs(200),
		"aliases":         "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
		"long line":       "a: " + strings.Repeat("x", 1<<20),
		"dashes":          strings.Repeat("-\n", 4<<20),
		"control":         "a: \x00\n",
		"not UTF-8":       "a: \xff\n",
	}
	for name, text := range bombs {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := law.ParseYAML("bomb.yaml", []byte(text))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Error("accepted")
			}
			if took > time.Second {
				t.Errorf("took %v", took)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
				t.Errorf("allocated %d MiB", used>>20)
			}
		})
	}
}

func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%*sa:\n", i, "")
	}
	return b.String()
}

func TestLargestAllowedMapIsRead(t *testing.T) {
	var b strings.Builder
	for i := range 4096 {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	start := time.Now()
	if _, err := law.ParseYAML("f.yaml", []byte(b.String())); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
	b.WriteString("more: 1\n")
	if _, err := law.ParseYAML("f.yaml", []byte(b.String())); err == nil {
		t.Error("4,097 keys were accepted")
	}
}

func TestSuggestNamesTheNearest(t *testing.T) {
	known := []string{"service.telnet", "service.ftp", "tls.used"}
	rows := map[string]string{
		"service.telent": "service.telnet", "servce.ftp": "service.ftp", "tlsused": "tls.used",
		"nothing-like-it": "", "": "",
	}
	for word, want := range rows {
		if got := law.Suggest(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	for _, s := range []string{instrument, controls, facts, "a: [b, {c: d}]\n", "a: |\n  x\n", "- - a: 'b\n", "a: \"\\x\"\n", "{", "a:\n- b\n-", "? a"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		n, err := law.ParseYAML("f.yaml", src)
		if (n == nil) == (err == nil) {
			t.Fatalf("node %v, error %v", n, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "f.yaml") {
			t.Errorf("the message does not begin with the place: %v", err)
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(instrument))
	f.Add([]byte(controls))
	f.Add([]byte(facts))
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, name := range []string{"instruments/uk/example.yaml", "controls/all.yaml", "facts/all.yaml"} {
			c, err := law.Load(files(func(all map[string]string) { all[name] = string(src) }))
			if (c == nil) == (err == nil) {
				t.Fatalf("%s: catalogue %v, error %v", name, c, err)
			}
		}
	})
}
