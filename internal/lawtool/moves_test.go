// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"bytes"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func result(all ...judge.Verdict) *judge.Result { return &judge.Result{Verdicts: all} }

func found(id string, force law.Force, bearer judge.Bearer, o judge.Outcome, flags ...string) judge.Verdict {
	return judge.Verdict{Provision: &law.Provision{ID: law.ProvisionID(id), Force: force}, Bearer: bearer,
		Subject: fact.Subject{Kind: fact.Device, ID: "d"}, Outcome: o, Flags: flags}
}

func TestAVerdictMovesWhenWhatItCountsForDoes(t *testing.T) {
	old := result(
		found("a/same", law.Must, judge.Own, judge.Met),
		found("a/worse", law.Must, judge.Own, judge.Met),
		found("a/gone", law.Must, judge.Own, judge.Violated),
		found("a/gone-and-never-applied", law.Must, judge.Own, judge.NotApplicable),
		found("a/softer", law.Must, judge.Supplier, judge.Violated),
		found("a/indicated", law.Must, judge.Own, judge.NotShown),
	)
	fresh := result(
		found("a/same", law.Must, judge.Own, judge.Met),
		found("a/worse", law.Must, judge.Own, judge.Violated),
		found("a/softer", law.Should, judge.Supplier, judge.Violated),
		found("a/indicated", law.Must, judge.Own, judge.NotShown, judge.BreachIndicated),
		found("a/new", law.Must, judge.Own, judge.NotShown),
		found("a/new-and-not-applicable", law.Must, judge.Own, judge.NotApplicable),
	)
	moves := Moves(old, fresh, func(fact.Subject) string { return "a camera" })
	var b bytes.Buffer
	if err := WriteMoves(&b, moves); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{"",
		"duties of one's own",
		"  violated -> none  a/gone@device:d  a camera",
		"  not-shown -> not-shown, breach-indicated  a/indicated@device:d  a camera",
		"  none -> not-shown  a/new@device:d  a camera",
		"  met -> violated  a/worse@device:d  a camera",
		"",
		"duties of suppliers",
		"  violated -> violated (should)  a/softer@device:d  a camera",
		"",
		"5 verdicts move", ""}, "\n")
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
