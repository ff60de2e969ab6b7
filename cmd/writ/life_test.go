// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// factoryPassword is what the bot's third login carries.
const factoryPassword = "xc3511"

// TestTheLifeOfAPacket follows the bot's factory login to the camera from the wire to the proof
// (docs/life-of-a-packet.md).
func TestTheLifeOfAPacket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	status, said, errs := writ(t, "demo", "--dir", dir)
	if status != exitDone {
		t.Fatal(status, errs)
	}
	input := filepath.Join(dir, demoCapture)
	capture, err := os.ReadFile(input)
	if err != nil || !bytes.Contains(capture, []byte(factoryPassword)) {
		t.Fatalf("no packet carries %s: %v", factoryPassword, err)
	}
	_, lines, _ := writ(t, "observe", "--format", "jsonl", input)
	login := theLogin(t, lines)
	acceptedFact(t, lines, login)

	_, list, _ := writ(t, "report", "--case", filepath.Join(dir, demoCase), "--format", "json")
	var j judged
	if err := json.Unmarshal([]byte(list), &j); err != nil {
		t.Fatal(err)
	}
	v := j.on(t, passwordsUK, "Example Cameras IPC-3060")
	v.is(t, "violated", "", "")
	if v.Bearer != "supplier" || !v.shows(login[0]) {
		t.Errorf("%s binds %s, and rests on %v", v.ID, v.Bearer, v.Evidence)
	}
	_, why, _ := writ(t, "why", "--case", filepath.Join(dir, demoCase), v.ID)
	goesBack(t, why, "SI 2023/1007 Sch. 1 para. 1", "control no-default-credentials-after-set-up",
		"credentials.default_accepted", "statement ",
		fmt.Sprintf("frame %d-%d", login[0], login[1]))
	if status, out, errs := writ(t, "verify", filepath.Join(dir, demoDossier)); status != exitDone ||
		!strings.Contains(out, "judged again, same bytes") {
		t.Error(status, out, errs)
	}
	nowhere(t, dir, said+lines+list+why)
}

// theLogin gives the frames of the login that the camera took from the bot.
func theLogin(t *testing.T, lines string) (frames [2]int) {
	t.Helper()
	for line := range strings.Lines(lines) {
		var o struct {
			Kind, Client, Server, Protocol, User, Outcome, Factory string
			Frames                                                 [2]int
			Secret                                                 struct {
				Kind, Digest string
				Length       int
			}
		}
		if !strings.Contains(line, `"kind":"login"`) || json.Unmarshal([]byte(line), &o) != nil ||
			o.Outcome != "accepted" || o.Protocol != "telnet" {
			continue
		}
		if o.Client != "203.0.113.66" || o.Server != "10.20.3.60" || o.Factory == "" ||
			o.Secret.Length != len(factoryPassword) {
			t.Errorf("the login reads as %+v", o)
		}
		return o.Frames
	}
	t.Fatal("nobody saw the login")
	return
}

// acceptedFact looks for the fact that the camera takes a factory credential, with the login's frames.
func acceptedFact(t *testing.T, lines string, login [2]int) {
	t.Helper()
	want := fmt.Sprintf(`"frames":[%d,%d]`, login[0], login[1])
	for line := range strings.Lines(lines) {
		if strings.Contains(line, `"fact":"credentials.default_accepted","value":true`) &&
			strings.Contains(line, want) {
			return
		}
	}
	t.Errorf("no fact credentials.default_accepted with %s", want)
}

// nowhere looks for the password in all that was said and written, the capture itself apart.
func nowhere(t *testing.T, dir, said string) {
	t.Helper()
	if strings.Contains(said, factoryPassword) {
		t.Error("the password was said")
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Base(path) == demoCapture {
			return err
		}
		if filepath.Ext(path) == ".zip" {
			return nowhereInside(t, path)
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(factoryPassword)) {
			t.Errorf("%s holds the password", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func nowhereInside(t *testing.T, path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, e := range z.File {
		b, err := fs.ReadFile(z, e.Name)
		if err != nil {
			return err
		}
		if bytes.Contains(b, []byte(factoryPassword)) && !strings.HasPrefix(e.Name, "catalogue/") {
			t.Errorf("%s of %s holds the password", e.Name, path)
		}
	}
	return nil
}
