// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Dossier is a case as handed to an auditor.
type Dossier struct {
	// Book is what is handed over: every leaf of the log, each with its statement or its stub, payloads
	// where names may be seen.
	Book       *Book
	Checkpoint []byte   // the signed note that covers the book's leaves, all of them
	Catalogue  fs.FS    // the law that was judged by
	Question   Question // what was asked of the judge
	Verdicts   []byte   // EncodeVerdicts of judging the book by the catalogue
	Program    string   // that makes it, with its version
	MadeAt     time.Time
	// Attachments lie below report/, artefacts/ (named by their SHA-256) or excerpts/.
	Attachments []Content
}

// Withhold gives a book in which the statements that hide names are stubs. Statements of a kind whose
// absence would change who is judged, or revive what was taken back, are never withheld: it is an error
// to ask for it.
func (b *Book) Withhold(hide func(*Entry) bool) (*Book, error) {
	less := &Book{Leaves: b.Leaves, Stubs: slices.Clone(b.Stubs)}
	for i := range b.Entries {
		e := &b.Entries[i]
		if !hide(e) {
			less.Entries = append(less.Entries, *e)
			continue
		}
		if !Withholdable(e.Statement.Kind) {
			return nil, fmt.Errorf("leaf %d: a %s statement cannot be withheld", e.Index, e.Statement.Kind)
		}
		less.Stubs = append(less.Stubs, StubOf(e))
	}
	slices.SortStableFunc(less.Stubs, func(a, b Stub) int { return cmp.Compare(a.Index, b.Index) })
	return less, nil
}

// WithoutPayloads gives the book without names, addresses and persons' words.
func (b *Book) WithoutPayloads() *Book {
	less := &Book{Leaves: b.Leaves, Entries: slices.Clone(b.Entries), Stubs: b.Stubs}
	for i := range less.Entries {
		less.Entries[i].Payload = nil
	}
	return less
}

// Write writes the dossier: the same dossier always gives the same bytes.
func (d *Dossier) Write(w io.Writer, s *Signer) error {
	contents, err := d.contents(s)
	if err != nil {
		return fmt.Errorf("making dossier: %w", err)
	}
	if err := WriteZip(w, contents); err != nil {
		return fmt.Errorf("writing dossier: %w", err)
	}
	return nil
}

func (d *Dossier) contents(s *Signer) ([]Content, error) {
	m := &Manifest{MadeAt: d.MadeAt, Program: d.Program, Engine: judge.Version, Key: s.Key, Question: d.Question}
	var err error
	if m.Checkpoint, err = OpenCheckpoint(d.Checkpoint, s.Key); err != nil {
		return nil, err
	}
	if n := int64(len(d.Book.Leaves)); n != m.Checkpoint.Size || n != int64(len(d.Book.Entries)+len(d.Book.Stubs)) {
		return nil, fmt.Errorf("the checkpoint covers %d leaves; there are %d, %d statements and %d stubs",
			m.Checkpoint.Size, n, len(d.Book.Entries), len(d.Book.Stubs))
	}
	contents, err := catalogueContents(d.Catalogue)
	if err != nil {
		return nil, err
	}
	c, err := law.Load(d.Catalogue)
	if err != nil {
		return nil, err
	}
	m.Catalogue = CatalogueRef{c.Version, c.Digest}
	book, err := d.Book.contents()
	if err != nil {
		return nil, err
	}
	contents = append(contents, book...)
	contents = append(contents, Bytes(nameCheckpoint, d.Checkpoint), Bytes(nameVerdicts, d.Verdicts))
	for _, a := range d.Attachments {
		if !isAttachment(a.Name) {
			return nil, fmt.Errorf("attachment %s: want it below %s, %s or %s", a.Name, dirReport,
				dirArtefacts, dirExcerpts)
		}
		contents = append(contents, a)
	}
	if m.Entries, err = list(contents); err != nil {
		return nil, err
	}
	b, err := m.encode()
	if err != nil {
		return nil, err
	}
	return append(contents, Bytes(nameManifest, b), Bytes(nameSignature, signManifest(b, s))), nil
}

func isAttachment(name string) bool {
	return strings.HasPrefix(name, dirReport) || strings.HasPrefix(name, dirArtefacts) || strings.HasPrefix(name,
		dirExcerpts)
}

// list digests all contents, sorted by name.
func list(contents []Content) ([]EntryRef, error) {
	var refs []EntryRef
	for _, c := range contents {
		r, err := c.Open()
		if err != nil {
			return nil, fmt.Errorf("entry %s: %w", c.Name, err)
		}
		ref, err := refer(c.Name, r)
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("entry %s: %w", c.Name, err)
		}
		if hash, ok := strings.CutPrefix(c.Name, dirArtefacts); ok && hash != ref.SHA256 {
			return nil, fmt.Errorf("entry %s: its bytes have the digest %s", c.Name, ref.SHA256)
		}
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b EntryRef) int { return cmp.Compare(a.Name, b.Name) })
	return refs, nil
}

// catalogueContents takes the files that a verdict rests on, and no others.
func catalogueContents(fsys fs.FS) ([]Content, error) {
	var all []Content
	for _, root := range []string{"catalogue.yaml", "controls", "facts", "instruments"} {
		err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || path.Ext(name) != ".yaml" {
				return err
			}
			b, err := fs.ReadFile(fsys, name)
			all = append(all, Bytes(dirCatalogue+name, b))
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("reading catalogue: %w", err)
		}
	}
	return all, nil
}

// wirePayload is a payload's line: the salt is handed over with what it hides.
type wirePayload struct {
	Body      json.RawMessage `json:"body"`
	Salt      string          `json:"salt"`
	Statement evidence.Digest `json:"statement"`
}

// contents writes the book: canonical JSON, a line for each leaf, statement, stub and payload, in the
// order of their leaves.
func (b *Book) contents() ([]Content, error) {
	var leaves, statements, stubs, payloads bytes.Buffer
	line := func(to *bytes.Buffer, b []byte) {
		to.Write(b)
		to.WriteByte('\n')
	}
	for _, l := range b.Leaves {
		line(&leaves, l)
	}
	for i := range b.Entries {
		e := &b.Entries[i]
		line(&statements, e.Bytes)
		if e.Payload == nil {
			continue
		}
		p, err := evidence.Marshal(wirePayload{e.Payload.Body, hex.EncodeToString(e.Payload.Salt[:]), e.Digest})
		if err != nil {
			return nil, fmt.Errorf("payload of leaf %d: %w", e.Index, err)
		}
		line(&payloads, p)
	}
	for i := range b.Stubs {
		s, err := b.Stubs[i].Encode()
		if err != nil {
			return nil, fmt.Errorf("stub of leaf %d: %w", b.Stubs[i].Index, err)
		}
		line(&stubs, s)
	}
	return []Content{Bytes(nameLeaves, leaves.Bytes()), Bytes(nameStatements, statements.Bytes()),
		Bytes(nameStubs, stubs.Bytes()), Bytes(namePayloads, payloads.Bytes())}, nil
}
