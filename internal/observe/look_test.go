// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
)

// tape is a capture in the making.
type tape struct {
	b    []byte
	at   uint32
	link uint32
}

const (
	ethernet = 1
	rawIP    = 101
)

func newTape(link uint32) *tape {
	t := &tape{at: 1735732800, link: link}
	for _, v := range []uint32{0xa1b2c3d4, 4<<16 | 2, 0, 0, 65535, link} {
		t.b = binary.LittleEndian.AppendUint32(t.b, v)
	}
	// The version is two numbers of 16 bits: major first.
	binary.LittleEndian.PutUint16(t.b[4:], 2)
	binary.LittleEndian.PutUint16(t.b[6:], 4)
	return t
}

func (t *tape) frame(p []byte) {
	t.at++
	for _, v := range []uint32{t.at, 0, uint32(len(p)), uint32(len(p))} {
		t.b = binary.LittleEndian.AppendUint32(t.b, v)
	}
	t.b = append(t.b, p...)
}

// udp writes a datagram between 10.0.0.from and 10.0.0.to, whose link addresses end like their addresses.
func (t *tape) udp(from, to byte, sport, dport uint16, payload string) {
	u := binary.BigEndian.AppendUint16(nil, sport)
	u = binary.BigEndian.AppendUint16(u, dport)
	u = binary.BigEndian.AppendUint16(u, uint16(8+len(payload)))
	u = append(append(u, 0, 0), payload...)
	ip := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, from, 10, 0, 0, to}
	binary.BigEndian.PutUint16(ip[2:], uint16(20+len(u)))
	p := append(ip, u...)
	if t.link == ethernet {
		p = append([]byte{2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 8, 0}, p...)
	}
	t.frame(p)
}

func (t *tape) file(tb testing.TB) string {
	tb.Helper()
	name := filepath.Join(tb.TempDir(), "a.pcap")
	if err := os.WriteFile(name, t.b, 0o600); err != nil {
		tb.Fatal(err)
	}
	return name
}

// office is a capture of a device that logs in clear and asks for the time.
func office(link uint32) *tape {
	t := newTape(link)
	for range 3 {
		t.udp(2, 3, 40000, 514, "<34>1 2025-01-01T12:00:00Z host su - - - failed")
	}
	request, answer := []byte(strings.Repeat("\x00", 48)), []byte(strings.Repeat("\x00", 48))
	request[0], answer[0], answer[1] = 0x23, 0x24, 2
	t.udp(2, 4, 40001, 123, string(request))
	t.udp(4, 2, 123, 40001, string(answer))
	return t
}

func claims(s *Seen) map[string]fact.Claim {
	m := map[string]fact.Claim{}
	for c := range s.Claims() {
		m[c.Subject.String()+" "+string(c.Fact)] = c
	}
	return m
}

func TestLookGivesDevicesEdgesAndFacts(t *testing.T) {
	s, err := Look(context.Background(), []string{office(ethernet).file(t)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Devices) < 2 {
		t.Fatalf("devices are %+v", s.Devices)
	}
	m := claims(s)
	for _, want := range []string{"device:device-1 service.syslog_cleartext", "device:device-1 time.synchronised"} {
		c, ok := m[want]
		if !ok || !c.Value.IsTrue() || len(c.Sources) == 0 || c.Sources[0].Input != s.Inputs[0].SHA256 {
			t.Errorf("%s is claimed as %+v", want, c)
		}
		if until := s.Until(&c).Expires; !until.After(c.ObservedAt) {
			t.Errorf("%s never goes stale", want)
		}
	}
	found := false
	for _, e := range s.Edges {
		found = found || e.From == "device-1" && e.Protocol == "syslog" && e.Port == 514 && e.Exposure == "clear"
	}
	if !found {
		t.Errorf("edges are %+v", s.Edges)
	}
}

func TestWithoutLinkAddressesOnlyTheProfilesNetworksAreOurs(t *testing.T) {
	path := office(rawIP).file(t)
	s, err := Look(context.Background(), []string{path}, Options{})
	if err != nil || len(s.Devices) != 0 {
		t.Fatalf("%d devices, error %v", len(s.Devices), err)
	}
	if _, ok := claims(s)["peer:10.0.0.2 service.syslog_cleartext"]; !ok {
		t.Error("what a peer did is not shown")
	}
	s, err = Look(context.Background(), []string{path},
		Options{Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")},
			Name: func(d *inventory.Device) string {
				if d.IPs[0] == netip.MustParseAddr("10.0.0.2") {
					return "ward-7-camera"
				}
				return ""
			}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := claims(s)["device:ward-7-camera service.syslog_cleartext"]; !ok {
		t.Errorf("a known device does not bear its ID: %v", claims(s))
	}
}

func TestTheObjectHoldsWhatTheContractNames(t *testing.T) {
	var b bytes.Buffer
	if _, err := JSON(context.Background(), &b, []string{office(ethernet).file(t)}, Options{}); err != nil {
		t.Fatal(err)
	}
	var o struct {
		Inputs   []map[string]any `json:"inputs"`
		Devices  []map[string]any `json:"devices"`
		Services []map[string]any `json:"services"`
		Facts    []map[string]any `json:"facts"`
		Counters map[string]any   `json:"counters"`
	}
	if err := json.Unmarshal(b.Bytes(), &o); err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	has := func(what string, list []map[string]any, names ...string) {
		if len(list) == 0 {
			t.Errorf("no %s", what)
			return
		}
		for _, n := range names {
			if _, ok := list[0][n]; !ok {
				t.Errorf("%s hold no %s: %v", what, n, list[0])
			}
		}
	}
	has("inputs", o.Inputs, "path", "sha256", "packets", "bytes", "link_type", "first", "last", "truncated")
	has("devices", o.Devices, "id", "macs", "ips", "hostnames", "vendor", "type", "model", "firmware",
		"confidence", "candidates", "signals")
	has("services", o.Services, "device", "ip", "port", "transport", "protocol", "tls")
	has("facts", o.Facts, "subject", "fact", "value", "state", "evidence", "coverage", "until")
	has("counters", []map[string]any{o.Counters}, "frames", "decoded", "malformed", "evicted", "partial")
}

func TestTheObjectIsWholeWhateverTheInput(t *testing.T) {
	for name, data := range map[string][]byte{"nothing": {}, "no capture": []byte("hello, this is no capture at all"),
		"no frame": newTape(ethernet).b, "cut short": office(ethernet).b[:300]} {
		path := filepath.Join(t.TempDir(), "x.pcap")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		s, err := JSON(context.Background(), &b, []string{path}, Options{})
		if s == nil || !json.Valid(b.Bytes()) {
			t.Errorf("%s (error %v) gives %s", name, err, b.Bytes())
		}
	}
}

func TestLinesEndWithFactsAndSayTheSameTwice(t *testing.T) {
	path := office(ethernet).file(t)
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if _, err := JSONL(context.Background(), b, []string{path}, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two runs differ")
	}
	facts := false
	for line := range strings.Lines(one.String()) {
		var o struct {
			Kind, Fact, State string
			Frames            []int
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if facts && o.Kind != "fact" {
			t.Errorf("after the facts comes %s", line)
		}
		if facts = o.Kind == "fact"; facts && (o.Fact == "" || o.State != "known" || len(o.Frames) != 2) {
			t.Errorf("a fact lacks something: %s", line)
		}
	}
	if !facts {
		t.Error("no fact was written")
	}
}

func TestATruncatedCaptureDeniesNothing(t *testing.T) {
	whole := office(ethernet)
	whole.b = whole.b[:len(whole.b)-5]
	s, err := Look(context.Background(), []string{whole.file(t)}, Options{})
	if err != nil || !s.Inputs[0].Truncated {
		t.Fatalf("inputs are %+v, error %v", s.Inputs, err)
	}
	for c := range s.Claims() {
		if !c.Coverage.Partial {
			t.Errorf("%s rests on a partial view and does not say so", c.Fact)
		}
	}
}
