// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import "github.com/writ-iot/writ/fact"

// InstrumentID is a citation-like path, such as eu/cra.
type InstrumentID string

// ProvisionID is an instrument's ID and the provision's local ID, such as eu/cra/annex-1/1/2/d.
type ProvisionID string

// ControlID names a harmonised demand, such as no-default-passwords.
type ControlID string

// Kind of an instrument.
type Kind string

// Voluntary kinds apply only when adopted (semantics, section 2).
const (
	Statute    Kind = "statute"
	Regulation Kind = "regulation"
	Directive  Kind = "directive"
	Delegated  Kind = "delegated-act"
	Standard   Kind = "standard"
	Guideline  Kind = "guideline"
	Scheme     Kind = "certification-scheme"
	Order      Kind = "order"
	Proposal   Kind = "proposal"
)

// Voluntary says whether the kind applies only when adopted by a law, a contract, a claim or the profile.
func (k Kind) Voluntary() bool { return k == Standard || k == Guideline || k == Scheme }

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

// Milestone is a dated step in an instrument's life.
type Milestone struct {
	Day        fact.Day
	Event      string // adopted, published, in-force, applies, amended, repealed, replaced …; free text after it
	Note       string
	Confidence Confidence
	Source     string
}

// Conjunct is one named part of applicability: territorial, personal, material, adoption, temporal.
type Conjunct struct {
	Name     string
	Expr     string // CEL over facts, fenced
	Pinpoint string // where the law says so
	Pos      Pos
}

// Displacement is a law that steps aside for another (lex specialis).
type Displacement struct {
	By       InstrumentID
	When     string // CEL over facts, fenced
	Pinpoint string
	Pos      Pos
}

// Authority enforces; Penalty is a formula with the currency and the year of its figure.
type Authority struct{ Name, Territory, URL string }

// Penalty is one tier of an instrument's sanctions.
type Penalty struct {
	For        string // what is punished
	Formula    string // such as max(15e6 EUR, 2.5% worldwide annual turnover)
	Pinpoint   string
	Year       int // of the figure
	Confidence Confidence
	Source     string
}

// Retention is a duty to keep.
type Retention struct {
	What, Period, Pinpoint string
	Confidence             Confidence
	Source                 string
}

// Clock is a statutory period (semantics, section 8).
type Clock struct {
	ID         string
	Pinpoint   string
	Anchor     string // awareness, discovery, determination, submission of the earlier notice …
	Offset     string // ISO 8601 duration; "" where the law sets no fixed period
	Combine    string // earliest or latest, where several anchors are named; ""
	PeriodRule string // eu-1182-71, us-calendar, uk, national/XX
	When       string // CEL over facts: whose duty, and the condition; ""
	Recipient  string
	Content    []string
	Stop       string
	Suspension string
	Confidence Confidence
	Source     string
	Pos        Pos
}

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
	// instrument's own Applies and Repealed.
	From, Until *fact.Day
	Applies     []Conjunct // beside the instrument's own
	Breach      []ControlID
	Suffices    []ControlID
	// Indicators are controls that, when false, point to a breach that the text does not let them
	// establish: the verdict stays not-shown and is flagged breach-indicated.
	Indicators []ControlID
	Needs      []string // which record or judgement an open or by-record provision needs, for people
	Confidence Confidence
	Source     string
	Depth      Depth
	Note       string
	Pos        Pos
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
	Actor string
	Cost  int // effort of the remedy in person-days, rounded up; 0 unknown
	Pos   Pos
}

// Catalogue is all law that a run knows. It is immutable once loaded.
type Catalogue struct {
	Version     string
	Digest      string // SHA-256 over the sorted files, hex
	Vocabulary  *fact.Vocabulary
	Controls    map[ControlID]*Control
	Instruments []*Instrument // by ID
	Provisions  map[ProvisionID]*Provision
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

// Pos is a place in a catalogue file, for messages.
type Pos struct {
	File      string
	Line, Col int
}
