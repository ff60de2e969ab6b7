// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// captures of others lie beside the repository, where they are there at all.
const captures = "../../../shared/captures/dev/"

// shared gives the path of a capture that others made, or skips.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.FromSlash(captures + name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not here: shared captures are no part of the repository", name)
	}
	return path
}

// judged is an assessment as its JSON says it.
type judged struct {
	Verdicts []verdictJSON
	Counts   struct{ Met, Violated int }
}

type verdictJSON struct {
	ID, Provision, Bearer, Verdict string
	Subject                        struct{ Kind, ID, Name string }
	Flags, Missing, Because        []string
	Readiness                      *struct {
		Day, Verdict string
		Flags        []string
	}
	Evidence []struct {
		Input  string
		Frames [][2]int
	}
}

// assessed runs assess and reads what it says.
func assessed(t *testing.T, args ...string) *judged {
	t.Helper()
	status, out, errs := writ(t, append([]string{"assess", "--all", "--format", "json"}, args...)...)
	if status > exitViolated {
		t.Fatal(status, errs)
	}
	var j judged
	if err := json.Unmarshal([]byte(out), &j); err != nil {
		t.Fatal(err)
	}
	if want := j.Counts.Violated > 0; want != (status == exitViolated) {
		t.Errorf("exit status %d with %d violated duties of one's own", status, j.Counts.Violated)
	}
	return &j
}

// on gives the one verdict on a provision and a subject of this name.
func (j *judged) on(t *testing.T, provision, name string) *verdictJSON {
	t.Helper()
	for i := range j.Verdicts {
		if v := &j.Verdicts[i]; v.Provision == provision && v.Subject.Name == name {
			return v
		}
	}
	t.Fatalf("no verdict on %s about %s", provision, name)
	return nil
}

// shows says whether the evidence holds a frame.
func (v *verdictJSON) shows(frame int) bool {
	for _, e := range v.Evidence {
		for _, f := range e.Frames {
			if f[0] <= frame && frame <= f[1] && e.Input != "" {
				return true
			}
		}
	}
	return false
}

// is holds a verdict to an outcome, to flags and to what is missing.
func (v *verdictJSON) is(t *testing.T, outcome string, flag, missing string) {
	t.Helper()
	if v.Verdict != outcome {
		t.Errorf("%s is %s, want %s: %s", v.ID, v.Verdict, outcome, strings.Join(v.Because, "\n"))
	}
	if flag != "" && !slices.Contains(v.Flags, flag) {
		t.Errorf("%s has the flags %q, want %s", v.ID, v.Flags, flag)
	}
	if missing != "" && !slices.Contains(v.Missing, missing) {
		t.Errorf("%s misses %q, want %s", v.ID, v.Missing, missing)
	}
}

// file writes a file for a test.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	hospitalProfile = "../../examples/hospital.yaml"
	transmission    = "us/hipaa-security/164.312/e/2/ii"
	decision        = "hipaa.transmission_encryption_decision"
)

// Clear patient data points to a breach of an addressable specification; only a signed word that nobody
// decided makes it one.
func TestClearPatientDataIsABreachOnlyWithoutADecision(t *testing.T) {
	none := file(t, "records.yaml",
		"records: [{fact: "+decision+", value: none, day: 2018-01-01, by: the security official}]\n")
	ward := filepath.Join(t.TempDir(), "ward.pcap")
	b, err := hospital()
	if err == nil {
		err = os.WriteFile(ward, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, input, device string
		frame               int
	}{
		{"HL7", "hospital/ndpi-hl7.pcap", "PCS Systemtechnik 10.0.0.126", 4},
		{"DICOM", ward, "ct-ward-3", 146},
	} {
		t.Run(c.what, func(t *testing.T) {
			input := c.input
			if !filepath.IsAbs(input) {
				input = shared(t, input)
			}
			v := assessed(t, "--profile", hospitalProfile, input).on(t, transmission, c.device)
			v.is(t, "not-shown", "breach-indicated", decision)
			if !v.shows(c.frame) {
				t.Errorf("the evidence does not show frame %d: %v", c.frame, v.Evidence)
			}
			v = assessed(t, "--profile", hospitalProfile, "--records", none, input).on(t, transmission, c.device)
			v.is(t, "violated", "", "")
			_, out, _ := writ(t, "why", "--profile", hospitalProfile, "--records", none, v.ID, input)
			goesBack(t, out, "164.312(e)(2)(ii)", "control hipaa-transmission-encryption-addressed",
				"data.health_cleartext", "statement ",
				fmt.Sprintf("frame %d", c.frame))
		})
	}
}

// goesBack holds a text to words in their order.
func goesBack(t *testing.T, text string, words ...string) {
	t.Helper()
	at := 0
	for _, w := range words {
		i := strings.Index(text[at:], w)
		if i < 0 {
			t.Fatalf("%q does not follow in:\n%s", w, text)
		}
		at += i
	}
}

// PCI DSS 8.3.2 bans the fact itself: a login that can be read, sent to a component in scope, breaks it by the
// packet alone.
func TestAClearLoginToAComponentInScopeViolatesPCI(t *testing.T) {
	input := shared(t, "cleartext/ndpi-telnet.pcap")
	j := assessed(t, "--profile", "../../examples/bank.yaml", input)
	v := j.on(t, "pci/dss-4.0.1/8.3.2", "Western Digital 192.168.0.1")
	v.is(t, "violated", "", "")
	if v.Bearer != "own" || !v.shows(31) {
		t.Errorf("bearer %s, evidence %v", v.Bearer, v.Evidence)
	}
	_, out, _ := writ(t, "why", "--profile", "../../examples/bank.yaml", v.ID, input)
	goesBack(t, out, "PCI DSS 4.0.1, 8.3.2", "control pci-8-3-2", "credentials.cleartext is yes (passive)",
		"statement ", "frame 31")
}
