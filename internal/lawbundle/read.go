// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawbundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// MaxSize bounds a bundle's bytes; maxFiles the files in it.
const (
	MaxSize  = 64 << 20
	maxFiles = 10_000
)

// Bundle is one that was read and holds.
type Bundle struct {
	Manifest Manifest
	FS       fs.FS // the catalogue
	Law      *law.Catalogue
	Engine   *judge.Engine
}

// Open reads a bundle and proves all that it says of itself. key is the one that must have signed, its text or
// its ID; "" takes the bundle's own word for it. Its error is of kind corrupt where the bytes are not what was
// signed, of kind invalid where this program cannot use them.
func Open(b []byte, key string) (*Bundle, error) {
	a, err := open(b)
	if err != nil {
		return nil, err
	}
	if a.Open(nameManifest) == nil {
		return nil, kind.Errorf(kind.Invalid, "not a bundle: it has no %s (writ catalogue bundle makes one)",
			nameManifest)
	}
	raw, err := a.Read(nameManifest, maxManifest)
	if err != nil {
		return nil, err
	}
	m, err := decodeManifest(raw)
	if kind.Of(err) == kind.Other {
		err = kind.Mark(kind.Corrupt, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", nameManifest, err)
	}
	if key != "" && !m.Key.Is(key) {
		return nil, kind.Errorf(kind.Corrupt, "the bundle is signed by %s (key ID %s), not by the pinned key %s", m.Key,
			m.Key.ID(), key)
	}
	signature, err := a.Read(nameSignature, 1<<10)
	if err != nil {
		return nil, asBundle(err)
	}
	if !holds(m.Key, signature, raw) {
		return nil, kind.Errorf(kind.Corrupt,
			"%s: its signature is not that of key %s: it was changed, or never signed by it", nameManifest, m.Key.ID())
	}
	if err := entries(a, m); err != nil {
		return nil, err
	}
	if needsNewer(m.Engine, judge.Version) {
		return nil, kind.Errorf(kind.Invalid,
			"the bundle's law needs engine %s, this program judges by %s: use a newer one", m.Engine, judge.Version)
	}
	bundle := &Bundle{Manifest: *m}
	return bundle, bundle.load(b)
}

// Unpack reads the file in which a case keeps a law, signed or not. That it is the one that the case names is
// the caller's to know, by its digest.
func Unpack(b []byte) (fs.FS, error) {
	if _, err := open(b); err != nil {
		return nil, err
	}
	return sub(b)
}

func open(b []byte) (*proof.Archive, error) {
	if len(b) > MaxSize {
		return nil, kind.Errorf(kind.Invalid, "%d bytes, at most %d are read", len(b), MaxSize)
	}
	a, err := proof.OpenZip(bytes.NewReader(b), int64(len(b)))
	if err == nil && len(a.Files) > maxFiles {
		return nil, kind.Errorf(kind.Invalid, "%d files, at most %d are read", len(a.Files), maxFiles)
	}
	return a, asBundle(err)
}

// asBundle says of a bundle what package proof says of a dossier.
func asBundle(err error) error {
	var r *proof.Refusal
	if !errors.As(err, &r) {
		return err
	}
	k := kind.Corrupt
	if r.Cause == proof.NotADossier {
		k = kind.Invalid
	}
	return kind.Errorf(k, "%s", strings.ReplaceAll(r.Error(), "dossier", "bundle"))
}

// entries compares every entry with the manifest's list: none more, none less, none changed.
func entries(a *proof.Archive, m *Manifest) error {
	listed := m.Entries
	for i := 1; i < len(listed); i++ {
		if listed[i-1].Name >= listed[i].Name {
			return kind.Errorf(kind.Corrupt, "%s: its list is not sorted at %q", nameManifest, listed[i].Name)
		}
	}
	for _, f := range a.Files {
		if f.Name == nameManifest || f.Name == nameSignature {
			continue
		}
		if len(listed) > 0 && listed[0].Name < f.Name {
			return kind.Errorf(kind.Corrupt, "%s: it is missing, and the manifest lists it", listed[0].Name)
		}
		if len(listed) == 0 || listed[0].Name != f.Name || !strings.HasPrefix(f.Name, dir+"/") {
			return kind.Errorf(kind.Corrupt, "%s: the manifest does not list it as a file of the law", f.Name)
		}
		b, err := a.Read(f.Name, MaxSize)
		if err != nil {
			return asBundle(err)
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != listed[0].SHA256 || f.Size != listed[0].Size {
			return kind.Errorf(kind.Corrupt, "%s: it was changed: its bytes are not those that the manifest lists",
				f.Name)
		}
		listed = listed[1:]
	}
	if len(listed) > 0 {
		return kind.Errorf(kind.Corrupt, "%s: it is missing, and the manifest lists it", listed[0].Name)
	}
	return nil
}

// load reads the law and compiles it.
func (b *Bundle) load(raw []byte) error {
	var err error
	if b.FS, err = sub(raw); err != nil {
		return err
	}
	if b.Law, err = law.Load(b.FS); err != nil {
		return kind.Errorf(kind.Invalid, "the law inside cannot be loaded: %w", err)
	}
	if m := &b.Manifest; b.Law.Version != m.Version || b.Law.Digest != m.Digest {
		return kind.Errorf(kind.Corrupt, "the law inside is version %s with digest %s, the manifest names %s with %s",
			b.Law.Version, b.Law.Digest, m.Version, m.Digest)
	}
	if b.Engine, err = judge.Compile(b.Law); err != nil {
		return kind.Errorf(kind.Invalid, "the law inside cannot be judged by: %w", err)
	}
	return nil
}

// sub gives the catalogue in a zip. The zip is canonical, so every reader sees the same files in it.
func sub(b []byte) (fs.FS, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, kind.Mark(kind.Corrupt, err)
	}
	return fs.Sub(z, dir)
}
