// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/internal/store/storetest"
)

func create(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLite(t *testing.T) {
	storetest.Test(t, func(t *testing.T) *store.Store {
		return create(t, filepath.Join(t.TempDir(), "a b?c#d%20e.db"))
	})
}

func TestMemory(t *testing.T) {
	storetest.Test(t, func(t *testing.T) *store.Store {
		s, err := store.Memory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	})
}

func TestDatabaseIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "case.db")
	create(t, path)
	if i, err := os.Stat(path); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("mode %v (%v)", i.Mode(), err)
	}
	if _, err := store.Create(t.Context(), path); kind.Of(err) != kind.Conflict {
		t.Errorf("created twice: %v", err)
	}
}

func TestOpeningWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	if _, err := store.Open(t.Context(), filepath.Join(dir, "none.db")); kind.Of(err) != kind.NotFound {
		t.Errorf("no file: %v", err)
	}
	path := filepath.Join(dir, "text.db")
	if err := os.WriteFile(path, []byte("this is not a database, whatever its name says, and long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), path); kind.Of(err) != kind.Corrupt {
		t.Errorf("a text: %v", err)
	}
}

func TestWhatWasAppendedIsThereAfterReopening(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "case.db")
	s, err := store.Create(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(ctx, &store.Batch{Rows: []store.Row{storetest.Claim(t, 1, true)}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(ctx, path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.Size(ctx); n != 1 || err != nil {
		t.Errorf("%d leaves (%v)", n, err)
	}
}
