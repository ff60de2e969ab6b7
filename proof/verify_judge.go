// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

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
	if v.manifest.Engine == judge.Version {
		if !bytes.Equal(given, made) {
			return differs(given, made)
		}
		return nil
	}
	if given, made = withoutKey(given), withoutKey(made); !bytes.Equal(given, made) {
		v.unlike = v.otherEngine(given, made)
	}
	return nil
}

// engine refuses, once all else holds, a dossier whose verdicts another engine made and this one does not make:
// that is no tampering, for they are what was signed; but nobody has shown that they follow.
func (v *verifier) engine() error { return v.unlike }

// otherEngine says what of the verdicts could be judged again, and what could not.
func (v *verifier) otherEngine(given, made []byte) error {
	said, again := outcomesIn(given), outcomesIn(made)
	same, other, alone, first := 0, 0, 0, ""
	for _, id := range slices.Sorted(maps.Keys(said)) {
		switch now, both := again[id]; {
		case !both:
			alone++
		case now == said[id]:
			same++
		default:
			if other++; first == "" {
				first = fmt.Sprintf(" (the first: %s is %q, judged again %q)", id, said[id], now)
			}
		}
	}
	alone += len(again) - same - other
	return refuse(OtherEngine, nameVerdicts, "made by engine %q, and this program judges by %q, which does not say all of it alike: "+
		"of %d verdicts %d come out the same, %d otherwise%s, and %d stand on one side only. "+
		"Everything else in the dossier holds, and these are the verdicts that were signed; that they follow from the "+
		"statements and the law is shown by a program that judges by %q", v.manifest.Engine, judge.Version, len(said), same,
		other, first, alone, v.manifest.Engine)
}

// outcomesIn gives the outcomes of the lines of verdicts, by verdict and person.
func outcomesIn(lines []byte) map[string]string {
	all := map[string]string{}
	for line := range bytes.Lines(lines) {
		var l struct{ Kind, ID, Person, Verdict string }
		if json.Unmarshal(line, &l) == nil && l.Kind == "verdict" {
			all[l.ID+" of "+l.Person] = l.Verdict
		}
	}
	return all
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
func differs(given, made []byte) error {
	n := 1
	for {
		g, moreGiven, a := bytes.Cut(given, []byte("\n"))
		m, moreMade, b := bytes.Cut(made, []byte("\n"))
		if bytes.Equal(g, m) && a && b {
			given, made, n = moreGiven, moreMade, n+1
			continue
		}
		return refuse(VerdictChanged, nameVerdicts, "line %d says: %s; judging again gives: %s", n, tell(g), tell(m))
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
