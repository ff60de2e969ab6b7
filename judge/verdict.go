// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package judge gives verdicts: a pure function of catalogue, facts, moment and day.
//
// It does no I/O, reads no clock and decides nothing that the catalogue does not say. Logic is
// three-valued (strong Kleene); what is not known is unknown, never false, and nothing is met by default.
package judge

import (
	"cmp"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Outcome is the verdict's word. NotShown is zero: nobody is compliant by default.
type Outcome uint8

// The outcomes.
const (
	NotShown Outcome = iota
	Met
	Violated
	NotApplicable
)

var outcomeNames = [...]string{"not-shown", "met", "violated", "not-applicable"}

func (o Outcome) String() string { return outcomeNames[o] }

// Bearer says whose duty a verdict speaks of.
type Bearer string

// The bearers.
const (
	Own      Bearer = "own"
	Supplier Bearer = "supplier"
)

// Reason of a not-shown verdict.
type Reason string

// The reasons (semantics, section 2).
const (
	NoEvidence           Reason = "no-evidence"
	Stale                Reason = "stale"
	Conflicting          Reason = "conflicting"
	Inconclusive         Reason = "inconclusive"
	OpenNorm             Reason = "open-norm"
	IdentityUncertain    Reason = "identity-uncertain"
	UnitNotProduct       Reason = "unit-not-product"
	Withheld             Reason = "withheld"
	Recalled             Reason = "recalled"
	ApplicabilityUnknown Reason = "applicability-unknown"
)

// Flags of a verdict.
const (
	BreachIndicated = "breach-indicated"
	Recommendation  = "recommendation"
	Declared        = "declared"
	Presumed        = "presumed"
	DoubtfulLaw     = "doubtful-law"
	PartialView     = "partial-view"
)

// Class says who can end a not-shown.
type Class string

// The classes; exactly one for each not-shown.
const (
	Listen   Class = "more-listening"
	Test     Class = "active-test"
	MakerDoc Class = "maker-document"
	Ours     Class = "own-record"
	Answer   Class = "profile-answer"
	Judgment Class = "judgement"
	Beyond   Class = "beyond-any-fact"
)

// MissingFact is a fact whose value would take the verdict further.
type MissingFact struct {
	Subject fact.Subject `json:"subject"`
	Fact    fact.Name    `json:"fact"`
	Reason  fact.Reason  `json:"reason"`
}

// Because is one node of the reasons, outermost first: a conjunct of applicability; a control, or what
// stands in its place; a question whether a unit speaks of its product; a fact with its state and what
// it rests on.
type Because struct {
	Kind     string        // conjunct, control, deemed, judgement, gate, fact
	ID       string        // conjunct name, control ID, instrument, fact name
	Pinpoint string        // of a conjunct
	Truth    string        // true, false, unknown
	Subject  *fact.Subject // of a fact
	Fact     *fact.Resolved
	Text     string
	Children []Because
}

// Readiness is the verdict with the law day moved to the day on which the provision applies.
type Readiness struct {
	Day     fact.Day
	Outcome Outcome
	Reasons []Reason
	Flags   []string
}

// Verdict on one provision and one subject.
type Verdict struct {
	Provision *law.Provision
	Person    fact.Subject // the legal person who bears the duty; a supplier's may be unknown by name
	Bearer    Bearer
	Subject   fact.Subject
	Units     []fact.Subject // the devices on which a product's verdict rests
	Outcome   Outcome
	Reasons   []Reason // sorted; of a not-shown
	Flags     []string // sorted
	Class     Class    // of a not-shown
	// WouldBe is the outcome if the unknown applicability were true; only with ApplicabilityUnknown.
	WouldBe   Outcome
	Readiness *Readiness
	Missing   []MissingFact // sorted by subject and name
	Cheapest  []MissingFact
	// Given are the reasons of a verdict that no engine made; an engine's are made when asked for: see Because.
	Given []Because
	court *court
}

// ID is provision@subject, with the person where several may owe the same about one subject.
func (v *Verdict) ID() string {
	id := string(v.Provision.ID) + "@" + v.Subject.String()
	several := v.Provision.Bearer == law.OfSelf || v.Provision.Bearer == law.OfOperator &&
		v.Subject.Kind == fact.Product
	if several && v.Person != v.Subject {
		id += "@" + v.Person.String() // several of us may owe the same about one product
	}
	return id
}

// Member is a subject of the world with its relations.
type Member struct {
	Subject fact.Subject
	Product fact.Subject // of a device; zero when nothing is known of it
	Maker   fact.Subject // of a product: the organisation that makes it; zero when unknown
	Runner  fact.Subject // of a device: the organisation that operates it
	Own     bool         // of an organisation: it is one of ours
	// At is the evidence time for this subject; zero: the input's At.
	At time.Time
}

// Input is everything a judgement rests on beside the catalogue. Order of Members and Claims never
// changes the result.
type Input struct {
	Members []Member
	Claims  []fact.Claim
	At      time.Time // evidence time t
	KnownAt time.Time // knowledge point k; zero: everything given
	Day     fact.Day  // law day d
	All     bool      // list not-applicable verdicts too
}

// Counts is the vector of outcomes of must-provisions.
type Counts struct {
	Met             int `json:"met"`
	Violated        int `json:"violated"`
	NotShown        int `json:"not_shown"`
	BreachIndicated int `json:"breach_indicated"`
	NotApplicable   int `json:"not_applicable"`
}

// Applicability is an instrument's hold on the organisation.
type Applicability struct {
	Instrument *law.Instrument
	Bound      string // own, supplier, no, undetermined
	Because    []string
	Missing    []MissingFact
	OpenFor    Bearer        // of undetermined: whose duty it is that is open; ours before theirs
	Open       []MissingFact // where a supplier's duty binds: what would decide whether one of ours does
	Rests      []KnownFact   // on which Because rests
	Displaced  law.InstrumentID
}

// KnownFact is a fact with the value that was known of it.
type KnownFact struct {
	Subject fact.Subject `json:"subject"`
	Fact    fact.Name    `json:"fact"`
	Value   fact.Value   `json:"value"`
}

func (k KnownFact) compare(o KnownFact) int {
	return cmp.Or(k.Subject.Compare(o.Subject), cmp.Compare(k.Fact, o.Fact))
}

// Standing is one legal person of ours: the vector of its own duties, and each instrument's hold on it. Ours
// together are no more than the sum: a group bears no duty.
type Standing struct {
	Person      fact.Subject // zero: which of us it is, is not known
	Counts      Counts
	Instruments []Applicability
}

// Result is all verdicts, sorted by provision order, person and subject.
type Result struct {
	Verdicts    []Verdict
	Own         Counts
	Supplier    Counts
	Instruments []Applicability
	Persons     []Standing // by person
	ReplayKey   string     // H(catalogue, vocabulary, fact snapshot, at, day, engine version)
}
