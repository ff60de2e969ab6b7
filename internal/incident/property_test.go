// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// sayable facts of a random incident that contradict each other in nothing.
func randomFacts(r *rand.Rand) (all []Said) {
	say := func(key, value string) {
		if r.IntN(2) == 0 {
			all = append(all, Said{Key: key, Value: value, Reasons: "r"})
		}
	}
	yesNo := func(key string) { say(key, []string{"yes", "no"}[r.IntN(2)]) }
	base := time.Date(2026, 11, 1+r.IntN(20), r.IntN(24), r.IntN(60), 0, 0, time.UTC)
	for _, k := range []string{"awareness", "discovery", "classification", "determination", "measure_available", "payment", "request", "end"} {
		say(k, base.Add(time.Duration(r.IntN(100))*time.Hour).Format(time.RFC3339))
	}
	for _, k := range []string{"data.patients", "data.customers", "data.state", "data.encrypted", "data.key_taken", "harm.unlikely", "harm.high",
		"harm.low_probability", "hit.significant", "hit.exploited", "hit.severe", "hit.material", "incident.nydfs_reportable"} {
		yesNo(k)
	}
	people := int64(r.IntN(3000))
	say("people", fmt.Sprint(people))
	say("people.us.ca", fmt.Sprint(people/2))
	say("people.us.ny", fmt.Sprint(people/4))
	say("patients", fmt.Sprint(people/3))
	return all
}

// What is not known stops no clock: whatever is taken back of an incident, no notice that was required, or may have
// been, turns into one that is not, and none is done.
func TestTakingBackWhatIsKnownStopsNoClock(t *testing.T) {
	h := everything(t)
	r := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	states := func(facts []Said) map[string]State {
		all, err := Fold([]Recorded{{Subject: h.person, Entry: Entry{Incident: "INC-2026-001", By: "x", At: at,
			Open: &Opening{Title: "t", Zone: "Europe/Dublin"}, Facts: facts}}})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]State{}
		for _, c := range h.vocabulary.Clocks(all[0], h.world(at)).Clocks {
			out[c.Key] = c.State
		}
		return out
	}
	for range 150 {
		facts := randomFacts(r)
		if len(facts) == 0 {
			continue
		}
		before := states(facts)
		n := r.IntN(len(facts))
		for key, after := range states(slices.Delete(slices.Clone(facts), n, n+1)) {
			if was := before[key]; after == NotRequired && was != NotRequired || after == Done || after == DoneLate {
				t.Fatalf("%s: %s, and without %s=%s %s; of %v", key, was, facts[n].Key, facts[n].Value, after, facts)
			}
		}
	}
}

// Of nothing nothing follows: no clock runs of an incident of which nobody knows anything.
func TestNothingRunsOfWhichNothingIsKnown(t *testing.T) {
	b, err := base()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	all, err := Fold([]Recorded{{Entry: Entry{Incident: "INC-2026-001", By: "x", At: at, Open: &Opening{Title: "t", Zone: "UTC"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.vocabulary.Clocks(all[0], everyLaw(b, at)).Clocks {
		if c.State != Open && c.State != NotStarted && !(c.State == NotRequired && len(c.Because) > 0) {
			t.Errorf("%s stands as %s: %q", c.Key, c.State, c.Because)
		}
	}
}
