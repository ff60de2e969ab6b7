// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"fmt"
	"io"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/proof"
)

// Dossier publishes the case and writes the dossier d of it, with the kept artefacts that are named by
// their SHA-256. d.Book is what Read gave, or less of it; checkpoint and time are filled in here. When
// the case grew since it was read the error is of kind conflict. A frozen case whose newest leaves were
// never published gives none.
func (c *Case) Dossier(ctx context.Context, w io.Writer, d proof.Dossier, artefacts ...string) error {
	cp, err := c.covering(ctx)
	if err == nil && cp.Size != int64(len(d.Book.Leaves)) {
		err = kind.Errorf(kind.Conflict, "the case has %d leaves, and %d were read: read it again",
			cp.Size, len(d.Book.Leaves))
	}
	if err == nil && cp.Size == 0 {
		err = kind.Errorf(kind.Invalid, "nothing was appended yet")
	}
	if err != nil {
		return fmt.Errorf("making dossier of case %s: %w", c.dir, err)
	}
	d.Checkpoint, d.MadeAt = c.Checkpoint(), c.clock().UTC()
	d.Attachments = d.Attachments[:len(d.Attachments):len(d.Attachments)]
	for _, sha := range artefacts {
		content, err := c.attachment(sha)
		if err != nil {
			return fmt.Errorf("making dossier of case %s: %w", c.dir, err)
		}
		d.Attachments = append(d.Attachments, content)
	}
	return d.Write(w, c.keys.signer)
}

// covering gives a checkpoint of the whole case.
func (c *Case) covering(ctx context.Context) (proof.Checkpoint, error) {
	if !c.Frozen() {
		return c.Publish(ctx)
	}
	if c.published.Size < c.size {
		return proof.Checkpoint{}, fmt.Errorf("its checkpoint covers %d of %d leaves: %w",
			c.published.Size, c.size, errFrozen)
	}
	return c.published, nil
}

func (c *Case) attachment(sha string) (proof.Content, error) {
	size, err := c.blobs.Size(sha)
	open := func() (io.ReadCloser, error) { return c.blobs.Open(sha) }
	return proof.Content{Name: "artefacts/" + sha, Size: size, Open: open}, err
}
