// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawbundle

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// Parts of a catalogue. Verdicts rest on the first alone; the others go along in a bundle, so that whoever gets
// it can lint and test it.
var (
	judged = []string{"catalogue.yaml", "controls", "facts", "instruments"}
	beside = []string{"holidays", "lawtests", "pinpoints", "recipients"}
)

// Options of a bundle.
type Options struct {
	Signer  *proof.Signer
	MadeAt  time.Time
	Program string
}

// Write writes a catalogue as a signed bundle, and gives its manifest. Law that does not load or compile is
// not published. The same catalogue, key, time and program give the same bytes.
func Write(w io.Writer, fsys fs.FS, o Options) (*Manifest, error) {
	m, err := write(w, fsys, o)
	if err != nil {
		return nil, fmt.Errorf("making bundle: %w", err)
	}
	return m, nil
}

func write(w io.Writer, fsys fs.FS, o Options) (*Manifest, error) {
	cat, err := law.Load(fsys)
	if err != nil {
		return nil, err
	}
	contents, refs, err := files(fsys, append(slices.Clone(judged), beside...))
	if err != nil {
		return nil, err
	}
	m := &Manifest{Version: cat.Version, Digest: cat.Digest, MadeAt: o.MadeAt, Engine: judge.Version,
		Program: o.Program, Key: o.Signer.Key, Entries: refs}
	b, err := m.encode()
	if err != nil {
		return nil, err
	}
	contents = append(contents, proof.Bytes(nameManifest, b), proof.Bytes(nameSignature, sign(b, o.Signer)))
	var out bytes.Buffer
	if err := proof.WriteZip(&out, contents); err != nil {
		return nil, err
	}
	if _, err := Open(out.Bytes(), m.Key.ID()); err != nil { // as whoever gets it will
		return nil, err
	}
	_, err = w.Write(out.Bytes())
	return m, err
}

// Pack gives the file in which a case keeps the law that it is judged by: what verdicts rest on, unsigned. The
// same law always gives the same bytes.
func Pack(fsys fs.FS) ([]byte, error) {
	contents, _, err := files(fsys, judged)
	if err != nil {
		return nil, fmt.Errorf("packing the law: %w", err)
	}
	var b bytes.Buffer
	if err := proof.WriteZip(&b, contents); err != nil {
		return nil, fmt.Errorf("packing the law: %w", err)
	}
	return b.Bytes(), nil
}

// files reads the YAML below some of a catalogue's parts; one that is not there holds nothing.
func files(fsys fs.FS, parts []string) ([]proof.Content, []proof.EntryRef, error) {
	var all []proof.Content
	var refs []proof.EntryRef
	for _, part := range parts {
		err := fs.WalkDir(fsys, part, func(name string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == part {
				return fs.SkipDir
			}
			if err != nil || e.IsDir() || !kept(name) {
				return err
			}
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(b)
			all = append(all, proof.Bytes(dir+"/"+name, b))
			refs = append(refs, proof.EntryRef{Name: dir + "/" + name,
				SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b))})
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("reading catalogue: %w", err)
		}
	}
	slices.SortFunc(refs, func(a, b proof.EntryRef) int { return cmp.Compare(a.Name, b.Name) })
	return all, refs, nil
}

// kept says whether a file is of a kind that a catalogue is made of.
func kept(name string) bool {
	ext := path.Ext(name)
	return ext == ".yaml" || ext == ".lawtest" || ext == ".txt"
}
