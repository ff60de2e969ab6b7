// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/kind"
)

// join makes members of a case as a run does: known by keys, named in a payload.
func join(t *testing.T, c *casefile.Case, m fact.Member, body calls, keys ...string) fact.Subject {
	t.Helper()
	s, err := c.Subject(t.Context(), m.Subject.Kind, keys...)
	if err != nil {
		t.Fatal(err)
	}
	m.Subject = s
	_, err = c.Append(t.Context(), []casefile.Draft{{Payload: body, Statement: evidence.Statement{Kind: evidence.Membership,
		Collector: "writ observe", Subject: s, Member: &m}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func of(k fact.SubjectKind) fact.Member { return fact.Member{Subject: fact.Subject{Kind: k}} }

func TestSubjectsAreFoundByWhatPeopleCallThem(t *testing.T) {
	c := newCase(t)
	own := of(fact.Organisation)
	own.Own = true
	us := join(t, c, own, calls{Name: "St. Example"}, "self")
	maker := join(t, c, of(fact.Organisation), calls{Name: "Acme"}, "maker:acme")
	cam := join(t, c, of(fact.Product), calls{Name: "Acme C1", Vendor: "Acme", Model: "C1"}, "profile:camera", "make:acme/c1")
	dev := join(t, c, of(fact.Device), calls{Name: "entrance", MACs: []string{"02:00:00:00:00:01"}, IPs: []string{"10.0.0.7"}},
		"profile:door-cam", "mac:02:00:00:00:00:01")
	other := join(t, c, of(fact.Device), calls{Name: "Acme C1"}, "mac:02:00:00:00:00:02")
	for text, want := range map[string]fact.Subject{"organisation": us, "": us, "st. example": us, "Acme": maker, "camera": cam,
		"product:acme c1": cam, "device:Acme C1": other, "10.0.0.7": dev, "02:00:00:00:00:01": dev, "door-cam": dev,
		"device:entrance": dev, dev.String(): dev, dev.ID[:10]: dev} {
		if s, name, err := About(t.Context(), c, text); err != nil || s != want || name == "" {
			t.Errorf("%q: %v %q, %v; want %v", text, s, name, err, want)
		}
	}
	for text, want := range map[string]struct {
		kind kind.Kind
		says string
	}{"acme c1": {kind.Invalid, "names 2"}, "entranse": {kind.NotFound, `did you mean "entrance"?`},
		"product:entrance": {kind.NotFound, "nobody called"}} {
		_, _, err := About(t.Context(), c, text)
		if kind.Of(err) != want.kind || !strings.Contains(err.Error(), want.says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWhoeverIsSpokenOfFirstIsFoundByTheFirstRun(t *testing.T) {
	c := newCase(t)
	s, _, err := About(t.Context(), c, "organisation")
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, Entry{Form: "record.policy", Subject: s})
	own := of(fact.Organisation)
	own.Own = true
	if got := join(t, c, own, calls{Name: "us"}, "self"); got != s {
		t.Errorf("the run made %v, the record speaks of %v", got, s)
	}
	join(t, c, own, calls{Name: "and them"}, "person:b")
	if _, _, err := About(t.Context(), c, "organisation"); kind.Of(err) != kind.Invalid || !strings.Contains(err.Error(), "and them") {
		t.Errorf("of two persons: %v", err)
	}
}
