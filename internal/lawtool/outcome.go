// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"strconv"

	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/law"
)

// Engine judges one input; package judge's engine does.
type Engine = lawtest.Engine

// WriteProblems writes problems for people, errors before notices, and counts them.
func WriteProblems(w io.Writer, all law.Problems) error {
	p := &paper{w: w}
	errors := 0
	for _, warning := range []bool{false, true} {
		for _, problem := range all {
			if problem.Warning != warning {
				continue
			}
			p.line("%s", problem)
			if !warning {
				errors++
			}
		}
	}
	p.line("%s, %s", plural(errors, "error", "errors"), plural(len(all)-errors, "notice", "notices"))
	return p.err
}

// WriteTests writes what became of the law tests for people: a line an instrument, then what failed.
func WriteTests(w io.Writer, s *lawtest.Summary) error {
	p := &paper{w: w}
	var rows [][]string
	tests, expectations := 0, 0
	for _, t := range s.Instruments {
		rows = append(rows, []string{string(t.Instrument), strconv.Itoa(t.Tests), strconv.Itoa(t.Expectations),
			strconv.Itoa(t.Failed),
			fmt.Sprintf("%d of %d", t.Covered, t.Judged), strconv.Itoa(t.Provisions)})
		tests, expectations = tests+t.Tests, expectations+t.Expectations
	}
	p.table([]string{"INSTRUMENT", "TESTS", "EXPECTATIONS", "FAILED", "JUDGED COVERED", "PROVISIONS"}, rows)
	rows = nil
	for _, w := range s.Profiles {
		rows = append(rows, []string{w.File, strconv.Itoa(w.Persons), strconv.Itoa(w.Expectations),
			strconv.Itoa(w.Failed)})
		expectations += w.Expectations
	}
	if len(rows) > 0 {
		p.line("")
		p.table([]string{"PROFILE", "PERSONS", "EXPECTATIONS", "FAILED"}, rows)
	}
	for _, f := range s.Failures {
		p.line("\n%s", f)
	}
	for _, problem := range s.Problems {
		p.line("\n%s", problem)
	}
	p.line("\n%s, %s, %d failed", plural(tests+len(s.Profiles), "test", "tests"), plural(expectations,
		"expectation", "expectations"),
		len(s.Failures))
	return p.err
}
