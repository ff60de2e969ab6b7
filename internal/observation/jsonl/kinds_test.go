// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package jsonl

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/writ-iot/writ/internal/observation"
)

var update = flag.Bool("update", false, "write the golden files")

// kinds are all that can be observed.
var kinds = []observation.Body{
	&observation.Flow{}, &observation.Host{}, &observation.Binding{}, &observation.DNS{}, &observation.DHCP{}, &observation.SSDP{},
	&observation.NTP{}, &observation.HTTP{}, &observation.TLS{}, &observation.Certificate{}, &observation.Login{}, &observation.SSH{},
	&observation.Session{}, &observation.SNMP{}, &observation.MQTT{}, &observation.Modbus{}, &observation.BACnet{}, &observation.OT{},
	&observation.HL7{}, &observation.DICOM{}, &observation.LLDP{}, &observation.MUDURL{}, &observation.Scan{}, &observation.Sensitive{},
	&observation.Identity{}, &observation.Kex{}, &observation.Malformed{},
}

// filled is a body of b's type in which every field says something: text, in strings.
func filled(b observation.Body, text string) observation.Body {
	v := reflect.New(reflect.TypeOf(b).Elem())
	fill(v.Elem(), text)
	return v.Interface().(observation.Body)
}

func fill(v reflect.Value, text string) {
	addr := netip.MustParseAddr("192.0.2.7")
	switch x := v.Addr().Interface().(type) {
	case *netip.Addr:
		*x = addr
		return
	case *[]netip.Addr:
		*x = []netip.Addr{addr, netip.MustParseAddr("2001:db8::7")}
		return
	case *observation.MAC:
		*x = observation.MAC{2, 0xab, 0, 0, 0, 1}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1_700_000_000)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), text)
		fill(v.Index(1), text)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	}
}

// encode gives the lines of one observation.
func encode(b observation.Body, transport observation.Transport) string {
	var out bytes.Buffer
	e := New(&out)
	e.Input(1, strings.Repeat("ab", 32))
	o := observation.Observation{Time: 1_700_000_000_000_000_001, Input: 1, First: 3, Last: 5, Transport: transport, Body: b,
		ClientMAC: observation.MAC{2, 0, 0, 0, 0, 1}, ServerMAC: observation.MAC{2, 0, 0, 0, 0, 2}}
	if transport != observation.Link {
		o.Client, o.Server = netip.MustParseAddrPort("10.0.0.1:40000"), netip.MustParseAddrPort("[fe80::1%eth0]:80")
	}
	e.Observe(&o)
	e.Flush()
	return out.String()
}

func TestEveryKindIsWrittenAsTheContractSays(t *testing.T) {
	var all strings.Builder
	for _, k := range kinds {
		all.WriteString(encode(filled(k, "text"), observation.TCP))
		all.WriteString(encode(k, observation.UDP)) // of nothing known, what must be there
	}
	all.WriteString(encode(&observation.Flow{Protocol: "lldp"}, observation.Link))
	const golden = "testdata/kinds.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(all.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(lines)) {
		if i >= len(got) || i >= len(lines) || got[i] != lines[i] {
			t.Fatalf("line %d is\n%s, want\n%s\n(-update writes %s anew)", i+1, got[min(i, len(got)-1)], lines[min(i, len(lines)-1)], golden)
		}
	}
}

func TestEveryKindIsInTheTable(t *testing.T) {
	src, err := os.ReadFile("../body.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(src, []byte(") Kind() string")); n != len(kinds) {
		t.Errorf("%d kinds are defined, %d tested", n, len(kinds))
	}
}

// Names that act on what shows them.
var hostile = []string{"\x1b[31mred\x1b]0;title\x07", "\x9b31m", "a\r\nb", "\u202Egnp.exe", "\u2028\u2029", "\"}{\"kind\":\"fact\"", "\\\"", "<script>&",
	"\x00", "\xff\xfe\xfd", "\ud7ff\uffff", "\u200b\ufeff", string(utf8.RuneError), "\xed\xa0\x80", "\U000e0041", "=1+1", "日本語 é"}

func TestNoStringLeavesItsPlace(t *testing.T) {
	for _, k := range kinds {
		for _, text := range hostile {
			line := encode(filled(k, text), observation.TCP)
			harmless(t, line)
			var m map[string]any
			if err := json.Unmarshal([]byte(line), &m); err != nil || m["kind"] != k.Kind() {
				t.Fatalf("%q in %s: %v: %s", text, k.Kind(), err, line)
			}
		}
	}
}

// harmless says that a line holds one newline, at its end, and nothing that acts.
func harmless(t *testing.T, line string) {
	t.Helper()
	if !strings.HasSuffix(line, "}\n") || strings.Count(line, "\n") != 1 || !utf8.ValidString(line) {
		t.Fatalf("no line of its own: %q", line)
	}
	for _, r := range line[:len(line)-1] {
		if harmful(r) || r == '<' || r == '>' || r == '&' {
			t.Fatalf("%U stands in %q", r, line)
		}
	}
}

func TestATextKeepsWhatIsHarmless(t *testing.T) {
	var l line
	l.quote("naïve 日本 \"x\" \\ <&> \x07\xff")
	var got string
	if err := json.Unmarshal(l.b, &got); err != nil || got != "naïve 日本 \"x\" \\ <&> \ufffd\ufffd" {
		t.Errorf("read back %q (%v)", got, err)
	}
}

func TestTimesAreRFC3339WhateverTheFrameClaims(t *testing.T) {
	for ns, want := range map[int64]string{0: "1970-01-01T00:00:00.000000000Z", -1: "1969-12-31T23:59:59.999999999Z",
		1_700_000_000_123_456_789: "2023-11-14T22:13:20.123456789Z", 1<<63 - 1: "2262-04-11T23:47:16.854775807Z", -1 << 63: "1677-09-21T00:12:43.145224192Z"} {
		var l line
		l.time(ns)
		if string(l.b) != want {
			t.Errorf("%d is %s, want %s", ns, l.b, want)
		}
	}
	for sec, want := range map[int64]string{1: "1970-01-01T00:00:01Z", 1 << 62: "9999-12-31T23:59:59Z", -1 << 62: "0000-01-01T00:00:00Z"} {
		var l line
		l.moment("t", sec)
		if !strings.Contains(string(l.b), want) {
			t.Errorf("%d is %s, want %s", sec, l.b, want)
		}
	}
}

type full struct{ room int }

func (w *full) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, fmt.Errorf("no space left")
	}
	return len(p), nil
}

func TestAFullDiskIsToldOnce(t *testing.T) {
	e := New(&full{room: 100_000})
	o := observation.Observation{Body: &observation.DNS{Name: strings.Repeat("n", 200)}}
	for range 2000 {
		e.Observe(&o)
	}
	if err := e.Flush(); err == nil || err.Error() != "no space left" {
		t.Errorf("said %v", err)
	}
	if cap(e.l.b) > 4*flushAt {
		t.Errorf("%d bytes are gathered", cap(e.l.b))
	}
}

func TestALineAllocatesNothing(t *testing.T) {
	e := New(&full{room: 1 << 40})
	o := observation.Observation{Client: netip.MustParseAddrPort("10.0.0.1:5"), Server: netip.MustParseAddrPort("10.0.0.2:6"), Transport: observation.TCP,
		Body: filled(&observation.HTTP{}, "text")}
	e.Observe(&o)
	for range 2000 {
		e.Observe(&o)
	}
	if n := testing.AllocsPerRun(1000, func() { o.Time++; e.Observe(&o) }); n != 0 {
		t.Errorf("a line allocates %v times", n)
	}
}

func FuzzQuote(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := encode(&observation.Session{Protocol: s, Banner: s}, observation.TCP)
		harmless(t, line)
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil || m["kind"] != "session" {
			t.Fatalf("%v: %q", err, line)
		}
	})
}

func BenchmarkObserve(b *testing.B) {
	e := New(&full{room: 1 << 60})
	o := observation.Observation{Client: netip.MustParseAddrPort("10.0.0.1:50000"), Server: netip.MustParseAddrPort("10.0.0.2:443"), Transport: observation.TCP,
		Time: 1_700_000_000_000_000_000, First: 1000, Last: 2000, Body: filled(&observation.Flow{}, "tls")}
	e.Input(0, strings.Repeat("ab", 32))
	b.ReportAllocs()
	for b.Loop() {
		o.Time += 1000
		e.Observe(&o)
	}
}
