// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"bytes"
	"strings"
	"testing"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/prooftest"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
	"github.com/writ-iot/writ/proof"
)

// judged is the dossier of a book, judged by a small law.
func judged(t testing.TB, b *proof.Book) proof.Dossier {
	t.Helper()
	rules := prooftest.Law()
	c, err := law.Load(rules)
	if err != nil {
		t.Fatal(err)
	}
	q := proof.Question{Day: fact.DayOf(noon), At: noon}
	r, err := judge.Judge(c, proof.Input(b.Entries, b.Stubs, q))
	if err != nil {
		t.Fatal(err)
	}
	v, err := proof.EncodeVerdicts(r)
	if err != nil {
		t.Fatal(err)
	}
	return proof.Dossier{Book: b, Catalogue: rules, Question: q, Verdicts: v, Program: "writ test"}
}

func TestACaseBecomesADossierThatAnyoneCanProve(t *testing.T) {
	c, _ := newCase(t)
	us := fact.Subject{Kind: fact.Organisation, ID: "us"}
	add(t, c,
		Draft{evidence.Statement{Kind: evidence.Membership, Subject: us, Member: &fact.Member{Subject: us, Own: true}}, nil},
		Draft{evidence.Statement{Kind: evidence.Membership, Subject: device(1), Member: &fact.Member{Subject: device(1), Runner: us}}, nil})
	if _, err := c.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	yesterday := c.Checkpoint()
	ref, err := c.Keep(t.Context(), strings.NewReader("capture"))
	if err != nil {
		t.Fatal(err)
	}
	add(t, c, draft(1))
	b := read(t, c)
	var out bytes.Buffer
	if err := c.Dossier(t.Context(), &out, judged(t, b), ref.SHA256); err != nil {
		t.Fatal(err)
	}
	v, err := proof.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()), proof.Options{Key: c.Key().ID(), Checkpoints: [][]byte{yesterday}})
	if err != nil {
		t.Fatal(err)
	}
	if v.Statements != 3 || v.Own.Violated != 1 || len(v.Attachments) != 1 || len(v.Pinned) != 1 || v.Payloads != 1 {
		t.Errorf("%+v", v)
	}
	add(t, c, draft(2))
	if err := c.Dossier(t.Context(), &out, judged(t, b)); kind.Of(err) != kind.Conflict {
		t.Errorf("a book that is not the whole case: %v", err)
	}
}

// Promise 7: who has disk and key can write the log anew, and is found out by a checkpoint held outside.
func TestALogWrittenAnewIsAFork(t *testing.T) {
	c, _ := newCase(t)
	add(t, c, drafts(0, 3)...)
	if _, err := c.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	outside := c.Checkpoint()
	b := read(t, c)
	forged := &proof.Book{}
	var tree proof.Tree
	for i, e := range b.Entries {
		if i == 1 { // another story about device 1
			st := e.Statement
			st.Claims = append([]fact.Claim(nil), st.Claims...)
			st.Claims[0].Value = fact.BoolValue(false)
			signed, err := evidence.Sign(st, e.Payload, c.keys.signer.Private())
			if err != nil {
				t.Fatal(err)
			}
			e.Signed = signed
		}
		l, err := proof.LeafOf(&e.Signed, e.KnownAt)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := l.Encode()
		if err != nil {
			t.Fatal(err)
		}
		tree.Append(proof.LeafHash(leaf))
		forged.Leaves, forged.Entries = append(forged.Leaves, leaf), append(forged.Entries, e)
	}
	note, err := proof.SignCheckpoint(proof.Checkpoint{Origin: c.Key().Origin, Size: tree.Size(), Root: tree.Root()}, c.keys.signer)
	if err != nil {
		t.Fatal(err)
	}
	d := judged(t, forged)
	d.Checkpoint = note
	var out bytes.Buffer
	if err := d.Write(&out, c.keys.signer); err != nil {
		t.Fatal(err)
	}
	if _, err := proof.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()), proof.Options{}); err != nil {
		t.Errorf("without a checkpoint held outside it cannot be found: %v", err)
	}
	_, err = proof.Verify(bytes.NewReader(out.Bytes()), int64(out.Len()), proof.Options{Checkpoints: [][]byte{outside}})
	if kind.Of(err) != kind.Corrupt || !strings.Contains(err.Error(), "forked") {
		t.Errorf("%v", err)
	}
}
