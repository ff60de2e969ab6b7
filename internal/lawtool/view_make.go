// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

func viewInstrument(i *law.Instrument, day fact.Day) instrumentView {
	v := instrumentView{Is: "instrument", ID: i.ID, Title: i.Title, Short: i.Short, Citation: i.Citation,
		Jurisdiction: i.Jurisdiction,
		Issuer:       i.Issuer, Kind: i.Kind, Status: i.Status, State: StateOn(i, day), Addressees: i.Addressees, Checked: i.Checked.String(),
		CheckedBy: i.CheckedBy, Confidence: i.Confidence, Depth: i.Depth, Applies: viewConditions(i.Applies, i.Displaced),
		AppliesFrom: dayOrNone(i.AppliesFrom), Repealed: dayOrNone(i.Repealed), ReplacedBy: i.ReplacedBy,
		Sources: i.Sources, Notes: i.Notes}
	for _, a := range i.Authorities {
		v.Authorities = append(v.Authorities, authorityView(a))
	}
	for _, m := range i.Milestones {
		v.Timeline = append(v.Timeline, milestoneView{LooseDay(m), m.Event, m.Note, m.Confidence, m.Source})
	}
	for _, c := range i.Clocks {
		v.Clocks = append(v.Clocks, viewClock(c))
	}
	for _, p := range i.Penalties {
		v.Penalties = append(v.Penalties, viewPenalty(p))
	}
	for _, r := range i.Retention {
		v.Retention = append(v.Retention, retentionView(r))
	}
	for _, p := range i.Provisions {
		v.Provisions = append(v.Provisions, viewProvision(p))
	}
	v.Addressees, v.Timeline, v.Applies, v.Authorities = some(v.Addressees), some(v.Timeline), some(v.Applies), some(v.Authorities)
	v.Clocks, v.Penalties, v.Retention, v.Provisions = some(v.Clocks), some(v.Penalties), some(v.Retention), some(v.Provisions)
	return v
}

// some is a list that JSON writes as one even where it is empty.
func some[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

func viewClock(c law.Clock) clockView {
	v := clockView{ID: c.ID, Pinpoint: c.Pinpoint, Period: PeriodOf(c), Anchor: c.Anchor, After: c.After, Offset: c.Offset,
		Combine: c.Combine, PeriodRule: c.PeriodRule, When: c.When, Recipient: c.Recipient,
		Recipients: c.Recipients, Nobody: c.NoRecipient, Content: c.Content, Form: c.Form,
		Stop: c.Stop, Suspension: c.Suspension, Note: c.Note, Confidence: c.Confidence, Source: c.Source}
	for _, a := range c.Also {
		v.Also = append(v.Also, periodView(a))
	}
	for _, n := range c.Items {
		v.Items = append(v.Items, contentView{n.ID, n.Title, n.Pinpoint, n.If, n.Confidence, n.Source})
	}
	for _, n := range c.Variants {
		v.Variants = append(v.Variants, variantView{n.If, n.When, n.Anchor, n.Offset})
	}
	return v
}

func viewPenalty(p law.Penalty) penaltyView {
	v := penaltyView{For: p.For, Formula: p.Formula, Pinpoint: p.Pinpoint, Year: p.Year, Amount: p.Amount,
		Currency: p.Currency, Percent: p.Percent, Of: p.Of, Whichever: p.Whichever, Small: p.Small, Or: p.Or,
		Per: p.Per, AtLeast: p.AtLeast, Confidence: p.Confidence, Source: p.Source}
	if p.Base.Fact != "" {
		v.Base = &baseView{p.Base.Fact, p.Base.Currency}
	}
	return v
}

func viewProvision(p *law.Provision) provisionView {
	v := provisionView{Is: "provision", ID: p.ID, Pinpoint: p.Pinpoint, Text: p.Text, Force: p.Force, Addressable: p.Addressable,
		Mode: p.Mode, Subject: p.Subject, Bearer: p.Bearer, Role: p.Role,
		Days: strings.TrimPrefix(days(p), ", "), From: dayOrNone(p.From), Until: dayOrNone(p.Until),
		Applies: viewConditions(p.Applies, p.Displaced), Breach: p.Breach, Suffices: p.Suffices,
		Indicators: p.Indicators, Needs: p.Needs,
		Confidence: p.Confidence, Source: p.Instrument.Sources[p.Source], Depth: p.Depth, Note: p.Note}
	if p.Review != nil {
		v.Reviewed = &reviewView{p.Review.By, p.Review.Day.String(), p.Review.Against}
	}
	for _, d := range p.Deemed {
		v.Deemed = append(v.Deemed, deemedView{d.By, d.Kind, d.When, d.Provisions, d.Restricted,
			dayOrNone(d.From), d.Pinpoint, d.Source})
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
	v := factView{"fact", d.Name, d.Type.String(), d.Subject, d.Words, d.Meaning, some(d.Known), map[fact.Method]string{},
		d.AbsenceHours,
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
