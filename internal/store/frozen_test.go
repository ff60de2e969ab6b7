// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/internal/store/storetest"
)

func appendClaim(t *testing.T, s *store.Store, n int) {
	t.Helper()
	if _, err := s.Append(t.Context(), &store.Batch{Rows: []store.Row{storetest.Claim(t, n, true)}}); err != nil {
		t.Fatal(err)
	}
}

// files gives each file of a directory with its bytes.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(b)
	}
	return all
}

// crashed is a copy of a database whose second leaf stands in its write-ahead log alone.
func crashed(t *testing.T) string {
	t.Helper()
	from, to := t.TempDir(), t.TempDir()
	s := create(t, filepath.Join(from, "case.db"))
	appendClaim(t, s, 1)
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	appendClaim(t, s, 2)
	for name, b := range files(t, from) {
		if name == "case.db-shm" { // as a copy or another machine would lack it
			continue
		}
		if err := os.WriteFile(filepath.Join(to, name), []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(to, "case.db")
}

func TestAFrozenDatabaseIsReadWithItsWriteAheadLogAndNothingIsWritten(t *testing.T) {
	path := crashed(t)
	before := files(t, filepath.Dir(path))
	if len(before["case.db-wal"]) == 0 {
		t.Fatal("no write-ahead log: the test shows nothing")
	}
	f, err := store.OpenFrozen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := f.Size(t.Context()); n != 2 || err != nil {
		t.Errorf("%d leaves (%v)", n, err)
	}
	if wrong, err := f.Check(t.Context()); len(wrong) > 0 || err != nil {
		t.Errorf("%q (%v)", wrong, err)
	}
	_, err = f.Append(t.Context(), &store.Batch{Rows: []store.Row{storetest.Claim(t, 3, true)}})
	if kind.Of(err) != kind.Denied {
		t.Errorf("written to: %v", err)
	}
	if err := f.Unchanged(); err != nil {
		t.Error(err)
	}
	f.Close()
	after := files(t, filepath.Dir(path))
	if len(after) != len(before) || after["case.db"] != before["case.db"] || after["case.db-wal"] != before["case.db-wal"] {
		t.Errorf("%d files, now %d, or their bytes were changed", len(before), len(after))
	}
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.Size(t.Context()); n != 2 || err != nil {
		t.Errorf("opened to be written: %d leaves (%v)", n, err)
	}
}

func TestAWriterBesideAFrozenDatabaseIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case.db")
	s := create(t, path)
	appendClaim(t, s, 1)
	f, err := store.OpenFrozen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Unchanged(); err != nil {
		t.Error(err)
	}
	appendClaim(t, s, 2)
	if err := f.Unchanged(); kind.Of(err) != kind.Conflict {
		t.Errorf("unnoticed: %v", err)
	}
}

func TestAFrozenDatabaseThatIsNoneIsDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case.db")
	if _, err := store.OpenFrozen(t.Context(), path); kind.Of(err) != kind.NotFound {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(path, []byte("this is not a database, and long enough to be looked at, whatever it says of itself; "+
		"it goes on for a little while more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenFrozen(t.Context(), path); kind.Of(err) != kind.Corrupt {
		t.Errorf("a text: %v", err)
	}
}
