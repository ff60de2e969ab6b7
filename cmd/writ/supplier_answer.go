// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/supplier"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// answering is an answer as it is given.
type answering struct {
	dir, product, vex string
	answer            supplier.Answer
	format            formatFlag
}

func supplierAnswerCommand(d *door) *cobra.Command {
	var g answering
	is := wordFlag{kind: "ANSWER"}
	c := &cobra.Command{
		Use:   "answer --case DIR",
		Short: "Enter what a maker answers: it stands beside the verdict, and changes it in nothing",
		Long: `Enter what a maker answers: fixed in a version; not affected, with its CSAF VEX or OpenVEX file; due to
the operator's configuration; disputed; none. It names a notice, or a product. The answer is a declaration of the maker: it
stands beside the verdict wherever that is shown, and changes it in nothing.`,
		Example: `  writ supplier answer --case hospital.case --notice 2026/1 --is not-affected --vex acme.json --from "Acme PSIRT" --by "procurement"
  writ supplier answer --case hospital.case --product "Acme C1" --is disputed --words "a test image" --from "Acme" --by "procurement"`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flag("is").Changed {
				return errors.New("what does it answer? give --is: fixed, not-affected, configuration, disputed, none")
			}
			g.answer.Kind = supplier.Kind(is.value)
			if g.answer.On == "" {
				g.answer.On = fact.DayOf(d.now()).String()
			}
			return d.inCase(c.Context(), g.dir, func(cf *casefile.Case) error { return d.answer(c.Context(), cf, &g) })
		},
	}
	f := c.Flags()
	f.StringVar(&g.dir, "case", "", "the case")
	f.StringVar(&g.answer.Notice, "notice", "", "the number of the notice that it answers")
	f.StringVar(&g.product, "product", "", "the product, where it answers no notice")
	is.add(c, "is", "fixed, not-affected, configuration, disputed, none", "none", "fixed", "not-affected",
		"configuration", "disputed")
	f.StringArrayVar(&g.answer.Provisions, "provision", nil, "only this provision, by its ID; may be given again")
	f.StringVar(&g.answer.Version, "version", "", "the version in which it is fixed")
	f.StringVar(&g.vex, "vex", "", "the maker's file: CSAF VEX or OpenVEX")
	f.StringVar(&g.answer.Words, "words", "", "what the maker says")
	f.StringArrayVar(&g.answer.Items, "item", nil, "the item of the inbox that it came as; may be given again")
	f.StringVar(&g.answer.From, "from", "", "whose answer it is")
	f.StringVar(&g.answer.On, "on", "", "the day on which it came (YYYY-MM-DD); today by default")
	f.StringVar(&g.answer.By, "by", "", "who enters it: a function or a name")
	g.format.add(c, "text", "json")
	return c
}

func (d *door) answer(ctx context.Context, c *casefile.Case, g *answering) error {
	product, err := d.concernedBy(ctx, c, g)
	if err != nil {
		return err
	}
	for i, id := range g.answer.Items {
		h, err := inbox.Find(ctx, c, id)
		if err != nil {
			return err
		}
		g.answer.Items[i] = string(h.Digest)
	}
	vex, err := readVEX(g)
	if err != nil {
		return err
	}
	all, err := journal.Everybody(ctx, c)
	if err != nil {
		return err
	}
	name := journal.NameOf(all, product)
	p := paper.New(d.out, d.width)
	if v := g.answer.VEX; v != nil && v.Names("", name) == 0 && !g.format.json() {
		p.F("none of its %d statements names the product as it is called here: hold it against them yourself\n",
			len(v.Statements))
	}
	a, err := supplier.Enter(ctx, c, product, g.answer, vex)
	if err != nil {
		return err
	}
	if g.format.json() {
		return d.json(answerView{a.ID, name, *a})
	}
	p.Text(0, paper.None, paper.Clean(a.ID+"  "+a.Line()))
	if a.VEX != nil {
		for i := range a.VEX.Statements {
			s := &a.VEX.Statements[i]
			p.Text(2, paper.None, paper.Clean(fmt.Sprintf("%s: %s %s", s.Vulnerability, s.Status, s.Justification)))
		}
	}
	return p.Err
}

// concernedBy is the product of which an answer speaks, and makes sure that the provisions it names are there.
func (d *door) concernedBy(ctx context.Context, c *casefile.Case, g *answering) (fact.Subject, error) {
	cat, err := d.law()
	if err != nil {
		return fact.Subject{}, err
	}
	for _, id := range g.answer.Provisions {
		if cat.Provisions[law.ProvisionID(id)] == nil {
			return fact.Subject{}, kind.Errorf(kind.Invalid,
				"unknown provision %q: writ law show names those of an instrument", id)
		}
	}
	switch {
	case (g.answer.Notice == "") == (g.product == ""):
		return fact.Subject{}, errors.New("an answer to what? give --notice, or --product")
	case g.answer.Notice == "":
		return productCalled(ctx, c, nil, g.product)
	}
	n, err := supplier.Numbered(ctx, c, g.answer.Notice)
	if err != nil {
		return fact.Subject{}, err
	}
	return n.Subject, nil
}

func readVEX(g *answering) ([]byte, error) {
	if g.vex == "" {
		return nil, nil
	}
	b, err := durable.ReadFile(g.vex, supplier.MaxVEX)
	if err != nil {
		return nil, err
	}
	if g.answer.VEX, err = supplier.ReadVEX(b); err != nil {
		return nil, fmt.Errorf("reading %s: %w", g.vex, err)
	}
	return b, nil
}

func supplierSentCommand(d *door) *cobra.Command {
	var dir, day string
	var h supplier.Handed
	var form formatFlag
	c := &cobra.Command{
		Use:     "sent FILE --case DIR",
		Short:   "Enter that a dossier of the case went to somebody, so that a recall reaches them",
		Example: `  writ supplier sent hospital.zip --case hospital.case --to "the auditor" --by "compliance office"`,
		Args:    one("which dossier?"),
		RunE: func(c *cobra.Command, args []string) error {
			if day == "" {
				day = fact.DayOf(d.now()).String()
			}
			if _, err := fact.ParseDay(day); err != nil {
				return err
			}
			h.On = day
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				return d.handOver(c.Context(), cf, args[0], h,
					form.json())
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "case", "", "the case")
	f.StringVar(&h.To, "to", "", "to whom")
	f.StringVar(&day, "on", "", "the day (YYYY-MM-DD); today by default")
	f.StringVar(&h.By, "by", "", "who enters it: a function or a name")
	form.add(c, "text", "json")
	return c
}

// handOver enters that a dossier went out: how much of the log it covers is read from it.
func (d *door) handOver(ctx context.Context, c *casefile.Case, path string, h supplier.Handed, asJSON bool) error {
	covered, sha, err := dossierOf(path)
	if err != nil {
		return err
	}
	cp, err := c.Covers(covered)
	if err != nil {
		return fmt.Errorf("dossier %s is none of this case: %w", path, err)
	}
	h.What, h.SHA256, h.Leaves = "dossier "+filepath.Base(path), sha, cp.Size
	if err := supplier.Hand(ctx, c, h); err != nil {
		return err
	}
	if asJSON {
		return d.json(h)
	}
	_, err = fmt.Fprintf(d.out, "%s went to %s on %s; it covers %d leaves\n", paper.Clean(h.What), paper.Clean(h.To),
		h.On, h.Leaves)
	return err
}

// dossierOf gives a dossier's checkpoint, and the SHA-256 of its bytes.
func dossierOf(path string) (checkpoint []byte, sha string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", fmt.Errorf("reading dossier %s: %w", path, durable.Explain(err))
	}
	defer f.Close()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return nil, "", fmt.Errorf("reading dossier %s: %w", path, durable.Explain(err))
	}
	z, err := proof.OpenZip(f, size)
	if err != nil {
		return nil, "", fmt.Errorf("reading dossier %s: %w", path, err)
	}
	r := z.Open("checkpoint")
	if r == nil {
		return nil, "", kind.Errorf(kind.Invalid, "reading dossier %s: it has no checkpoint", path)
	}
	checkpoint, err = io.ReadAll(io.LimitReader(r, maxCheckpoint))
	return checkpoint, hex.EncodeToString(h.Sum(nil)), err
}

func supplierRecallCommand(d *door) *cobra.Command {
	var dir, why, by string
	var f formatFlag
	c := &cobra.Command{
		Use:   "recall STATEMENT --case DIR",
		Short: "Take evidence back in one act, and list everyone it was sent to",
		Long: `Take evidence back in one act, and list everyone it was sent to: in notices that rest on it, and in dossiers
that hold it. What it made known is not known any more, and does not revive what it once contradicted.`,
		Example: `  writ supplier recall 3f2a91c07d11 --case hospital.case --why "the probe stood on the wrong port" --by "security"`,
		Args:    one("which statement? give the digits that writ why prints"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				r, err := supplier.Recall(c.Context(), cf, args[0], why, by)
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(r)
				}
				return d.recalled(r)
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&why, "why", "", "the reason, without names")
	fl.StringVar(&by, "by", "", "who takes it back: a function or a name")
	f.add(c, "text", "json")
	return c
}

func (d *door) recalled(r *supplier.Recalled) error {
	p := paper.New(d.out, d.width)
	p.F("statement %.12s was taken back\n", r.Statement)
	all := slices.Concat(r.Notices, r.Handed, r.Issued)
	if len(all) == 0 {
		p.F("the case knows of nobody it was sent to\n")
		return p.Err
	}
	p.F("it was sent to:\n")
	g := &paper.Grid{Width: p.Width}
	g.Head("to", "in", "on")
	for _, t := range all {
		g.Row(paper.Clean(t.To), paper.Clean(t.What), t.On)
	}
	p.F("%s", g)
	return p.Err
}
