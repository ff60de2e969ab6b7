// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/ledger"
	"github.com/writ-iot/writ/internal/store"
	"github.com/writ-iot/writ/proof"
)

// Finding is one thing that is damaged.
type Finding struct {
	Where string `json:"where"` // a file of the case, or a leaf
	What  string `json:"what"`
}

// Report is what a full check saw.
type Report struct {
	Origin     string    `json:"origin"`
	Key        string    `json:"key"`
	Leaves     int64     `json:"leaves"`
	Root       string    `json:"root"`
	Last       time.Time `json:"last,omitzero"` // time of the last leaf
	Published  int64     `json:"published"`     // leaves under the checkpoint
	Statements int       `json:"statements"`
	Erased     int       `json:"erased"` // statements and payloads
	Payloads   int       `json:"payloads"`
	Tiles      int       `json:"tiles"`
	Artefacts  int       `json:"artefacts"`
	Findings   []Finding `json:"findings"`
	More       int       `json:"more"`              // findings beyond those listed
	Notices    []string  `json:"notices,omitempty"` // what is odd and harms nothing
	Frozen     bool      `json:"frozen,omitempty"`  // it lies where this process may not write
}

const (
	maxFindings = 100
	maxGap      = 1 << 16 // missing leaves in a row; beyond it a leaf's number is what is damaged
)

// Fsck checks all of a case: every statement's bytes, digest, signature and leaf, the tree, tiles and
// checkpoint, keys, identities, artefacts, and the projections made again. pins are checkpoints held
// outside the case: the log must continue each of them. It changes nothing.
//
// Damage is in the report, and then the error is of kind corrupt; a pin that is no checkpoint is an error of
// kind invalid; other errors say that the check could not be made.
func Fsck(ctx context.Context, dir string, pins ...[]byte) (*Report, error) {
	if err := present(dir); err != nil {
		return nil, fmt.Errorf("checking case %s: %w", dir, err)
	}
	hold, err := takeHold(dir)
	if err != nil {
		return nil, fmt.Errorf("checking case %s: %w", dir, err)
	}
	k := &checker{dir: dir, hold: hold, erased: newErased(),
		report: &Report{Findings: []Finding{}, Frozen: hold.frozen}}
	err = errors.Join(k.run(ctx, pins), hold.release())
	if err == nil && len(k.report.Findings) > 0 {
		f := k.report.Findings[0]
		err = kind.Errorf(kind.Corrupt, "%s: %s", f.Where, f.What)
	}
	if err == nil {
		err = k.badPin
	}
	if err != nil {
		return k.report, fmt.Errorf("checking case %s: %w", dir, err)
	}
	return k.report, nil
}

// checker goes on where a reader stops.
type checker struct {
	dir    string
	hold   *hold
	db     *store.Store // the hold's
	key    proof.Key    // as the database names it
	keys   *keys        // nil where they are damaged
	tree   *ledger.Growth
	leaves [][]byte
	erased *erased
	laws   []*evidence.LawRef // that were adopted
	report *Report
	badPin error // a checkpoint from outside that says nothing
}

func (k *checker) find(where, format string, args ...any) {
	if len(k.report.Findings) == maxFindings {
		k.report.More++
		return
	}
	k.report.Findings = append(k.report.Findings, Finding{where, fmt.Sprintf(format, args...)})
}

// note takes an error: damage becomes a finding, all else is returned.
func (k *checker) note(where string, err error) error {
	if kind.Of(err) == kind.Corrupt {
		k.find(where, "%v", err)
		return nil
	}
	return err
}

func (k *checker) run(ctx context.Context, pins [][]byte) error {
	var err error
	if k.keys, err = readKeys(k.dir); err != nil {
		if err := k.note(keysDir, err); err != nil {
			return err
		}
	}
	if err := k.hold.keepsKeys(); err != nil {
		k.report.Notices = append(k.report.Notices, err.Error())
	}
	if err := k.hold.open(ctx); err != nil {
		return k.note(database, err)
	}
	k.db = k.hold.db
	for _, step := range []func(context.Context) error{k.meta, k.structure, k.statements, k.nodes, k.identities,
		k.artefacts} {
		if err = k.note(database, step(ctx)); err != nil {
			break
		}
	}
	if err == nil && k.key.Origin != "" {
		err = k.log(ctx, pins)
	}
	return err
}

func (k *checker) meta(ctx context.Context) error {
	meta, err := k.db.Meta(ctx)
	if err != nil {
		return err
	}
	if k.keys != nil {
		if err := k.keys.check(meta); err != nil {
			return err
		}
	}
	if k.key, err = proof.ParseKey(meta["key"]); err != nil {
		return damaged(database, "the key that it names: %v", err)
	}
	k.report.Origin, k.report.Key = k.key.Origin, k.key.String()
	return nil
}

func (k *checker) structure(ctx context.Context) error {
	wrong, err := k.db.Check(ctx)
	for _, w := range wrong {
		k.find(database, "%s", w)
	}
	if err != nil {
		return err
	}
	n, err := k.db.Strays(ctx)
	if n > 0 {
		k.find(database, "%d rows belong to no leaf", n)
	}
	return err
}

func (k *checker) statements(ctx context.Context) error {
	size, err := k.db.Size(ctx)
	if err != nil {
		return err
	}
	k.report.Leaves, k.tree = size, ledger.Grow(0, nothing{})
	r := &reader{key: k.key}
	err = k.db.Scan(ctx, 0, size, func(rec *store.Record) error { return k.statement(r, rec) })
	if err != nil {
		return err
	}
	for _, index := range k.erased.unsaid() {
		k.find(leafName(index), "something of it is gone, and no statement says that it was erased")
	}
	root, err := k.tree.Root()
	k.report.Root, k.report.Last = root.String(), r.last.At
	return err
}

func (k *checker) statement(r *reader, rec *store.Record) error {
	if gap := rec.Index - k.tree.Size(); gap > maxGap {
		return damaged(leafName(k.tree.Size()), "it is missing in the database, and %d after it", gap-1)
	}
	for k.tree.Size() < rec.Index { // leaves that are missing keep their place
		k.find(leafName(k.tree.Size()), "it is missing in the database")
		if err := k.grow(r, nil); err != nil {
			return err
		}
	}
	if err := r.take(rec); err != nil {
		k.find(leafName(rec.Index), "%v", err)
	} else {
		k.word(r, rec)
	}
	r.book = proof.Book{}
	return k.grow(r, rec.Leaf)
}

// grow adds a leaf to both trees, whatever it is.
func (k *checker) grow(r *reader, leaf []byte) error {
	k.leaves = append(k.leaves, leaf)
	if r.tree.Size() < int64(len(k.leaves)) {
		r.tree.Append(proof.LeafHash(leaf))
	}
	_, err := k.tree.Add(proof.LeafHash(leaf))
	return err
}

// word checks what a reader leaves out: the signature, and the columns beside the statement.
func (k *checker) word(r *reader, rec *store.Record) {
	where := leafName(rec.Index)
	if err := evidence.VerifyDigest(r.last.Statement, r.last.Signature, k.key.Public); err != nil {
		k.find(where, "%v", err)
	}
	if rec.HasPayload && rec.Salt == nil || rec.Bytes == nil {
		k.report.Erased++
	} else if rec.HasPayload {
		k.report.Payloads++
	}
	if rec.Bytes == nil {
		k.erased.meet(rec, nil)
		return
	}
	k.report.Statements++
	st := &r.book.Entries[0].Statement
	k.erased.meet(rec, st)
	if st.Law != nil {
		k.laws = append(k.laws, st.Law)
	}
	content, err := st.Content()
	if err != nil || string(content) != rec.Content || string(st.Kind) != rec.Kind || store.Subject(st) != rec.Subject {
		k.find(where, "the columns beside its statement do not say what it says")
	}
}

// nodes compares the kept hashes of the tree with those that the leaves give.
func (k *checker) nodes(ctx context.Context) error {
	_, made := k.tree.Fresh()
	next := int64(0)
	err := k.db.Nodes(ctx, func(index int64, hash []byte) error {
		if index != next || index >= int64(len(made)) || string(hash) != string(made[index][:]) {
			level, n := tlog.SplitStoredHashIndex(next)
			where := database
			if level == 0 {
				where = leafName(n)
			}
			k.find(where, "the tree's hash %d of level %d is not that of the leaves, or missing", n, level)
		}
		next = index + 1
		return nil
	})
	if err == nil && next != int64(len(made)) {
		k.find(database, "%d of the tree's %d hashes are kept", next, len(made))
	}
	return err
}

func (k *checker) identities(ctx context.Context) error {
	if k.keys == nil {
		return nil
	}
	return k.db.Identities(ctx, func(i store.Identity) error {
		if i.MAC != k.keys.mac(i) {
			k.find(database, "the identity of %s %.8s… was changed", i.Kind, i.ID)
		}
		return nil
	})
}

func (k *checker) artefacts(ctx context.Context) error {
	kept, err := k.db.Kept(ctx)
	if err != nil {
		return err
	}
	blobs, err := k.hold.artefacts(maxArtefact)
	if err != nil {
		return err
	}
	files, strange, err := blobs.List()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, a := range kept {
		known[a.SHA256] = true
		err := blobs.Check(ctx, a.SHA256)
		switch kind.Of(err) {
		case kind.Corrupt, kind.NotFound, kind.Invalid:
			k.find(artefacts, "%v", err)
		default:
			if err != nil {
				return err
			}
			k.report.Artefacts++
		}
	}
	for _, l := range k.laws {
		if !known[l.Bundle] {
			k.find(artefacts, "the law %s that the case adopted is not kept: %s", l.Version, l.Bundle)
		}
	}
	for _, sha := range files {
		if !known[sha] {
			k.report.Notices = append(k.report.Notices,
				fmt.Sprintf("artefact %s lies there, and nothing was appended that knows of it", sha))
			if err := k.note(artefacts, blobs.Check(ctx, sha)); err != nil {
				return err
			}
		}
	}
	for _, name := range strange {
		k.find(artefacts+"/"+name, "it has no place there")
	}
	return nil
}

// nothing is kept under a tree that grows from its first leaf.
type nothing struct{}

func (nothing) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	if len(indexes) > 0 {
		return nil, fmt.Errorf("hash %d is not kept", indexes[0])
	}
	return nil, nil
}
