// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package book

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/kind"
)

func newCase(t *testing.T) (*casefile.Case, fact.Subject) {
	t.Helper()
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "us.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	s, err := c.Subject(t.Context(), fact.Organisation, "self")
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

var opened = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func open(id string) *incident.Entry {
	return &incident.Entry{Incident: id, By: "officer", At: opened, Open: &incident.Opening{Title: "lost",
		Zone: "Europe/Dublin"},
		Facts: []incident.Said{{Key: "people", Value: "3"}}}
}

func TestAnIncidentIsKeptAndMovesNoVerdict(t *testing.T) {
	c, us := newCase(t)
	for _, e := range []struct {
		form  string
		entry *incident.Entry
	}{
		{incident.OpenForm, open("INC-2026-001")}, {incident.OpenForm, open("INC-2026-002")},
		{incident.FactForm, &incident.Entry{Incident: "INC-2026-001", By: "colleague", At: opened,
			Facts: []incident.Said{{Key: "people", Value: "4"}}}},
		{incident.ReminderForm, &incident.Entry{Incident: "INC-2026-001", By: "writ", At: opened,
			Reminder: &incident.Reminder{Key: "k", At: opened}}},
	} {
		if _, err := Add(t.Context(), c, e.form, us, e.entry); err != nil {
			t.Fatal(err)
		}
	}
	all, err := Read(t.Context(), c)
	if err != nil || len(all) != 2 {
		t.Fatalf("%d, %v", len(all), err)
	}
	if i := all[0]; i.Person != us || i.Revision != 2 || len(i.Facts()) != 1 || len(i.Facts()[0].Said) != 2 || len(i.Sent) != 1 || i.Zone.String() != "Europe/Dublin" {
		t.Errorf("%+v", i)
	}
	entries, err := c.Entries(t.Context(), casefile.Query{Form: incident.Form})
	if err != nil || len(entries) != 4 {
		t.Fatalf("%d, %v", len(entries), err)
	}
	for _, e := range entries {
		if len(e.Statement.Claims) != 0 || strings.Contains(e.Statement.Note, "officer") {
			t.Errorf("entry %.12s claims %v", e.Digest, e.Statement.Claims)
		}
	}
}

// What was erased says nothing, and what is left is read.
func TestAnErasedEntryIsPassedOver(t *testing.T) {
	c, us := newCase(t)
	for _, id := range []string{"INC-2026-001", "INC-2026-002"} {
		if _, err := Add(t.Context(), c, incident.OpenForm, us, open(id)); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := c.Entries(t.Context(), casefile.Query{Form: incident.Form})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Erase(t.Context(), []evidence.Digest{entries[0].Digest}, false, "asked"); err != nil {
		t.Fatal(err)
	}
	all, err := Read(t.Context(), c)
	if err != nil || len(all) != 1 || all[0].ID != "INC-2026-002" {
		t.Errorf("%v, %v", all, err)
	}
}

func TestAReceiptIsKeptAsItIs(t *testing.T) {
	c, _ := newCase(t)
	dir := t.TempDir()
	write := func(name, text string, size int64) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if size > 0 {
			if err := os.Truncate(path, size); err != nil { // takes no room
				t.Fatal(err)
			}
		}
		return path
	}
	f, err := Attach(t.Context(), c, write("receipt.txt", "received", 0))
	if err != nil || f.Name != "receipt.txt" || f.Size != 8 {
		t.Fatalf("%+v, %v", f, err)
	}
	r, err := c.Artefact(f.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); err != nil || string(b) != "received" {
		t.Errorf("%q, %v", b, err)
	}
	for path, want := range map[string]string{write("empty.txt", "", 0): "proves nothing", dir: "it is no file",
		write("huge.bin", "x", 2<<30): "at most", filepath.Join(dir, "nowhere"): "attaching"} {
		if _, err := Attach(t.Context(), c, path); kind.Of(err) != kind.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
