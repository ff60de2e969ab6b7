// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
)

const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func dir(t *testing.T, limit int64) *Dir {
	t.Helper()
	d, err := At(filepath.Join(t.TempDir(), "artefacts"), limit)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatIsKeptIsNamedByItsBytes(t *testing.T) {
	d, ctx := dir(t, 3), t.Context()
	for range 2 {
		ref, err := d.Put(ctx, strings.NewReader("abc"))
		if err != nil || ref != (Ref{abc, 3}) {
			t.Fatalf("%v %v", ref, err)
		}
	}
	r, err := d.Open(abc)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); err != nil || string(b) != "abc" {
		t.Errorf("%q %v", b, err)
	}
	kept, strange, err := d.List()
	if err != nil || len(kept) != 1 || kept[0] != abc || len(strange) != 0 {
		t.Errorf("%v %v %v", kept, strange, err)
	}
	i, err := os.Stat(d.file(abc))
	if err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", i.Mode(), err)
	}
}

func TestBoundsAndNames(t *testing.T) {
	d, ctx := dir(t, 3), t.Context()
	if _, err := d.Put(ctx, strings.NewReader("abcd")); kind.Of(err) != kind.Invalid {
		t.Errorf("beyond the limit: %v", err)
	}
	if _, err := d.Open(abc); kind.Of(err) != kind.NotFound {
		t.Errorf("not kept: %v", err)
	}
	for _, name := range []string{"", "../../etc/passwd", strings.ToUpper(abc), abc[:62] + "/."} {
		if _, err := d.Open(name); kind.Of(err) != kind.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	if left, err := os.ReadDir(d.path); err != nil || len(left) != 0 {
		t.Errorf("%v left (%v)", left, err)
	}
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	d, ctx := dir(t, 3), t.Context()
	if _, err := d.Put(ctx, strings.NewReader("abc")); err != nil {
		t.Fatal(err)
	}
	for i := range 24 {
		b := []byte("abc")
		b[i/8] ^= 1 << (i % 8)
		if err := os.WriteFile(d.file(abc), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := d.Check(ctx, abc); kind.Of(err) != kind.Corrupt {
			t.Errorf("bit %d: %v", i, err)
		}
		if _, err := d.Put(ctx, strings.NewReader("abc")); kind.Of(err) != kind.Corrupt {
			t.Errorf("bit %d: damage was repaired in silence: %v", i, err)
		}
	}
}

func TestCancelledPutLeavesNothing(t *testing.T) {
	d := dir(t, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Put(ctx, bytes.NewReader(make([]byte, 1000))); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(d.path); err != nil || len(left) != 0 {
		t.Errorf("%v left (%v)", left, err)
	}
}
