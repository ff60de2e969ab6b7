// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/report"
)

// openCase opens a case; where none is there it is made, or refused. It says of one that is only read
// that it is.
func (d *door) openCase(ctx context.Context, dir string, create bool) (*casefile.Case, error) {
	if create && !casefile.Exists(dir) {
		return casefile.Create(ctx, dir, casefile.Options{})
	}
	c, err := casefile.Open(ctx, dir, casefile.Options{})
	if err != nil || !c.Frozen() {
		return c, err
	}
	d.warnFrozen(dir)
	if err := c.KeepsKeys(); err != nil {
		d.warn(err.Error())
	}
	return c, nil
}

func (d *door) warnFrozen(dir string) {
	d.warn(fmt.Sprintf("case %s lies where this process may not write: it is read as it stands", dir))
}

// warn says once what a run goes on in spite of.
func (d *door) warn(what string) {
	if d.warned[what] {
		return
	}
	if d.warned == nil {
		d.warned = map[string]bool{}
	}
	d.warned[what] = true
	fmt.Fprintf(d.err, "writ: %s\n", report.Clean(what))
}
