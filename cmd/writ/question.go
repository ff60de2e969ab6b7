// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/proof"
)

// question is what every command that judges is asked: the profile, the records, the three dates.
type question struct {
	profile, caseDir string
	records          []string
	day, state       dayFlag
	at               timeFlag
	known            knownFlag
	issued           string                            // the number of an issued assessment, whose question it is
	lens             func(*judge.Engine) *judge.Engine // nil: the whole law as it binds
}

// through is the engine as the question is asked of it.
func (q *question) through(e *judge.Engine) *judge.Engine {
	if q.lens == nil {
		return e
	}
	return q.lens(e)
}

func (q *question) add(c *cobra.Command, ofCase string) {
	f := c.Flags()
	f.StringVar(&q.profile, "profile", "", "the organisation's profile (YAML); without one nothing is known of it")
	f.StringArrayVar(&q.records, "records", nil, "further files of records (YAML)")
	f.StringVar(&q.caseDir, "case", "", ofCase)
	q.dates(c)
}

func (q *question) dates(c *cobra.Command) {
	q.day.add(c)
	f := c.Flags()
	f.Var(&q.at, "at",
		"judge what was so at this time; by default each subject at the end of the newest input that shows it")
	f.Var(&q.known, "known-at",
		"judge what had reached the case by this time, or by the checkpoint in this file; now by default")
	f.Var(&q.state, "state-at", "all three of this day: its law, what was so and what was known at its end")
}

// asked gives the question as the judge is asked it; c is nil without a case.
func (q *question) asked(d *door, c *casefile.Case) (proof.Question, error) {
	out := proof.Question{Day: q.day.or(d), At: q.at.at, KnownAt: q.known.at, All: true}
	if q.state.set {
		if q.day.set || !q.at.at.IsZero() || q.known.set() {
			return out, fmt.Errorf("--state-at sets --as-of, --at and --known-at: give it alone")
		}
		out.Day, out.At, out.KnownAt = q.state.day, endOf(q.state.day), endOf(q.state.day)
	}
	if out.At.IsZero() {
		out.At, out.PerSubject = d.now().UTC(), true
	}
	if q.known.note == nil {
		return out, nil
	}
	if c == nil {
		return out, fmt.Errorf("--known-at with a checkpoint needs --case")
	}
	cp, err := c.Covers(q.known.note)
	out.KnownSize = cp.Size
	return out, err
}

// knownFlag is a knowledge point: a moment, or a checkpoint of the case.
type knownFlag struct {
	timeFlag
	note []byte
}

func (f *knownFlag) set() bool { return f.note != nil || !f.at.IsZero() }

// Set makes it a flag, with String and Type.
func (f *knownFlag) Set(s string) error {
	err := f.timeFlag.Set(s)
	if err == nil {
		return nil
	}
	b, e := durable.ReadFile(s, maxCheckpoint)
	if kind.Of(e) == kind.Invalid { // it is there, and is none
		return e
	}
	if e != nil {
		return fmt.Errorf("%w, or the file of a checkpoint", err)
	}
	if err := proof.ReadsAsCheckpoint(b); err != nil {
		return fmt.Errorf("%s: neither a time like 2026-11-02T14:07:00Z, nor a day, and %w", s, err)
	}
	f.note = b
	return nil
}

// Type names the value in the help.
func (f *knownFlag) Type() string { return "TIME|FILE" }
