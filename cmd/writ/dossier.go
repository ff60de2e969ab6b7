// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/proof"
)

func dossierCommand(d *door) *cobra.Command {
	var q question
	var out string
	var h handed
	var f formatFlag
	c := &cobra.Command{
		Use:   "dossier --case DIR",
		Short: "Write the case for an auditor: one file that writ verify checks on any machine",
		Long: `Write the case for an auditor: one zip with the statements, the log, the law, the verdicts and
the report, which writ verify checks on a machine that has nothing else, judging every verdict
again.

--names=false leaves out names, addresses and persons' words: every proof holds without them.
--artefacts adds the inputs that the case keeps, so that the auditor can observe them again.
They hold every password and all patient data that crossed the wire: hand such a dossier only to
whom you would hand the network.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if q.caseDir == "" {
				return fmt.Errorf("which case? name it with --case")
			}
			if h.artefacts && !h.names {
				return fmt.Errorf("--artefacts hands over inputs with names in them: it does not go with --names=false")
			}
			if out == "" {
				out = filepath.Base(filepath.Clean(q.caseDir)) + ".zip"
			}
			cf, err := d.openCase(c.Context(), q.caseDir, false)
			if err != nil {
				return err
			}
			err = d.dossier(c.Context(), cf, &q, out, h)
			if e := cf.Close(c.Context()); err == nil {
				err = e
			}
			if err == nil && f.json() {
				return d.handedOver(out, cf)
			}
			if err == nil {
				_, err = fmt.Fprintf(d.out, "%s\ncheck it with: writ verify --key %s %s\n", out, cf.Key().ID(), out)
			}
			return err
		},
	}
	c.Flags().StringVar(&q.caseDir, "case", "", "the case")
	q.dates(c)
	c.Flags().StringVar(&out, "out", "", "the file to write; by default the case's name with .zip")
	c.Flags().BoolVar(&h.artefacts, "artefacts", false,
		"hand over the inputs that the case keeps (assess --keep), secrets in them and all")
	c.Flags().BoolVar(&h.names, "names", true,
		"hand over names, addresses and persons' words, and the reports that show them")
	f.add(c, "text", "json")
	return c
}

// handed says what a dossier hands over beside its proofs.
type handed struct{ names, artefacts bool }

// dossier judges the case and writes what it came to.
func (d *door) dossier(ctx context.Context, c *casefile.Case, q *question, out string, h handed) error {
	a, asked, err := d.ofCase(ctx, c, q)
	if err != nil {
		return err
	}
	book, err := c.Read(ctx)
	if err != nil {
		return err
	}
	verdicts, err := proof.EncodeVerdicts(a.Result)
	if err != nil {
		return err
	}
	do := proof.Dossier{Book: book, Catalogue: d.lawFS, Question: asked, Verdicts: verdicts, Program: engineName()}
	var inputs []string
	if h.artefacts {
		if inputs, err = artefacts(c, a); err != nil {
			return err
		}
	}
	if !h.names {
		do.Book = book.WithoutPayloads()
	} else if do.Attachments, err = attachments(a); err != nil {
		return err
	}
	return writeFile(out, 0o600, func(f *os.File) error { return c.Dossier(ctx, f, do, inputs...) })
}

// attachments are the reports for people and programs.
func attachments(a *assess.Assessment) ([]proof.Content, error) {
	var page, object bytes.Buffer
	if err := report.HTML(&page, a); err != nil {
		return nil, err
	}
	if err := report.JSON(&object, a, false); err != nil {
		return nil, err
	}
	packed, err := pack(object.Bytes())
	return []proof.Content{proof.Bytes("report/report.html", page.Bytes()),
		proof.Bytes("report/report.json.gz", packed)}, err
}

// pack gzips what a person does not open by hand: a dossier's own entries are stored as they are.
func pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(b)
	return out.Bytes(), errors.Join(err, z.Close())
}

// writeFile writes a file whole or not at all: a new file beside it is synced, then takes its name.
func writeFile(path string, mode os.FileMode, write func(*os.File) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("writing %s: something else than a file lies there", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(f.Name(), mode)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func verifyCommand(d *door) *cobra.Command {
	var key string
	var checkpoints []string
	var f formatFlag
	c := &cobra.Command{
		Use:   "verify DOSSIER",
		Short: "Check a dossier offline: every proof, and every verdict judged again",
		Long: `Check a dossier offline: every proof, and every verdict judged again.

It says what it proved, on which key and checkpoint its trust rests, and what it did not prove.
Exit status: 0 all holds; 3 it does not, and the first line says what was done; 2 it could not
be read.`,
		Args: one("which dossier? name the file"),
		RunE: func(_ *cobra.Command, args []string) error {
			var o proof.Options
			var err error
			if key != "" {
				if o.Key, err = pinned(key); err != nil {
					return err
				}
			}
			if o.Checkpoints, err = held(checkpoints); err != nil {
				return err
			}
			cat, err := d.law()
			if err != nil {
				return err
			}
			o.Catalogue = cat.Digest
			v, err := verify(args[0], o)
			if err != nil {
				return err
			}
			if f.json() {
				return d.json(provedOf(v))
			}
			_, err = fmt.Fprintf(d.out, "%s: verified\n\n%s", args[0], v)
			return err
		},
	}
	c.Flags().StringVar(&key, "key", "",
		"the key that must have signed: its text, its ID, or its file (keys/log.pub), from elsewhere than the dossier")
	c.Flags().StringArrayVar(&checkpoints, "checkpoint", nil, "a checkpoint that you hold: the log must continue it")
	f.add(c, "text", "json")
	return c
}

// pinned reads the key that a dossier must be signed by: its ID, its text, or a file with either.
func pinned(key string) (string, error) {
	text := key
	if b, err := durable.ReadFile(key, maxKey); err == nil {
		text = strings.TrimSpace(string(b))
	}
	id, err := hex.DecodeString(text)
	if _, e := proof.ParseKey(text); e != nil && (err != nil || len(id) != sha256.Size) {
		return "", fmt.Errorf("--key %s: neither a key's ID nor its text, nor a file that holds one: %w", key, e)
	}
	return text, nil
}

func verify(path string, o proof.Options) (*proof.Verification, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading dossier: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("reading dossier: %w", err)
	}
	v, err := proof.Verify(f, info.Size(), o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

func fsckCommand(d *door) *cobra.Command {
	var checkpoints []string
	var f formatFlag
	c := &cobra.Command{
		Use:   "fsck CASE",
		Short: "Check all of a case: statements, signatures, log, artefacts, projections; change nothing",
		Args:  one("which case? name its directory"),
		RunE: func(c *cobra.Command, args []string) error {
			pins, err := held(checkpoints)
			if err != nil {
				return err
			}
			r, err := casefile.Fsck(c.Context(), args[0], pins...)
			if r == nil {
				return err
			}
			if r.Frozen {
				d.warnFrozen(args[0])
			}
			if f.json() {
				if e := d.json(r); e != nil {
					return e
				}
			} else if e := d.fsck(args[0], r); e != nil {
				return e
			}
			return err
		},
	}
	c.Flags().StringArrayVar(&checkpoints, "checkpoint", nil, "a checkpoint that you hold: the log must continue it")
	f.add(c, "text", "json")
	return c
}

func (d *door) fsck(dir string, r *casefile.Report) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "damaged: %s: %s\n", report.Clean(f.Where), report.Clean(f.What))
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "and %d more\n", r.More)
	}
	for _, n := range r.Notices {
		fmt.Fprintf(&b, "notice: %s\n", report.Clean(n))
	}
	fmt.Fprintf(&b,
		"%s: %d leaves, %d published, root %s\n%d statements, %d erased, %d payloads, %d tiles, %d artefacts; "+
			"%d damaged\n",
		dir, r.Leaves, r.Published, r.Root, r.Statements, r.Erased, r.Payloads, r.Tiles, r.Artefacts,
		len(r.Findings)+r.More)
	_, err := io.WriteString(d.out, b.String())
	return err
}
