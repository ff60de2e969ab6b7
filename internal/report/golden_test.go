// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// plainText is what a door that is no terminal shows.
func plainText(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&colorprofile.Writer{Forward: &b, Profile: colorprofile.NoTTY}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: what is written differs; run the test with -update and look at the difference\n%s", path, firstDifference(got, want))
	}
}

func firstDifference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			line := ""
			if i < len(w) {
				line = w[i]
			}
			return "got  " + g[i] + "\nwant " + line
		}
	}
	return "it ends early"
}

func TestWhatEachDoorWrites(t *testing.T) {
	a := small(t, friendly())
	seen := smallSeen()
	golden(t, "small.txt", plainText(t, func(w io.Writer) error { return report.Text(w, a, 0) }))
	golden(t, "small-60.txt", plainText(t, func(w io.Writer) error { return report.Text(w, a, 60) }))
	golden(t, "small.json", plainText(t, func(w io.Writer) error { return report.JSON(w, a, false) }))
	golden(t, "small.html", plainText(t, func(w io.Writer) error { return report.HTML(w, a) }))
	golden(t, "seen.txt", plainText(t, func(w io.Writer) error { return report.Seen(w, seen, 0) }))
	for name, id := range map[string]string{"why-indicated.txt": "xx/care/s-2@device:pump", "why-contradicted.txt": "xx/things/art-2@product:eyes",
		"why-met.txt": "xx/care/s-3@organisation:clinic"} {
		vs := report.Find(a, id)
		if len(vs) != 1 {
			t.Fatalf("%s: %d verdicts", id, len(vs))
		}
		golden(t, name, plainText(t, func(w io.Writer) error { return report.Why(w, a, vs[0]) }))
	}
}

func TestAPlainLineFitsAndEndsInNoSpace(t *testing.T) {
	a := small(t, friendly())
	for _, width := range []int{60, 80, 120} {
		text := plainText(t, func(w io.Writer) error { return report.Text(w, a, width) })
		for n, l := range strings.Split(string(text), "\n") {
			if strings.TrimRight(l, " ") != l {
				t.Errorf("width %d, line %d ends in a space: %q", width, n+1, l)
			}
			if len([]rune(l)) > width && strings.Contains(strings.TrimSpace(l), " ") && !strings.Contains(l, "writ why ") {
				t.Errorf("width %d, line %d has %d columns: %q", width, n+1, len([]rune(l)), l)
			}
		}
	}
}

func TestOnlyWhatMakesAControlFalseIsCited(t *testing.T) {
	a := small(t, friendly())
	text := string(plainText(t, func(w io.Writer) error { return report.Text(w, a, 0) }))
	findings, _, _ := strings.Cut(text[strings.Index(text, "Worst findings"):], "What would decide")
	if !strings.Contains(findings, "frames 12-14, 40 of ward.pcap") {
		t.Errorf("the frames of the clear patient data are missing:\n%s", findings)
	}
	if strings.Contains(findings, "service.ftp") || strings.Contains(findings, "all frames") {
		t.Errorf("an absence is cited as if it spoke against a duty:\n%s", findings)
	}
}

func TestTheDisclaimerIsSaidOnce(t *testing.T) {
	a := small(t, friendly())
	for name, b := range map[string][]byte{
		"text": plainText(t, func(w io.Writer) error { return report.Text(w, a, 10000) }),
		"page": plainText(t, func(w io.Writer) error { return report.HTML(w, a) }),
		"json": plainText(t, func(w io.Writer) error { return report.JSON(w, a, true) })} {
		if n := strings.Count(strings.Join(strings.Fields(string(b)), " "), "no finding by an authority"); n != 1 {
			t.Errorf("%s says %d times what it is", name, n)
		}
	}
}

func smallSeen() *observe.Seen { return seenOf("pump-1", "Eyes") }

// seenOf is a look at one device; its names come from the wire.
func seenOf(host, vendor string) *observe.Seen {
	d := inventory.Device{ID: "device-1", Hostnames: []string{host}}
	d.Identity.Vendor, d.Identity.Confidence = vendor, 0.5
	return &observe.Seen{
		Result: observe.Result{Inputs: []observe.Input{{Path: "ward.pcap", SHA256: capture, Packets: 2000, First: morning,
			Last: morning.Add(25 * time.Hour)}}},
		Devices: []inventory.Device{d},
		Edges:   []observe.Edge{{From: "device-1", To: host, Protocol: "telnet", Port: 23, Flows: 1, Bytes: 99, Exposure: "clear-sensitive"}},
	}
}
