// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"time"

	"github.com/writ-iot/writ/fact"
)

// Forms of the entries of an incident in the journal.
const (
	Form         = "incident." // all of them
	OpenForm     = "incident.open"
	FactForm     = "incident.fact"
	NotifyForm   = "incident.notify"
	HoldForm     = "incident.hold"
	CloseForm    = "incident.close"
	ReminderForm = "incident.reminder"
)

// Entry is what somebody entered about an incident: the body of a journal's entry. One of its parts is set; facts may
// come with an opening.
type Entry struct {
	Incident string    `json:"incident"`
	By       string    `json:"by"`
	At       time.Time `json:"at"` // when it was entered
	Open     *Opening  `json:"open,omitempty"`
	Facts    []Said    `json:"facts,omitempty"`
	Notice   *Notice   `json:"notice,omitempty"`
	Hold     *Hold     `json:"hold,omitempty"`
	Close    *Closing  `json:"close,omitempty"`
	Reminder *Reminder `json:"reminder,omitempty"`
}

// Opening makes an incident. Whom it concerns is the subject of its statement.
type Opening struct {
	Title    string   `json:"title"`
	Zone     string   `json:"zone"`               // by whose clocks its days are counted
	Calls    string   `json:"calls,omitempty"`    // what people call whom it concerns
	About    []string `json:"about,omitempty"`    // devices and products, as subjects are written
	Proposal string   `json:"proposal,omitempty"` // what the wire showed, and proposed it
	Evidence []string `json:"evidence,omitempty"` // statements that show it
}

// Said is one fact of an incident as somebody states it.
type Said struct {
	Key      string `json:"key"`
	For      string `json:"for,omitempty"` // a law or a clock, where it holds for that alone
	Value    string `json:"value"`         // in one form: RFC 3339, yes or no, digits, a text; Unknown takes it back
	Claimant string `json:"claimant,omitempty"`
	Reasons  string `json:"reasons,omitempty"`
	Source   string `json:"source,omitempty"`
	// By, At and Revision are the entry's.
	By       string    `json:"-"`
	At       time.Time `json:"-"`
	Revision int       `json:"-"`
}

// Unknown is the value that takes back what was said.
const Unknown = "unknown"

// Notice is a notice that was handed in, with what proves it.
type Notice struct {
	Clock     string    `json:"clock"` // its key in all laws
	At        time.Time `json:"submitted"`
	Reference string    `json:"reference,omitempty"`
	To        string    `json:"to,omitempty"`
	Note      string    `json:"note,omitempty"`
	Receipt   *File     `json:"receipt,omitempty"`
	By        string    `json:"-"`
	Revision  int       `json:"-"`
}

// File is one that the case keeps.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// Hold is a statement of an authority that a notice must wait.
type Hold struct {
	Authority string    `json:"authority"`
	Oral      bool      `json:"oral,omitempty"`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until,omitzero"` // zero: it names no end
	Laws      []string  `json:"laws,omitempty"` // of these alone
	Statement string    `json:"statement"`
	Lifted    bool      `json:"lifted,omitempty"` // it ends every earlier hold of that authority at From
	By        string    `json:"-"`
	Revision  int       `json:"-"`
}

// Authorities are those whose statement can hold a notice.
func Authorities() []string { return []string{"law-enforcement", "attorney-general"} }

// Closing ends the work on an incident. Clocks that still run then go on running.
type Closing struct {
	Reason string    `json:"reason"`
	By     string    `json:"-"`
	At     time.Time `json:"-"`
}

// Reminder is one that was sent.
type Reminder struct {
	Key string    `json:"key"` // which clock, which due time, how long before, by which way
	At  time.Time `json:"sent"`
}

// Recorded is an entry as a case holds it.
type Recorded struct {
	Entry
	ID       string // how its statement's digest begins
	Subject  fact.Subject
	Form     string
	KnownAt  time.Time // when the case took it
	Revision int       // of the incident, with it; that of the entry before, where it changes nothing
	Erased   bool
}
