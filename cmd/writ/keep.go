// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/capture"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/observe"
)

// keepable refuses to keep where nothing can be kept.
func keepable(inputs []string, q *question) error {
	switch {
	case q.caseDir == "":
		return fmt.Errorf("keep where? --keep needs --case")
	case slices.Contains(inputs, capture.Stdin):
		return fmt.Errorf("standard input is read once and cannot be kept: write it to a file first")
	}
	return nil
}

// keeper keeps in the case the bytes that were observed, and no others: an input that grew since is kept as
// far as it was read, one that changed is refused.
func keeper(c *casefile.Case) func(context.Context, *observe.Input) error {
	return func(ctx context.Context, in *observe.Input) error {
		f, err := os.Open(in.Path)
		if err != nil {
			return fmt.Errorf("keeping %s: %w", in.Path, err)
		}
		defer f.Close()
		ref, err := c.Keep(ctx, io.LimitReader(f, in.Size))
		if err != nil {
			return fmt.Errorf("keeping %s: %w", in.Path, err)
		}
		if ref.SHA256 != in.SHA256 {
			return kind.Errorf(kind.Conflict,
				"keeping %s: it changed while it was read: nothing is stated of it", in.Path)
		}
		return nil
	}
}

// artefacts are the inputs that the case keeps, in the order in which they were taken in.
func artefacts(c *casefile.Case, a *assess.Assessment) ([]string, error) {
	var kept []string
	for i := range a.Inputs {
		sha := a.Inputs[i].SHA256
		r, err := c.Artefact(sha)
		if kind.Of(err) == kind.NotFound || slices.Contains(kept, sha) {
			if err == nil {
				r.Close()
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		r.Close()
		kept = append(kept, sha)
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("the case keeps no inputs: assess --keep does that")
	}
	return kept, nil
}
