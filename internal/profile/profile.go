// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package profile reads what an organisation says of itself: who it is, what it runs and makes, its
// products and devices, and its records. Every answer becomes a claim; no answer stays unknown.
//
// The profile is a declaration by a named officer for a day: the lowest precedence of all evidence. A
// document named beside an answer lifts it; only then can an answer take a product out of a law.
package profile

import (
	"cmp"
	"net/netip"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Profile is one organisation's file, or a group's.
type Profile struct {
	File         string
	Organisation Organisation // of a profile that speaks for one
	Group        *Group       // nil: one organisation
	Persons      []Organisation
	Sites        []Site
	Services     []Service
	Networks     []netip.Prefix // addresses inside are ours, even without a link address
	Products     []Product
	Devices      []Device
	Records      []Record
}

// Organisation is a legal person that the profile speaks for.
type Organisation struct {
	ID       string // within a group
	Name     string
	Declared Declared
	Facts    []Answer
	unknown  []fact.Name // called so by name, whatever a group says of all
	pos      law.Pos
}

// Declared says who answers for the profile, and for which day.
type Declared struct {
	By  string // a function or a name; it stays in payloads
	Day fact.Day
}

// Product is a make and model that we make, sell or run.
type Product struct {
	ID            string
	Vendor, Model string // matched with what identification says
	Ours          bool   // we are its maker
	Maker         string // of a group: the person that is
	Facts         []Answer
	pos           law.Pos
}

// Device is one unit, matched by link address, address or hostname.
type Device struct {
	ID                string // shown in place of a number; optional
	MAC, IP, Hostname string
	Product           string // a product's ID
	Person            string // of a group: the person that runs it; "": whose site it stands in
	// LabelReadBy names who read vendor and model off the unit's label: that makes them certain.
	LabelReadBy string
	Facts       []Answer
	pos         law.Pos
}

// Answer is one fact's value as the profile states it. An unknown answer is kept out.
type Answer struct {
	Fact     fact.Name
	Value    fact.Value
	Document string // the document or observation that stands beside the declaration
	Day      fact.Day
}

// Record is a person's signed word on a fact: a decision, a review, a closed register, a judgement.
type Record struct {
	Fact    fact.Name
	Subject string // "organisation", or the ID of a person, a product or a device
	Value   fact.Value
	Day     fact.Day // on which it was so
	Until   fact.Day // 0: as long as the vocabulary lets it stand
	By      string
	Reasons string
	pos     law.Pos
}

func (r *Record) method() fact.Method {
	if len(r.Fact) > len(fact.JudgementPrefix) && string(r.Fact[:len(fact.JudgementPrefix)]) == fact.JudgementPrefix {
		return fact.Judgement
	}
	return fact.Record
}

// Said is one claim of the profile, with the name behind it.
type Said struct {
	fact.Claim
	By, Reasons string
}

// said makes an answer evidence. An answer with a day of its own speaks from that day on, another from the
// day of the declaration on or, about a thing that was watched before, from when it was first seen: the
// officer speaks of the thing that the inputs show.
func (p *Profile) said(s fact.Subject, a Answer, first time.Time, by Declared) Said {
	at := by.Day.Time()
	if a.Day != 0 {
		at = a.Day.Time()
	} else if !first.IsZero() && first.Before(at) {
		at = first
	}
	return Said{fact.Claim{Subject: s, Fact: a.Fact, Value: a.Value, Method: fact.Declaration, ObservedAt: at,
		Documented: a.Document != ""}, by.By, a.Document}
}

// OfOrganisation is what is said of one of the legal persons: answers, records, and whom it serves.
func (p *Profile) OfOrganisation(s fact.Subject, o *Organisation) []Said {
	out := p.all(s, o.Facts, cmp.Or(o.ID, "organisation"), time.Time{}, o.Declared)
	if o.ID != "" {
		for _, a := range p.shared(o) {
			out = append(out, p.said(s, a, time.Time{}, p.officer()))
		}
		out = append(out, p.serves(s, o.ID)...)
	}
	return out
}

// OfProduct is what is said of one product; first is when a unit of it was first seen.
func (p *Profile) OfProduct(s fact.Subject, pr *Product, first time.Time) []Said {
	return p.all(s, pr.Facts, pr.ID, first, p.officer())
}

// OfDevice is what is said of one unit; first is when it was first seen. A label that a named person read
// makes vendor and model certain.
func (p *Profile) OfDevice(s fact.Subject, d *Device, first time.Time) []Said {
	out := p.all(s, d.Facts, d.ID, first, p.officer())
	if d.LabelReadBy != "" {
		label := p.said(s, Answer{Fact: "identity.certain", Value: fact.BoolValue(true)}, first, p.officer())
		label.Method, label.Documented, label.By, label.Reasons = fact.Record, true, d.LabelReadBy,
			"read off the unit's label"
		out = append(out, label)
	}
	return out
}

func (p *Profile) all(s fact.Subject, answers []Answer, of string, first time.Time, by Declared) []Said {
	var out []Said
	for _, a := range answers {
		out = append(out, p.said(s, a, first, by))
	}
	for i := range p.Records {
		if r := &p.Records[i]; r.Subject == of && of != "" {
			out = append(out, r.said(s))
		}
	}
	return out
}

func (r *Record) said(s fact.Subject) Said {
	c := fact.Claim{Subject: s, Fact: r.Fact, Value: r.Value, Method: r.method(), ObservedAt: r.Day.Time(),
		Documented: true}
	if r.Until != 0 {
		c.Expires = r.Until.Time().Add(24 * time.Hour) // to the end of its last day
	}
	return Said{c, r.By, r.Reasons}
}

// Claims leaves the names out.
func Claims(said []Said) []fact.Claim {
	out := make([]fact.Claim, len(said))
	for i := range said {
		out[i] = said[i].Claim
	}
	return out
}
