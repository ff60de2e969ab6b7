// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/proof"
)

// dossierMade is what a program is told of a dossier (docs/schema/dossier.schema.json).
type dossierMade struct {
	File        string             `json:"file"`
	SHA256      string             `json:"sha256"` // of the file, hexadecimal
	Size        int64              `json:"size"`   // bytes
	MadeAt      time.Time          `json:"made_at"`
	Program     string             `json:"program"`
	Engine      string             `json:"engine"` // by which verify must judge again
	Origin      string             `json:"origin"` // of the case's log
	Key         string             `json:"key"`    // whose signature a verifier pins
	KeyID       string             `json:"key_id"`
	Leaves      int64              `json:"leaves"` // of the checkpoint in it
	Root        string             `json:"root"`
	Checkpoint  string             `json:"checkpoint"` // the signed note, to be held against the next one
	Catalogue   proof.CatalogueRef `json:"catalogue"`
	Question    askedJSON          `json:"question"`
	Statements  int                `json:"statements"`
	Payloads    int                `json:"payloads"` // names, addresses and words that are handed over
	Verdicts    int                `json:"verdicts"`
	Attachments []string           `json:"attachments"` // reports beside the proofs
}

// askedJSON is what the dossier's verdicts answer: the three dates.
type askedJSON struct {
	Day        string     `json:"day"` // the law day
	At         time.Time  `json:"at"`  // the evidence time
	PerSubject bool       `json:"per_subject"`
	KnownAt    *time.Time `json:"known_at,omitempty"`   // absent: all that the log holds was known
	KnownSize  int64      `json:"known_size,omitempty"` // leaves of the checkpoint that was the knowledge point
}

func asJSON(q proof.Question) askedJSON {
	a := askedJSON{Day: q.Day.String(), At: q.At.UTC(), PerSubject: q.PerSubject, KnownSize: q.KnownSize}
	if !q.KnownAt.IsZero() {
		t := q.KnownAt.UTC()
		a.KnownAt = &t
	}
	return a
}

// handedOver proves the dossier as its receiver will, and says what it is.
func (d *door) handedOver(path string, c *casefile.Case) error {
	v, err := verify(path, proof.Options{Key: c.Key().String()})
	if err != nil {
		return err
	}
	sha, size, err := digest(path)
	if err != nil {
		return err
	}
	m := &v.Manifest
	made := dossierMade{File: path, SHA256: sha, Size: size, MadeAt: m.MadeAt, Program: m.Program, Engine: m.Engine,
		Origin: m.Key.Origin, Key: m.Key.String(), KeyID: m.Key.ID(), Leaves: m.Checkpoint.Size,
		Root: m.Checkpoint.Root.String(), Checkpoint: string(v.Note), Catalogue: m.Catalogue, Question: asJSON(m.Question),
		Statements: v.Statements, Payloads: v.Payloads, Verdicts: v.Verdicts, Attachments: []string{}}
	for _, a := range v.Attachments {
		made.Attachments = append(made.Attachments, a.Name)
	}
	return d.json(made)
}

// digest is a file's SHA-256, hexadecimal, and its size in bytes.
func digest(path string) (sha string, size int64, err error) {
	f, err := openFile(path)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	if size, err = io.Copy(h, f); err != nil {
		return "", 0, fmt.Errorf("reading %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// dossierProved is what a program is told of a dossier that holds (docs/schema/verify.schema.json).
type dossierProved struct {
	Verified  bool     `json:"verified"` // true: what does not hold ends in an error
	Origin    string   `json:"origin"`   // of the case's log
	Key       string   `json:"key"`
	KeyID     string   `json:"key_id"`
	Leaves    int64    `json:"leaves"` // of the checkpoint
	Root      string   `json:"root"`
	Proved    []string `json:"proved"`     // in words
	NotProved []string `json:"not_proved"` // in words: what the receiver has to know otherwise
}

func provedOf(v *proof.Verification) dossierProved {
	m := &v.Manifest
	return dossierProved{Verified: true, Origin: m.Key.Origin, Key: m.Key.String(), KeyID: m.Key.ID(),
		Leaves: m.Checkpoint.Size, Root: m.Checkpoint.Root.String(), Proved: v.Proved(), NotProved: orNone(v.Unproved())}
}
