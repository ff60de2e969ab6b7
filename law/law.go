// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"strings"

	"github.com/writ-iot/writ/fact"
)

// InstrumentID is a citation-like path, such as eu/cra.
type InstrumentID string

// Valid says that the ID has the form jurisdiction/name.
func (id InstrumentID) Valid() bool { return instrumentID.MatchString(string(id)) }

// ProvisionID is an instrument's ID and the provision's local ID, such as eu/cra/annex-1/1/2/d.
type ProvisionID string

// ControlID names a harmonised demand, such as no-default-passwords.
type ControlID string

// Kind of an instrument.
type Kind string

// Voluntary kinds apply only when adopted (semantics, section 2).
const (
	Statute        Kind = "statute"
	Regulation     Kind = "regulation"
	Directive      Kind = "directive"
	Delegated      Kind = "delegated-act"
	Implementing   Kind = "implementing-act"
	StatutoryInstr Kind = "statutory-instrument"
	Order          Kind = "order"
	Proposal       Kind = "proposal"
	Standard       Kind = "standard"
	Guideline      Kind = "guideline"
	Recommendation Kind = "recommendation"
	Scheme         Kind = "certification-scheme"
	TestSpec       Kind = "test-specification"
	Agreement      Kind = "agreement"
)

// Kinds lists all kinds in the order of the manual.
func Kinds() []Kind {
	return []Kind{Statute, Regulation, Directive, Delegated, Implementing, StatutoryInstr, Order, Proposal,
		Standard, Guideline, Recommendation, Scheme, TestSpec, Agreement}
}

// Voluntary says whether the kind applies only when adopted by a law, a contract, a claim or the profile.
func (k Kind) Voluntary() bool {
	switch k {
	case Standard, Guideline, Recommendation, Scheme, TestSpec, Agreement:
		return true
	}
	return false
}

// Force of a provision. Only Must counts.
type Force string

// The forces.
const (
	Must   Force = "must"
	Should Force = "should"
	May    Force = "may"
)

// Confidence in a legal fact, as its pack states it.
type Confidence string

// The confidences. A verdict that rests on a doubtful fact carries a flag.
const (
	Verified   Confidence = "verified"
	Remembered Confidence = "remembered"
	Doubtful   Confidence = "doubtful"
)

// Depth says how far Writ models a provision; Reviewed is reserved to a named jurist.
type Depth string

// The depths.
const (
	Listed   Depth = "listed"
	Modelled Depth = "modelled"
	Tested   Depth = "tested"
	Reviewed Depth = "reviewed"
)

// Mode says who can end the question of a provision.
type Mode string

// The modes: judged by facts (the wire, tests, documents, records), by a record alone, or open to
// judgement only.
const (
	Judged   Mode = "judged"    // a control with facts from the wire or a test takes part
	ByRecord Mode = "by-record" // a record (policy, training, assessment, contract …) decides
	Open     Mode = "open"      // only a signed human judgement, or a presumption, can meet it
)

// Relation says whose duty a provision is, seen from the subject.
type Relation string

// The relations. A maker's duty about a product binds us only where the product is ours.
const (
	OfMaker    Relation = "maker"    // of the subject's product: manufacturer; own, or a supplier's
	OfOperator Relation = "operator" // who runs the device: us
	OfSelf     Relation = "self"     // the organisation itself, in a role that applicability asks for
)

// Provision is one duty, with exactly one pinpoint.
type Provision struct {
	ID         ProvisionID // full: instrument and local part
	Instrument *Instrument
	Pinpoint   string // as a lawyer cites it: Annex I Part I (2)(b)
	Text       string // our paraphrase
	Force      Force
	// Addressable marks a HIPAA addressable specification (164.306(d)(3)).
	Addressable bool
	Mode        Mode
	Subject     fact.SubjectKind // what is judged: organisation, device, product
	Bearer      Relation
	Role        string // of the addressee, for people: manufacturer, covered entity, controller …
	// From and Until bound the days on which this version of the provision applies; nil: the
	// instrument's own AppliesFrom and Repealed. Until is the first day on which it no longer binds.
	From, Until *fact.Day
	Applies     []Conjunct // beside the instrument's own
	Displaced   []Displacement
	Deemed      []Deemed // what the law itself accepts as met
	Breach      []ControlID
	Suffices    []ControlID
	// Indicators are controls that, when false, point to a breach that the text does not let them
	// establish: the verdict stays not-shown and is flagged breach-indicated.
	Indicators []ControlID
	Needs      []string // which record or judgement an open or by-record provision needs, for people
	Confidence Confidence
	Source     string
	Depth      Depth
	Review     *Review // only with depth reviewed
	Note       string
	Pos        Pos
	// PinpointPos is the place of the pinpoint, for lint.
	PinpointPos Pos
}

// Local is the provision's ID within its instrument.
func (p *Provision) Local() string {
	return strings.TrimPrefix(string(p.ID), string(p.Instrument.ID)+"/")
}

// Instrument is one law, standard or scheme.
type Instrument struct {
	ID           InstrumentID
	Title, Short string
	Citation     string
	Jurisdiction string
	Issuer       string
	Kind         Kind
	Status       string // for people; what applies on a day follows from the dates
	Addressees   []string
	Milestones   []Milestone
	// AppliesFrom is the first day on which its provisions bind; nil where it never did (a proposal).
	AppliesFrom *fact.Day
	Repealed    *fact.Day // first day on which it no longer binds
	ReplacedBy  InstrumentID
	Applies     []Conjunct // territorial, personal, material, adoption
	Displaced   []Displacement
	Authorities []Authority
	Penalties   []Penalty
	Retention   []Retention
	Clocks      []Clock
	Provisions  []*Provision // in the text's order
	Sources     map[string]string
	Checked     fact.Day
	CheckedBy   string
	Confidence  Confidence
	Depth       Depth
	Notes       []string
	File        string
	Pos         Pos
}

// Control is the harmonised demand, shared by all laws.
type Control struct {
	ID       ControlID
	Title    string
	Subject  fact.SubjectKind // the narrowest subject that its facts speak of
	Expr     string           // CEL over facts: true is met
	Severity string           // critical, high, medium, low
	Threats  []string
	Remedy   string
	// Actor says who may carry the remedy out: operator, maker, either.
	Actor   string
	Cost    int // effort of the remedy in person-days, rounded up; 0 unknown
	Pos     Pos
	ExprPos Pos
}

// Catalogue is all law that a run knows. It is immutable once loaded.
type Catalogue struct {
	Version     string
	Digest      string // SHA-256 over the sorted files, hex
	Vocabulary  *fact.Vocabulary
	Controls    map[ControlID]*Control
	Instruments []*Instrument // by ID
	Provisions  map[ProvisionID]*Provision
	// FactPos says where a fact is defined.
	FactPos map[fact.Name]Pos
}

// Instrument finds one by ID.
func (c *Catalogue) Instrument(id InstrumentID) (*Instrument, bool) {
	for _, i := range c.Instruments {
		if i.ID == id {
			return i, true
		}
	}
	return nil, false
}
