// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawbundle

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/proof"
)

const (
	dir           = "catalogue"
	nameManifest  = "manifest.json"
	nameSignature = "manifest.sig"
	form          = 1 // of the manifest
	maxManifest   = 16 << 20
	use           = "writ bundle v1\n"
)

// Manifest says what a bundle is. It is canonical JSON.
type Manifest struct {
	Version string // the catalogue's
	Digest  string
	MadeAt  time.Time
	Engine  string    // by which the law was compiled: judge.Version
	Program string    // that made it
	Key     proof.Key // the publisher's
	Entries []proof.EntryRef
}

type wireManifest struct {
	Form      int                `json:"form"`
	Catalogue proof.CatalogueRef `json:"catalogue"`
	MadeAt    string             `json:"made_at"`
	Engine    string             `json:"engine"`
	Program   string             `json:"program"`
	Key       string             `json:"key"`
	Entries   []proof.EntryRef   `json:"entries"`
}

func (m *Manifest) encode() ([]byte, error) {
	return evidence.Marshal(wireManifest{form, proof.CatalogueRef{Version: m.Version, Digest: m.Digest},
		evidence.FormatTime(m.MadeAt), m.Engine, m.Program, m.Key.String(), m.Entries})
}

// decodeManifest reads a manifest in its one spelling. Its signature is not checked here.
func decodeManifest(b []byte) (*Manifest, error) {
	if err := evidence.CheckCanonical(b); err != nil { // before encoding/json: it bounds the depth
		return nil, err
	}
	var head struct {
		Form int `json:"form"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, err
	}
	switch {
	case head.Form == 0:
		return nil, kind.Errorf(kind.Invalid, "not a bundle's: a dossier is checked by writ verify")
	case head.Form != form:
		return nil, kind.Errorf(kind.Invalid, "a bundle of form %d, this program knows %d: use a newer one", head.Form,
			form)
	}
	var w wireManifest
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return nil, err
	}
	m := &Manifest{Version: w.Catalogue.Version, Digest: w.Catalogue.Digest, Engine: w.Engine, Program: w.Program,
		Entries: w.Entries}
	var err error
	if m.Key, err = proof.ParseKey(w.Key); err != nil {
		return nil, err
	}
	if m.MadeAt, err = evidence.ParseTime(w.MadeAt); err != nil {
		return nil, err
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, b) {
		return nil, evidence.ErrNotCanonical
	}
	return m, nil
}

func sign(b []byte, s *proof.Signer) []byte {
	return append(hex.AppendEncode(nil, ed25519.Sign(s.Private(), append([]byte(use), b...))), '\n')
}

func holds(k proof.Key, signature, manifest []byte) bool {
	raw, ok := bytes.CutSuffix(signature, []byte("\n"))
	b, err := hex.DecodeString(string(raw))
	return ok && err == nil && hex.EncodeToString(b) == string(raw) &&
		ed25519.Verify(k.Public, append([]byte(use), manifest...), b)
}

// Compare orders versions as people read them: part by part between dots and dashes, numbers as numbers. A
// version that goes on where the other ends is the newer.
func Compare(a, b string) int {
	split := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == '-' })
	}
	x, y := split(a), split(b)
	for i := range min(len(x), len(y)) {
		if c := compareParts(x[i], y[i]); c != 0 {
			return c
		}
	}
	return len(x) - len(y)
}

func compareParts(a, b string) int {
	x, errX := strconv.ParseUint(a, 10, 64)
	y, errY := strconv.ParseUint(b, 10, 64)
	switch {
	case errX != nil || errY != nil || x == y:
		if errX == nil && errY == nil {
			return 0
		}
		return strings.Compare(a, b)
	case x < y:
		return -1
	}
	return 1
}

// needsNewer says whether a law that was compiled by engine needs a newer one than ours. Engines are called
// name/number; another name is one that this program does not know.
func needsNewer(engine, ours string) bool {
	name, n, ok := strings.Cut(engine, "/")
	known, m, _ := strings.Cut(ours, "/")
	x, err := strconv.Atoi(n)
	y, _ := strconv.Atoi(m)
	return !ok || name != known || err != nil || x > y || x < 1
}
