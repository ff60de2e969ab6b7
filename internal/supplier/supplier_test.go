// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

func newCase(t testing.TB) *casefile.Case {
	t.Helper()
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	return c
}

var (
	camera = fact.Subject{Kind: fact.Device, ID: "0a0a0a"}
	model  = fact.Subject{Kind: fact.Product, ID: "0b"}
)

func TestWhatTellsOfOurNetworkIsReplacedByTheSameWords(t *testing.T) {
	a := &assess.Assessment{Profile: "St. Example", Inputs: []assess.Input{{Path: "/srv/ward3.pcap"}},
		Things: []assess.Thing{{Subject: camera, Name: "camera-ward-3", Hostnames: []string{"IPC-3060",
			"cam3.hospital.example"}, IPs: []string{"10.0.3.7"},
			MACs: []string{"02:00:00:00:00:07"}}, {Subject: fact.Subject{Kind: fact.Device, ID: "0c0c0c"}, Name: "archive",
			IPs: []string{"10.0.3.9"}}},
		Edges: []assess.Edge{{From: "0a0a0a", To: "203.0.113.9"}}, Names: map[fact.Subject]string{{Kind: fact.Organisation,
			ID: "0d"}: "St. Example"}}
	for in, want := range map[string]string{
		"login at camera-ward-3 (10.0.3.7) from ARCHIVE, 10.0.3.9":   "login at unit A (unit A) from device 1, device 1",
		"asked 203.0.113.9 and fe80::1, then fe80::1 again":          "asked peer 1 and address 1, then address 1 again",
		"02-00-00-00-00-07 and 02:00:00:00:00:07 in 10.9.0.0/16":     "address 1 and unit A in address 2",
		"IPC-3060 says so at 10:00:00, in ward3.pcap of St. Example": "IPC-3060 says so at 10:00:00, in the capture of the operator",
		"archived, cam3.hospital.example, version 2.4":               "archived, unit A, version 2.4",
	} {
		m := newMask(a, map[fact.Subject]string{camera: "unit A"}, "Example Cameras IPC-3060")
		got := m.text(in)
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if err := m.leaks(got); err != nil {
			t.Errorf("%q: %v", got, err)
		}
	}
	m := newMask(a, nil)
	for _, left := range []string{"the archive", "at 192.0.2.1", "02:aa:bb:cc:dd:ee"} {
		if err := m.leaks(left); kind.Of(err) != kind.Denied {
			t.Errorf("%q was let out: %v", left, err)
		}
	}
}

func answer(t testing.TB, c *casefile.Case, a Answer, vex []byte) error {
	t.Helper()
	if a.On == "" {
		a.On = "2026-11-25"
	}
	_, err := Enter(t.Context(), c, model, a, vex)
	return err
}

const openvex = `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://maker.example/vex/1","author":"Maker PSIRT","timestamp":"2026-11-20T00:00:00Z",
 "statements":[{"vulnerability":{"name":"CVE-2026-0001"},"products":[{"@id":"pkg:generic/example-cameras/ipc-3060@2.4"}],"status":"not_affected","justification":"vulnerable_code_not_present"},
 {"vulnerability":"CVE-2026-0002","products":["pkg:generic/other"],"status":"fixed"}]}`

const csafVEX = `{"document":{"category":"csaf_vex","csaf_version":"2.0","publisher":{"name":"Maker"},"tracking":{"id":"M-1","current_release_date":"2026-11-20T00:00:00Z"}},
 "product_tree":{"branches":[{"name":"Maker","branches":[{"name":"IPC-3060","product":{"product_id":"P1","name":"Example Cameras IPC-3060 2.4"}}]}]},
 "vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"known_not_affected":["P1"],"fixed":["P2"]},"flags":[{"label":"component_not_present","product_ids":["P1"]}],
 "threats":[{"category":"impact","details":"telnet is not built in","product_ids":["P1"]}]}]}`

func TestBothSortsOfVEXAreRead(t *testing.T) {
	for what, c := range map[string]struct{ text, want string }{
		"OpenVEX": {openvex,
			"OpenVEX Maker PSIRT: CVE-2026-0001 not_affected vulnerable_code_not_present true; CVE-2026-0002 fixed  false"},
		"CSAF": {csafVEX,
			"CSAF Maker: CVE-2026-0001 fixed  false; CVE-2026-0001 known_not_affected component_not_present true"},
	} {
		v, err := ReadVEX([]byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		v.Names("", "IPC 3060")
		var all []string
		for _, s := range v.Statements {
			ours := "false"
			if s.Ours {
				ours = "true"
			}
			all = append(all, s.Vulnerability+" "+s.Status+" "+s.Justification+" "+ours)
		}
		if got := v.Format + " " + v.Author + ": " + strings.Join(all, "; "); got != c.want {
			t.Errorf("%s: %s\nwant %s", what, got, c.want)
		}
	}
	deep := `{"document":{"csaf_version":"2.0"},"product_tree":` + strings.Repeat(`{"branches":[`,
		60) + strings.Repeat(`]}`, 60) + `}`
	for what, text := range map[string]string{"no JSON": "{", "neither": `{"a":1}`,
		"nothing said":         `{"@context":"openvex","statements":[]}`,
		"no status":            `{"@context":"openvex","statements":[{"status":"fine"}]}`,
		"branches without end": strings.Replace(deep, `{"branches":[{"branches":[`, `{"branches":[{"branches":[`, 1),
		"a text":               `"openvex"`} {
		if _, err := ReadVEX([]byte(text)); kind.Of(err) != kind.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAnAnswerStandsBesideTheVerdictAndMakesNothingKnown(t *testing.T) {
	c := newCase(t)
	vex, err := ReadVEX([]byte(openvex))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		Answer
		vex []byte
	}{{Answer{Kind: Fixed, Version: "2.4", From: "Maker", By: "procurement"}, nil},
		{Answer{Kind: NotAffected, VEX: vex, From: "Maker", By: "procurement", Provisions: []string{"eu/cra/x"}},
			[]byte(openvex)}} {
		if err := answer(t, c, one.Answer, one.vex); err != nil {
			t.Fatal(err)
		}
	}
	for what, bad := range map[string]Answer{"no kind": {From: "m", By: "b"}, "nobody's": {Kind: None, By: "b"},
		"nobody enters it": {Kind: None, From: "m"},
		"no version":       {Kind: Fixed, From: "m", By: "b"}, "not affected, and no file": {Kind: NotAffected, From: "m",
			By: "b"},
		"disputed without words": {Kind: Disputed, From: "m", By: "b"}, "no day": {Kind: None, From: "m", By: "b",
			On: "soon"}} {
		if err := answer(t, c, bad, nil); kind.Of(err) != kind.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	said, err := Said(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	day := fact.DayOf(time.Now())
	for provision, want := range map[law.ProvisionID]string{
		"eu/cra/x": "Maker on 2026-11-25: fixed in version 2.4|Maker on 2026-11-25: not affected (OpenVEX https://maker.example/vex/1)",
		"eu/cra/y": "Maker on 2026-11-25: fixed in version 2.4"} {
		var lines []string
		for _, a := range said.Of(model, provision, day) {
			lines = append(lines, a.Line())
		}
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%s: %s", provision, got)
		}
	}
	if len(said.Of(fact.Subject{Kind: fact.Product, ID: "0e"}, "eu/cra/x", day)) != 0 {
		t.Error("an answer stands beside another product's verdict")
	}
	book, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range book.Entries {
		if len(e.Statement.Claims) > 0 {
			t.Error("an answer made something known")
		}
	}
}

func TestARecallIsOneActAndListsEveryoneItWasSentTo(t *testing.T) {
	c := newCase(t)
	seen := func(value bool) evidence.Statement {
		return evidence.Statement{Kind: evidence.Observation, Collector: "writ observe", Subject: camera,
			Claims: []fact.Claim{{Subject: camera,
				Fact: "service.telnet", Value: fact.BoolValue(value), Method: fact.Passive, ObservedAt: time.Date(2026, 11, 2, 0,
					0, 0, 0, time.UTC)}}}
	}
	r, err := c.Append(t.Context(), []casefile.Draft{{Statement: seen(true)}, {Statement: seen(false)}})
	if err != nil {
		t.Fatal(err)
	}
	n := &Notice{Made: "2026-11-25", ReplyBy: "2026-12-25", Product: Product{Name: "Example Cameras IPC-3060"},
		subject:    model,
		statements: []evidence.Digest{r[0].Statement}, provisions: []string{"eu/cra/x"}}
	sent, err := Keep(t.Context(), c, n, "Maker PSIRT", "procurement", func(*Notice) ([]byte,
		error) {
		return []byte("{}"), nil
	})
	if err != nil || sent.Number != "2026/1" {
		t.Fatalf("%+v %v", sent, err)
	}
	for _, h := range []Handed{{What: "dossier a.zip", To: "the auditor", Leaves: 2, By: "office", On: "2026-11-25"},
		{What: "an early dossier", To: "nobody of these", Leaves: 0, By: "office", On: "2026-11-01"}} {
		if err := Hand(t.Context(), c, h); err != nil {
			t.Fatal(err)
		}
	}
	said, err := Said(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	late := fact.DayOf(time.Date(2026, 12, 26, 0, 0, 0, 0, time.UTC))
	if got := said.Of(model, "eu/cra/x", late); len(got) != 1 || got[0].Kind != Silence || len(said.Of(model, "eu/cra/x",
		late-1)) != 0 {
		t.Errorf("silence: %+v", got)
	}
	if _, err := Recall(t.Context(), c, string(r[0].Statement), "", "security"); kind.Of(err) != kind.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	out, err := Recall(t.Context(), c, string(r[0].Statement)[:12], "the probe stood on the wrong port", "security")
	if err != nil || len(out.Notices) != 1 || out.Notices[0].To != "Maker PSIRT" || len(out.Handed) != 1 ||
		out.Handed[0].To != "the auditor" {
		t.Fatalf("%+v %v", out, err)
	}
	if _, err := Recall(t.Context(), c, string(r[0].Statement)[:12], "again",
		"security"); kind.Of(err) != kind.Conflict {
		t.Errorf("twice: %v", err)
	}
	if _, err := Recall(t.Context(), c, "ffffffffffff", "x", "security"); kind.Of(err) != kind.NotFound {
		t.Errorf("unknown: %v", err)
	}
	if out, err = Recall(t.Context(), c, string(r[1].Statement), "as well", "security"); err != nil ||
		len(out.Notices) != 0 {
		t.Errorf("%+v %v", out, err)
	}
}

func FuzzVEX(f *testing.F) {
	f.Add([]byte(openvex))
	f.Add([]byte(csafVEX))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := ReadVEX(b)
		if err != nil {
			return
		}
		v.Names("a", "b")
		if len(v.Statements) == 0 {
			t.Fatal("nothing was read, and nothing is wrong")
		}
	})
}
