// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/mail"
	"github.com/writ-iot/writ/internal/paper"
)

func inboxCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "inbox",
		Short: "What reaches people by mail, hand and scan: kept as it came, until somebody files it",
		Long: `What reaches people by mail, hand and scan. The bytes are kept as they came and hashed; mail is taken
apart, and what its signatures show is recorded. Nothing active is opened. Nothing in the inbox is
a fact: a person files it as a record, and says who says so and until when, or drops it.`,
		Example: `  writ inbox add --case hospital.case --by "reception" answer.eml certificate.pdf
  writ inbox watch --case hospital.case --by "scanner, ward 3" /srv/scans
  writ inbox list --case hospital.case`,
	}
	c.AddCommand(inboxAddCommand(d), inboxListCommand(d), inboxShowCommand(d), inboxFileCommand(d), inboxDropCommand(d),
		inboxWatchCommand(d))
	return c
}

// intakeFlags say who takes things in, how large they may be, and what signatures are checked with.
type intakeFlags struct {
	caseDir, by, key, roots string
	online                  bool
	most                    countFlag
}

func (f *intakeFlags) add(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.caseDir, "case", "", "the case")
	fl.StringVar(&f.by, "by", "", "who takes it in: a function or a name")
	fl.StringVar(&f.key, "dkim-key", "",
		"check signatures of mail with the text records of this file: NAME VALUE, a line each")
	fl.BoolVar(&f.online, "online", false,
		"look keys for signatures of mail up in the DNS; otherwise nothing is asked of anyone")
	fl.StringVar(&f.roots, "roots", "", "trust S/MIME certificates that lead to the roots of this file (PEM)")
	fl.Var(&f.most, "max-mib", "the largest file that is taken in, in MiB; 64 by default")
}

func (f *intakeFlags) limit() int64 {
	if f.most.n == 0 {
		return inbox.MaxItem
	}
	return int64(f.most.n) << 20
}

// maxKeys bounds files of keys and roots.
const maxKeys = 4 << 20

// trust is what signatures are checked with.
func (f *intakeFlags) trust(ctx context.Context) (inbox.Trust, error) {
	var t inbox.Trust
	if f.key != "" && f.online {
		return t, errors.New("--dkim-key and --online: give one of them")
	}
	if f.online {
		t.Keys = lookedUp(ctx)
	}
	if f.key != "" {
		b, err := durable.ReadFile(f.key, maxKeys)
		if err != nil {
			return t, err
		}
		if t.Keys, err = mail.KeysOf(string(b)); err != nil {
			return t, fmt.Errorf("reading keys %s: %w", f.key, err)
		}
	}
	if f.roots != "" {
		b, err := durable.ReadFile(f.roots, maxKeys)
		if err != nil {
			return t, err
		}
		if t.Roots = x509.NewCertPool(); !t.Roots.AppendCertsFromPEM(b) {
			return t, kind.Errorf(kind.Invalid, "reading roots %s: it holds no certificate in PEM", f.roots)
		}
	}
	return t, nil
}

// lookedUp asks the DNS for keys.
func lookedUp(ctx context.Context) mail.Keys {
	return func(name string) ([]string, error) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		return net.DefaultResolver.LookupTXT(ctx, name)
	}
}

func inboxAddCommand(d *door) *cobra.Command {
	var in intakeFlags
	var f formatFlag
	c := &cobra.Command{
		Use: "add FILE...", Short: "Take files in: mail, PDF, pictures, sheets",
		Example: `  writ inbox add --case hospital.case --by "reception" answer.eml`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			t, err := in.trust(c.Context())
			if err != nil {
				return err
			}
			return d.inCase(c.Context(), in.caseDir, func(cf *casefile.Case) error {
				var all []inbox.Taken
				for _, path := range args {
					taken, err := d.takeIn(c.Context(), cf, path, &in, t)
					if err != nil {
						return errors.Join(err, d.takenIn(all, &f))
					}
					all = append(all, taken...)
				}
				return d.takenIn(all, &f)
			})
		},
	}
	in.add(c)
	f.add(c, "text", "json")
	return c
}

func (d *door) takeIn(ctx context.Context, c *casefile.Case, path string, in *intakeFlags,
	t inbox.Trust) ([]inbox.Taken, error) {
	b, err := inbox.ReadFile(path, in.limit())
	if err != nil {
		return nil, err
	}
	return inbox.Add(ctx, c, path, b, in.by, t)
}

// takenJSON is a thing that was taken in, for programs.
type takenJSON struct {
	ID string `json:"id"`
	inbox.Item
	Already bool `json:"already"`
}

// takenIn says what was taken in.
func (d *door) takenIn(all []inbox.Taken, f *formatFlag) error {
	if f.json() {
		out := []takenJSON{}
		for i := range all {
			out = append(out, takenJSON{string(all[i].Digest)[:12], all[i].Item, all[i].Already})
		}
		return d.json(out)
	}
	p := paper.New(d.out, d.width)
	for i := range all {
		t := &all[i]
		p.F("%s  %s", string(t.Digest)[:12], paper.Clean(t.Name))
		if t.Already {
			p.F(" (it was taken in before)\n")
			continue
		}
		p.F(": %s, %d bytes\n", t.Media, t.Size)
		about(p, 14, &t.Item)
	}
	return p.Err
}

// about writes what a thing shows of itself.
func about(p *paper.Printer, indent int, i *inbox.Item) {
	for _, n := range i.Notes {
		p.Text(indent, paper.Warn, paper.Clean(n))
	}
	if i.Mail == nil {
		return
	}
	p.Text(indent, paper.None, paper.Clean(fmt.Sprintf("from %s: %s", i.Mail.From, i.Mail.Subject)))
	for _, s := range signatures(i.Mail) {
		p.Text(indent, paper.None, paper.Clean(s))
	}
	for _, n := range i.Mail.Faults {
		p.Text(indent, paper.Warn, paper.Clean(n))
	}
}

// signatures says what the signatures of a message show, and what they do not.
func signatures(m *mail.Mail) []string {
	var out []string
	for _, k := range m.DKIM {
		text := fmt.Sprintf("DKIM of %s: %s", k.Domain, k.Outcome)
		if k.Why != "" {
			text += " (" + k.Why + ")"
		}
		if k.Outcome == mail.Holds && !k.Sender {
			text += ", and the domain is not the sender's"
		}
		out = append(out, text)
	}
	if len(m.DKIM) == 0 {
		out = append(out, "no DKIM signature: nothing shows from where it came")
	}
	if s := m.Signed; s != nil {
		text := fmt.Sprintf("S/MIME: %s", s.Outcome)
		if s.Why != "" {
			text += " (" + s.Why + ")"
		}
		if s.Signer != "" {
			text += fmt.Sprintf("; signed as %s, certified by %s; certificate %s", s.Signer, s.Issuer, s.Chain)
		}
		out = append(out, text)
	}
	return out
}

func inboxListCommand(d *door) *cobra.Command {
	var dir, words string
	var f formatFlag
	state := wordFlag{kind: "STATE"}
	c := &cobra.Command{
		Use: "list", Short: "List what came in, and what became of it", Args: cobra.NoArgs,
		Example: `  writ inbox list --case hospital.case
  writ inbox list --case hospital.case --state all --words maker.example`,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				all, err := inbox.List(c.Context(), cf)
				if err != nil {
					return err
				}
				s := inbox.State(state.value)
				if s == "all" {
					s = ""
				}
				return d.inboxList(inbox.Match(all, s, words), &f)
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	c.Flags().StringVar(&words, "words", "", "only what has these words in its name, sender or subject")
	state.add(c, "state", "waiting, filed, dropped, all", "waiting", "filed", "dropped", "all")
	f.add(c, "text", "json")
	return c
}

// heldJSON is an item of the inbox, for programs.
type heldJSON struct {
	ID string `json:"id"`
	inbox.Item
	Came    time.Time      `json:"came"`
	State   inbox.State    `json:"state"`
	Filings []inbox.Filing `json:"filings,omitempty"`
	Drop    *inbox.Drop    `json:"dropped,omitempty"`
}

func asHeld(h *inbox.Held) heldJSON {
	return heldJSON{h.ID(), h.Item, h.Came, h.State, h.Filings, h.Drop}
}

func (d *door) inboxList(all []inbox.Held, f *formatFlag) error {
	if f.json() {
		out := []heldJSON{}
		for i := range all {
			out = append(out, asHeld(&all[i]))
		}
		return d.json(out)
	}
	p := paper.New(d.out, d.width)
	if len(all) == 0 {
		p.F("nothing is there\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width, Right: map[int]bool{4: true}}
	g.Head("ID", "came", "what", "type", "bytes", "state", "from")
	for i := range all {
		h := &all[i]
		from := h.By
		if h.Mail != nil {
			from = h.Mail.From
		}
		g.Row(h.ID(), h.Came.Format(time.DateOnly), paper.Clean(h.Name), short(h.Media), fmt.Sprint(h.Size),
			string(h.State), paper.Clean(from))
	}
	p.F("%s", g)
	return p.Err
}

// short is a media type as people say it.
func short(media string) string {
	if media == "message/rfc822" {
		return "mail"
	}
	if i := strings.LastIndexAny(media, "/."); i >= 0 {
		return media[i+1:]
	}
	return media
}
