// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-iot/writ/law"
)

// Recipient is who takes notices or applications, with what it takes.
type Recipient struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Kind       string         `json:"kind"`
	Territory  string         `json:"territory"`
	Portal     string         `json:"portal,omitempty"`
	PortalSure law.Confidence `json:"portal_confidence,omitempty"` // of the address alone
	Form       string         `json:"form,omitempty"`
	Version    string         `json:"form_version,omitempty"`
	Languages  *Languages     `json:"languages,omitempty"` // none: not known
	Receipt    string         `json:"receipt,omitempty"`
	Takes      []Taking       `json:"takes"`
	Note       string         `json:"note,omitempty"`
	Source     string         `json:"source"`
	Confidence law.Confidence `json:"confidence"`
	Checked    string         `json:"checked"`
}

// Languages are those that a recipient accepts, and who says so.
type Languages struct {
	Accepted []string `json:"accepted"`
	Source   string   `json:"source"`
}

// Taking is what it takes under one instrument.
type Taking struct {
	Instrument law.InstrumentID `json:"instrument"`
	Clocks     []string         `json:"clocks,omitempty"`
	Incomplete string           `json:"incomplete,omitempty"` // yes, no; none: not known
	Pinpoint   string           `json:"pinpoint,omitempty"`
	Note       string           `json:"note,omitempty"`
}

// Recipients are those of an instrument, or all where it is "".
func Recipients(all []*law.Recipient, instrument law.InstrumentID) []Recipient {
	out := []Recipient{}
	for _, r := range all {
		o := Recipient{ID: r.ID, Name: r.Name, Kind: r.Kind, Territory: r.Territory, Portal: r.Portal, Form: r.Form,
			Version: r.Version, Receipt: r.Receipt, Note: r.Note, Source: r.Source, Confidence: r.Confidence,
			Checked: r.Checked.String()}
		if r.Portal != "" {
			o.PortalSure = r.PortalConfidence
		}
		if len(r.Languages) > 0 {
			o.Languages = &Languages{r.Languages, r.LanguagesSource}
		}
		for _, t := range r.Takes {
			if instrument == "" || t.Instrument == instrument {
				o.Takes = append(o.Takes, Taking{t.Instrument, t.Clocks, t.Incomplete, t.Pinpoint, t.Note})
			}
		}
		if len(o.Takes) > 0 {
			out = append(out, o)
		}
	}
	return out
}

// WriteRecipients writes them for people. What is not known is said not to be known.
func WriteRecipients(w io.Writer, all []Recipient) error {
	p := &paper{w: w}
	for i := range all {
		r := &all[i]
		p.line("%s%s  %s (%s, %s)", strings.Repeat("\n", min(i, 1)), r.ID, r.Name, r.Kind, r.Territory)
		p.entry("portal", orNotKnown(r.Portal)+doubt(r.PortalSure))
		form := r.Form
		if r.Version != "" {
			form += ", version " + r.Version
		}
		p.entry("form", form)
		languages := "not known"
		if l := r.Languages; l != nil {
			languages = strings.Join(l.Accepted, ", ") + " (" + l.Source + ")"
		}
		p.entry("languages", languages)
		p.entry("receipt", r.Receipt)
		for k := range r.Takes {
			p.entry("takes", taking(&r.Takes[k]))
		}
		p.entry("note", r.Note)
		p.entry("checked", fmt.Sprintf("%s on %s: %s", r.Confidence, r.Checked, r.Source))
	}
	doubted := slices.ContainsFunc(all, func(r Recipient) bool {
		return r.Confidence != law.Verified || r.Portal != "" && r.PortalSure != law.Verified
	})
	if doubted {
		p.line("\nWhat is remembered was not checked: look at the recipient's own pages before you file.")
	}
	return p.err
}

func orNotKnown(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

func taking(t *Taking) string {
	parts := []string{string(t.Instrument)}
	if len(t.Clocks) > 0 {
		parts[0] += ": " + strings.Join(t.Clocks, ", ")
	}
	switch t.Incomplete {
	case "yes":
		parts = append(parts, "may be incomplete ("+t.Pinpoint+")")
	case "no":
		parts = append(parts, "must be complete ("+t.Pinpoint+")")
	default:
		if t.Pinpoint != "" {
			parts = append(parts, t.Pinpoint)
		}
	}
	if t.Note != "" {
		parts = append(parts, t.Note)
	}
	return strings.Join(parts, "; ")
}
