// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package inbox takes what reaches people by mail, hand and scan: the bytes as they came, kept and hashed, and
// what they show of themselves. Nothing active in them is opened. Nothing in the inbox is a fact: a person
// files it as a record and says who says so and until when, or drops it.
package inbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/mail"
)

// The forms.
const (
	forms       = "inbox."
	formItem    = "inbox.item"
	formFiled   = "inbox.filed"
	formDropped = "inbox.dropped"
)

// MaxItem is the default bound of one file's bytes.
const MaxItem = 64 << 20

// maxNested is how deep messages in messages are taken apart; maxItems bounds what one file brings.
const (
	maxNested = 3
	maxItems  = 200
)

// Item is one thing that came in. Its names and words lie in the payload of its entry.
type Item struct {
	Name   string     `json:"name"`
	SHA256 string     `json:"sha256"`
	Size   int64      `json:"size"`
	Media  string     `json:"media"`
	Notes  []string   `json:"notes,omitempty"`
	In     string     `json:"in,omitempty"` // the SHA-256 of the message that it came in …
	Part   string     `json:"part,omitempty"`
	Mail   *mail.Mail `json:"mail,omitempty"`
	By     string     `json:"by"` // who took it in
}

// Trust is what signatures of mail are checked with. The zero value checks none.
type Trust struct {
	Keys  mail.Keys // nil: no key is at hand
	Roots *x509.CertPool
}

// Taken is an item that was taken in, or was there.
type Taken struct {
	Item
	Digest  evidence.Digest
	Already bool // it was in the inbox before, whatever became of it
}

// ReadFile reads a file that is to be taken in. Its size is looked at before anything is read.
func ReadFile(path string, most int64) ([]byte, error) {
	i, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("taking in %s: %w", path, durable.Explain(err))
	case !i.Mode().IsRegular():
		return nil, kind.Errorf(kind.Invalid, "taking in %s: it is no file", path)
	case i.Size() == 0:
		return nil, kind.Errorf(kind.Invalid, "taking in %s: it is empty", path)
	case i.Size() > most:
		return nil, kind.Errorf(kind.Invalid, "taking in %s: it has %d MiB and at most %d are taken: hand in an excerpt, "+
			"or raise --max-mib", path, i.Size()>>20, most>>20)
	}
	b, err := durable.ReadFile(path, most)
	if err != nil {
		return nil, fmt.Errorf("taking in %s: %w", path, err)
	}
	return b, nil
}

// Add takes a file in, with what is attached to it where it is a message, and returns when all of it is durable.
func Add(ctx context.Context, c *casefile.Case, path string, b []byte, by string, t Trust) ([]Taken, error) {
	if strings.TrimSpace(by) == "" {
		return nil, kind.Errorf(kind.Invalid, "taking in %s: who takes it in? say so with --by", path)
	}
	a := &adder{trust: t, by: by}
	a.thing(filepath.Base(path), b, 0, "", "")
	known, err := digests(ctx, c)
	if err != nil {
		return nil, err
	}
	taken, err := a.keep(ctx, c, known)
	if err != nil {
		return nil, fmt.Errorf("taking in %s: %w", path, err)
	}
	return taken, nil
}

// adder gathers what one file brings.
type adder struct {
	trust Trust
	by    string
	items []Item
	bytes [][]byte
}

func (a *adder) thing(name string, b []byte, depth int, in, part string) {
	media, notes := look(name, b)
	sum := sha256.Sum256(b)
	item := Item{Name: name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(b)), Media: media, Notes: notes, In: in,
		Part: part, By: a.by}
	var parts []mail.Part
	if media == message {
		item.Mail = a.read(b)
	}
	if item.Mail != nil && depth < maxNested {
		parts = item.Mail.Parts
	}
	at := len(a.items)
	a.items, a.bytes = append(a.items, item), append(a.bytes, b)
	for i := range parts {
		p := &parts[i]
		if !p.Attached() || p.Size == 0 {
			continue
		}
		if len(a.items) >= maxItems {
			a.items[at].Notes = append(a.items[at].Notes, fmt.Sprintf("it brings more than %d things: the rest stays in it",
				maxItems))
			return
		}
		a.thing(named(p), p.Content(), depth+1, item.SHA256, p.Path)
	}
}

// named is what an attachment is called.
func named(p *mail.Part) string {
	if p.Name != "" {
		return p.Name
	}
	return "part " + p.Path
}

// read reads a message and checks its signatures; nil where it is none after all.
func (a *adder) read(b []byte) *mail.Mail {
	m, err := mail.Read(b)
	if err != nil {
		return nil
	}
	keys := a.trust.Keys
	if keys == nil {
		keys = mail.NoKeys
	}
	m.CheckDKIM(keys)
	m.CheckChain(a.trust.Roots)
	return m
}

// keep keeps the bytes of what is new, then enters all of it at once.
func (a *adder) keep(ctx context.Context, c *casefile.Case, known map[string]evidence.Digest) ([]Taken, error) {
	us, err := journal.Us(ctx, c)
	if err != nil {
		return nil, err
	}
	var entries []journal.Entry
	var all []Taken
	at := map[string]int{} // of what is new
	for i, item := range a.items {
		if d, ok := known[item.SHA256]; ok {
			all = append(all, Taken{item, d, true})
			continue
		}
		if _, twice := at[item.SHA256]; twice {
			continue
		}
		if _, err := c.Keep(ctx, bytes.NewReader(a.bytes[i])); err != nil {
			return nil, err
		}
		at[item.SHA256] = len(all)
		all = append(all, Taken{Item: item})
		entries = append(entries, journal.Entry{Form: formItem, Subject: us, Body: item})
	}
	if len(entries) == 0 {
		return all, nil
	}
	receipts, err := journal.Write(ctx, c, entries...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if !all[i].Already {
			all[i].Digest, receipts = receipts[0].Statement, receipts[1:]
		}
	}
	return all, nil
}

// digests gives the items that were ever taken in, by the SHA-256 of their bytes.
func digests(ctx context.Context, c *casefile.Case) (map[string]evidence.Digest, error) {
	all, err := List(ctx, c)
	known := map[string]evidence.Digest{}
	for i := range all {
		known[all[i].SHA256] = all[i].Digest
	}
	return known, err
}

// Open gives an item's bytes as they came.
func Open(c *casefile.Case, i *Item) (io.ReadCloser, error) { return c.Artefact(i.SHA256) }

// within says whether one of words occurs in what is known of an item.
func within(i *Item, words string) bool {
	in := []string{i.Name, i.Media}
	if i.Mail != nil {
		in = append(in, i.Mail.From, i.Mail.Subject)
	}
	return slices.ContainsFunc(in, func(s string) bool {
		return strings.Contains(strings.ToLower(s),
			strings.ToLower(words))
	})
}
