// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"database/sql"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/durable/durabletest"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
)

// filled is a closed case with something of everything in it.
func filled(t testing.TB) *Case {
	t.Helper()
	c, _ := newCase(t)
	if _, err := c.Subject(t.Context(), fact.Device, "mac:02:00:00:00:00:01"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Keep(t.Context(), strings.NewReader("capture")); err != nil {
		t.Fatal(err)
	}
	add(t, c, drafts(0, 3)...)
	if _, err := c.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	add(t, c, drafts(3, 5)...)
	closeCase(t, c)
	sound(t, c.dir)
	return c
}

// flips changes each byte of a file in turn, one bit of it, and puts it back.
func flips(t testing.TB, path string, step int, f func(at int)) int {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for at := 0; at < len(whole); at += step {
		b := bytes.Clone(whole)
		b[at] ^= 1 << (at % 8)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		f(at)
		n++
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryFlippedByteOfTheLogIsFound(t *testing.T) {
	t.Parallel()
	c := filled(t)
	k := &checker{dir: c.dir, erased: newErased(), report: &Report{}}
	db, err := store.Open(t.Context(), filepath.Join(c.dir, database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	k.db = db
	for _, step := range []func() error{func() error { return k.meta(t.Context()) }, func() error { return k.statements(t.Context()) }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	err = filepath.WalkDir(filepath.Join(c.dir, logDir), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, err := filepath.Rel(c.dir, path)
		n += flips(t, path, 1, func(at int) {
			k.report.Findings = nil
			check := func() error { return k.file(path, strings.TrimPrefix(filepath.ToSlash(rel), logDir+"/")) }
			if filepath.ToSlash(rel) == checkpoint {
				check = func() error { return k.log(t.Context(), nil) }
			}
			if err := check(); err != nil || len(k.report.Findings) == 0 || k.report.Findings[0].Where != filepath.ToSlash(rel) {
				t.Fatalf("%s byte %d: %v %v", rel, at, k.report.Findings, err)
			}
		})
		return err
	})
	if err != nil || len(k.report.Findings) == 0 {
		t.Fatal(err)
	}
	t.Logf("%d of %d flips found", n, n)
}

func TestEveryFlippedByteOfAKeyIsFound(t *testing.T) {
	c := filled(t)
	n := 0
	for _, name := range []string{privateKey, publicKey, secretsKey} {
		n += flips(t, filepath.Join(c.dir, name), 1, func(at int) {
			k, err := readKeys(c.dir)
			if err == nil {
				err = k.check(c.keys.meta())
			}
			if kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), keysDir+"/") {
				t.Fatalf("%s byte %d: %v", name, at, err)
			}
			if b, _ := os.ReadFile(filepath.Join(c.dir, privateKey)); strings.Contains(err.Error(), strings.TrimSpace(string(b[len(b)-20:]))) {
				t.Fatalf("%s byte %d: the message holds the key: %v", name, at, err)
			}
		})
	}
	t.Logf("%d of %d flips found", n, n)
}

// A flipped byte of the database is found, or it lies where nothing is kept: then the case reads as
// before.
func TestAFlippedByteOfTheDatabaseIsFoundOrChangesNothing(t *testing.T) {
	t.Parallel()
	c := filled(t)
	before := contents(t, c.dir)
	found, harmless := 0, 0
	n := flips(t, filepath.Join(c.dir, database), 1223, func(at int) {
		_, err := Fsck(t.Context(), c.dir)
		switch {
		case err == nil:
			harmless++
			if after := contents(t, c.dir); !reflect.DeepEqual(after, before) {
				t.Errorf("byte %d: not found, and the case reads otherwise", at)
			}
		case kind.Of(err) == kind.Corrupt:
			found++
		default:
			t.Logf("byte %d: %v", at, err)
			found++
		}
	})
	if found == 0 {
		t.Error("nothing was found")
	}
	t.Logf("of %d flips %d were found, %d changed nothing", n, found, harmless)
}

// contents is all that a case says.
func contents(t testing.TB, dir string) []any {
	t.Helper()
	c, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeCase(t, c)
	kept, err := c.db.Kept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []store.Identity
	if err := c.db.Identities(t.Context(), func(i store.Identity) error { names = append(names, i); return nil }); err != nil {
		t.Fatal(err)
	}
	return []any{read(t, c), kept, names}
}

// change runs SQL in a case's database, as an intruder would.
func change(t testing.TB, dir string, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

func TestEachDamageIsNamed(t *testing.T) {
	t.Parallel()
	whole := filled(t).dir
	for _, c := range []struct{ what, where, sql string }{
		{"a statement removed", "leaf 2", `DELETE FROM statement WHERE idx = 2`},
		{"statement and leaf removed", "leaf 2", `DELETE FROM statement WHERE idx = 2; DELETE FROM leaf WHERE idx = 2`},
		{"the last of all removed", checkpoint, `DELETE FROM statement WHERE idx = 4; DELETE FROM payload WHERE idx = 4;
			DELETE FROM leaf WHERE idx = 4; DELETE FROM node WHERE idx >= 7`},
		{"a statement's bytes", "leaf 1", `UPDATE statement SET bytes = replace(bytes, 'true', 'null') WHERE idx = 1`},
		{"two statements swapped", "leaf 0", `UPDATE statement SET idx = 1 - idx - 10 WHERE idx < 2; UPDATE statement SET idx = idx + 10 WHERE idx < 0`},
		{"a leaf's bytes", "leaf 3", `UPDATE leaf SET entry = replace(entry, '12T12', '12T13') WHERE idx = 3`},
		{"a payload", "leaf 1", `UPDATE payload SET body = '{"name":"pump 9"}' WHERE idx = 1`},
		{"a payload removed", "leaf 1", `DELETE FROM payload WHERE idx = 1`},
		{"a payload erased, and nobody said so", "leaf 1", `UPDATE payload SET salt = NULL, body = NULL WHERE idx = 1`},
		{"a column beside it", "leaf 1", `UPDATE statement SET subject = 'device:x' WHERE idx = 1`},
		{"a leaf's hash", "leaf 0", `UPDATE node SET hash = zeroblob(32) WHERE idx = 0`},
		{"a hash of the tree", database, `UPDATE node SET hash = zeroblob(32) WHERE idx = 2`},
		{"a projection", database, `UPDATE latest SET idx = 0 WHERE idx = 3`},
		{"a row of a projection", database, `DELETE FROM latest WHERE idx = 3`},
		{"an identity", database, `UPDATE identity SET id = '00000000000000000000000000000000'`},
		{"a kept artefact", artefacts, `UPDATE kept SET sha256 = replace(sha256, 'a', 'b')`},
		{"the origin", database, `UPDATE meta SET value = 'x' WHERE name = 'origin'`},
		{"the noted checkpoint", checkpoint, `UPDATE checkpoint SET note = 'x'`},
		{"a stray row", database, `INSERT INTO payload (idx) VALUES (77)`},
	} {
		dir := filepath.Join(t.TempDir(), "copy")
		durabletest.Copy(t, whole, dir)
		change(t, dir, c.sql)
		r, err := Fsck(t.Context(), dir)
		if kind.Of(err) != kind.Corrupt {
			t.Errorf("%s: %v", c.what, err)
			continue
		}
		named := false
		for _, f := range r.Findings {
			named = named || f.Where == c.where
		}
		if !named {
			t.Errorf("%s: no finding names %s: %v", c.what, c.where, r.Findings)
		}
	}
}

func TestAPartOfACaseThatIsGoneOrNotItselfIsDamage(t *testing.T) {
	t.Parallel()
	whole := filled(t).dir
	for _, c := range []struct {
		what, where string
		do          func(path string) error
	}{
		{"gone", database, os.Remove},
		{"empty", database, func(p string) error { return os.Truncate(p, 0) }},
		{"huge", privateKey, func(p string) error { return os.Truncate(p, 1<<33) }},
		{"huge", secretsKey, func(p string) error { return os.Truncate(p, 1<<33) }},
		{"huge", checkpoint, func(p string) error { return os.Truncate(p, 1<<33) }},
	} {
		dir := filepath.Join(t.TempDir(), "copy")
		durabletest.Copy(t, whole, dir)
		if err := c.do(filepath.Join(dir, c.where)); err != nil {
			t.Fatal(err)
		}
		before := sizes(t, dir)
		if c.what == "gone" {
			if _, err := Create(t.Context(), dir, Options{}); kind.Of(err) != kind.Corrupt {
				t.Errorf("a case was made over one that lost its database: %v", err)
			}
		}
		_, checked := Fsck(t.Context(), dir)
		opened, err := Open(t.Context(), dir, Options{})
		if err == nil {
			closeCase(t, opened)
		}
		for door, err := range map[string]error{"fsck": checked, "open": err} {
			if kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), c.where) {
				t.Errorf("%s, %s %s: %v", door, c.where, c.what, err)
			}
		}
		if after := sizes(t, dir); !maps.Equal(after, before) {
			t.Errorf("%s %s: looking at it changed it from %v to %v", c.where, c.what, before, after)
		}
	}
}

// sizes are those of the files of a case, without its lock.
func sizes(t testing.TB, dir string) map[string]int64 {
	t.Helper()
	all := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "lock" {
			return err
		}
		info, err := e.Info()
		if err == nil {
			all[path] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReadingRefusesDamage(t *testing.T) {
	dir := filled(t).dir
	change(t, dir, `UPDATE statement SET bytes = replace(bytes, 'true', 'null') WHERE idx = 1`)
	c, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeCase(t, c)
	if _, err := c.Read(t.Context()); kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), "leaf 1") {
		t.Errorf("%v", err)
	}
}

func TestRebuildMakesProjectionsAgain(t *testing.T) {
	dir := filled(t).dir
	change(t, dir, `DELETE FROM latest; UPDATE artefact SET size = 7`)
	c, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	closeCase(t, c)
	sound(t, dir)
}

// grown is a closed case, a copy of it as it was before its last statement, and its last checkpoint.
func grown(t testing.TB) (dir, older string, note []byte) {
	t.Helper()
	c := filled(t)
	older = filepath.Join(t.TempDir(), "older")
	durabletest.Copy(t, c.dir, older)
	c, err := Open(t.Context(), c.dir, Options{Clock: c.clock})
	if err != nil {
		t.Fatal(err)
	}
	add(t, c, draft(9))
	closeCase(t, c)
	return c.dir, older, c.Checkpoint()
}

func TestAnOlderCopyThatWasRestoredSignsNothing(t *testing.T) {
	restore := func(names ...string) (string, []byte) {
		dir, older, note := grown(t)
		for _, name := range names {
			if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			if i, err := os.Stat(filepath.Join(older, name)); err == nil && i.IsDir() {
				durabletest.Copy(t, filepath.Join(older, name), filepath.Join(dir, name))
				continue
			}
			b, err := os.ReadFile(filepath.Join(older, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir, note
	}
	for _, name := range []string{database, logDir} {
		dir, note := restore(name)
		if _, err := Open(t.Context(), dir, Options{}); kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), "older copy") {
			t.Errorf("an older %s: %v", name, err)
		}
		if r, err := Fsck(t.Context(), dir, note); kind.Of(err) != kind.Corrupt || r.Findings[0].Where != checkpoint {
			t.Errorf("an older %s: %v %v", name, r, err)
		}
	}
	dir, note := restore(database, logDir) // whole and sound by itself: only who holds a later checkpoint can tell
	sound(t, dir)
	if _, err := Fsck(t.Context(), dir, note); kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), "older copy") {
		t.Errorf("an older copy of the whole: %v", err)
	}
}

func TestTwoHistoriesOfOneCaseAreAFork(t *testing.T) {
	dir, older, note := grown(t)
	c, err := Open(t.Context(), older, Options{Clock: func() time.Time { return noon.Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	add(t, c, draft(77))
	closeCase(t, c)
	if _, err := Fsck(t.Context(), older, note); kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), "forked") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(filepath.Join(dir, checkpoint)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); kind.Of(err) != kind.Corrupt {
		t.Errorf("no checkpoint, and one was published: %v", err)
	}
}

func TestABackupRestoredElsewhereVerifies(t *testing.T) {
	dir, older, note := grown(t)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	durabletest.Copy(t, dir, elsewhere)
	first, err := os.ReadFile(filepath.Join(older, checkpoint))
	if err != nil {
		t.Fatal(err)
	}
	if r := sound(t, elsewhere, first, note); r.Leaves != 6 {
		t.Errorf("%+v", r)
	}
}
