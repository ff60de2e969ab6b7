// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/person"
	"github.com/writ-iot/writ/law"
)

// Given is a record as a person gives it: by flags, in a file, or as a row. All is text, so that each way is
// checked alike.
type Given struct {
	Kind, Topic, About, Title string
	Day, Until                string
	By, Reasons               string
	Fields                    map[string]string
	Facts                     map[string]string // further facts, by name
	Attach                    []string          // files
	Says                      string            // who says so, where that is not who enters it
	Held                      []Attached        // what the case keeps already, and the record rests on
	Where                     string            // of a fault: roster.csv: row 7; "" on the command line
	broken                    error             // it could not be read whole
}

// Body is what an entry says with names in it: the payload of a record, erasable.
type Body struct {
	Kind     string            `json:"kind"`
	Topic    string            `json:"topic,omitempty"`
	Title    string            `json:"title,omitempty"`
	Day      string            `json:"day"`
	Until    string            `json:"until,omitempty"`
	By       string            `json:"by"`             // who enters it
	Says     string            `json:"says,omitempty"` // who says so, where that is not who enters it
	Reasons  string            `json:"reasons,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	Attached []Attached        `json:"attached,omitempty"`
	Frozen   []Frozen          `json:"frozen,omitempty"` // of a decision
	Scope    []string          `json:"scope,omitempty"`  // of a decision: verdicts
}

// Attached is a file that the case keeps beside a record, never opened.
type Attached struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// record is a given one, checked.
type record struct {
	given      *Given
	kind       *Kind
	topic      *Topic
	about      fact.Subject
	name       string // of about
	day, until fact.Day
	body       Body
	claims     []fact.Claim
	closing    bool              // it is the closing of a register, read like a record
	also       []evidence.Digest // what a closing rests on beside the register's records
}

// form is what an entry of the kind is made on.
func (k *Kind) form() string {
	if k.Decides {
		return "decision." + k.Name
	}
	return "record." + k.Name
}

// fault is what is wrong with a given record, with its place.
func (g *Given) fault(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if g.Where != "" {
		err = fmt.Errorf("%s: %w", g.Where, err)
	}
	return kind.Mark(cmp.Or(kind.Of(err), kind.Invalid), err)
}

// names resolves what people call subjects, each word once.
type names struct {
	desk  *Desk
	known map[string]named
}

type named struct {
	subject fact.Subject
	name    string
	err     error
}

func (n *names) of(ctx context.Context, text string) (fact.Subject, string, error) {
	got, ok := n.known[text]
	if !ok {
		got.subject, got.name, got.err = journal.About(ctx, n.desk.Case, text)
		n.known[text] = got
	}
	return got.subject, got.name, got.err
}

// check reads what was given. It finds every fault that the record alone can have.
func (d *Desk) check(ctx context.Context, g *Given, who *names) (*record, error) {
	if g.broken != nil {
		return nil, g.fault("%w", g.broken)
	}
	k, err := d.Kinds.Of(g.Kind)
	if err != nil {
		return nil, g.fault("%w", err)
	}
	r := &record{given: g, kind: k}
	if r.topic, err = k.topic(g.Topic); err != nil {
		return nil, g.fault("%w", err)
	}
	if r.about, r.name, err = who.of(ctx, g.About); err != nil {
		return nil, g.fault("%w", err)
	}
	r.body = Body{Kind: k.Name, Topic: g.Topic, Title: strings.TrimSpace(g.Title), By: strings.TrimSpace(g.By),
		Says: strings.TrimSpace(g.Says), Reasons: strings.TrimSpace(g.Reasons), Attached: slices.Clone(g.Held)}
	for _, step := range []func() error{func() error { return d.days(r) }, r.people, r.readFields, func() error { return d.judges(r) },
		func() error { return d.makes(r) }} {
		if err := step(); err != nil {
			return nil, g.fault("%w", err)
		}
	}
	return r, nil
}

// earliest is the first day on which anything that a record tells of can have been done.
var earliest = fact.DayOf(time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC))

// days reads a record's first and last day.
func (d *Desk) days(r *record) (err error) {
	g, k := r.given, r.kind
	if g.Day == "" {
		return fmt.Errorf("a %s has a day: %s (--day YYYY-MM-DD)", k.Name, k.Day.Means)
	}
	if r.day, err = dayOf(g.Day); err != nil {
		return err
	}
	switch today := d.today(); {
	case r.day > today:
		return fmt.Errorf("day %s lies ahead: %s; today is %s in UTC, and nothing is recorded before it is so", r.day, k.Day.Means, today)
	case r.day < earliest:
		return fmt.Errorf("day %s lies before %s: is the year right?", r.day, earliest)
	}
	r.body.Day = r.day.String()
	switch {
	case g.Until == "" && k.Until.Required:
		return fmt.Errorf("a %s has an end: %s (--until YYYY-MM-DD)", k.Name, k.Until.Means)
	case g.Until == "":
		return nil
	case !k.Until.given:
		return fmt.Errorf("a %s has no end: its day stands by itself, leave --until out", k.Name)
	}
	if r.until, err = dayOf(g.Until); err != nil {
		return err
	}
	if r.until < r.day {
		return fmt.Errorf("it ends on %s, before its day %s", r.until, r.day)
	}
	r.body.Until = r.until.String()
	return nil
}

// dayOf reads a day, and says of one that no calendar has why.
func dayOf(text string) (fact.Day, error) {
	d, err := fact.ParseDay(text)
	if err == nil {
		return d, nil
	}
	var y, m, n int
	if _, e := fmt.Sscanf(text, "%4d-%2d-%2d", &y, &m, &n); e == nil && len(text) == len(time.DateOnly) {
		if m < 1 || m > 12 {
			return 0, fmt.Errorf("day %q: there is no month %d", text, m)
		}
		last := time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC)
		return 0, fmt.Errorf("day %q: %s %d has %d days", text, last.Month(), last.Year(), last.Day())
	}
	return 0, err
}

// people makes sure that somebody answers for the record, and that whoever grants is not whoever asks.
func (r *record) people() error {
	switch {
	case r.body.By == "":
		return fmt.Errorf("who enters it? name a function or a person with --by")
	case !slices.Contains(r.kind.Subjects, r.about.Kind):
		return fmt.Errorf("a %s is about %s, and %s is %s", r.kind.Name, orList(r.kind.Subjects), r.name, aKind(r.about.Kind))
	case r.kind.Reasons && r.body.Reasons == "":
		return fmt.Errorf("a %s needs reasons (--reasons)", r.kind.Name)
	}
	a, b := r.given.Fields["approver"], r.given.Fields["requester"]
	if r.kind.Decides && a != "" && person.Same(a, b) {
		return fmt.Errorf("the approver, %q, is the requester: nobody grants what they ask for; let another person decide", strings.TrimSpace(a))
	}
	return nil
}

func orList(kinds []fact.SubjectKind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, aKind(k))
	}
	return strings.Join(all, " or ")
}

// aKind is one of a sort of subject.
func aKind(k fact.SubjectKind) string {
	if k == fact.Organisation {
		return "an organisation"
	}
	return "a " + string(k)
}

// readFields reads what the kind asks for beside the days.
func (r *record) readFields() error {
	fields := r.kind.fields(r.topic)
	var known []string
	for i := range fields {
		known = append(known, fields[i].Name)
	}
	for _, name := range slices.Sorted(maps.Keys(r.given.Fields)) {
		if !slices.Contains(known, name) {
			hint := "it has " + strings.Join(known, ", ")
			if near := law.Suggest(name, known); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return fmt.Errorf("a %s has no field %q: %s", r.kind.Name, name, hint)
		}
	}
	r.body.Fields = map[string]string{}
	for i := range fields {
		f := &fields[i]
		v := strings.TrimSpace(r.given.Fields[f.Name])
		if v == "" && f.Name == "provision" && r.kind.Judges {
			v = r.given.Topic
		}
		if v == "" && f.Required {
			return fmt.Errorf("a %s needs %s: %s (--field %s=…)", r.kind.Name, f.Name, f.Means, f.Name)
		}
		if v == "" {
			continue
		}
		if err := f.check(v); err != nil {
			return fmt.Errorf("field %s: %w", f.Name, err)
		}
		r.body.Fields[f.Name] = v
	}
	return nil
}

// maxText bounds one field's text.
const maxText = 8192

func (f *Field) check(v string) error {
	switch f.Type {
	case "day":
		_, err := dayOf(v)
		return err
	case "words":
		if !slices.Contains(f.Words, v) {
			hint := ""
			if near := law.Suggest(v, f.Words); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			return fmt.Errorf("%q is none of %s%s", v, strings.Join(f.Words, ", "), hint)
		}
	case "bool", "number":
		_, err := fact.ParseValue(map[string]fact.Type{"bool": fact.Bool, "number": fact.Number}[f.Type], v)
		return err
	}
	if len(v) > maxText {
		return fmt.Errorf("%d bytes, at most %d are kept: attach a longer text as a file", len(v), maxText)
	}
	return nil
}
