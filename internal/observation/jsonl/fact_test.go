// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package jsonl

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/fact"
)

// asFields is the contract of a fact's line, read back by the standard library.
type asFields struct {
	Kind, Fact, Device, Peer, Subject, State, Input string

	Value    any
	Frames   *[2]int
	Evidence []fact.Source
	Coverage fact.Coverage
	Observed time.Time
	Until    *time.Time
}

func TestAFactSaysWhatItsClaimSays(t *testing.T) {
	seen := time.Date(2027, 12, 11, 10, 9, 8, 7, time.UTC)
	until := seen.Add(24 * time.Hour)
	for _, c := range []struct {
		claim fact.Claim
		until time.Time
		want  asFields
	}{
		{fact.Claim{Subject: fact.Subject{Kind: fact.Device, ID: "7"}, Fact: "service.telnet", Value: fact.BoolValue(true), ObservedAt: seen,
			Sources:  []fact.Source{{Input: "ab", Frames: [][2]int{{3, 4}, {9, 9}}, Note: "telnet was <spoken>, port 23"}, {Input: "cd"}},
			Coverage: fact.Coverage{Hours: 0.25, BothWays: true, LossPPM: -1, Port: 23, Vantage: "tap", Partial: true, CompletedScan: true}},
			until, asFields{Kind: "fact", Fact: "service.telnet", Device: "7", Subject: "device:7", State: "known", Value: true, Input: "ab", Frames: &[2]int{3, 4},
				Evidence: []fact.Source{{Input: "ab", Frames: [][2]int{{3, 4}, {9, 9}}, Note: "telnet was <spoken>, port 23"}, {Input: "cd"}},
				Coverage: fact.Coverage{Hours: 0.25, BothWays: true, LossPPM: -1, Port: 23, Vantage: "tap", Partial: true, CompletedScan: true},
				Observed: seen, Until: &until}},
		{fact.Claim{Subject: fact.Subject{Kind: fact.Peer, ID: "192.0.2.1"}, Fact: "a.number", Value: fact.NumberValue(-3), ObservedAt: seen}, time.Time{},
			asFields{Kind: "fact", Fact: "a.number", Peer: "192.0.2.1", Subject: "peer:192.0.2.1", State: "known", Value: -3.0,
				Evidence: []fact.Source{}, Observed: seen}},
		{fact.Claim{Fact: "a.word", Value: fact.EnumValue("set-up"), ObservedAt: seen}, time.Time{},
			asFields{Kind: "fact", Fact: "a.word", Subject: ":", State: "known", Value: "set-up", Evidence: []fact.Source{}, Observed: seen}},
		{fact.Claim{Fact: "a.day", Value: fact.DateValue(fact.DayOf(seen)), ObservedAt: seen}, time.Time{},
			asFields{Kind: "fact", Fact: "a.day", Subject: ":", State: "known", Value: "2027-12-11", Evidence: []fact.Source{}, Observed: seen}},
		{fact.Claim{Fact: "nothing", ObservedAt: seen}, time.Time{},
			asFields{Kind: "fact", Fact: "nothing", Subject: ":", State: "known", Evidence: []fact.Source{}, Observed: seen}},
	} {
		var out strings.Builder
		e := New(&out)
		if err := e.Fact(&c.claim, c.until); err != nil {
			t.Fatal(err)
		}
		e.Flush()
		var got asFields
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
			t.Fatalf("%s: %v", out.String(), err)
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\nreads %+v, want %+v", out.String(), got, c.want)
		}
		if line := AppendFact(nil, &c.claim, c.until); `{"kind":"fact",`+string(line[1:])+"\n" != out.String() {
			t.Errorf("as an object %s, as a line %s", line, out.String())
		}
	}
}
