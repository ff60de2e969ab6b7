// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package blob keeps artefacts by the SHA-256 of their bytes, in one directory:
//
//	artefacts/9f/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
//
// What is kept is never changed and never repaired; every reader learns at the end whether what it read
// is what was kept.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// Dir is a directory of artefacts. It is safe for concurrent use.
type Dir struct {
	path  string
	limit int64
}

// Ref names an artefact.
type Ref struct {
	SHA256 string // hex
	Size   int64
}

// At makes the directory where it is not there yet. limit bounds one artefact's bytes.
func At(path string, limit int64) (*Dir, error) {
	if err := durable.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	return &Dir{path, limit}, nil
}

// Frozen is a directory of artefacts that is only read.
func Frozen(path string, limit int64) *Dir { return &Dir{path, limit} }

// Put keeps what r gives and returns when it would outlive a power cut:
//
//	openat(artefacts/put-N.tmp, O_RDWR|O_CREAT|O_EXCL, 0600)
//	write…  fsync  close
//	mkdirat(artefacts/9f)  fsync(artefacts)
//	renameat(artefacts/put-N.tmp, artefacts/9f/9f86…)
//	fsync(artefacts/9f)
//
// What is kept already is read again and left as it is.
func (d *Dir) Put(ctx context.Context, r io.Reader) (Ref, error) {
	ref, err := d.put(ctx, r)
	if err != nil {
		return Ref{}, fmt.Errorf("keeping artefact: %w", err)
	}
	return ref, nil
}

func (d *Dir) put(ctx context.Context, r io.Reader) (Ref, error) {
	f, err := os.CreateTemp(d.path, "put-*"+durable.Temp)
	if err != nil {
		return Ref{}, durable.Explain(err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(&reader{ctx, r}, d.limit+1))
	if err == nil && n > d.limit {
		err = kind.Errorf(kind.Invalid, "more than %d bytes", d.limit)
	}
	if err != nil {
		return Ref{}, errors.Join(explain(err), discard(f))
	}
	ref := Ref{hex.EncodeToString(h.Sum(nil)), n}
	path := d.file(ref.SHA256)
	if _, err := os.Lstat(path); err == nil {
		return ref, errors.Join(discard(f), d.Check(ctx, ref.SHA256))
	}
	if err := durable.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Ref{}, errors.Join(err, discard(f))
	}
	return ref, durable.Commit(f, path)
}

// explain leaves alone what already has a kind: the source's error, or the context's.
func explain(err error) error {
	if kind.Of(err) != kind.Other || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return durable.Explain(err)
}

func discard(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }

// Open gives an artefact's bytes. At their end the reader says io.EOF if they are what was kept, and an
// error of kind corrupt if not.
func (d *Dir) Open(sha string) (io.ReadCloser, error) {
	f, err := d.open(sha)
	if err != nil {
		return nil, err
	}
	return &checked{f, sha256.New(), sha}, nil
}

func (d *Dir) open(sha string) (*os.File, error) {
	if !isDigest(sha) {
		return nil, kind.Errorf(kind.Invalid, "artefact %q: want 64 lower-case hex digits", sha)
	}
	f, err := os.Open(d.file(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, kind.Errorf(kind.NotFound, "artefact %s is not kept here", sha)
	}
	if err != nil {
		return nil, fmt.Errorf("artefact %s: %w", sha, durable.Explain(err))
	}
	return f, nil
}

// Check reads an artefact to its end.
func (d *Dir) Check(ctx context.Context, sha string) error {
	f, err := d.Open(sha)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, &reader{ctx, f})
	return err
}

// Size gives an artefact's length.
func (d *Dir) Size(sha string) (int64, error) {
	f, err := d.open(sha)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	i, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("artefact %s: %w", sha, durable.Explain(err))
	}
	return i.Size(), nil
}

// List names everything that lies in the directory: the artefacts, and what has no place there, with
// slashes. Temporary files of a crash are neither.
func (d *Dir) List() (kept, strange []string, err error) {
	err = filepath.WalkDir(d.path, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		switch name := e.Name(); {
		case isDigest(name) && path == d.file(name) && e.Type().IsRegular():
			kept = append(kept, name)
		case !strings.HasSuffix(name, durable.Temp):
			rel, err := filepath.Rel(d.path, path)
			if err != nil {
				return err
			}
			strange = append(strange, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("listing artefacts: %w", durable.Explain(err))
	}
	return kept, strange, nil
}

func (d *Dir) file(sha string) string { return filepath.Join(d.path, sha[:2], sha) }

func isDigest(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && s == strings.ToLower(s)
}

// reader stops when its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// checked compares what passes with its name.
type checked struct {
	*os.File
	h   hash.Hash
	sha string
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	c.h.Write(p[:n])
	if errors.Is(err, io.EOF) {
		if got := hex.EncodeToString(c.h.Sum(nil)); got != c.sha {
			return n, kind.Errorf(kind.Corrupt, "artefact %s is damaged: its bytes now have the digest %s", c.sha, got)
		}
	}
	return n, err
}

// WriteTo is hidden, so that no copy passes by the check.
func (c *checked) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{c})
}
