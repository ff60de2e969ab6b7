// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/writ-iot/writ/fact"
)

// timeForm is RFC 3339 in UTC with all nine digits, so that times sort as text.
const timeForm = "2006-01-02T15:04:05.000000000Z"

// FormatTime writes a time as statements hold it; "" for the zero time.
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeForm)
}

// ParseTime reads what FormatTime writes, and nothing else.
func ParseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(timeForm, s)
	if err != nil || len(s) != len(timeForm) {
		return time.Time{}, fmt.Errorf("time %q: want %s", s, timeForm)
	}
	return t, nil
}

// The form on the wire. An absent member says: nothing.
type (
	wireStatement struct {
		Version   int           `json:"version"`
		Kind      Kind          `json:"kind"`
		By        string        `json:"by,omitempty"`
		Collector string        `json:"collector,omitempty"`
		At        string        `json:"at"`
		Subject   fact.Subject  `json:"subject,omitzero"`
		Member    *wireMember   `json:"member,omitempty"`
		Claims    []wireClaim   `json:"claims,omitempty"`
		Artefact  *wireArtefact `json:"artefact,omitempty"`
		Withdraws []Digest      `json:"withdraws,omitempty"`
		Window    *wireWindow   `json:"window,omitempty"`
		Covers    []Digest      `json:"covers,omitempty"`
		Erases    []Digest      `json:"erases,omitempty"`
		Whole     bool          `json:"whole,omitempty"`
		Law       *wireLaw      `json:"law,omitempty"`
		Form      string        `json:"form,omitempty"`
		Note      string        `json:"note,omitempty"`
		Payload   Digest        `json:"payload,omitempty"`
	}
	wireMember struct {
		Product fact.Subject `json:"product,omitzero"`
		Maker   fact.Subject `json:"maker,omitzero"`
		Runner  fact.Subject `json:"runner,omitzero"`
		Own     bool         `json:"own,omitempty"`
		Seen    string       `json:"seen,omitempty"`
	}
	wireClaim struct {
		Fact       fact.Name     `json:"fact"`
		Value      *wireValue    `json:"value,omitempty"`
		Method     fact.Method   `json:"method"`
		ObservedAt string        `json:"observed_at"`
		Expires    string        `json:"expires,omitempty"`
		Coverage   fact.Coverage `json:"coverage,omitzero"`
		Sources    []fact.Source `json:"sources,omitempty"`
		Documented bool          `json:"documented,omitempty"`
	}
	wireValue struct {
		Bool   *bool   `json:"bool,omitempty"`
		Number *int64  `json:"number,omitempty"`
		Enum   *string `json:"enum,omitempty"`
		Date   *string `json:"date,omitempty"`
	}
	wireArtefact struct {
		SHA256  string   `json:"sha256"`
		Media   string   `json:"media,omitempty"`
		Size    int64    `json:"size,omitempty"`
		Packets int64    `json:"packets,omitempty"`
		First   string   `json:"first,omitempty"`
		Last    string   `json:"last,omitempty"`
		Notices []string `json:"notices,omitempty"`
	}
	wireLaw struct {
		Version   string `json:"version"`
		Digest    string `json:"digest"`
		Bundle    string `json:"bundle"`
		Size      int64  `json:"size"`
		Publisher string `json:"publisher,omitempty"`
		Replaces  Digest `json:"replaces,omitempty"`
	}
	wireWindow struct {
		Collector string `json:"collector"`
		From      string `json:"from,omitempty"`
		Until     string `json:"until,omitempty"`
	}
)

// Encode gives the statement's canonical bytes.
func Encode(s *Statement) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("encoding statement: %w", err)
	}
	w := wireStatement{Version: s.Version, Kind: s.Kind, By: s.By, Collector: s.Collector, At: FormatTime(s.At),
		Subject: s.Subject, Withdraws: s.Withdraws, Covers: s.Covers, Erases: s.Erases, Whole: s.Whole, Form: s.Form,
		Note: s.Note, Payload: s.Payload}
	if m := s.Member; m != nil {
		w.Member = &wireMember{m.Product, m.Maker, m.Runner, m.Own, FormatTime(m.Seen)}
	}
	for i := range s.Claims {
		w.Claims = append(w.Claims, encodeClaim(&s.Claims[i]))
	}
	if a := s.Artefact; a != nil {
		w.Artefact = &wireArtefact{a.SHA256, a.Media, a.Size, a.Packets, FormatTime(a.First),
			FormatTime(a.Last), a.Notices}
	}
	if l := s.Law; l != nil {
		law := wireLaw(*l)
		w.Law = &law
	}
	if v := s.Window; v != nil {
		w.Window = &wireWindow{v.Collector, FormatTime(v.From), FormatTime(v.Until)}
	}
	b, err := Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encoding statement: %w", err)
	}
	if len(b) > MaxStatement {
		return nil, fmt.Errorf("encoding statement: %d bytes, at most %d are allowed: split it", len(b), MaxStatement)
	}
	return b, nil
}

func encodeClaim(c *fact.Claim) wireClaim {
	return wireClaim{Fact: c.Fact, Value: encodeValue(c.Value), Method: c.Method,
		ObservedAt: FormatTime(c.ObservedAt), Expires: FormatTime(c.Expires), Coverage: c.Coverage,
		Sources: c.Sources, Documented: c.Documented}
}

func encodeValue(v fact.Value) *wireValue {
	text := v.String()
	switch v.Type() {
	case fact.Bool:
		yes := v.IsTrue()
		return &wireValue{Bool: &yes}
	case fact.Number:
		n := v.Int()
		return &wireValue{Number: &n}
	case fact.Enum:
		return &wireValue{Enum: &text}
	case fact.Date:
		return &wireValue{Date: &text}
	}
	return nil
}

// Decode reads a statement from its canonical bytes. It refuses every other spelling of the same
// statement: what it takes, Encode gives back.
func Decode(b []byte) (*Statement, error) {
	s, err := decode(b)
	if err != nil {
		return nil, fmt.Errorf("decoding statement: %w", err)
	}
	again, err := Encode(s)
	if err != nil {
		return nil, fmt.Errorf("decoding statement: %w", err)
	}
	if !bytes.Equal(again, b) {
		return nil, fmt.Errorf("decoding statement: byte %d: %w", firstDifference(again, b), ErrNotCanonical)
	}
	return s, nil
}

func decode(b []byte) (*Statement, error) {
	if len(b) > MaxStatement {
		return nil, fmt.Errorf("%d bytes, at most %d are allowed", len(b), MaxStatement)
	}
	if err := CheckCanonical(b); err != nil { // before encoding/json: it bounds the depth
		return nil, err
	}
	var w wireStatement
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return nil, err
	}
	var r timeReader
	s := &Statement{Version: w.Version, Kind: w.Kind, By: w.By, Collector: w.Collector, At: r.read(w.At),
		Subject: w.Subject, Withdraws: w.Withdraws, Covers: w.Covers, Erases: w.Erases, Whole: w.Whole, Form: w.Form,
		Note: w.Note, Payload: w.Payload}
	if m := w.Member; m != nil {
		s.Member = &fact.Member{Subject: w.Subject, Product: m.Product, Maker: m.Maker, Runner: m.Runner, Own: m.Own,
			Seen: r.read(m.Seen)}
	}
	for _, c := range w.Claims {
		v, err := decodeValue(c.Value)
		if err != nil {
			return nil, fmt.Errorf("fact %s: %w", c.Fact, err)
		}
		s.Claims = append(s.Claims, fact.Claim{Subject: w.Subject, Fact: c.Fact, Value: v, Method: c.Method,
			ObservedAt: r.read(c.ObservedAt), Expires: r.read(c.Expires), Coverage: c.Coverage, Sources: c.Sources,
			Documented: c.Documented, Collector: w.Collector})
	}
	if a := w.Artefact; a != nil {
		s.Artefact = &ArtefactRef{a.SHA256, a.Media, a.Size, a.Packets, r.read(a.First), r.read(a.Last), a.Notices}
	}
	if l := w.Law; l != nil {
		law := LawRef(*l)
		s.Law = &law
	}
	if v := w.Window; v != nil {
		s.Window = &Window{v.Collector, r.read(v.From), r.read(v.Until)}
	}
	return s, r.err
}

// timeReader reads many times and keeps the first error.
type timeReader struct{ err error }

func (r *timeReader) read(s string) time.Time {
	t, err := ParseTime(s)
	if r.err == nil {
		r.err = err
	}
	return t
}

var errValue = errors.New("a value is one of bool, number, enum, date")

func decodeValue(w *wireValue) (fact.Value, error) {
	switch {
	case w == nil:
		return fact.Value{}, nil
	case w.Bool != nil:
		return fact.BoolValue(*w.Bool), nil
	case w.Number != nil:
		return fact.NumberValue(*w.Number), nil
	case w.Enum != nil:
		return fact.EnumValue(*w.Enum), nil
	case w.Date != nil:
		d, err := fact.ParseDay(*w.Date)
		return fact.DateValue(d), err
	}
	return fact.Value{}, errValue
}
