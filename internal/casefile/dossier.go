// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"io"

	"github.com/writ-iot/writ/proof"
)

// WriteDossier publishes what the log holds, and writes a dossier that the case's key signs. d needs no
// checkpoint; its book is what Read gave, whole or with less.
func (c *Case) WriteDossier(ctx context.Context, w io.Writer, d *proof.Dossier) error {
	if _, err := c.Publish(ctx); err != nil {
		return err
	}
	d.Checkpoint = c.Checkpoint()
	return d.Write(w, c.keys.signer)
}
