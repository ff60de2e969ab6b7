// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package assess runs the main job: inputs, profile and catalogue to statements and verdicts. It wires
// the floors below and decides nothing.
package assess

import (
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Assessment is one finished run: what the doors show.
type Assessment struct {
	Catalogue *law.Catalogue
	Engine    string // program and version
	// The three dates (semantics, section 2): law day, evidence time, knowledge point.
	Day     fact.Day
	At      time.Time
	KnownAt time.Time
	// PerSubject: each thing seen is judged at the end of the newest input that shows it, all else at At.
	PerSubject bool

	// Issued is the number under which named persons issued it; "": it is a draft.
	Issued string

	Profile string // the organisation's name, or the group's
	group   bool   // it is a group's
	Inputs  []Input
	Things  []Thing
	Edges   []Edge
	Names   map[fact.Subject]string // for people; erasable, never in a statement
	Result  *judge.Result
	Facts   []fact.Claim
	// Beside are words that stand beside verdicts, by their ID, and change nothing: a maker's answer, a decision.
	Beside  map[string][]string
	Members []judge.Member // who there is, each with its evidence time
	Notices []string       // what was cut short, in the order met
}

// Input is one artefact that was read.
type Input struct {
	Path      string    `json:"path"`
	SHA256    string    `json:"sha256"`
	Size      int64     `json:"size"` // of the file
	Packets   int64     `json:"packets"`
	Bytes     int64     `json:"bytes"`
	LinkType  string    `json:"link_type"`
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Truncated bool      `json:"truncated"`
	Notices   []string  `json:"notices,omitempty"`
}

// Thing is a device as people know it.
type Thing struct {
	Subject                       fact.Subject
	Product                       fact.Subject
	Name                          string
	MACs, IPs, Hostnames          []string
	Vendor, Type, Model, Firmware string
	Confidence                    float64
	Signals                       []string // what says so, each signal once
	First, Last                   time.Time
}

// Edge is what two ends said to each other, added up, for the picture of the network.
type Edge struct {
	From     string `json:"from"` // a device's ID, or a peer's address
	To       string `json:"to"`
	Protocol string `json:"protocol"`
	Port     int    `json:"port"`
	Flows    int    `json:"flows"`
	Bytes    int64  `json:"bytes"`
	// Exposure is clear-sensitive (credentials, patient or card data in clear), clear, or secure.
	Exposure string `json:"exposure"`
}

// Name is what people call a subject.
func (a *Assessment) Name(s fact.Subject) string {
	if n := a.Names[s]; n != "" {
		return n
	}
	return s.ID
}
