// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import "github.com/writ-iot/writ/fact"

// Milestone is a dated step in an instrument's life.
type Milestone struct {
	Day fact.Day // the first day of the month or year, where Precision says so
	// Precision is "" for a day, "month" or "year" where the source knows no more.
	Precision  string
	Event      string // adopted, published, in-force, applies, amended, repealed, replaced …; free text after it
	Note       string
	Confidence Confidence
	Source     string
	Pos        Pos // of the day
}

// Conjunct is one named part of applicability: territorial, personal, material, adoption, temporal.
type Conjunct struct {
	Name     string
	Expr     string // CEL over facts, fenced
	Pinpoint string // where the law says so
	Pos      Pos    // of the expression
}

// Displacement is a law that steps aside for another (lex specialis).
type Displacement struct {
	By       InstrumentID
	When     string // CEL over facts, fenced
	Pinpoint string
	Pos      Pos // of the expression
}

// Deemed is what the law itself accepts as compliance: conformity with a standard that an official
// listing cites (a presumption, rebutted by any false in its scope), or conditions that the law deems
// enough (SI 2023/1007 Sch. 2).
type Deemed struct {
	By         InstrumentID // the standard; "" where the condition is the law's own
	Kind       string       // deemed or presumption
	When       string       // CEL over facts, fenced: the bearer relies on it
	Provisions []string     // of By, local IDs: all must be met; empty where When alone decides
	Restricted []string     // of By, local IDs that an official listing takes out
	From       *fact.Day    // the first law day on which it counts; nil: as long as the provision binds
	Pinpoint   string
	Source     string
	Pos        Pos // of the expression
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
	// The figures, where the formula is one amount and one share of turnover; zero: not given.
	Amount   int64
	Currency string
	Percent  float64
	// Of says whose turnover counts: the entity, or the undertaking with its whole group.
	Of        string
	Whichever string // higher or lower
	// Small is the choice for micro, small and medium enterprises where it differs; "" where it does not.
	Small string
	Base  Base   // the figure of which a share is taken; zero: the annual worldwide turnover
	Or    string // a limb without a figure that may be more: twice the value of the transaction; ""
	Per   string // what each penalty is for: an infraction, a day; "" where the text does not say
	// AtLeast says that the figures bound the maximum of national law from below (NIS2 Art. 34(4)-(5)).
	AtLeast bool
	Pos     Pos
}

// Base is a number fact of an organisation in millions of a currency.
type Base struct {
	Fact     fact.Name
	Currency string
}

// ShareOf is the figure of which a share is taken: that which the law names, else the annual worldwide turnover, of
// the whole group or of the legal person alone; zero where no share is.
func (p *Penalty) ShareOf() Base {
	switch {
	case p.Percent == 0:
		return Base{}
	case p.Base.Fact != "":
		return p.Base
	case p.Of == "entity":
		return Base{"org.turnover_own_eur_m", "EUR"}
	}
	return Base{"org.turnover_eur_m", "EUR"}
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
	After      string // the clock whose notice anchors this one; ""
	Offset     string // ISO 8601 duration, P4BD for business days; "" where the law sets no fixed period
	Also       []Period
	Combine    string   // earliest or latest, where several anchors are named; ""
	PeriodRule string   // eu-1182-71, us-calendar, uk, national/XX
	When       string   // CEL over facts: whose duty, and the condition; ""
	Recipient  string   // in words
	Recipients []string // by their names in recipients/, where the clock says them itself
	// NoRecipient says why none in recipients/ takes it: people are told, or nobody is; "" where one does.
	NoRecipient string
	Content     []string      // what the notice must say: the titles of Items
	Items       []ContentItem // the same, with the place of each in the text
	Stop        string
	Suspension  string
	Form        string
	Note        string
	Variants    []Variant
	Confidence  Confidence
	Source      string
	Pos         Pos
	WhenPos     Pos
	// PinpointPos is the place of the pinpoint, for lint.
	PinpointPos Pos
}

// ContentItem is one thing that a notice must say.
type ContentItem struct {
	ID         string // by which a draft finds it; "" where the clock lists words alone
	Title      string // our paraphrase
	Pinpoint   string // where the text asks it; "" where the clock's own pinpoint says all
	If         string // when it is asked: where known, where applicable; "": always
	Confidence Confidence
	Source     string
	Pos        Pos
}

// Period is an anchor with its offset.
type Period struct{ Anchor, Offset string }

// Variant is the period of a named case.
type Variant struct {
	If     string // for people
	When   string // CEL over facts, fenced; "" where no fact decides it
	Anchor string // "" for the clock's own
	Offset string
	Pos    Pos // of the expression, or of the variant
}

// Review says that a jurist held a provision against a text.
type Review struct {
	By      string
	Day     fact.Day
	Against string
}
