// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// judgeFunc judges an input by a catalogue.
type judgeFunc func(*law.Catalogue, judge.Input) (*judge.Result, error)

// Options of a verification. The zero value pins nothing.
type Options struct {
	// Key that must have signed: a key's text or its ID; "" takes the dossier's own word for it.
	Key string
	// Checkpoints held outside the dossier, as signed notes: its log must continue each of them.
	Checkpoints [][]byte
	// Catalogue is the digest of the law that the verifying program carries; "" when it carries none.
	Catalogue string

	judge judgeFunc // nil: judge.Judge
}

// Verify proves a dossier from its bytes alone. It recomputes all that can be recomputed, from the most
// telling to the most general, so that its refusal names what was done: a statement that is gone, a
// verdict that was changed, a checkpoint that was swapped, another key, a fork; and only then that the
// manifest does not list these bytes. Its error is a *Refusal, or says that reading was not possible.
func Verify(r io.ReaderAt, size int64, o Options) (*Verification, error) {
	a, err := OpenZip(r, size)
	if err != nil {
		return nil, fmt.Errorf("verifying dossier: %w", err)
	}
	v := &verifier{r: r, size: size, archive: a, options: o, result: &Verification{}}
	for _, step := range []func() error{v.readManifest, v.checkpoint, v.leaves, v.pins, v.book, v.payloads, v.law,
		v.adopted, v.verdicts, v.entries, v.signature, v.engine} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("verifying dossier: %w", err)
		}
	}
	return v.result, nil
}

// verifier holds what the steps before have found to be so.
type verifier struct {
	r        io.ReaderAt
	size     int64
	archive  *Archive
	options  Options
	raw      []byte // the manifest's
	manifest *Manifest
	leafs    []Leaf
	roots    map[int64]tlog.Hash // of the sizes at which the log is held against a checkpoint
	entry    []Entry
	stubs    []Stub
	catalog  *law.Catalogue
	unlike   error // the verdicts are another engine's, and not all are ours
	result   *Verification
}

func (v *verifier) readManifest() error {
	if v.archive.Open(nameManifest) == nil {
		return refuse(NotADossier, "", "not a dossier: it has no %s", nameManifest)
	}
	var err error
	if v.raw, err = v.archive.Read(nameManifest, maxManifest); err != nil {
		return err
	}
	if v.manifest, err = decodeManifest(v.raw); err != nil {
		return refuse(BadManifest, nameManifest, "reading it: %v", err)
	}
	m := v.manifest
	if v.options.Key != "" && !m.Key.Is(v.options.Key) {
		return refuse(OtherKey, "", "the dossier is signed by %s (key ID %s), not by the pinned key %s", m.Key,
			m.Key.ID(), v.options.Key)
	}
	v.result.Manifest, v.result.KeyPinned = *m, v.options.Key != ""
	return nil
}

func (v *verifier) checkpoint() error {
	note, err := v.archive.Read(nameCheckpoint, MaxCheckpoint)
	if err != nil {
		return err
	}
	cp, err := OpenCheckpoint(note, v.manifest.Key)
	if err != nil {
		return err
	}
	if cp != v.manifest.Checkpoint {
		return refuse(OtherCheckpoint, nameCheckpoint,
			"a valid checkpoint of %d leaves, but the dossier was made on one of %d leaves with another root",
			cp.Size, v.manifest.Checkpoint.Size)
	}
	v.result.Note = note
	return nil
}

// pins holds the log against the checkpoints from outside.
func (v *verifier) pins() error {
	for _, note := range v.options.Checkpoints {
		pin, err := OpenPin(note, v.manifest.Key)
		if err != nil {
			return fmt.Errorf("the checkpoint held outside: %w", err)
		}
		root, reached := v.roots[pin.Size]
		if !reached {
			return refuse(OtherCheckpoint, "", "the checkpoint held outside covers %d leaves, the dossier only %d: "+
				"whether one continues the other cannot be shown by it; ask for a dossier made later", pin.Size,
				len(v.leafs))
		}
		if root != pin.Root {
			return refuse(Forked, "",
				"the log was forked: its first %d leaves are not those of the checkpoint held outside, "+
					"and the same key signed both", pin.Size)
		}
		v.result.Pinned = append(v.result.Pinned, pin)
	}
	return nil
}

// law loads the catalogue inside. The zip is canonical, so every reader sees the same files in it.
func (v *verifier) law() error {
	z, err := zip.NewReader(v.r, v.size)
	if err != nil {
		return refuse(LawUnreadable, strings.TrimSuffix(dirCatalogue, "/"), "%v", err)
	}
	sub, err := fs.Sub(z, strings.TrimSuffix(dirCatalogue, "/"))
	if err == nil {
		v.catalog, err = law.Load(sub)
	}
	if err != nil {
		return refuse(LawUnreadable, strings.TrimSuffix(dirCatalogue, "/"), "the law inside cannot be loaded: %v", err)
	}
	if got, want := (CatalogueRef{v.catalog.Version, v.catalog.Digest}), v.manifest.Catalogue; got != want {
		return refuse(EntryChanged, strings.TrimSuffix(dirCatalogue, "/"),
			"the law inside is version %s with digest %.16s…, the manifest names %s with %.16s…",
			got.Version, got.Digest, want.Version, want.Digest)
	}
	v.result.OwnLaw = v.options.Catalogue == v.catalog.Digest
	return nil
}

// entries compares every entry's bytes with the manifest's list.
func (v *verifier) entries() error {
	listed := map[string]EntryRef{}
	last := ""
	for _, e := range v.manifest.Entries {
		if e.Name <= last {
			return refuse(BadManifest, nameManifest, "its list is not sorted at %q", e.Name)
		}
		listed[e.Name], last = e, e.Name
	}
	for _, f := range v.archive.Files {
		if f.Name == nameManifest || f.Name == nameSignature {
			continue
		}
		want, ok := listed[f.Name]
		if !ok {
			return refuse(EntryChanged, f.Name, "the manifest does not list it")
		}
		got, err := refer(f.Name, v.archive.section(f))
		if err != nil {
			return fmt.Errorf("%s: reading: %w", f.Name, err)
		}
		if got != want {
			return refuse(EntryChanged, f.Name,
				"it was changed: its %d bytes have the digest %.16s…, the manifest lists %d bytes with %.16s…",
				got.Size, got.SHA256, want.Size, want.SHA256)
		}
		if hash, ok := strings.CutPrefix(f.Name, dirArtefacts); ok && hash != got.SHA256 {
			return refuse(EntryChanged, f.Name, "its bytes are not those of the artefact that its name says")
		}
		if isAttachment(f.Name) {
			v.result.Attachments = append(v.result.Attachments, got)
		}
		delete(listed, f.Name)
	}
	for _, e := range v.manifest.Entries {
		if _, left := listed[e.Name]; left {
			return refuse(EntryChanged, e.Name, "it is missing, and the manifest lists it")
		}
	}
	return nil
}

func (v *verifier) signature() error {
	signature, err := v.archive.Read(nameSignature, 1<<10)
	if err != nil {
		return err
	}
	if !v.manifest.Key.holds(signature, v.raw) {
		return refuse(BadManifest, nameManifest, "its signature is not that of key %s", v.manifest.Key.ID())
	}
	return nil
}

func (v *verifier) judge(in judge.Input) (*judge.Result, error) {
	f := v.options.judge
	if f == nil {
		f = judge.Judge
	}
	return f(v.catalog, in)
}

// short shortens a digest for a message.
func short[S ~string](s S) string { return cmp.Or(string(s[:min(16, len(s))])+"…", "none") }
