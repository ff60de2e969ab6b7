// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/ledger"
	"github.com/writ-iot/writ/proof"
)

// maxTile bounds a tile's bytes: 256 leaves, each with its length.
const maxTile = 256 * (2 + proof.MaxLeaf)

// log checks what was published against the leaves, and the leaves against checkpoints held outside.
func (k *checker) log(ctx context.Context, pins [][]byte) error {
	cp, note, err := readPublished(ctx, k.dir, k.db, k.key, k.report.Leaves)
	if err := k.note(checkpoint, err); err != nil {
		return err
	}
	k.report.Published = cp.Size
	if note != nil && k.tree != nil {
		k.covers(checkpoint, cp)
	}
	if k.tree != nil {
		if err := k.files(ctx, cp.Size); err != nil {
			return err
		}
	}
	for _, note := range pins {
		pin, err := proof.OpenPin(note, k.key)
		if kind.Of(err) == kind.Invalid {
			k.badPin = err
			continue
		}
		if err != nil {
			k.find("the checkpoint held outside", "%v", err)
			continue
		}
		k.covers("the checkpoint held outside", pin)
	}
	return nil
}

// covers says whether the leaves begin with those of a checkpoint.
func (k *checker) covers(where string, cp proof.Checkpoint) {
	if cp.Size > k.tree.Size() {
		k.find(where, "it covers %d leaves and the case holds %d: this is an older copy", cp.Size, k.tree.Size())
		return
	}
	if root, err := tlog.TreeHash(cp.Size, k.tree); err != nil || root != cp.Root {
		k.find(where,
			"the case's first %d leaves are not those that it covers: the log was forked, or leaves were changed",
			cp.Size)
	}
}

// files compares every file below log/ with what the leaves give, and looks for those that the
// checkpoint of size leaves needs.
func (k *checker) files(ctx context.Context, size int64) error {
	seen := map[string]bool{}
	root := filepath.Join(k.dir, logDir)
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, durable.Temp) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		seen[name] = true
		if logDir+"/"+name == checkpoint {
			return nil
		}
		return k.file(path, name)
	})
	if errors.Is(err, fs.ErrNotExist) {
		k.find(logDir, "it is missing")
	} else if err != nil {
		return durable.Explain(err)
	}
	for _, t := range ledger.Tiles(0, size) {
		if name := ledger.Path(t); !seen[name] {
			k.find(logDir+"/"+name, "it is missing")
		}
	}
	return nil
}

func (k *checker) file(path, name string) error {
	where := logDir + "/" + name
	t, err := ledger.ParsePath(name)
	if err != nil || !ledger.Within(t, k.tree.Size()) {
		k.find(where, "it has no place in a log of %d leaves", k.tree.Size())
		return nil
	}
	got, err := durable.ReadFile(path, maxTile)
	if kind.Of(err) == kind.Invalid {
		k.find(where, "%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	want, err := tileData(t, k.tree, func(i int64) []byte { return k.leaves[i] })
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		k.find(where, "it is not what the leaves give")
		return nil
	}
	k.report.Tiles++
	return nil
}
