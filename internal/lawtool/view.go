// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"strings"

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
	State        string            `json:"state"`
	Addressees   []string          `json:"addressees"`
	Checked      string            `json:"checked"`
	CheckedBy    string            `json:"checked_by"`
	Confidence   law.Confidence    `json:"confidence"`
	Depth        law.Depth         `json:"depth"`
	Timeline     []milestoneView   `json:"timeline"`
	Applies      []conditionView   `json:"applies"`
	Clocks       []clockView       `json:"clocks"`
	Penalties    []penaltyView     `json:"penalties"`
	Provisions   []provisionView   `json:"provisions"`
	Sources      map[string]string `json:"sources"`
	Retention    []retentionView   `json:"retention"`
	Notes        []string          `json:"notes,omitempty"`
}

type retentionView struct {
	What       string         `json:"what"`
	Period     string         `json:"period"`
	Pinpoint   string         `json:"pinpoint,omitempty"`
	Confidence law.Confidence `json:"confidence"`
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
	Period     string         `json:"period"`
	When       string         `json:"when,omitempty"`
	Recipient  string         `json:"recipient"`
	Content    []string       `json:"content,omitempty"`
	Note       string         `json:"note,omitempty"`
	Confidence law.Confidence `json:"confidence"`
}

type penaltyView struct {
	For        string         `json:"for"`
	Formula    string         `json:"formula"`
	Pinpoint   string         `json:"pinpoint,omitempty"`
	Year       int            `json:"year,omitempty"`
	Confidence law.Confidence `json:"confidence"`
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
	Days        string           `json:"days,omitempty"`
	Applies     []conditionView  `json:"applies,omitempty"` // its own, beside the instrument's
	Deemed      []deemedView     `json:"deemed,omitempty"`
	Breach      []law.ControlID  `json:"breach,omitempty"`
	Suffices    []law.ControlID  `json:"suffices,omitempty"`
	Indicators  []law.ControlID  `json:"indicators,omitempty"`
	Needs       []string         `json:"needs,omitempty"`
	Confidence  law.Confidence   `json:"confidence"`
	Source      string           `json:"source"`
	Depth       law.Depth        `json:"depth"`
	Note        string           `json:"note,omitempty"`
}

type deemedView struct {
	By         law.InstrumentID `json:"by,omitempty"`
	Kind       string           `json:"kind"`
	When       string           `json:"when"`
	Provisions []string         `json:"provisions,omitempty"`
	Restricted []string         `json:"restricted,omitempty"`
	From       string           `json:"from,omitempty"`
	Pinpoint   string           `json:"pinpoint"`
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

func viewInstrument(i *law.Instrument, day fact.Day) instrumentView {
	v := instrumentView{Is: "instrument", ID: i.ID, Title: i.Title, Short: i.Short, Citation: i.Citation, Jurisdiction: i.Jurisdiction,
		Issuer: i.Issuer, Kind: i.Kind, Status: i.Status, State: StateOn(i, day), Addressees: i.Addressees, Checked: i.Checked.String(),
		CheckedBy: i.CheckedBy, Confidence: i.Confidence, Depth: i.Depth, Applies: viewConditions(i.Applies, i.Displaced),
		Sources: i.Sources, Notes: i.Notes}
	for _, m := range i.Milestones {
		v.Timeline = append(v.Timeline, milestoneView{LooseDay(m), m.Event, m.Note, m.Confidence, m.Source})
	}
	for _, c := range i.Clocks {
		v.Clocks = append(v.Clocks, clockView{c.ID, c.Pinpoint, PeriodOf(c), c.When, c.Recipient, c.Content, c.Note, c.Confidence})
	}
	for _, p := range i.Penalties {
		v.Penalties = append(v.Penalties, penaltyView{p.For, p.Formula, p.Pinpoint, p.Year, p.Confidence})
	}
	for _, r := range i.Retention {
		v.Retention = append(v.Retention, retentionView{r.What, r.Period, r.Pinpoint, r.Confidence})
	}
	for _, p := range i.Provisions {
		v.Provisions = append(v.Provisions, viewProvision(p))
	}
	return v
}

func viewProvision(p *law.Provision) provisionView {
	v := provisionView{Is: "provision", ID: p.ID, Pinpoint: p.Pinpoint, Text: p.Text, Force: p.Force, Addressable: p.Addressable,
		Mode: p.Mode, Subject: p.Subject, Bearer: p.Bearer, Role: p.Role, Days: strings.TrimPrefix(days(p), ", "),
		Applies: viewConditions(p.Applies, p.Displaced), Breach: p.Breach, Suffices: p.Suffices, Indicators: p.Indicators, Needs: p.Needs,
		Confidence: p.Confidence, Source: p.Instrument.Sources[p.Source], Depth: p.Depth, Note: p.Note}
	for _, d := range p.Deemed {
		v.Deemed = append(v.Deemed, deemedView{d.By, d.Kind, d.When, d.Provisions, d.Restricted, dayOrNone(d.From), d.Pinpoint})
	}
	return v
}

func dayOrNone(d *fact.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func viewControl(c *law.Control) controlView {
	return controlView{"control", c.ID, c.Title, c.Subject, c.Expr, c.Severity, c.Threats, c.Remedy, c.Actor, c.Cost}
}

func viewFact(d *fact.Definition) factView {
	v := factView{"fact", d.Name, d.Type.String(), d.Subject, d.Words, d.Meaning, d.Known, map[fact.Method]string{}, d.AbsenceHours,
		d.Universal, d.Question, d.Source}
	for m, t := range d.TTL {
		v.TTL[m] = t.String()
	}
	return v
}

func viewConditions(applies []law.Conjunct, displaced []law.Displacement) []conditionView {
	var out []conditionView
	for _, c := range applies {
		out = append(out, conditionView{Name: c.Name, Expr: c.Expr, Pinpoint: c.Pinpoint})
	}
	for _, d := range displaced {
		out = append(out, conditionView{Name: "displaced", By: string(d.By), Expr: d.When, Pinpoint: d.Pinpoint})
	}
	return out
}
