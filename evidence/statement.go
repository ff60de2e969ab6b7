// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package evidence holds the atom of a case: the statement. Who says what about what, when, on which
// artefact, in canonical bytes (RFC 8785), digested with SHA-256 and signed with Ed25519.
//
// It is strict both ways: what Decode takes, Encode gives back byte for byte, and nothing else is
// taken. It does no I/O and reads no clock.
package evidence

import (
	"fmt"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
)

// Version of the statement's form.
const Version = 1

// MaxStatement bounds a statement's bytes: a reader never holds more of one.
const MaxStatement = 1 << 20

// Kind of a statement.
type Kind string

// The kinds.
const (
	Observation Kind = "observation" // a collector's facts about one subject
	Declaration Kind = "declaration" // the profile's answers about one subject
	RecordKind  Kind = "record"      // a person's record
	Membership  Kind = "membership"  // a subject and its relations: device, product, maker, operator
	Artefact    Kind = "artefact"    // an input was taken in: digest, media type, size, counters
	Withdrawal  Kind = "withdrawal"  // earlier statements no longer stand
	Completion  Kind = "completeness"
	Erasure     Kind = "erasure"  // payloads, or whole statements, were erased
	Adoption    Kind = "adoption" // from here on the case is judged by this law
)

// Statement is immutable once signed. No name, address or user stands in it: those live in the
// payload, which can be erased.
type Statement struct {
	Version   int // 1
	Kind      Kind
	By        string // KeyID of the signer; "" in a statement that nobody signs
	Collector string // program, version and instance; the instance outlives the run
	At        time.Time
	Subject   fact.Subject
	Member    *fact.Member // of a membership
	Claims    []fact.Claim // all about Subject
	Artefact  *ArtefactRef
	Withdraws []Digest // of a withdrawal: statements that no longer stand, sorted
	Window    *Window  // of a withdrawal: all that a collector said in it no longer stands
	// Covers lists what a completeness statement is complete over, sorted: it is void when one of them
	// is missing. An empty register that is closed covers nothing.
	Covers []Digest
	// Erases lists the statements whose payloads were erased, sorted, of an erasure; Whole says that the
	// statements themselves were, to their stubs.
	Erases []Digest
	Whole  bool
	Law    *LawRef // of an adoption
	// Form names what a record, or a register that is closed, is made on: "record.training", "incident.fact". A
	// record with a form may make no claim: then what it says lies in its payload alone.
	Form string
	Note string
	// Payload is the salted digest of what was said with names in it; "" without. The salt lies with
	// the payload and is erased with it.
	Payload Digest
}

// ArtefactRef names an input by its digest.
type ArtefactRef struct {
	SHA256  string
	Media   string // application/vnd.tcpdump.pcap …
	Size    int64
	Packets int64
	First   time.Time
	Last    time.Time
	Notices []string
}

// LawRef names the law that a case is judged by from an adoption on, until the next.
type LawRef struct {
	Version string // as the catalogue calls itself
	Digest  string // of what verdicts rest on, as law.Load gives it
	Bundle  string // SHA-256 of the file that holds it, which the case keeps
	Size    int64  // of that file
	// Publisher is the ID of the key that signed the file; "" for the law that the program came with.
	Publisher string
	// Replaces is the adoption before this one; "" for a case's first. So to come back to an earlier law is
	// something new to say.
	Replaces Digest
}

// Window is what one collector's instance said, observed from From up to, not including, Until (zero:
// without end).
type Window struct {
	Collector   string
	From, Until time.Time
}

// Holds says whether the window takes in a claim of collector observed at t.
func (w *Window) Holds(collector string, t time.Time) bool {
	return w.Collector == collector && !t.Before(w.From) && (w.Until.IsZero() || t.Before(w.Until))
}

// check says whether the statement is one that can be encoded.
func (s *Statement) check() error {
	if s.Version != Version {
		return fmt.Errorf("statement version %d: this program knows %d", s.Version, Version)
	}
	if s.At.IsZero() {
		return fmt.Errorf("a statement without a time")
	}
	if err := s.checkTimes(); err != nil {
		return err
	}
	if s.By != "" && !isHex(s.By) {
		return fmt.Errorf("signer %q: want 64 hex digits", s.By)
	}
	if s.Payload != "" && !isHex(string(s.Payload)) {
		return fmt.Errorf("payload digest %q: want 64 hex digits", s.Payload)
	}
	if err := s.checkParts(); err != nil {
		return err
	}
	for i := range s.Claims {
		if err := s.checkClaim(&s.Claims[i]); err != nil {
			return fmt.Errorf("claim %d: %w", i, err)
		}
	}
	return nil
}

// checkParts says whether the statement has the parts of its kind, and no others.
func (s *Statement) checkParts() error {
	about := s.Subject != fact.Subject{}
	var ok bool
	switch s.Kind {
	case Observation, Declaration:
		ok = about && len(s.Claims) > 0
	case RecordKind:
		ok = about && (len(s.Claims) > 0 || s.Form != "")
	case Completion:
		ok = about
	case Membership:
		ok = s.Member != nil && s.Member.Subject == s.Subject && about && len(s.Claims) == 0
	case Artefact:
		ok = s.Artefact != nil && isHex(s.Artefact.SHA256) && len(s.Claims) == 0
	case Withdrawal:
		ok = (len(s.Withdraws) > 0 || s.Window != nil) && len(s.Claims) == 0
	case Erasure:
		ok = len(s.Erases) > 0 && len(s.Claims) == 0
	case Adoption:
		ok = s.Law != nil && !about && len(s.Claims) == 0
	default:
		return fmt.Errorf("statement of unknown kind %q", s.Kind)
	}
	if !ok {
		return fmt.Errorf("%s statement lacks what its kind needs, or says more", s.Kind)
	}
	if s.Member != nil && s.Kind != Membership || s.Artefact != nil && s.Kind != Artefact ||
		(len(s.Withdraws) > 0 || s.Window != nil) && s.Kind != Withdrawal ||
		len(s.Covers) > 0 && s.Kind != Completion || (len(s.Erases) > 0 || s.Whole) && s.Kind != Erasure ||
		s.Law != nil && s.Kind != Adoption || s.Form != "" && s.Kind != RecordKind && s.Kind != Completion {
		return fmt.Errorf("%s statement holds a part of another kind", s.Kind)
	}
	if s.Form != "" && !isForm(s.Form) {
		return fmt.Errorf("form %q: want lower-case words parted by dots, %d letters at most", s.Form, maxForm)
	}
	if s.Law != nil {
		if err := s.Law.check(); err != nil {
			return fmt.Errorf("law: %w", err)
		}
	}
	if err := checkDigests(s.Withdraws); err != nil {
		return fmt.Errorf("withdraws: %w", err)
	}
	if err := checkDigests(s.Covers); err != nil {
		return fmt.Errorf("covers: %w", err)
	}
	if err := checkDigests(s.Erases); err != nil {
		return fmt.Errorf("erases: %w", err)
	}
	return nil
}

// maxForm bounds the name of a form.
const maxForm = 64

// isForm says whether a name is lower-case words parted by dots; words may hold digits and hyphens.
func isForm(name string) bool {
	before := '.'
	for _, r := range name {
		if inWord := r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-'; !inWord && (r != '.' || before == '.') {
			return false
		}
		before = r
	}
	return before != '.' && len(name) <= maxForm
}

// maxLawVersion bounds what a catalogue calls itself.
const maxLawVersion = 100

func (l *LawRef) check() error {
	switch {
	case l.Version == "" || len(l.Version) > maxLawVersion:
		return fmt.Errorf("version of %d bytes: want 1 to %d", len(l.Version), maxLawVersion)
	case !isHex(l.Digest) || !isHex(l.Bundle):
		return fmt.Errorf("version %s: its digest, or that of its file, is not 64 hex digits", l.Version)
	case l.Size <= 0 || !safe(l.Size):
		return fmt.Errorf("version %s: a file of %d bytes", l.Version, l.Size)
	case l.Publisher != "" && !isHex(l.Publisher) || l.Replaces != "" && !isHex(string(l.Replaces)):
		return fmt.Errorf("version %s: publisher or earlier adoption is not 64 hex digits", l.Version)
	}
	return nil
}

// checkTimes refuses a time whose year RFC 3339 cannot write.
func (s *Statement) checkTimes() error {
	times := []time.Time{s.At}
	if s.Member != nil {
		times = append(times, s.Member.Seen)
	}
	if s.Artefact != nil {
		times = append(times, s.Artefact.First, s.Artefact.Last)
	}
	if s.Window != nil {
		times = append(times, s.Window.From, s.Window.Until)
	}
	for i := range s.Claims {
		times = append(times, s.Claims[i].ObservedAt, s.Claims[i].Expires)
	}
	for _, t := range times {
		if y := t.UTC().Year(); y < 1 || y > 9999 {
			return fmt.Errorf("a time in the year %d", y)
		}
	}
	return nil
}

func checkDigests(all []Digest) error {
	for i, d := range all {
		if !isHex(string(d)) {
			return fmt.Errorf("digest %q: want 64 hex digits", d)
		}
		if i > 0 && all[i-1] >= d {
			return fmt.Errorf("digests are not sorted, or one is said twice")
		}
	}
	return nil
}

func (s *Statement) checkClaim(c *fact.Claim) error {
	switch {
	case c.Subject != s.Subject:
		return fmt.Errorf("about %s in a statement about %s", c.Subject, s.Subject)
	case c.Fact == "":
		return fmt.Errorf("no fact is named")
	case c.ObservedAt.IsZero():
		return fmt.Errorf("fact %s: no time of observation", c.Fact)
	case c.Collector != "" && c.Collector != s.Collector:
		return fmt.Errorf("fact %s: collector %q in a statement of %q", c.Fact, c.Collector, s.Collector)
	case !c.Withdrawn.IsZero() || c.Withheld:
		return fmt.Errorf("fact %s: a statement cannot carry that it was withdrawn or withheld", c.Fact)
	case !safe(c.Value.Int()):
		return fmt.Errorf("fact %s: %d is beyond the whole numbers that JSON keeps exactly", c.Fact, c.Value.Int())
	case c.Value.Type() == fact.Date && len(c.Value.String()) != len(time.DateOnly):
		return fmt.Errorf("fact %s: %s is no day that a calendar writes", c.Fact, c.Value)
	case !finite(c.Coverage.Hours) || !safe(c.Coverage.LossPPM):
		return fmt.Errorf("fact %s: coverage is not a number that JSON keeps", c.Fact)
	}
	return nil
}

// Content is the digest of what a statement says, without who said it when and how it was salted: the
// same input read twice says the same thing again.
func (s *Statement) Content() (Digest, error) {
	c := *s
	c.By, c.Payload, c.At = "", "", time.Unix(0, 0)
	b, err := Encode(&c)
	if err != nil {
		return "", err
	}
	return hash("writ content v1\n", b), nil
}

// Recalls says whether the withdrawal s takes back claim c of the statement with digest d.
func (s *Statement) Recalls(d Digest, c *fact.Claim) bool {
	if s.Kind != Withdrawal {
		return false
	}
	_, named := slices.BinarySearch(s.Withdraws, d)
	return named || s.Window != nil && s.Window.Holds(c.Collector, c.ObservedAt)
}
