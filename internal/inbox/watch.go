// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inbox

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// Folder watches a directory by looking at it again and again. A file is ready when it has not changed for Settle,
// by the watcher's own clock: what is still being written is not. What the folder forgets in a restart the case
// knows: the same bytes are not taken in twice.
type Folder struct {
	Dir    string
	Settle time.Duration

	files map[string]*watched
}

// watched is a file as it was last seen.
type watched struct {
	size  int64
	mod   time.Time
	since time.Time // it has been so
	done  bool      // taken in, or refused, as it is
}

// maxWatched bounds the files of a folder.
const maxWatched = 100_000

// unfinished are how programs call what they are still writing.
var unfinished = []string{".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", "~"}

// Ready looks and gives the files that are ready to be taken in, in the order of their names. Folders, hidden files,
// links and what has the name of something unfinished are passed by.
func (f *Folder) Ready(now time.Time) ([]string, error) {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return nil, fmt.Errorf("watching %s: %w", f.Dir, durable.Explain(err))
	}
	if len(entries) > maxWatched {
		return nil, kind.Errorf(kind.Invalid, "watching %s: it holds more than %d files", f.Dir, maxWatched)
	}
	there := map[string]*watched{}
	var ready []string
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~$") ||
			slices.ContainsFunc(unfinished, func(end string) bool {
				return strings.HasSuffix(strings.ToLower(e.Name()),
					end)
			}) {
			continue
		}
		i, err := e.Info()
		if err != nil || i.Size() == 0 {
			continue // gone meanwhile, or only begun
		}
		w := f.files[e.Name()]
		if w == nil || w.size != i.Size() || !w.mod.Equal(i.ModTime()) {
			w = &watched{size: i.Size(), mod: i.ModTime(), since: now}
		}
		there[e.Name()] = w
		if !w.done && now.Sub(w.since) >= f.Settle {
			ready = append(ready, filepath.Join(f.Dir, e.Name()))
		}
	}
	f.files = there
	return ready, nil
}

// Waiting is how many files are neither taken in nor refused as they are.
func (f *Folder) Waiting() (n int) {
	for _, w := range f.files {
		if !w.done {
			n++
		}
	}
	return n
}

// Same says whether a file is still as it was when it became ready.
func (f *Folder) Same(path string) bool {
	w := f.files[filepath.Base(path)]
	i, err := os.Stat(path)
	return w != nil && err == nil && w.size == i.Size() && w.mod.Equal(i.ModTime())
}

// Done says that a file need not be looked at again as it was when it became ready.
func (f *Folder) Done(path string) {
	if w := f.files[filepath.Base(path)]; w != nil {
		w.done = true
	}
}

// Move moves a file that was taken in into another folder, and never over another file.
func Move(path, dir string) error {
	name := filepath.Base(path)
	ext := filepath.Ext(name)
	for n := 1; n < 1000; n++ {
		to := filepath.Join(dir, name)
		if n > 1 {
			to = filepath.Join(dir, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext))
		}
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.Rename(path, to); err != nil {
			return fmt.Errorf("moving %s: %w", path, durable.Explain(err))
		}
		return nil
	}
	return kind.Errorf(kind.Conflict, "moving %s: %s holds too many files of that name", path, dir)
}
