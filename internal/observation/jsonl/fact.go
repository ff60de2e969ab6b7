// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package jsonl

import (
	"strconv"
	"time"

	"github.com/writ-iot/writ/fact"
)

// Fact writes what is known as a line of kind fact, after all before it. until is when it goes stale; the
// zero time: never. It gives the first error met so far.
func (e *Encoder) Fact(c *fact.Claim, until time.Time) error {
	l := &e.l
	l.b = append(l.b, `{"kind":"fact",`...)
	l.fact(c, until)
	l.b = append(l.b, '\n')
	if len(l.b) >= flushAt {
		e.write()
	}
	return e.err
}

// AppendFact appends what is known as one object, without a kind.
func AppendFact(b []byte, c *fact.Claim, until time.Time) []byte {
	l := line{b: append(b, '{')}
	l.fact(c, until)
	return l.b
}

// fact writes from the first member's name to the closing brace.
func (l *line) fact(c *fact.Claim, until time.Time) {
	l.b = append(l.b, `"fact":`...)
	l.quote(string(c.Fact))
	l.name("value")
	l.value(c.Value)
	id := "device"
	if c.Subject.Kind == fact.Peer {
		id = "peer"
	}
	l.str(id, c.Subject.ID)
	l.must("subject", string(c.Subject.Kind)+":"+c.Subject.ID)
	l.must("state", fact.Known.String())
	if len(c.Sources) > 0 { // of the first evidence
		l.str("input", c.Sources[0].Input)
		if f := c.Sources[0].Frames; len(f) > 0 {
			l.name("frames")
			l.pair(f[0])
		}
	}
	l.evidence(c.Sources)
	l.coverage(&c.Coverage)
	l.instant("observed", c.ObservedAt)
	if !until.IsZero() {
		l.instant("until", until)
	}
	l.b = append(l.b, '}')
}

func (l *line) value(v fact.Value) {
	switch v.Type() {
	case fact.Bool:
		l.b = strconv.AppendBool(l.b, v.IsTrue())
	case fact.Number:
		l.b = strconv.AppendInt(l.b, v.Int(), 10)
	case fact.None:
		l.b = append(l.b, "null"...)
	default:
		l.quote(v.String())
	}
}

func (l *line) evidence(sources []fact.Source) {
	l.name("evidence")
	l.b = append(l.b, '[')
	for i := range sources {
		s := &sources[i]
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.b = append(l.b, `{"input":`...)
		l.quote(s.Input)
		if len(s.Frames) > 0 {
			l.name("frames")
			l.b = append(l.b, '[')
			for k, f := range s.Frames {
				if k > 0 {
					l.b = append(l.b, ',')
				}
				l.pair(f)
			}
			l.b = append(l.b, ']')
		}
		l.str("note", s.Note)
		l.b = append(l.b, '}')
	}
	l.b = append(l.b, ']')
}

// coverage writes the members that say something, as package fact does.
func (l *line) coverage(c *fact.Coverage) {
	l.name("coverage")
	at := len(l.b)
	if c.Hours != 0 {
		l.name("hours")
		l.b = strconv.AppendFloat(l.b, c.Hours, 'f', -1, 64)
	}
	l.yes("both_ways", c.BothWays)
	l.some("loss_ppm", c.LossPPM)
	l.some("port", int64(c.Port))
	l.str("vantage", c.Vantage)
	l.yes("partial", c.Partial)
	l.yes("completed_scan", c.CompletedScan)
	if len(l.b) == at {
		l.b = append(l.b, '{')
	} else {
		l.b[at] = '{' // in place of the comma before the first
	}
	l.b = append(l.b, '}')
}

func (l *line) pair(p [2]int) {
	l.b = strconv.AppendInt(append(l.b, '['), int64(p[0]), 10)
	l.b = strconv.AppendInt(append(l.b, ','), int64(p[1]), 10)
	l.b = append(l.b, ']')
}

func (l *line) instant(name string, t time.Time) {
	l.name(name)
	l.b = append(l.b, '"')
	l.at(t.Unix(), int64(t.Nanosecond()))
	l.b = append(l.b, '"')
}
