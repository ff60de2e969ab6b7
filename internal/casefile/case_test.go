// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/ledger"
	"github.com/writ-iot/writ/proof"
)

var noon = time.Date(2027, 12, 12, 12, 0, 0, 0, time.UTC)

// watch is a clock that tests set.
type watch struct {
	mu sync.Mutex
	t  time.Time
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t = w.t.Add(time.Millisecond)
	return w.t
}

func (w *watch) set(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.t = t
}

func newCase(t testing.TB) (*Case, *watch) {
	t.Helper()
	w := &watch{t: noon}
	c, err := Create(t.Context(), filepath.Join(t.TempDir(), "hospital.case"), Options{Clock: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeCase(t, c) })
	return c, w
}

func closeCase(t testing.TB, c *Case) {
	t.Helper()
	if err := c.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func reopen(t testing.TB, c *Case) *Case {
	t.Helper()
	closeCase(t, c)
	again, err := Open(t.Context(), c.dir, Options{Clock: c.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeCase(t, again) })
	return again
}

func device(n int) fact.Subject { return fact.Subject{Kind: fact.Device, ID: fmt.Sprintf("d%d", n)} }

// draft says that Telnet was used on device n.
func draft(n int) Draft {
	s := device(n)
	return Draft{evidence.Statement{Kind: evidence.Observation, Collector: "c", Subject: s, Claims: []fact.Claim{
		{Subject: s, Fact: "telnet.used", Method: fact.Passive, Value: fact.BoolValue(true), ObservedAt: noon}}},
		map[string]string{"name": fmt.Sprintf("pump %d", n)}}
}

func drafts(from, to int) []Draft {
	var all []Draft
	for n := from; n < to; n++ {
		all = append(all, draft(n))
	}
	return all
}

func add(t testing.TB, c *Case, d ...Draft) []Receipt {
	t.Helper()
	r, err := c.Append(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t testing.TB, c *Case) *proof.Book {
	t.Helper()
	b, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sound checks a closed case.
func sound(t testing.TB, dir string, pins ...[]byte) *Report {
	t.Helper()
	r, err := Fsck(t.Context(), dir, pins...)
	if err != nil {
		t.Fatalf("%v\n%+v", err, r)
	}
	return r
}

func TestWhatIsAcknowledgedIsThereAgain(t *testing.T) {
	c, _ := newCase(t)
	receipts := add(t, c, drafts(0, 300)...)
	c = reopen(t, c)
	receipts = append(receipts, add(t, c, draft(300))...)
	c = reopen(t, c)
	b := read(t, c)
	if len(b.Entries) != 301 || len(b.Leaves) != 301 || len(b.Stubs) != 0 {
		t.Fatalf("%d statements, %d leaves", len(b.Entries), len(b.Leaves))
	}
	for i, e := range b.Entries {
		r := receipts[i]
		if e.Index != int64(i) || r.Index != e.Index || r.Statement != e.Digest || !r.KnownAt.Equal(e.KnownAt) || r.Repeated {
			t.Fatalf("receipt %+v, entry %d %s %s", r, e.Index, e.Digest, e.KnownAt)
		}
		if err := e.Verify(c.Key().Public); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf(`{"name":"pump %d"}`, i); string(e.Payload.Body) != want {
			t.Errorf("payload %s, want %s", e.Payload.Body, want)
		}
	}
	closeCase(t, c)
	r := sound(t, c.dir)
	if r.Leaves != 301 || r.Published != 301 || r.Statements != 301 || r.Payloads != 301 || r.Tiles == 0 {
		t.Errorf("%+v", r)
	}
}

func TestAnotherClientReadsThePublishedLog(t *testing.T) {
	c, _ := newCase(t)
	for from := 0; from < 600; from += 150 {
		add(t, c, drafts(from, from+150)...)
		if _, err := c.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cp, err := proof.OpenCheckpoint(c.Checkpoint(), c.Key())
	if err != nil || cp.Size != 600 {
		t.Fatalf("%+v %v", cp, err)
	}
	hashes := tlog.TileHashReader(tlog.Tree{N: cp.Size, Hash: cp.Root}, tileFiles(filepath.Join(c.dir, logDir)))
	for i, want := range read(t, c).Leaves {
		p, err := tlog.ProveRecord(cp.Size, int64(i), hashes)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(p, cp.Size, cp.Root, int64(i), tlog.RecordHash(want)); err != nil {
			t.Fatalf("leaf %d: %v", i, err)
		}
	}
	var n int
	for _, name := range []string{"000", "001", "002.p/88"} {
		b, err := os.ReadFile(filepath.Join(c.dir, logDir, "tile", "entries", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		entries, err := ledger.ParseBundle(b)
		if err != nil {
			t.Fatal(err)
		}
		n += len(entries)
	}
	if n != 600 {
		t.Errorf("%d leaves in the bundles", n)
	}
}

// tileFiles reads tiles as a stranger's client does.
type tileFiles string

func (tileFiles) Height() int                     { return ledger.Height }
func (tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (d tileFiles) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, t := range tiles {
		b, err := os.ReadFile(filepath.Join(string(d), filepath.FromSlash(ledger.Path(t))))
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

func TestTheSameInputTwiceCountsOnce(t *testing.T) {
	c, _ := newCase(t)
	first := add(t, c, drafts(0, 5)...)
	c = reopen(t, c)
	for i, r := range add(t, c, drafts(0, 5)...) {
		if !r.Repeated || r.Index != first[i].Index || r.Statement != first[i].Statement || !r.KnownAt.Equal(first[i].KnownAt) {
			t.Errorf("%+v, first %+v", r, first[i])
		}
	}
	if n := len(read(t, c).Entries); n != 5 {
		t.Errorf("%d statements", n)
	}
}

func TestASecondProcessIsKeptOut(t *testing.T) {
	c, _ := newCase(t)
	_, err := Open(t.Context(), c.dir, Options{})
	if kind.Of(err) != kind.Conflict || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("opened twice: %v", err)
	}
	if _, err := Fsck(t.Context(), c.dir); kind.Of(err) != kind.Conflict {
		t.Errorf("checked meanwhile: %v", err)
	}
	reopen(t, c)
}

func TestCreateAndOpenRefuse(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), dir, Options{}); kind.Of(err) != kind.NotFound {
		t.Errorf("no case: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(t.Context(), dir, Options{}); kind.Of(err) != kind.Conflict {
		t.Errorf("a directory in use: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	c, _ := newCase(t)
	add(t, c, draft(1))
	if _, err := c.Keep(t.Context(), strings.NewReader("capture")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(c.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := e.Info()
		if err == nil && i.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", path, i.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestASubjectKeepsItsID(t *testing.T) {
	c, _ := newCase(t)
	name := func(k fact.SubjectKind, keys ...string) fact.Subject {
		t.Helper()
		s, err := c.Subject(t.Context(), k, keys...)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	one := name(fact.Device, "mac:02:00:00:00:00:01")
	if len(one.ID) != 32 || one.Kind != fact.Device {
		t.Errorf("%+v", one)
	}
	two := name(fact.Device, "mac:02:00:00:00:00:02")
	if two == one || name(fact.Product, "mac:02:00:00:00:00:01").ID == one.ID {
		t.Error("two subjects have one ID")
	}
	if name(fact.Device, "serial:7", "mac:02:00:00:00:00:01") != one || name(fact.Device, "serial:7") != one {
		t.Error("a second key does not name the same device")
	}
	add(t, c, draft(1))
	c = reopen(t, c)
	if name(fact.Device, "serial:7") != one || name(fact.Device, "mac:02:00:00:00:00:02") != two {
		t.Error("another run gives another ID")
	}
	if _, err := c.Subject(t.Context(), fact.Device); kind.Of(err) != kind.Invalid {
		t.Errorf("no key: %v", err)
	}
	b, err := os.ReadFile(filepath.Join(c.dir, database))
	if err != nil || strings.Contains(string(b), "02:00:00") {
		t.Errorf("an address stands in the database (%v)", err)
	}
}

func TestAClockThatRunsBackwardsSignsNothing(t *testing.T) {
	c, w := newCase(t)
	add(t, c, draft(1))
	w.set(noon.Add(-3 * time.Second))
	last := add(t, c, draft(2))[0]
	if !last.KnownAt.Equal(read(t, c).Entries[0].KnownAt) {
		t.Errorf("a small step back: %s", last.KnownAt)
	}
	w.set(noon.Add(-time.Hour))
	if _, err := c.Append(t.Context(), drafts(3, 4)); kind.Of(err) != kind.Unavailable || !strings.Contains(err.Error(), "clock") {
		t.Errorf("append: %v", err)
	}
	if _, err := c.Publish(t.Context()); kind.Of(err) != kind.Unavailable || c.Checkpoint() != nil {
		t.Errorf("publish: %v", err)
	}
	w.set(noon.Add(time.Hour))
	add(t, c, draft(3))
	if n := len(read(t, c).Entries); n != 3 {
		t.Errorf("%d statements", n)
	}
}

func TestCancellingAppendsAllOrNothing(t *testing.T) {
	c, _ := newCase(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Append(ctx, drafts(0, 3)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	acked := 0
	for n := range 30 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*100*time.Microsecond)
		if _, err := c.Append(ctx, drafts(n*10, n*10+10)); err == nil {
			acked += 10
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		cancel()
	}
	if n := len(read(t, c).Entries); n != acked {
		t.Errorf("%d statements, %d acknowledged", n, acked)
	}
	closeCase(t, c)
	sound(t, c.dir)
}

func TestManyWritersShareCommits(t *testing.T) {
	c, _ := newCase(t)
	var wait sync.WaitGroup
	for w := range 16 {
		wait.Go(func() {
			for n := range 20 {
				r, err := c.Append(t.Context(), drafts(w*100+n, w*100+n+1))
				if err != nil || len(r) != 1 || r[0].Repeated {
					t.Errorf("%v %v", r, err)
				}
			}
		})
	}
	wait.Wait()
	closeCase(t, c)
	if r := sound(t, c.dir); r.Statements != 320 {
		t.Errorf("%d statements", r.Statements)
	}
}

func TestAnEarlierCheckpointIsAKnowledgePoint(t *testing.T) {
	c, _ := newCase(t)
	add(t, c, drafts(0, 3)...)
	if _, err := c.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	note := c.Checkpoint()
	add(t, c, drafts(3, 5)...)
	if cp, err := c.Covers(note); err != nil || cp.Size != 3 {
		t.Errorf("%+v %v", cp, err)
	}
	other, _ := newCase(t)
	add(t, other, drafts(0, 3)...)
	if _, err := other.Covers(note); kind.Of(err) != kind.Corrupt {
		t.Errorf("a checkpoint of another case: %v", err)
	}
	if _, err := c.Covers(note[:20]); kind.Of(err) != kind.Invalid {
		t.Errorf("half a checkpoint: %v", err)
	}
	closeCase(t, c)
	changed := bytes.Replace(note, []byte("\n3\n"), []byte("\n4\n"), 1)
	if r, err := Fsck(t.Context(), c.dir, changed, note); kind.Of(err) != kind.Invalid || len(r.Findings) != 0 {
		t.Errorf("fsck with a checkpoint that was changed: %v %+v", err, r)
	}
	closeCase(t, other)
	if r, err := Fsck(t.Context(), other.dir, changed, note); kind.Of(err) != kind.Corrupt || len(r.Findings) != 2 {
		t.Errorf("fsck of another case: %v %+v", err, r)
	}
}

func TestAfterClosingNothingIsTaken(t *testing.T) {
	c, _ := newCase(t)
	closeCase(t, c)
	if _, err := c.Append(t.Context(), drafts(0, 1)); err == nil {
		t.Error("appended")
	}
	if _, err := c.Publish(t.Context()); err == nil {
		t.Error("published")
	}
}

func TestArtefactsAreKeptAndMissed(t *testing.T) {
	c, _ := newCase(t)
	ref, err := c.Keep(t.Context(), strings.NewReader("capture"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Artefact(ref.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "capture" {
		t.Errorf("%q %v", b, err)
	}
	r.Close()
	closeCase(t, c)
	if r := sound(t, c.dir); r.Artefacts != 1 || len(r.Notices) != 0 {
		t.Errorf("%+v", r)
	}
	if err := os.RemoveAll(filepath.Join(c.dir, artefacts, ref.SHA256[:2])); err != nil {
		t.Fatal(err)
	}
	if r, err := Fsck(t.Context(), c.dir); kind.Of(err) != kind.Corrupt || r.Findings[0].Where != artefacts {
		t.Errorf("%v", err)
	}
}
