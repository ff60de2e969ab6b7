// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import (
	"testing"
	"time"
)

var (
	noon = time.Date(2027, 12, 12, 12, 0, 0, 0, time.UTC)
	cam  = Subject{Device, "d1"}
	org  = Subject{Organisation, "o1"}
)

func testVocabulary(t testing.TB) *Vocabulary {
	day := 24 * time.Hour
	v, err := NewVocabulary([]Definition{
		{Name: "service.telnet", Subject: Device, Type: Bool, Known: []Method{Passive, Active, Import, Record, Declaration},
			TTL: map[Method]time.Duration{Passive: day, Import: day, Active: 7 * day}, AbsenceHours: 24},
		{Name: "mud.announced", Subject: Device, Type: Bool, Known: []Method{Passive}},
		{Name: "tls.modern_only", Subject: Device, Type: Bool, Universal: true, AbsenceHours: 24},
		{Name: "unit.state", Subject: Device, Type: Enum, Words: []string{"factory-default", "set-up"}},
		{Name: "org.size", Subject: Organisation, Type: Number, Known: []Method{Declaration, Record}},
		{Name: "training.last", Subject: Organisation, Type: Date, Known: []Method{Record},
			TTL: map[Method]time.Duration{Record: day}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// at gives noon moved by hours.
func at(hours float64) time.Time { return noon.Add(time.Duration(hours * float64(time.Hour))) }

func telnet(seen bool, m Method, hours float64, c Coverage) Claim {
	return Claim{Subject: cam, Fact: "service.telnet", Value: BoolValue(seen), Method: m, ObservedAt: at(hours), Coverage: c}
}

func size(n int64, m Method, hours float64) Claim {
	return Claim{Subject: org, Fact: "org.size", Value: NumberValue(n), Method: m, ObservedAt: at(hours)}
}

var (
	full = Coverage{Hours: 24, BothWays: true, Vantage: "tap-1"}
	scan = Coverage{CompletedScan: true, Port: 23, Vantage: "tap-1"}
)

// edit changes a claim in place, for rows that differ in one field.
func edit(c Claim, f func(*Claim)) Claim { f(&c); return c }

func withdrawn(c Claim, hours float64) Claim {
	return edit(c, func(c *Claim) { c.Withdrawn = at(hours) })
}

func stub(c Claim) Claim {
	return edit(c, func(c *Claim) { c.Withheld, c.Value, c.Coverage = true, Value{}, Coverage{} })
}

func TestResolve(t *testing.T) {
	v := testVocabulary(t)
	elsewhere := edit(Claim{Coverage: scan}, func(c *Claim) { c.Coverage.Vantage = "tap-2" }).Coverage
	port2323 := Coverage{Port: 2323, Vantage: "tap-1"}
	for _, c := range []struct {
		claim  string // what the row claims
		claims []Claim
		state  State
		value  string
		reason Reason
	}{
		{"silence answers nothing", nil, Unknown, "", NoEvidence},
		{"one sighting makes it true", []Claim{telnet(true, Passive, -1, Coverage{})}, Known, "yes", ""},
		{"listening without coverage shows no absence", []Claim{telnet(false, Passive, -1, Coverage{})}, Unknown, "", Inconclusive},
		{"a day of both directions shows absence", []Claim{telnet(false, Passive, -1, full)}, Known, "no", ""},
		{"one per cent lost shows no absence", []Claim{telnet(false, Passive, -1,
			Coverage{Hours: 24, BothWays: true, LossPPM: 10_000})}, Unknown, "", Inconclusive},
		{"unknown loss shows no absence", []Claim{telnet(false, Passive, -1,
			Coverage{Hours: 24, BothWays: true, LossPPM: -1})}, Unknown, "", Inconclusive},
		{"a partial view shows no absence", []Claim{telnet(false, Passive, -1,
			Coverage{Hours: 48, BothWays: true, Partial: true})}, Unknown, "", Inconclusive},
		{"a completed scan shows absence", []Claim{telnet(false, Active, -1, scan)}, Known, "no", ""},
		{"a broken scan shows none", []Claim{telnet(false, Active, -1, Coverage{Port: 23})}, Unknown, "", Inconclusive},
		{"nor does a scan from nobody knows where", []Claim{telnet(false, Active, -1,
			Coverage{Port: 23, CompletedScan: true})}, Unknown, "", Inconclusive},
		{"an import without vantage shows presence", []Claim{telnet(true, Import, -1, Coverage{})}, Known, "yes", ""},
		{"an import without vantage shows no absence", []Claim{telnet(false, Import, -1,
			Coverage{CompletedScan: true})}, Unknown, "", Inconclusive},
		{"a person's record needs no coverage", []Claim{telnet(false, Record, -1, Coverage{})}, Known, "no", ""},
		{"an inconclusive look says so", []Claim{edit(telnet(true, Active, -1, scan),
			func(c *Claim) { c.Value = Value{} })}, Unknown, "", Inconclusive},

		{"passive evidence holds to the last moment", []Claim{telnet(true, Passive, -23.9, Coverage{})}, Known, "yes", ""},
		{"and is stale from the day on", []Claim{telnet(true, Passive, -24, Coverage{})}, Unknown, "", Stale},
		{"an explicit expiry shortens it", []Claim{edit(telnet(true, Passive, -2, Coverage{}),
			func(c *Claim) { c.Expires = at(-1) })}, Unknown, "", Stale},
		{"and never lengthens it", []Claim{edit(telnet(true, Passive, -25, Coverage{}),
			func(c *Claim) { c.Expires = at(9) })}, Unknown, "", Stale},
		{"what is seen later is not known yet", []Claim{telnet(true, Passive, 1, Coverage{})}, Unknown, "", NoEvidence},

		{"a later look from the same place beats the earlier", []Claim{telnet(true, Passive, -3, port2323),
			telnet(false, Active, -1, edit(Claim{Coverage: scan}, func(c *Claim) { c.Coverage.Port = 0 }).Coverage)}, Known, "no", ""},
		{"another port is another service", []Claim{telnet(true, Passive, -3, port2323),
			telnet(false, Active, -1, scan)}, Known, "yes", ""},
		{"from elsewhere it is a conflict", []Claim{telnet(true, Passive, -3, Coverage{Port: 23, Vantage: "tap-1"}),
			telnet(false, Active, -1, elsewhere)}, Conflict, "", Conflicting},
		{"a sighting after an absence settles it", []Claim{telnet(false, Active, -3, scan),
			telnet(true, Passive, -1, Coverage{})}, Known, "yes", ""},
		{"a sighting in the same moment as an absence settles it", []Claim{telnet(false, Active, -1, scan),
			telnet(true, Passive, -1, Coverage{})}, Known, "yes", ""},
		{"what was contradicted does not revive when the later look expires", []Claim{telnet(false, Active, -48, scan),
			telnet(true, Passive, -25, Coverage{})}, Unknown, "", Stale},
		{"nor when it is withdrawn", []Claim{telnet(false, Active, -48, scan),
			withdrawn(telnet(true, Passive, -2, Coverage{}), -1)}, Unknown, "", Stale},
		{"until somebody looks again", []Claim{telnet(false, Active, -48, scan),
			withdrawn(telnet(true, Passive, -2, Coverage{}), -1), telnet(false, Active, -0.5, scan)}, Known, "no", ""},
		{"a conflict does not end by the expiry of one side", []Claim{
			telnet(true, Passive, -30, Coverage{Port: 23, Vantage: "tap-1"}), telnet(false, Active, -28, elsewhere)}, Unknown, "", Stale},
		{"nor by withdrawing one side", []Claim{withdrawn(telnet(true, Passive, -3, Coverage{}), -1),
			telnet(false, Active, -2, elsewhere)}, Unknown, "", Recalled},

		{"recalled evidence is named", []Claim{withdrawn(telnet(true, Passive, -3, Coverage{}), -1)}, Unknown, "", Recalled},
		{"a recall leaves what agrees with it", []Claim{withdrawn(telnet(true, Passive, -3, Coverage{}), -1),
			telnet(true, Passive, -2, Coverage{})}, Known, "yes", ""},
		{"a withheld statement could say anything", []Claim{telnet(true, Passive, -3, Coverage{}),
			stub(telnet(true, Active, -2, scan))}, Unknown, "", Withheld},
		{"a sighting after it settles that", []Claim{stub(telnet(true, Active, -3, scan)),
			telnet(true, Passive, -2, Coverage{})}, Known, "yes", ""},
		{"an absence after it does not", []Claim{stub(telnet(true, Active, -3, scan)),
			telnet(false, Active, -2, scan)}, Unknown, "", Withheld},

		{"a claim by a method that may not speak is no evidence", []Claim{{Subject: cam, Fact: "mud.announced",
			Value: BoolValue(true), Method: Declaration, ObservedAt: at(-1)}}, Unknown, "", NoEvidence},
	} {
		name := Name("service.telnet")
		got := Resolve(v, c.claims, Moment{At: noon}).State(cam, name)
		if got.State != c.state || got.Value.String() != c.value || got.Reason != c.reason {
			t.Errorf("%s: got %s %q %s, want %s %q %s",
				c.claim, got.State, got.Value, got.Reason, c.state, c.value, c.reason)
		}
	}
}

func TestDeclarationsYieldToEverythingElse(t *testing.T) {
	v := testVocabulary(t)
	for _, c := range []struct {
		claim  string
		claims []Claim
		value  string
		reason Reason
	}{
		{"a declaration is known and flagged", []Claim{size(10, Declaration, -1)}, "10", ""},
		{"a later declaration supersedes", []Claim{size(10, Declaration, -2), size(20, Declaration, -1)}, "20", ""},
		{"two at once conflict", []Claim{size(10, Declaration, -1), size(20, Declaration, -1)}, "", Conflicting},
		{"a record beats a later declaration", []Claim{size(10, Record, -2), size(20, Declaration, -1)}, "10", ""},
		{"an overruled declaration does not revive", []Claim{
			edit(size(10, Record, -2), func(c *Claim) { c.Expires = at(-0.5) }), size(20, Declaration, -1)}, "", Stale},
	} {
		got := Resolve(v, c.claims, Moment{At: noon}).State(org, "org.size")
		if got.Value.String() != c.value || got.Reason != c.reason {
			t.Errorf("%s: got %q %s, want %q %s", c.claim, got.Value, got.Reason, c.value, c.reason)
		}
		if got.State == Known && got.Declared != (got.Support[0].Method == Declaration) {
			t.Errorf("%s: declared is %v", c.claim, got.Declared)
		}
	}
}

func TestUniversalFactsNeedCoverageForYes(t *testing.T) {
	v := testVocabulary(t)
	modern := func(yes bool, c Coverage) Resolved {
		return Resolve(v, []Claim{{Subject: cam, Fact: "tls.modern_only", Value: BoolValue(yes), Method: Passive,
			ObservedAt: at(-1), Coverage: c}}, Moment{At: noon}).State(cam, "tls.modern_only")
	}
	if got := modern(true, Coverage{}); got.State != Unknown {
		t.Error("yes without coverage is known")
	}
	if got := modern(true, full); !got.Value.IsTrue() {
		t.Error("yes with coverage is not known")
	}
	if got := modern(false, Coverage{}); !got.Value.IsFalse() {
		t.Error("one sighting of the opposite is not known")
	}
}

func trained(day Day, hours, until float64) Claim {
	c := Claim{Subject: org, Fact: "training.last", Value: DateValue(day), Method: Record, ObservedAt: at(hours)}
	if until != 0 {
		c.Expires = at(until)
	}
	return c
}

// Not even by a freshness that the vocabulary gives all records.
func TestADatedActIsNeverStaleByItself(t *testing.T) {
	got := Resolve(testVocabulary(t), []Claim{trained(1, -24*4000, 0)}, Moment{At: noon}).State(org, "training.last")
	if got.State != Known {
		t.Errorf("got %s %s, want known", got.State, got.Reason)
	}
}

// An open register cannot show that nothing newer exists: whoever records an act says until when its date stands.
func TestADatedActStandsAsLongAsItsRecordSays(t *testing.T) {
	v := testVocabulary(t)
	for _, row := range []struct {
		what   string
		claims []Claim
		at     float64
		want   Day // 0: unknown
	}{
		{"before its end", []Claim{trained(1, -100, 10)}, 0, 1},
		{"at its end", []Claim{trained(1, -100, 10)}, 10, 0},
		{"a newer one", []Claim{trained(1, -100, 10), trained(2, -50, 20)}, 0, 2},
		{"the newer one ended", []Claim{trained(1, -100, 40), trained(2, -50, 20)}, 30, 0},
		{"the newer one was taken back", []Claim{trained(1, -100, 40), withdrawn(trained(2, -50, 60), -1)}, 0, 0},
		{"the older one is entered late", []Claim{trained(2, -50, 20), trained(1, -100, 40)}, 0, 2},
		{"and renewed without an end", []Claim{trained(1, -100, -60), trained(1, -10, 0)}, 9000, 1},
	} {
		got := Resolve(v, row.claims, Moment{At: at(row.at)}).State(org, "training.last")
		if known := got.State == Known; known != (row.want != 0) || known && got.Value.Day() != row.want {
			t.Errorf("%s: %s %s %s, want day %d", row.what, got.State, got.Value, got.Reason, row.want)
		}
	}
}

func TestKnowledgePointMovesWhatWasRecordedAndWithdrawn(t *testing.T) {
	v := testVocabulary(t)
	c := withdrawn(telnet(true, Passive, -5, Coverage{}), -1)
	c.RecordedAt = at(-3)
	for _, row := range []struct {
		known time.Time
		want  Reason
	}{{at(-4), NoEvidence}, {at(-3), ""}, {at(-2), ""}, {at(-1), Recalled}, {time.Time{}, Recalled}} {
		got := Resolve(v, []Claim{c}, Moment{At: noon, KnownAt: row.known}).State(cam, c.Fact)
		if got.Reason != row.want {
			t.Errorf("known at %s: %q, want %q", row.known, got.Reason, row.want)
		}
	}
}

func TestEachSubjectHasItsOwnEvidenceTime(t *testing.T) {
	c := telnet(true, Passive, -30, Coverage{})
	m := Moment{At: noon, AtSubject: map[Subject]time.Time{cam: at(-20)}}
	if got := Resolve(testVocabulary(t), []Claim{c}, m).State(cam, c.Fact); got.State != Known {
		t.Errorf("got %s %s, want known at the subject's own time", got.State, got.Reason)
	}
}

func TestRefusedClaimsSayWhy(t *testing.T) {
	v := testVocabulary(t)
	bad := []Claim{
		{Subject: cam, Fact: "no.such", Value: BoolValue(true), Method: Passive, ObservedAt: at(-1)},
		{Subject: org, Fact: "service.telnet", Value: BoolValue(true), Method: Passive, ObservedAt: at(-1)},
		{Subject: cam, Fact: "unit.state", Value: EnumValue("asleep"), Method: Record, ObservedAt: at(-1)},
		{Subject: cam, Fact: "unit.state", Value: NumberValue(3), Method: Record, ObservedAt: at(-1)},
		{Subject: cam, Fact: "mud.announced", Value: BoolValue(true), Method: Record, ObservedAt: at(-1)},
	}
	s := Resolve(v, bad, Moment{At: noon})
	if len(s.Refused()) != len(bad) {
		t.Fatalf("%d claims refused, want %d", len(s.Refused()), len(bad))
	}
	for _, r := range s.Refused() {
		if r.Why == "" {
			t.Errorf("%s %s is refused without a reason", r.Claim.Subject, r.Claim.Fact)
		}
	}
	if len(s.Subjects()) != 0 {
		t.Error("a refused claim left a state behind")
	}
}

func TestTheSameClaimTwiceCountsOnce(t *testing.T) {
	c := telnet(true, Passive, -1, Coverage{})
	got := Resolve(testVocabulary(t), []Claim{c, c}, Moment{At: noon}).State(cam, c.Fact)
	if len(got.Support) != 1 {
		t.Errorf("support counts %d claims, want 1", len(got.Support))
	}
}
