// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/lawbundle"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/proof"
)

func catalogueCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "catalogue",
		Short: "Publish the law as a signed file, check one, and adopt it for a case",
		Long: `Publish the law as a signed file, check one, and adopt it for a case.

A case is judged by the law that it was first assessed under, until a named person adopts another:
a newer program changes no verdict of it. writ law shows what is in a law.`,
	}
	c.AddCommand(catalogueKeygenCommand(d), catalogueBundleCommand(d), catalogueVerifyCommand(d),
		catalogueUpdateCommand(d))
	return c
}

func catalogueKeygenCommand(d *door) *cobra.Command {
	var name, out string
	var f formatFlag
	c := &cobra.Command{
		Use:     "keygen --name NAME --out FILE",
		Short:   "Draw a key for whoever publishes law: FILE is secret, FILE.pub goes to others",
		Args:    cobra.NoArgs,
		Example: "  writ catalogue keygen --name law.example.org --out law.key",
		RunE: func(*cobra.Command, []string) error {
			if name == "" || out == "" {
				return fmt.Errorf("whose key, and where? name the publisher with --name and the file with --out")
			}
			_, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				return err
			}
			s, err := proof.NewSigner(name, private)
			if err != nil {
				return fmt.Errorf("--name %q: want a name like law.example.org, without spaces and plus signs: %w",
					name, err)
			}
			if err := writeKey(out, s.PrivateText()); err != nil {
				return err
			}
			if err := writeKey(out+".pub", s.Key.String()); err != nil {
				return err
			}
			if f.json() {
				return d.json(keyDrawn{Name: s.Origin, KeyID: s.ID(), Key: s.Key.String(), Secret: out, Public: out + ".pub"})
			}
			_, err = fmt.Fprintf(d.out, "%s: keep it secret\n%s.pub: give it to others\nkey ID %s\n", report.Clean(out),
				report.Clean(out), s.ID())
			return err
		},
	}
	c.Flags().StringVar(&name, "name", "", "the publisher's name, without spaces")
	c.Flags().StringVar(&out, "out", "", "the file to write; one that is there is left alone")
	f.add(c, "text", "json")
	return c
}

// keyDrawn is what a program is told of a new key; the secret stays in its file
// (docs/schema/catalogue-keygen.schema.json).
type keyDrawn struct {
	Name   string `json:"name"`
	KeyID  string `json:"key_id"`
	Key    string `json:"key"`         // the public one, as others name it with --key
	Secret string `json:"secret_file"` // kept by the publisher
	Public string `json:"public_file"` // given to others
}

// writeKey writes a key's file, which must not be there yet: a key that is lost is lost for good.
func writeKey(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		_, err = io.WriteString(f, text+"\n")
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("writing key: %s is there already: a key is never written over", path)
	}
	if err != nil {
		return fmt.Errorf("writing key: %w", err)
	}
	return nil
}

func catalogueBundleCommand(d *door) *cobra.Command {
	var key, out string
	var f formatFlag
	c := &cobra.Command{
		Use: "bundle --key FILE --out FILE", Short: "Write the law as one signed file, for whoever publishes law",
		Long: `Write the law as one signed file, for whoever publishes law: that of the program, or of --catalogue
and --overlay. Law that does not load and compile is not published; writ law lint and writ law test
find the rest.`,
		Args:    cobra.NoArgs,
		Example: "  writ catalogue bundle --catalogue law/ --key law.key --out law.zip",
		RunE: func(*cobra.Command, []string) error {
			if key == "" || out == "" {
				return fmt.Errorf("signed by which key, and where to? name the files with --key and --out")
			}
			s, err := signer(key)
			if err != nil {
				return err
			}
			var m *lawbundle.Manifest
			err = writeFile(out, 0o644, func(to *os.File) (err error) {
				m, err = lawbundle.Write(to, d.lawFS,
					lawbundle.Options{Signer: s, MadeAt: d.now().UTC(), Program: engineName()})
				return err
			})
			if err != nil {
				return err
			}
			if f.json() {
				return d.json(bundledAs(out, m, s.Key))
			}
			_, err = fmt.Fprintf(d.out, "%s\nlaw %s %s, %d files\ncheck it with: writ catalogue verify --key %s %s\n",
				report.Clean(out), report.Clean(m.Version), m.Digest, len(m.Entries), s.ID(), report.Clean(out))
			return err
		},
	}
	c.Flags().StringVar(&key, "key", "", "the file of the publisher's secret key (writ catalogue keygen)")
	c.Flags().StringVar(&out, "out", "", "the file to write")
	f.add(c, "text", "json")
	return c
}

// bundled is what a program is told of a new bundle (docs/schema/catalogue-bundle.schema.json).
type bundled struct {
	File    string    `json:"file"`
	Version string    `json:"version"`
	Digest  string    `json:"digest"`
	MadeAt  time.Time `json:"made_at"`
	Engine  string    `json:"engine"` // by which the law was compiled
	Program string    `json:"program"`
	Key     string    `json:"key"` // the publisher's
	KeyID   string    `json:"key_id"`
	Files   int       `json:"files"`
}

func bundledAs(file string, m *lawbundle.Manifest, key proof.Key) bundled {
	return bundled{File: file, Version: m.Version, Digest: m.Digest, MadeAt: m.MadeAt, Engine: m.Engine,
		Program: m.Program, Key: key.String(), KeyID: key.ID(), Files: len(m.Entries)}
}

// bundleProved is what a program is told of a bundle that holds (docs/schema/catalogue-verify.schema.json).
type bundleProved struct {
	bundled
	Verified  bool `json:"verified"`   // true: what does not hold ends in an error
	KeyPinned bool `json:"key_pinned"` // the key is the one that was named with --key, not only the bundle's own word
}

// signer reads a secret key. Its errors never hold what stands in the file.
func signer(path string) (*proof.Signer, error) {
	b, err := durable.ReadFile(path, maxKey)
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}
	s, err := proof.ParseSigner(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("--key %s: %w", path, err)
	}
	return s, nil
}

func catalogueVerifyCommand(d *door) *cobra.Command {
	var key string
	var f formatFlag
	c := &cobra.Command{
		Use: "verify FILE", Short: "Check a bundle of law: its signature, its files, that its law compiles",
		Args: one("which bundle? name the file"),
		RunE: func(_ *cobra.Command, args []string) error {
			b, _, err := bundle(args[0], key)
			if err != nil {
				return err
			}
			m := &b.Manifest
			if f.json() {
				return d.json(bundleProved{bundled: bundledAs(args[0], m, m.Key), Verified: true, KeyPinned: key != ""})
			}
			_, err = fmt.Fprintf(d.out,
				"%s: verified\n\nlaw        %s\ndigest     %s\nmade       %s by %s\nengine     %s\n"+
					"holds      %d files: %d instruments, %d provisions\nkey        %s\nkey ID     %s\n%s\n",
				report.Clean(args[0]), report.Clean(m.Version), m.Digest, m.MadeAt.Format("2006-01-02T15:04:05Z"),
				report.Clean(m.Program),
				m.Engine, len(m.Entries), len(b.Law.Instruments), len(b.Law.Provisions), m.Key, m.Key.ID(),
				whoseKey(key != "", false))
			return err
		},
	}
	c.Flags().StringVar(&key, "key", "", publisherKey)
	f.add(c, "text", "json")
	return c
}

const publisherKey = "the key that must have signed: its text, its ID, or its file, from elsewhere than the bundle"

// whoseKey says on what the trust in a bundle rests.
func whoseKey(pinned, known bool) string {
	switch {
	case pinned:
		return "The key is the one that you named."
	case known:
		return "The key is the one that signed the law before it."
	}
	return "Whose key it is: the bundle itself names it. Compare it with one that you were given otherwise (--key)."
}

// bundle reads a bundle's file, and proves it.
func bundle(path, key string) (*lawbundle.Bundle, []byte, error) {
	if key != "" {
		var err error
		if key, err = pinned(key); err != nil {
			return nil, nil, err
		}
	}
	f, err := openFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("reading bundle: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, lawbundle.MaxSize+1)) // Open refuses one that is larger
	if err != nil {
		return nil, nil, fmt.Errorf("reading bundle: %w", err)
	}
	b, err := lawbundle.Open(raw, key)
	if err != nil {
		return nil, nil, fmt.Errorf("verifying bundle %s: %w", path, err)
	}
	return b, raw, nil
}
