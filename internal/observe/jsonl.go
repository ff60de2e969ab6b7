// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"context"
	"io"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/observation/jsonl"
)

// JSONL runs over the inputs and writes each observation as a line to w; more sinks may look on.
func JSONL(ctx context.Context, w io.Writer, paths []string, o Options, more ...observation.Sink) (*Result, error) {
	enc := jsonl.New(w)
	sinks := append([]observation.Sink{enc}, more...)
	r, err := Run(ctx, paths, o, sinks...)
	if e := enc.Flush(); err == nil {
		err = e
	}
	return r, err
}
