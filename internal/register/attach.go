// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// MaxFile is the default bound of one attached file.
const MaxFile = 100 << 20

// attachable looks at files before any is read: a file that is too large is refused at once.
func attachable(paths []string, limit int64) error {
	if limit == 0 {
		limit = MaxFile
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return fmt.Errorf("attaching %s: %w", path, durable.Explain(err))
		case !info.Mode().IsRegular():
			return kind.Errorf(kind.Invalid, "attaching %s: it is no plain file", path)
		case info.Size() > limit:
			return kind.Errorf(kind.Invalid, "attaching %s: it has %d MB, at most %d MB are kept (--max-file raises that)",
				path, info.Size()>>20, limit>>20)
		}
	}
	return nil
}

// attach keeps a record's files by their digests. Nothing is opened: what they hold is for people to say.
func (d *Desk) attach(ctx context.Context, r *record, dry bool) error {
	for _, path := range r.given.Attach {
		if dry {
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("attaching %s: %w", path, durable.Explain(err))
		}
		info, err := f.Stat()
		if err != nil {
			f.Close()
			return fmt.Errorf("attaching %s: %w", path, durable.Explain(err))
		}
		ref, err := d.Case.Keep(ctx, io.LimitReader(f, info.Size()))
		f.Close()
		if err != nil {
			return fmt.Errorf("attaching %s: %w", path, err)
		}
		r.body.Attached = append(r.body.Attached, Attached{Name: filepath.Base(path), SHA256: ref.SHA256, Size: ref.Size})
	}
	return nil
}
