// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

func actionsOf(text string) fstest.MapFS {
	return fstest.MapFS{"actions/a.yaml": {Data: []byte(text)}}
}

func TestABadActionSaysWhere(t *testing.T) {
	const good = "actions:\n  - {id: a, title: A, facts: [service.telnet], do: Switch it off, effort: {base: 1, each: 1}}\n"
	if _, err := LoadVocabulary(actionsOf(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"do: Switch it off", "done: Switch it off", `unknown key "done"`},
		{"do: Switch it off, ", "", "says neither what to do"},
		{"base: 1", "base: -1", `"-1" is no whole number`},
		{"[service.telnet]", "[service.telnet, '[']", "no pattern of names"},
		{"id: a, ", "", `lacks the key "id"`},
		{"effort: {base: 1, each: 1}}\n", "effort: {base: 1, each: 1}}\n  - {id: a, title: B, facts: [x.y], do: C, effort: {base: 1, each: 1}}\n",
			"defined twice"},
	} {
		text := strings.Replace(good, c[0], c[1], 1)
		_, err := LoadVocabulary(actionsOf(text))
		if text == good || err == nil || !strings.Contains(err.Error(), c[2]) || !strings.Contains(err.Error(), "actions/a.yaml:") {
			t.Errorf("%s: want %s, got %v", c[1], c[2], err)
		}
	}
	if _, err := LoadVocabulary(fstest.MapFS{}); err == nil {
		t.Error("no actions are no error")
	}
}

// What was late stays late: nothing clears it, not even the control's own remedy.
func TestANoticeThatWasLateIsNotPlannedAway(t *testing.T) {
	v, err := LoadVocabulary(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	b := &builder{v: v, side: judge.Own, status: &standing{}}
	us := fact.Subject{Kind: fact.Organisation, ID: "us"}
	c := &law.Control{ID: "c", Remedy: "Give the notice.", Actor: "operator"}
	duty := &judge.Verdict{Provision: &law.Provision{Bearer: law.OfSelf}}
	for name, why := range map[fact.Name]Why{"record.nis2_warning_in_time": OverdueFor, "record.unheard_of": ""} {
		var stuck stuckness
		ways := b.ways(wish{who: us, fact: name, control: c, verdict: duty}, &stuck)
		if (len(ways) == 0) != (why == OverdueFor) || stuck.why != why {
			t.Errorf("%s: %d ways, %q", name, len(ways), stuck.why)
		}
	}
}

func FuzzVocabulary(f *testing.F) {
	for _, name := range []string{"network", "records", "medical"} {
		b, err := catalogue.FS.ReadFile("actions/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("actions: [{id: a, effort: 1}]")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := LoadVocabulary(actionsOf(text))
		if err == nil && v == nil {
			t.Error("neither actions nor an error")
		}
	})
}
