// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Marker is the file that says that a directory is a site of ours, and what it holds.
const Marker = ".writ-law-site"

// Write puts the site into a directory, whole or not at all: beside it first, then in its place. The
// directory may be missing, empty, or hold an earlier site and nothing else.
func (s *Site) Write(dir string) error {
	place, err := placeOf(dir)
	if err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(place), "."+filepath.Base(place)+"-new-")
	if err != nil {
		return fmt.Errorf("writing the site %s: %w", dir, err)
	}
	defer os.RemoveAll(fresh) // gone already where it took its place
	if err := s.fill(fresh); err != nil {
		return fmt.Errorf("writing the site %s: %w", dir, err)
	}
	if err := swap(fresh, place); err != nil {
		return fmt.Errorf("putting the site in its place %s: %w", dir, err)
	}
	return nil
}

// placeOf is where the site goes, once it is sure that nothing else is lost there.
func placeOf(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("directory %s: %w", dir, err)
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		abs = resolved
	}
	if work, err := os.Getwd(); err == nil && within(work, abs) {
		return "", fmt.Errorf("directory %s is, or holds, the one you are in, and is made anew: "+
			"name another, such as law-site", dir)
	}
	found, err := listing(abs)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(found) == 0 {
		return abs, nil
	}
	if err != nil {
		return "", fmt.Errorf("directory %s: %w", dir, err)
	}
	return abs, mineAlone(dir, abs, found)
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// listing names the files below a directory, with forward slashes.
func listing(dir string) ([]string, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, errors.New("not a directory")
	}
	_, err = os.Lstat(filepath.Join(dir, Marker))
	marked := err == nil
	var all []string
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if all = append(all, name); !marked {
			return fs.SkipAll // one is enough to refuse it: no need to read a whole disk
		}
		return nil
	})
	return all, err
}

// mineAlone refuses a directory that holds anything but an earlier site.
func mineAlone(dir, abs string, found []string) error {
	b, err := os.ReadFile(filepath.Join(abs, Marker))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("directory %s holds %s and no earlier site: name an empty or a new one", dir, found[0])
	}
	if err != nil {
		return fmt.Errorf("directory %s: %w", dir, err)
	}
	known := strings.Split(strings.TrimSpace(string(b)), "\n")
	slices.Sort(known)
	for _, name := range found {
		if _, ok := slices.BinarySearch(known, name); name != Marker && !ok {
			return fmt.Errorf("directory %s holds %s, which the earlier site did not write: "+
				"move it away, or name another", dir, name)
		}
	}
	return nil
}

func (s *Site) fill(dir string) error {
	if err := os.Chmod(dir, 0o755); err != nil { // a temporary one is its maker's alone
		return err
	}
	names := s.Names()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, s.Files[name], 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, Marker), []byte(strings.Join(names, "\n")+"\n"), 0o644)
}

// swap puts the fresh directory where the old one is, and the old one back where that fails.
func swap(fresh, place string) error {
	old := fresh + "-old"
	err := os.Rename(place, old)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(fresh, place)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(fresh, place); err != nil {
		return errors.Join(err, os.Rename(old, place))
	}
	return os.RemoveAll(old)
}
