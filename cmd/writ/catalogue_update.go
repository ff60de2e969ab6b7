// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/lawbundle"
	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// adopter is who adopts a law, and what that person allows.
type adopter struct {
	q              question
	key            string
	by, reasons    string
	dry, older     bool
	fromKey, known bool // --key named the publisher's key; it signed the law before this one
}

func catalogueUpdateCommand(d *door) *cobra.Command {
	var u adopter
	var f formatFlag
	c := &cobra.Command{
		Use:   "update [FILE] --case DIR",
		Short: "Show what another law would move in a case, and adopt it as a named person's statement",
		Long: `Show what another law would move in a case, and adopt it as a named person's statement: that of a
bundle, or without FILE the one that this program carries (or --catalogue and --overlay name).

What changed in the law and which verdicts of the case move is shown first, each with the old and
the new outcome; --dry-run ends there. What was judged before stays as it was: writ report
--known-at judges by the law of then.`,
		Example: `  writ catalogue update law.zip --case hospital.case --dry-run
  writ catalogue update law.zip --case hospital.case --key law.key.pub --by "A. Officer" --reasons "yearly review"`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return one("which bundle? name the file")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := u.check(args); err != nil {
				return err
			}
			cf, err := d.openCase(c.Context(), u.q.caseDir, false)
			if err != nil {
				return err
			}
			err = d.update(c.Context(), cf, args, &u, f.json())
			if e := cf.Close(c.Context()); err == nil {
				err = e
			}
			return err
		},
	}
	fl := c.Flags()
	fl.StringVar(&u.q.caseDir, "case", "", "the case")
	fl.StringVar(&u.key, "key", "", publisherKey)
	fl.StringVar(&u.by, "by", "", "the name of the person who adopts it")
	fl.StringVar(&u.reasons, "reasons", "", "why")
	fl.BoolVar(&u.dry, "dry-run", false, "show what would move, and change nothing")
	fl.BoolVar(&u.older, "allow-older", false, "adopt a law that is older than the case's")
	u.q.dates(c)
	f.add(c, "text", "json")
	return c
}

func (u *adopter) check(args []string) error {
	u.by, u.reasons = strings.TrimSpace(u.by), strings.TrimSpace(u.reasons)
	switch {
	case u.q.caseDir == "":
		return fmt.Errorf("which case? name it with --case")
	case u.key != "" && len(args) == 0:
		return fmt.Errorf("--key names who signed a bundle: name its file")
	case !u.dry && (u.by == "" || u.reasons == ""):
		return fmt.Errorf("who adopts it, and why? name them with --by and --reasons, or look first with --dry-run")
	}
	return nil
}

// offer is a law that a case may adopt.
type offer struct {
	cat    *law.Catalogue
	engine *judge.Engine
	file   []byte // as the case is to keep it
	ref    evidence.LawRef
	signer string // whose name the key bears; "" for a law that nobody signed
}

func (d *door) offered(args []string, u *adopter) (*offer, error) {
	if len(args) == 0 {
		cat, engine, err := d.engine()
		if err != nil {
			return nil, err
		}
		file, err := lawbundle.Pack(d.lawFS)
		return &offer{cat, engine, file, evidence.LawRef{Version: cat.Version, Digest: cat.Digest}, ""}, err
	}
	b, raw, err := bundle(args[0], u.key)
	if err != nil {
		return nil, err
	}
	m := &b.Manifest
	return &offer{b.Law, b.Engine, raw, evidence.LawRef{Version: m.Version, Digest: m.Digest, Publisher: m.Key.ID()},
		m.Key.Origin}, nil
}

// update shows what an offered law moves, and adopts it.
func (d *door) update(ctx context.Context, c *casefile.Case, args []string, u *adopter, json bool) error {
	o, err := d.offered(args, u)
	if err != nil {
		return err
	}
	book, err := c.Read(ctx)
	if err != nil {
		return err
	}
	pin := proof.Adopted(book.Entries, proof.Question{})
	old, err := d.judgedBy(c, pin)
	if err != nil {
		return err
	}
	if old.Digest == o.ref.Digest && pin != nil {
		return d.adopted(json, &adopting{Case: c.Dir(), Old: refOf(old), New: refOf(o.cat), Pinned: true})
	}
	if err := u.allowed(book, old, o); err != nil {
		return fmt.Errorf("case %s: %w", c.Dir(), err)
	}
	a, err := d.moved(c, book, &u.q, old, o.cat, o.engine)
	if err != nil {
		return err
	}
	a.Publisher, a.Key, a.Trust = o.signer, o.ref.Publisher, ""
	if o.signer != "" {
		a.Trust = whoseKey(u.fromKey, u.known)
	}
	if !u.dry {
		a.By = u.by
	}
	if err := d.showMoved(json, a); err != nil || u.dry {
		return err
	}
	leaf, err := d.adopt(ctx, c, pin, old, o, u)
	if err != nil {
		return err
	}
	a.Leaf = &leaf
	return d.adopted(json, a)
}

// judgedBy gives the law that a case is judged by now. The door's own stays the door's.
func (d *door) judgedBy(c *casefile.Case, pin *proof.Entry) (*law.Catalogue, error) {
	own, err := d.law()
	if err != nil || pin == nil || own.Digest == pin.Statement.Law.Digest {
		return own, err
	}
	other := *d
	return other.keptLaw(c, pin.Statement.Law)
}

// allowed refuses what nobody should adopt: a bundle of another publisher, of the same version with other law,
// an older one that nobody asked for.
func (u *adopter) allowed(book *proof.Book, old *law.Catalogue, o *offer) error {
	u.fromKey = u.key != ""
	if last := lastPublisher(book.Entries); last != "" && o.ref.Publisher != "" {
		u.known = last == o.ref.Publisher
		if !u.known && !u.fromKey {
			return kind.Errorf(kind.Corrupt, "the bundle is signed by key %s, the law before it by %s: "+
				"whoever knows the new key names it with --key", o.ref.Publisher, last)
		}
	}
	switch n := lawbundle.Compare(o.ref.Version, old.Version); {
	case n < 0 && !u.older:
		return kind.Errorf(kind.Conflict,
			"law %s is older than the case's, %s: a rollback is refused unless --allow-older, with the reasons",
			o.ref.Version, old.Version)
	case n == 0 && o.signer != "" && o.ref.Digest != old.Digest:
		return kind.Errorf(kind.Conflict,
			"the bundle calls itself version %s, as the case's law does, and holds other law (digest "+
				"%.12s…, not %.12s…): ask its publisher which of the two it is",
			o.ref.Version, o.ref.Digest, old.Digest)
	}
	return nil
}

// lastPublisher is the key that signed the last bundle that a case adopted; "" for none.
func lastPublisher(entries []proof.Entry) string {
	for _, e := range slices.Backward(entries) {
		if l := e.Statement.Law; l != nil && l.Publisher != "" {
			return l.Publisher
		}
	}
	return ""
}

// adopt appends the adoption; of a case that was never pinned, after that of the law it was judged by.
func (d *door) adopt(ctx context.Context, c *casefile.Case, pin *proof.Entry, old *law.Catalogue, o *offer,
	u *adopter) (int64, error) {
	if pin == nil {
		first, err := d.pin(ctx, c, old)
		if err != nil {
			return 0, err
		}
		r, err := c.Append(ctx, []casefile.Draft{first})
		if err != nil {
			return 0, err
		}
		o.ref.Replaces = r[0].Statement
	} else {
		o.ref.Replaces = pin.Digest
	}
	draft, err := adoption(ctx, c, o.file, o.ref)
	if err != nil {
		return 0, err
	}
	draft.Payload = map[string]string{"by": u.by, "reasons": u.reasons}
	r, err := c.Append(ctx, []casefile.Draft{draft})
	if err != nil {
		return 0, err
	}
	return r[0].Index, nil
}

// adopting is what an update shows, for programs.
type adopting struct {
	Case      string             `json:"case"`
	Old       proof.CatalogueRef `json:"old"`
	New       proof.CatalogueRef `json:"new"`
	Publisher string             `json:"publisher,omitempty"`
	Key       string             `json:"key_id,omitempty"`
	Trust     string             `json:"trust,omitempty"`
	Changes   []lawtool.Change   `json:"changes"`
	Moved     []lawtool.Move     `json:"moved"`
	Pinned    bool               `json:"pinned_already,omitempty"`
	By        string             `json:"by,omitempty"`
	Leaf      *int64             `json:"leaf,omitempty"` // of the adoption; absent where nothing was adopted
}

func refOf(c *law.Catalogue) proof.CatalogueRef {
	return proof.CatalogueRef{Version: c.Version, Digest: c.Digest}
}

// moved judges a case under two laws, by the same facts and dates.
func (d *door) moved(c *casefile.Case, book *proof.Book, q *question, old, fresh *law.Catalogue, engine *judge.Engine) (
	*adopting, error) {
	before, err := judge.Compile(old)
	if err != nil {
		return nil, err
	}
	asked, err := q.asked(d, c)
	if err != nil {
		return nil, err
	}
	x, err := assess.Judge(old, before, book, asked)
	if err != nil {
		return nil, err
	}
	y, err := assess.Judge(fresh, engine, book, asked)
	if err != nil {
		return nil, err
	}
	a := &adopting{Case: c.Dir(), Old: refOf(old), New: refOf(fresh), Changes: lawtool.Diff(old, fresh)}
	a.Moved = lawtool.Moves(x.Result, y.Result, x.Name)
	return a, nil
}
