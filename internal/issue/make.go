// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package issue

import (
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/proof"
)

// Basis is what an assessment is issued on: the case as it was read, judged.
type Basis struct {
	Assessment *assess.Assessment
	Engine     *judge.Engine
	Book       *proof.Book
	Question   proof.Question
	Checkpoint []byte
	Now        time.Time
	Told       func(done, of int) error // of a long period; an error ends it
}

// Make freezes an assessment. The number and the digest of its table are the caller's to add.
func Make(d *Draft, b *Basis) (*Assessment, *Table, error) {
	if err := d.Check(fact.DayOf(b.Now)); err != nil {
		return nil, nil, err
	}
	a := b.Assessment
	w, s, err := scope(d, a)
	if err != nil {
		return nil, nil, err
	}
	today := fact.DayOf(b.Now).String()
	o := &Assessment{Issued: b.Now.UTC().Truncate(time.Second), Of: a.Profile, Purpose: d.Purpose, Scope: s,
		Period: Period{d.From.String(), d.To.String()}, Day: a.Day.String(), At: stamp(a.At), KnownAt: stamp(a.KnownAt),
		PerSubject: a.PerSubject, Law: Law{a.Catalogue.Version, a.Catalogue.Digest}, Engine: a.Engine,
		ReplayKey: a.Result.ReplayKey, Checkpoint: string(b.Checkpoint), Prepared: Signatory{d.Prepared, today},
		Reviewed: Signatory{d.Reviewed, today}, Approved: Signatory{d.Approved, today},
		Supersedes: d.Supersedes, Changes: d.Changes}
	o.count(a, w)
	o.Reservations = append(reservations(a, w, o), d.Reservations...)
	t, err := over(a.Catalogue, b.Engine, b.Book, b.Question, d.From, d.To, w, b.Told)
	return o, t, err
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
