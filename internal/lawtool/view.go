// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// View is what Show writes, in a shape for JSON. The error of an unknown ID says what was meant.
func View(cat *law.Catalogue, id string, day fact.Day) (any, error) {
	switch v := find(cat, id).(type) {
	case *law.Instrument:
		return viewInstrument(v, day), nil
	case *law.Provision:
		return viewProvision(v), nil
	case *law.Control:
		return viewControl(v), nil
	case *fact.Definition:
		return viewFact(v), nil
	}
	return nil, unknownID(cat, id)
}

type instrumentView struct {
	Is           string            `json:"is"` // instrument
	ID           law.InstrumentID  `json:"id"`
	Title        string            `json:"title"`
	Short        string            `json:"short"`
	Citation     string            `json:"citation"`
	Jurisdiction string            `json:"jurisdiction"`
	Issuer       string            `json:"issuer"`
	Kind         law.Kind          `json:"kind"`
	Status       string            `json:"status"`
	State        string            `json:"state,omitempty"` // on a day; absent in an export
	Addressees   []string          `json:"addressees"`
	Checked      string            `json:"checked"`
	CheckedBy    string            `json:"checked_by"`
	Confidence   law.Confidence    `json:"confidence"`
	Depth        law.Depth         `json:"depth"`
	Timeline     []milestoneView   `json:"timeline"`
	AppliesFrom  string            `json:"applies_from,omitempty"`
	Repealed     string            `json:"repealed,omitempty"`
	ReplacedBy   law.InstrumentID  `json:"replaced_by,omitempty"`
	Applies      []conditionView   `json:"applies"`
	Authorities  []authorityView   `json:"authorities"`
	Clocks       []clockView       `json:"clocks"`
	Penalties    []penaltyView     `json:"penalties"`
	Provisions   []provisionView   `json:"provisions"`
	Sources      map[string]string `json:"sources"`
	Retention    []retentionView   `json:"retention"`
	Notes        []string          `json:"notes,omitempty"`
}

type authorityView struct {
	Name      string `json:"name"`
	Territory string `json:"territory,omitempty"`
	URL       string `json:"url,omitempty"`
}

type retentionView struct {
	What       string         `json:"what"`
	Period     string         `json:"period"`
	Pinpoint   string         `json:"pinpoint,omitempty"`
	Confidence law.Confidence `json:"confidence"`
	Source     string         `json:"source"`
}

type milestoneView struct {
	Day        string         `json:"day"` // to the month or year where the source knows no more
	Event      string         `json:"event"`
	Note       string         `json:"note,omitempty"`
	Confidence law.Confidence `json:"confidence"`
	Source     string         `json:"source"`
}

type conditionView struct {
	Name     string `json:"name"` // displaced: it must not hold
	By       string `json:"by,omitempty"`
	Expr     string `json:"expr"`
	Pinpoint string `json:"pinpoint"`
}

type clockView struct {
	ID         string         `json:"id"`
	Pinpoint   string         `json:"pinpoint"`
	Period     string         `json:"period"` // the following keys in words
	Anchor     string         `json:"anchor"`
	After      string         `json:"after,omitempty"`  // the clock whose notice starts it
	Offset     string         `json:"offset,omitempty"` // absent: the law sets no fixed period
	Also       []periodView   `json:"also,omitempty"`
	Combine    string         `json:"combine,omitempty"`
	PeriodRule string         `json:"period_rule"`
	Variants   []variantView  `json:"variants,omitempty"`
	When       string         `json:"when,omitempty"`
	Recipient  string         `json:"recipient"`
	Recipients []string       `json:"recipients,omitempty"`
	Nobody     string         `json:"no_recipient,omitempty"` // why nobody of the recipients takes it
	Content    []string       `json:"content,omitempty"`
	Items      []contentView  `json:"items,omitempty"` // content, with the place of each in the text
	Form       string         `json:"form,omitempty"`
	Stop       string         `json:"stop,omitempty"`
	Suspension string         `json:"suspension,omitempty"`
	Note       string         `json:"note,omitempty"`
	Confidence law.Confidence `json:"confidence"`
	Source     string         `json:"source"`
}

type contentView struct {
	ID         string         `json:"id,omitempty"`
	Title      string         `json:"title"`
	Pinpoint   string         `json:"pinpoint,omitempty"`
	If         string         `json:"if,omitempty"` // absent: always asked
	Confidence law.Confidence `json:"confidence"`
	Source     string         `json:"source"`
}

type periodView struct {
	Anchor string `json:"anchor"`
	Offset string `json:"offset"`
}

type variantView struct {
	If     string `json:"if"`
	When   string `json:"when,omitempty"`
	Anchor string `json:"anchor,omitempty"`
	Offset string `json:"offset,omitempty"`
}

type penaltyView struct {
	For        string         `json:"for"`
	Formula    string         `json:"formula"`
	Pinpoint   string         `json:"pinpoint,omitempty"`
	Year       int            `json:"year,omitempty"`
	Amount     int64          `json:"amount,omitempty"`
	Currency   string         `json:"currency,omitempty"`
	Percent    float64        `json:"percent,omitempty"`
	Of         string         `json:"of,omitempty"`
	Whichever  string         `json:"whichever,omitempty"`
	Small      string         `json:"small,omitempty"` // the choice for small and medium enterprises
	Base       *baseView      `json:"base,omitempty"`  // absent: the annual worldwide turnover
	Or         string         `json:"or,omitempty"`    // a limb without a figure, which may be more
	Per        string         `json:"per,omitempty"`
	AtLeast    bool           `json:"at_least,omitempty"` // of the maximum of national law
	Confidence law.Confidence `json:"confidence"`
	Source     string         `json:"source"`
}

type baseView struct {
	Fact     fact.Name `json:"fact"`
	Currency string    `json:"currency"`
}

type provisionView struct {
	Is          string           `json:"is"` // provision
	ID          law.ProvisionID  `json:"id"`
	Pinpoint    string           `json:"pinpoint"`
	Text        string           `json:"text"`
	Force       law.Force        `json:"force"`
	Addressable bool             `json:"addressable,omitempty"`
	Mode        law.Mode         `json:"mode"`
	Subject     fact.SubjectKind `json:"subject"`
	Bearer      law.Relation     `json:"bearer"`
	Role        string           `json:"role"`
	Days        string           `json:"days,omitempty"` // the two following in words
	From        string           `json:"from,omitempty"`
	Until       string           `json:"until,omitempty"`
	Applies     []conditionView  `json:"applies,omitempty"` // its own, beside the instrument's
	Deemed      []deemedView     `json:"deemed,omitempty"`
	Breach      []law.ControlID  `json:"breach,omitempty"`
	Suffices    []law.ControlID  `json:"suffices,omitempty"`
	Indicators  []law.ControlID  `json:"indicators,omitempty"`
	Needs       []string         `json:"needs,omitempty"`
	Confidence  law.Confidence   `json:"confidence"`
	Source      string           `json:"source"`
	Depth       law.Depth        `json:"depth"`
	Reviewed    *reviewView      `json:"reviewed,omitempty"`
	Note        string           `json:"note,omitempty"`
}

type reviewView struct {
	By      string `json:"by"`
	Day     string `json:"day"`
	Against string `json:"against"`
}

type deemedView struct {
	By         law.InstrumentID `json:"by,omitempty"`
	Kind       string           `json:"kind"`
	When       string           `json:"when"`
	Provisions []string         `json:"provisions,omitempty"`
	Restricted []string         `json:"restricted,omitempty"`
	From       string           `json:"from,omitempty"`
	Pinpoint   string           `json:"pinpoint"`
	Source     string           `json:"source"`
}

type controlView struct {
	Is       string           `json:"is"` // control
	ID       law.ControlID    `json:"id"`
	Title    string           `json:"title"`
	Subject  fact.SubjectKind `json:"subject"`
	Expr     string           `json:"expr"`
	Severity string           `json:"severity"`
	Threats  []string         `json:"threats,omitempty"`
	Remedy   string           `json:"remedy"`
	Actor    string           `json:"actor"`
	Cost     int              `json:"person_days,omitempty"`
}

type factView struct {
	Is           string                 `json:"is"` // fact
	Name         fact.Name              `json:"name"`
	Type         string                 `json:"type"`
	Subject      fact.SubjectKind       `json:"subject"`
	Words        []string               `json:"words,omitempty"`
	Meaning      string                 `json:"meaning"`
	Known        []fact.Method          `json:"known"`
	TTL          map[fact.Method]string `json:"ttl,omitempty"`
	AbsenceHours int                    `json:"absence_hours,omitempty"`
	Universal    bool                   `json:"universal,omitempty"`
	Question     string                 `json:"question,omitempty"`
	Source       string                 `json:"source"`
}
