// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/proof"
)

// holds says whether a text stands in any file of a case.
func holds(t testing.TB, dir, text string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || bytes.Contains(b, []byte(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestErasedNamesAreGoneAndEveryProofHolds(t *testing.T) {
	c, _ := newCase(t)
	receipts := add(t, c, drafts(0, 5)...)
	if _, err := c.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := c.Checkpoint()
	if !holds(t, c.dir, `pump 3`) {
		t.Fatal("the name is nowhere to begin with")
	}
	if _, err := c.Erase(t.Context(), []evidence.Digest{receipts[3].Statement}, false, "asked for by the person"); err != nil {
		t.Fatal(err)
	}
	if holds(t, c.dir, `pump 3`) {
		t.Error("the name still stands in a file")
	}
	c = reopen(t, c)
	b := read(t, c)
	if len(b.Entries) != 6 || b.Entries[3].Payload != nil || b.Entries[3].Digest != receipts[3].Statement || b.Entries[2].Payload == nil {
		t.Errorf("%+v", b.Entries[3])
	}
	if r := add(t, c, draft(3)); !r[0].Repeated || read(t, c).Entries[3].Payload != nil {
		t.Error("the same input read again brings the name back")
	}
	closeCase(t, c)
	if r := sound(t, c.dir, before); r.Erased != 1 || r.Payloads != 4 {
		t.Errorf("%+v", r)
	}
}

func TestAnErasedStatementLeavesItsStub(t *testing.T) {
	c, _ := newCase(t)
	receipts := add(t, c, drafts(0, 3)...)
	add(t, c, Draft{Statement: evidence.Statement{Kind: evidence.Membership, Subject: device(1), Member: &fact.Member{Subject: device(1)}}})
	if _, err := c.Erase(t.Context(), []evidence.Digest{receipts[1].Statement}, true, "taken by mistake"); err != nil {
		t.Fatal(err)
	}
	b := read(t, c)
	if len(b.Stubs) != 1 || len(b.Entries) != 4 {
		t.Fatalf("%d stubs, %d statements", len(b.Stubs), len(b.Entries))
	}
	s := b.Stubs[0]
	if s.Index != 1 || s.Statement != receipts[1].Statement || s.Subject != device(1) || s.Claims[0].Fact != "telnet.used" {
		t.Errorf("%+v", s)
	}
	if err := c.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := c.Dossier(t.Context(), &out, judged(t, b)); err != nil {
		t.Fatal(err)
	}
	v, err := proof.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()), proof.Options{})
	if err != nil || v.Withheld != 1 {
		t.Errorf("%+v %v", v, err)
	}
	closeCase(t, c)
	if r := sound(t, c.dir); r.Erased != 1 {
		t.Errorf("%+v", r)
	}
}

func TestWhatCannotBeErased(t *testing.T) {
	c, _ := newCase(t)
	r := add(t, c, Draft{Statement: evidence.Statement{Kind: evidence.Membership, Subject: device(1), Member: &fact.Member{Subject: device(1)}}})
	if _, err := c.Erase(t.Context(), []evidence.Digest{r[0].Statement}, true, ""); kind.Of(err) != kind.Denied {
		t.Errorf("a membership: %v", err)
	}
	if _, err := c.Erase(t.Context(), []evidence.Digest{evidence.DigestOf(nil)}, false, ""); kind.Of(err) != kind.NotFound {
		t.Errorf("no statement: %v", err)
	}
	if _, err := c.Erase(t.Context(), nil, false, ""); err == nil {
		t.Error("nothing was erased, and it was said so")
	}
	if n := len(read(t, c).Entries); n != 1 {
		t.Errorf("%d statements", n)
	}
}
