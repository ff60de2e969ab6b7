// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"context"
	"io"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/observation/jsonl"
)

// JSONL looks at the inputs and writes each observation as a line to w, then each fact; more sinks may
// look on. Who spoke with whom is left to the lines: what it gives holds no edges.
func JSONL(ctx context.Context, w io.Writer, paths []string, o Options, more ...observation.Sink) (*Seen, error) {
	enc := jsonl.New(w)
	s, err := look(ctx, paths, o, nil, append([]observation.Sink{enc}, more...)...)
	for c := range s.Claims() {
		if enc.Fact(&c, s.Until(&c).Expires) != nil {
			break
		}
	}
	if e := enc.Flush(); err == nil {
		err = e
	}
	return s, err
}
