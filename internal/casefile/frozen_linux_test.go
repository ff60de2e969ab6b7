// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/durable/durabletest"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/proof"
)

func openFrozen(t *testing.T, dir string) *Case {
	t.Helper()
	c, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeCase(t, c) })
	if !c.Frozen() {
		t.Fatal("it was opened to be written to")
	}
	return c
}

func TestACaseIsReadWhereNothingMayBeWritten(t *testing.T) {
	whole := filled(t)
	dir := durabletest.Freeze(t, whole.dir)
	if r := sound(t, dir); !r.Frozen || r.Leaves != 5 || r.Published != 5 || r.Artefacts != 1 {
		t.Errorf("%+v", r)
	}
	c, beside := openFrozen(t, dir), openFrozen(t, dir) // readers share it
	b := read(t, c)
	if len(b.Entries) != 5 || len(read(t, beside).Entries) != 5 {
		t.Errorf("%d statements", len(b.Entries))
	}
	var out bytes.Buffer
	if err := c.Dossier(t.Context(), &out, judged(t, b)); err != nil {
		t.Fatal(err)
	}
	v, err := proof.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()), proof.Options{Key: c.Key().ID()})
	if err != nil || v.Statements != 5 {
		t.Errorf("%+v %v", v, err)
	}
}

func TestAFrozenCaseRefusesEveryChange(t *testing.T) {
	c := openFrozen(t, durabletest.Freeze(t, filled(t).dir))
	ctx := t.Context()
	for what, do := range map[string]func() error{
		"append":  func() error { _, err := c.Append(ctx, drafts(7, 8)); return err },
		"keep":    func() error { _, err := c.Keep(ctx, strings.NewReader("x")); return err },
		"publish": func() error { _, err := c.Publish(ctx); return err },
		"rebuild": func() error { return c.Rebuild(ctx) },
		"erase": func() error {
			_, err := c.Erase(ctx, []evidence.Digest{read(t, c).Entries[0].Digest}, false, "asked for")
			return err
		},
	} {
		if err := do(); kind.Of(err) != kind.Denied || !strings.Contains(err.Error(), "copy it to where you may write") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := c.Subject(ctx, fact.Device, "mac:02:00:00:00:00:01"); err != nil {
		t.Errorf("a subject that is known: %v", err)
	}
}

// A crash leaves the newest leaves in the write-ahead log alone. They were acknowledged: a frozen case
// that left them out would say less than is known.
func TestAFrozenCaseHasWhatACrashLeftInTheWriteAheadLog(t *testing.T) {
	c, _ := newCase(t)
	add(t, c, drafts(0, 2)...)
	c = reopen(t, c)
	add(t, c, drafts(2, 5)...)
	dir := durabletest.Freeze(t, c.dir)
	if b := read(t, openFrozen(t, dir)); len(b.Entries) != 5 {
		t.Errorf("%d statements, 5 were acknowledged", len(b.Entries))
	}
	if r := sound(t, dir); r.Leaves != 5 || r.Published != 2 {
		t.Errorf("%+v", r)
	}
	frozen := openFrozen(t, dir)
	err := frozen.Dossier(t.Context(), &bytes.Buffer{}, judged(t, read(t, frozen)))
	if kind.Of(err) != kind.Denied || !strings.Contains(err.Error(), "its checkpoint covers 2 of 5 leaves") {
		t.Errorf("a dossier of what was never signed: %v", err)
	}
}

// Damage is found there as anywhere.
func TestAFrozenCaseThatIsDamagedIsRefused(t *testing.T) {
	whole := filled(t)
	if err := os.Truncate(filepath.Join(whole.dir, database), 3*4096); err != nil {
		t.Fatal(err)
	}
	dir := durabletest.Freeze(t, whole.dir)
	if _, err := Fsck(t.Context(), dir); kind.Of(err) != kind.Corrupt {
		t.Errorf("fsck: %v", err)
	}
	c, err := Open(t.Context(), dir, Options{})
	if err == nil {
		_, err = c.Read(t.Context())
		closeCase(t, c)
	}
	if kind.Of(err) != kind.Corrupt {
		t.Errorf("reading: %v", err)
	}
}

// Who reads with the lock shared keeps writers out; where none can be taken a writer is noticed.
func TestAWriterIsKeptFromAFrozenReaderOrNoticed(t *testing.T) {
	whole := filled(t)
	shared, err := share(whole.dir)
	if err != nil || shared == nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), whole.dir, Options{}); kind.Of(err) != kind.Conflict {
		t.Errorf("opened under a reader: %v", err)
	}
	if err := unshare(shared); err != nil {
		t.Fatal(err)
	}
	writer, err := Open(t.Context(), whole.dir, Options{Clock: whole.clock})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := share(whole.dir); kind.Of(err) != kind.Conflict {
		t.Errorf("shared under a writer: %v", err)
	}
	h := &hold{dir: whole.dir, frozen: true} // as a reader who may not open the lock
	if err := h.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	add(t, writer, drafts(8, 9)...)
	if err := h.release(); kind.Of(err) != kind.Conflict {
		t.Errorf("a writer was not noticed: %v", err)
	}
	if err := writer.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
