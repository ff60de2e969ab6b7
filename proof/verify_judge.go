// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/judge"
)

// verdicts judges again and compares every byte.
func (v *verifier) verdicts() error {
	given, err := v.archive.Read(nameVerdicts, math.MaxInt32)
	if err != nil {
		return err
	}
	result, err := v.judge(Input(v.entry, v.stubs, v.manifest.Question))
	if err != nil {
		return refuse(LawUnreadable, "catalogue", "the law inside cannot be judged by: %v", err)
	}
	made, err := EncodeVerdicts(result)
	if err != nil {
		return err
	}
	v.result.Verdicts, v.result.Own, v.result.Supplier = len(result.Verdicts), result.Own, result.Supplier
	v.result.Result = result
	if v.manifest.Engine != judge.Version {
		given, made = withoutKey(given), withoutKey(made)
	}
	if !bytes.Equal(given, made) {
		return v.differs(given, made)
	}
	return nil
}

// withoutKey takes the replay key out of the first line: it names the engine, and another engine is
// compared by what it says.
func withoutKey(b []byte) []byte {
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	var r lineResult
	if decodeCanonical(line, len(line), &r) != nil {
		return b
	}
	r.ReplayKey = ""
	line, err := evidence.Marshal(r)
	if err != nil {
		return b
	}
	return append(append(line, '\n'), rest...)
}

// differs names the first line that judging again does not give.
func (v *verifier) differs(given, made []byte) error {
	n := 1
	for {
		g, moreGiven, a := bytes.Cut(given, []byte("\n"))
		m, moreMade, b := bytes.Cut(made, []byte("\n"))
		if bytes.Equal(g, m) && a && b {
			given, made, n = moreGiven, moreMade, n+1
			continue
		}
		text := fmt.Sprintf("line %d says: %s; judging again gives: %s", n, tell(g), tell(m))
		if e := v.manifest.Engine; e != judge.Version {
			text += fmt.Sprintf(" (judged by engine %s, again by %s)", e, judge.Version)
		}
		return refuse(VerdictChanged, nameVerdicts, "%s", text)
	}
}

// tell says what a line of verdicts is about.
func tell(line []byte) string {
	var l struct {
		Kind, ID, Verdict, Fact, State string
	}
	if len(line) == 0 {
		return "nothing"
	}
	if json.Unmarshal(line, &l) != nil {
		return "something unreadable"
	}
	switch l.Kind {
	case "verdict":
		return fmt.Sprintf("%q is %q (line of %d bytes)", l.ID, l.Verdict, len(line))
	case "fact":
		return fmt.Sprintf("fact %q is %q", l.Fact, l.State)
	case "instrument":
		return fmt.Sprintf("instrument %q (line of %d bytes)", l.ID, len(line))
	case "result":
		return "counts and replay key " + short(evidence.DigestOf(line))
	}
	return fmt.Sprintf("a line of kind %q", l.Kind)
}
