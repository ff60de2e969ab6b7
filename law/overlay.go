// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
)

// Overlay lays one catalogue's files over another's: a file of the same path takes the place of what lies
// under it, any other is added.
func Overlay(base, over fs.FS) fs.FS { return &overlay{base, over} }

type overlay struct{ base, over fs.FS }

// Open opens a file of the upper catalogue, or else of the lower. A directory is that of both.
func (o *overlay) Open(name string) (fs.File, error) {
	f, err := o.over.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.base.Open(name)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || !info.IsDir() {
		return f, err
	}
	return &mergedDir{File: f, o: o, name: name}, nil
}

// Stat says what Open would open, without opening it.
func (o *overlay) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(o.over, name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.Stat(o.base, name)
	}
	return info, err
}

// ReadDir lists what either catalogue holds in a directory, by name.
func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	upper, err := fs.ReadDir(o.over, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	lower, lowerErr := fs.ReadDir(o.base, name)
	if lowerErr != nil && (err != nil || !errors.Is(lowerErr, fs.ErrNotExist)) {
		return nil, lowerErr
	}
	all := slices.Clone(upper)
	for _, e := range lower {
		if !slices.ContainsFunc(upper, func(u fs.DirEntry) bool { return u.Name() == e.Name() }) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return all, nil
}

// mergedDir is a directory that both catalogues may hold.
type mergedDir struct {
	fs.File
	o    *overlay
	name string
	left []fs.DirEntry
	read bool
}

// ReadDir reads on in the merged list.
func (d *mergedDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if !d.read {
		all, err := d.o.ReadDir(d.name)
		if err != nil {
			return nil, err
		}
		d.left, d.read = all, true
	}
	if n > 0 && len(d.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(d.left) {
		n = len(d.left)
	}
	part := d.left[:n]
	d.left = d.left[n:]
	return part, nil
}

// Overrides lists the files of an overlay that take the place of one under them, and those that it adds.
func Overrides(base, over fs.FS) (replaced, added []string, err error) {
	for _, dir := range []string{"catalogue.yaml", "controls", "facts", "instruments", "holidays", "recipients",
		"pinpoints", "lawtests"} {
		err := fs.WalkDir(over, dir, func(name string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == dir {
				return fs.SkipDir
			}
			if err != nil || e.IsDir() || path.Base(name)[0] == '.' {
				return err
			}
			if _, err := fs.Stat(base, name); err == nil {
				replaced = append(replaced, name)
			} else {
				added = append(added, name)
			}
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("reading overlay: %w", err)
		}
	}
	return replaced, added, nil
}
