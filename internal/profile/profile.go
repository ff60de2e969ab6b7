// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package profile reads what an organisation says of itself: who it is, what it runs and makes, its
// products and devices, and its records. Every answer becomes a claim; no answer stays unknown.
//
// The profile is a declaration by a named officer for a day: the lowest precedence of all evidence. A
// document named beside an answer lifts it; only then can an answer take a product out of a law.
package profile

import (
	"net/netip"
	"time"

	"github.com/writ-iot/writ/fact"
)

// Profile is one organisation's file.
type Profile struct {
	File         string
	Organisation Organisation
	Networks     []netip.Prefix // addresses inside are ours, even without a link address
	Products     []Product
	Devices      []Device
	Records      []Record
}

// Organisation is the legal person that the profile speaks for.
type Organisation struct {
	Name     string
	Declared Declared
	Facts    []Answer
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
	Facts         []Answer
}

// Device is one unit, matched by link address, address or hostname.
type Device struct {
	ID                string // shown in place of a number; optional
	MAC, IP, Hostname string
	Product           string // a product's ID
	// LabelReadBy names who read vendor and model off the unit's label: that makes them certain.
	LabelReadBy string
	Facts       []Answer
}

// Answer is one fact's value as the profile states it. An unknown answer is kept out.
type Answer struct {
	Fact     fact.Name
	Value    fact.Value
	Document string // the document or observation that stands beside the declaration
	Day      fact.Day
	Line     int
}

// Record is a person's signed word on a fact: a decision, a review, a closed register, a judgement.
type Record struct {
	Fact    fact.Name
	Subject string // "organisation", "product ID" or "device ID"
	Value   fact.Value
	Day     fact.Day // on which it was so
	Until   fact.Day // 0: as long as the vocabulary lets it stand
	By      string
	Reasons string
	Line    int
}

func (r *Record) method() fact.Method {
	if len(r.Fact) > len(fact.JudgementPrefix) && string(r.Fact[:len(fact.JudgementPrefix)]) == fact.JudgementPrefix {
		return fact.Judgement
	}
	return fact.Record
}

func claim(s fact.Subject, a Answer, by Declared) fact.Claim {
	day := a.Day
	if day == 0 {
		day = by.Day
	}
	return fact.Claim{Subject: s, Fact: a.Fact, Value: a.Value, Method: fact.Declaration, ObservedAt: day.Time(),
		Documented: a.Document != ""}
}

// OrganisationClaims are the answers about the organisation itself, and its records.
func (p *Profile) OrganisationClaims(s fact.Subject) []fact.Claim {
	return append(p.claims(s, p.Organisation.Facts), p.records(s, "organisation")...)
}

// ProductClaims are the answers and records about one product.
func (p *Profile) ProductClaims(s fact.Subject, pr *Product) []fact.Claim {
	return append(p.claims(s, pr.Facts), p.records(s, pr.ID)...)
}

// DeviceClaims are the answers and records about one unit.
func (p *Profile) DeviceClaims(s fact.Subject, d *Device) []fact.Claim {
	return append(p.claims(s, d.Facts), p.records(s, d.ID)...)
}

func (p *Profile) claims(s fact.Subject, answers []Answer) []fact.Claim {
	out := make([]fact.Claim, 0, len(answers))
	for _, a := range answers {
		out = append(out, claim(s, a, p.Organisation.Declared))
	}
	return out
}

func (p *Profile) records(s fact.Subject, of string) []fact.Claim {
	var out []fact.Claim
	for i := range p.Records {
		r := &p.Records[i]
		if r.Subject != of || of == "" {
			continue
		}
		c := fact.Claim{Subject: s, Fact: r.Fact, Value: r.Value, Method: r.method(), ObservedAt: r.Day.Time(), Documented: true,
			Coverage: fact.Coverage{CompletedScan: true}}
		if r.Until != 0 {
			c.Expires = r.Until.Time().Add(24 * time.Hour)
		}
		out = append(out, c)
	}
	return out
}
