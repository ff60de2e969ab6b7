// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/paper"
)

func inboxShowCommand(d *door) *cobra.Command {
	var dir, out string
	var f formatFlag
	c := &cobra.Command{
		Use: "show ID", Short: "Show what an item is, or write its bytes to a file",
		Args: one("which item? name its ID: writ inbox list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				h, err := inbox.Find(c.Context(), cf, args[0])
				if err != nil {
					return err
				}
				if out != "" {
					return copyOut(cf, h, out)
				}
				if f.json() {
					return d.json(asHeld(h))
				}
				return d.inboxItem(h)
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	c.Flags().StringVar(&out, "out", "", "write its bytes, as they came, to this file, which must not be there yet")
	f.add(c, "text", "json")
	return c
}

// copyOut writes an item's bytes to a file of its own.
func copyOut(c *casefile.Case, h *inbox.Held, path string) error {
	r, err := inbox.Open(c, &h.Item)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, durable.Explain(err))
	}
	_, err = io.Copy(w, r)
	if e := w.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

func (d *door) inboxItem(h *inbox.Held) error {
	p := paper.New(d.out, d.width)
	p.F("%s  %s\n", h.ID(), paper.Clean(h.Name))
	const wide = 10
	p.Field(wide, "type", h.Media)
	p.Field(wide, "bytes", fmt.Sprint(h.Size))
	p.Field(wide, "SHA-256", h.SHA256)
	p.Field(wide, "came", h.Came.Format(time.RFC3339)+", taken in by "+paper.Clean(h.By))
	if h.In != "" {
		p.Field(wide, "attached", fmt.Sprintf("part %s of the message with SHA-256 %s", h.Part, h.In))
	}
	p.Field(wide, "state", string(h.State))
	for _, f := range h.Filings {
		p.Field(wide, "filed", fmt.Sprintf("as %s, record %.12s, by %s", f.As, f.Record, paper.Clean(f.By)))
	}
	if h.Drop != nil {
		p.Field(wide, "dropped", paper.Clean(fmt.Sprintf("by %s: %s", h.Drop.By, h.Drop.Why)))
	}
	if h.Erased {
		p.F("what it said was erased\n")
	}
	about(p, 0, &h.Item)
	if m := h.Mail; m != nil {
		for i := range m.Parts {
			q := &m.Parts[i]
			p.F("  part %s: %s %s, %d bytes, SHA-256 %.16s…\n", q.Path, q.Media, paper.Clean(q.Name), q.Size, q.SHA256)
		}
	}
	return p.Err
}

func inboxDropCommand(d *door) *cobra.Command {
	var dir, why, by string
	var f formatFlag
	c := &cobra.Command{
		Use: "drop ID", Short: "Say that an item is not needed; its bytes stay",
		Example: `  writ inbox drop 3f2a91c07d11 --case hospital.case --why "a leaflet" --by "reception"`,
		Args:    one("which item? name its ID: writ inbox list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				h, err := inbox.Find(c.Context(), cf, args[0])
				if err != nil {
					return err
				}
				if err := inbox.Discard(c.Context(), cf, h, why, by); err != nil {
					return err
				}
				h.State, h.Drop = inbox.Dropped, &inbox.Drop{Item: h.Digest, Why: why, By: by}
				if f.json() {
					return d.json(asHeld(h))
				}
				_, err = fmt.Fprintf(d.out, "%s  dropped\n", h.ID())
				return err
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	c.Flags().StringVar(&why, "why", "", "the reason")
	c.Flags().StringVar(&by, "by", "", "who says so")
	f.add(c, "text", "json")
	return c
}
