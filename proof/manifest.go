// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
)

// Names of a dossier's entries. What lies below catalogue/ is the law that was judged by; below report/,
// artefacts/ and excerpts/ lie attachments, which the manifest covers and nothing here reads.
const (
	nameManifest   = "manifest.json"
	nameSignature  = "manifest.sig"
	nameCheckpoint = "checkpoint"
	nameLeaves     = "leaves.jsonl"
	nameStatements = "statements.jsonl"
	nameStubs      = "stubs.jsonl"
	namePayloads   = "payloads.jsonl"
	nameVerdicts   = "verdicts.jsonl"
	dirCatalogue   = "catalogue/"
	dirReport      = "report/"
	dirArtefacts   = "artefacts/"
	dirExcerpts    = "excerpts/"
)

const (
	manifestVersion = 2
	maxManifest     = 16 << 20
	manifestUse     = "writ manifest v1\n"
)

// Manifest says what a dossier holds and what was asked. It is canonical JSON; manifest.sig is the hex
// of an Ed25519 signature over "writ manifest v1\n" and its bytes.
type Manifest struct {
	MadeAt     time.Time
	Program    string // that made it, with its version
	Engine     string // that judged
	Key        Key
	Checkpoint Checkpoint
	Catalogue  CatalogueRef
	Question   Question
	Entries    []EntryRef // all others, sorted by name
}

// CatalogueRef names the law that was judged by.
type CatalogueRef struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
}

// EntryRef names an entry by its bytes.
type EntryRef struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

type (
	wireManifest struct {
		Version   int          `json:"version"`
		MadeAt    string       `json:"made_at"`
		Program   string       `json:"program"`
		Engine    string       `json:"engine"`
		Key       string       `json:"key"`
		Leaves    int64        `json:"leaves"`
		Root      string       `json:"root"`
		Catalogue CatalogueRef `json:"catalogue"`
		Question  wireQuestion `json:"question"`
		Entries   []EntryRef   `json:"entries"`
	}
	wireQuestion struct {
		Day        string `json:"day"`
		At         string `json:"at"`
		KnownAt    string `json:"known_at,omitempty"`
		KnownSize  int64  `json:"known_size,omitempty"`
		PerSubject bool   `json:"per_subject,omitempty"`
		All        bool   `json:"all,omitempty"`
	}
)

func (m *Manifest) encode() ([]byte, error) {
	q := m.Question
	return evidence.Marshal(wireManifest{Version: manifestVersion, MadeAt: evidence.FormatTime(m.MadeAt),
		Program: m.Program,
		Engine:  m.Engine, Key: m.Key.String(), Leaves: m.Checkpoint.Size,
		Root: hex.EncodeToString(m.Checkpoint.Root[:]), Catalogue: m.Catalogue, Entries: m.Entries,
		Question: wireQuestion{q.Day.String(), evidence.FormatTime(q.At), evidence.FormatTime(q.KnownAt), q.KnownSize,
			q.PerSubject, q.All}})
}

// decodeManifest reads a manifest in its one spelling. Its signature is not checked here.
func decodeManifest(b []byte) (*Manifest, error) {
	var w wireManifest
	if err := decodeCanonical(b, maxManifest, &w); err != nil {
		return nil, err
	}
	if w.Version != manifestVersion {
		return nil, fmt.Errorf("version %d, this program knows %d: verify it with the program that made it", w.Version,
			manifestVersion)
	}
	m := &Manifest{Program: w.Program, Engine: w.Engine, Catalogue: w.Catalogue, Entries: w.Entries}
	var err error
	if m.Key, err = ParseKey(w.Key); err != nil {
		return nil, err
	}
	root, err := hex.DecodeString(w.Root)
	if err != nil || len(root) != sha256.Size {
		return nil, fmt.Errorf("root %q", w.Root)
	}
	m.Checkpoint = Checkpoint{m.Key.Origin, w.Leaves, [sha256.Size]byte(root)}
	if m.MadeAt, err = evidence.ParseTime(w.MadeAt); err != nil {
		return nil, err
	}
	if m.Question, err = w.Question.read(); err != nil {
		return nil, err
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, b) {
		return nil, evidence.ErrNotCanonical
	}
	return m, nil
}

func (w wireQuestion) read() (Question, error) {
	q := Question{KnownSize: w.KnownSize, PerSubject: w.PerSubject, All: w.All}
	var err error
	if q.Day, err = fact.ParseDay(w.Day); err != nil {
		return q, err
	}
	if q.At, err = evidence.ParseTime(w.At); err != nil {
		return q, err
	}
	q.KnownAt, err = evidence.ParseTime(w.KnownAt)
	return q, err
}

func signManifest(b []byte, s *Signer) []byte {
	return append(hex.AppendEncode(nil, ed25519.Sign(s.private, append([]byte(manifestUse), b...))), '\n')
}

// holds says whether signature is the key's over the manifest's bytes.
func (k Key) holds(signature, manifest []byte) bool {
	raw, ok := bytes.CutSuffix(signature, []byte("\n"))
	b, err := hex.DecodeString(string(raw))
	return ok && err == nil && hex.EncodeToString(b) == string(raw) &&
		ed25519.Verify(k.Public, append([]byte(manifestUse), manifest...), b)
}

// refer digests an entry's content.
func refer(name string, r io.Reader) (EntryRef, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	return EntryRef{name, hex.EncodeToString(h.Sum(nil)), n}, err
}
