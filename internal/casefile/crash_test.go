// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/durable/durabletest"
)

// storm is how long writers are killed: enough for CI. KILL_STORM=10m go test -run Kill is for a release.
var storm = func() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("KILL_STORM")); err == nil {
		return d
	}
	return 1200 * time.Millisecond
}()

// writerEnv makes the test's own program a writer that is to be killed: it says the case's directory.
const writerEnv = "WRIT_TEST_WRITER"

// shortEnv makes it one that appends, publishes, appends and closes, for faults to be put into its way.
const shortEnv = "WRIT_TEST_SHORT_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerEnv); dir != "" {
		if err := writeUntilKilled(dir); err != nil {
			fmt.Println("error", err)
		}
		os.Exit(1)
	}
	if dir := os.Getenv(shortEnv); dir != "" {
		if err := writeABit(dir); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func writeABit(dir string) error {
	ctx := context.Background()
	c, err := Open(ctx, dir, Options{Clock: func() time.Time { return noon.Add(time.Minute) }})
	if err != nil {
		return err
	}
	for n := range 3 {
		r, err := c.Append(ctx, drafts(100+n, 101+n))
		if err != nil {
			return err
		}
		fmt.Printf("acked %d %s\n", r[0].Index, r[0].Statement)
		if _, err := c.Publish(ctx); err != nil {
			return err
		}
	}
	return c.Close(ctx)
}

// writeUntilKilled appends from four writers and says a line for each receipt, after it was given.
func writeUntilKilled(dir string) error {
	ctx := context.Background()
	c, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	first, err := c.db.Size(ctx)
	if err != nil {
		return err
	}
	out := make(chan error)
	for w := range 4 {
		go func() {
			for n := 0; ; n++ {
				r, err := c.Append(ctx, drafts(int(first)*1000+w*100_000_000+n, int(first)*1000+w*100_000_000+n+1))
				if err == nil && n%8 == 7 {
					_, err = c.Publish(ctx)
				}
				if err != nil {
					out <- err
					return
				}
				fmt.Printf("acked %d %s\n", r[0].Index, r[0].Statement)
			}
		}()
	}
	return <-out
}

// killed runs a writer, kills it after a while, and gives what it acknowledged.
func killed(t *testing.T, dir string, after time.Duration) map[int64]evidence.Digest {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerEnv+"="+dir)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	acked := map[int64]evidence.Digest{}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		var index int64
		var d evidence.Digest
		if n, _ := fmt.Sscanf(lines.Text(), "acked %d %s", &index, &d); n == 2 && len(d) == 64 {
			acked[index] = d
		} else if n == 2 {
			continue // the kill cut the line
		} else {
			t.Errorf("the writer said %q", lines.Text())
		}
	}
	cmd.Wait() // killed: its error says nothing
	return acked
}

// Promise 1: nothing acknowledged is lost to kill -9, and the case opens and checks clean.
func TestNothingAcknowledgedIsLostToAKill(t *testing.T) {
	t.Parallel()
	c, _ := newCase(t)
	closeCase(t, c)
	acked, kills := map[int64]evidence.Digest{}, 0
	for end := time.Now().Add(storm); kills < 3 || time.Now().Before(end); kills++ {
		for i, d := range killed(t, c.dir, time.Duration(20+rand.IntN(100))*time.Millisecond) {
			acked[i] = d
		}
		c, err := Open(t.Context(), c.dir, Options{})
		if err != nil {
			t.Fatalf("after kill %d: %v", kills, err)
		}
		b := read(t, c)
		for i, d := range acked {
			if i >= int64(len(b.Entries)) || b.Entries[i].Digest != d {
				t.Fatalf("after kill %d: leaf %d of %d was acknowledged as %s and is lost", kills, i, len(b.Entries), d)
			}
		}
		closeCase(t, c)
	}
	r := sound(t, c.dir)
	t.Logf("%d kills, %d statements acknowledged, %d there, 0 lost", kills, len(acked), r.Statements)
	if len(acked) == 0 {
		t.Error("no writer came to acknowledge anything")
	}
}

// A crash between any two files of a publication leaves what the next one goes on from.
func TestAPublicationCutAnywhereIsGoneOnFrom(t *testing.T) {
	c := filled(t)
	older := filepath.Join(t.TempDir(), "older")
	durabletest.Copy(t, filepath.Join(c.dir, logDir), older)
	c, err := Open(t.Context(), c.dir, Options{Clock: c.clock})
	if err != nil {
		t.Fatal(err)
	}
	add(t, c, draft(9))
	before := filepath.Join(t.TempDir(), "before") // committed, and not published
	durabletest.Copy(t, c.dir, before)
	closeCase(t, c)
	var files []string
	err = filepath.WalkDir(filepath.Join(c.dir, logDir), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Base(path) != "checkpoint" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(files) + 2 {
		dir := filepath.Join(t.TempDir(), "cut")
		durabletest.Copy(t, before, dir)
		names := files[:min(cut, len(files))]
		if cut > len(files) { // the checkpoint is there, and the database has not noted it
			names = append(names, filepath.Join(c.dir, checkpoint))
		}
		for _, path := range names {
			rel, err := filepath.Rel(c.dir, path)
			if err != nil {
				t.Fatal(err)
			}
			copyFile(t, path, filepath.Join(dir, rel))
		}
		copyFile(t, filepath.Join(c.dir, privateKey), filepath.Join(dir, checkpoint+".tmp")) // half a file of the crash
		again, err := Open(t.Context(), dir, Options{Clock: c.clock})
		if err != nil {
			t.Fatalf("cut after %d files: %v", cut, err)
		}
		if _, err := again.Publish(t.Context()); err != nil {
			t.Fatalf("cut after %d files: %v", cut, err)
		}
		closeCase(t, again)
		sound(t, dir, c.Checkpoint())
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o700)
	}
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The database is SQLite's: a write-ahead log cut short anywhere loses what was not yet synced, and
// nothing before it.
func TestAWriteAheadLogCutShortLosesNoEarlierCommit(t *testing.T) {
	c, _ := newCase(t)
	var sizes []int64
	wal := filepath.Join(c.dir, database+"-wal")
	for n := range 4 {
		add(t, c, draft(n))
		i, err := os.Stat(wal)
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, i.Size())
	}
	live := filepath.Join(t.TempDir(), "live")
	durabletest.Copy(t, c.dir, live)
	for cut := int64(0); cut <= sizes[3]; cut += 5*4096 - 7 {
		dir := filepath.Join(t.TempDir(), "cut")
		durabletest.Copy(t, live, dir)
		os.Remove(filepath.Join(dir, database+"-shm"))
		if err := os.Truncate(filepath.Join(dir, database+"-wal"), cut); err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, s := range sizes {
			if s <= cut {
				want++
			}
		}
		again, err := Open(t.Context(), dir, Options{Clock: c.clock})
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if got := len(read(t, again).Entries); got < want {
			t.Errorf("cut at %d: %d statements, %d were committed before", cut, got, want)
		}
		closeCase(t, again)
		sound(t, dir)
	}
}

// Figures of the disk are worth what a plain synced write costs in the same run.
func BenchmarkFdatasync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	record := make([]byte, 1024)
	for b.Loop() {
		if _, err := f.Write(record); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			c, _ := newCase(b)
			next := make(chan int)
			var wait sync.WaitGroup
			for range writers {
				wait.Go(func() {
					for n := range next {
						if _, err := c.Append(context.Background(), drafts(n, n+1)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			b.ResetTimer()
			for n := range b.N {
				next <- n
			}
			close(next)
			wait.Wait()
		})
	}
}

// BenchmarkBatch appends a thousand statements at a time.
func BenchmarkBatch(b *testing.B) {
	c, _ := newCase(b)
	n := 0
	for b.Loop() {
		add(b, c, drafts(n, n+1000)...)
		n += 1000
	}
}

func BenchmarkRead(b *testing.B) {
	c, _ := newCase(b)
	add(b, c, drafts(0, 5000)...)
	for b.Loop() {
		read(b, c)
	}
}
