// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/writ-iot/writ/fact"
)

var (
	factName  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
	controlID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	duration  = regexp.MustCompile(`^([1-9][0-9]{0,4})([hdM])$`)
)

var (
	subjects = []fact.SubjectKind{fact.Organisation, fact.Site, fact.Device, fact.Product}
	methods  = []fact.Method{fact.Passive, fact.Active, fact.Import, fact.Record, fact.Declaration, fact.Judgement}
	types    = []string{"bool", "number", "enum", "date"}
)

// facts reads a file of the vocabulary.
func (d *document) facts(root *Node) {
	d.Object(root, "a file of facts", Need("facts", d.List(d.fact)))
}

func (d *document) fact(n *Node) {
	var def fact.Definition
	var name, typ string
	at := n.Pos
	d.Object(n, "a fact",
		Need("name", d.TextAt(&name, &at)),
		Need("subject", Word(d.Reader, &def.Subject, "kind of subject", subjects)),
		Need("type", Word(d.Reader, &typ, "type of a fact", types)),
		Opt("words", d.Texts(&def.Words)),
		Need("meaning", d.Text(&def.Meaning)),
		Need("known", d.List(func(n *Node) {
			var m fact.Method
			Word(d.Reader, &m, "way to know a fact", methods)(n)
			def.Known = append(def.Known, m)
		})),
		Opt("ttl", d.ttl(&def)),
		Opt("absence-hours", d.Int(&def.AbsenceHours, 24*366)),
		Opt("universal", d.Bool(&def.Universal)),
		Opt("question", d.Text(&def.Question)),
		Need("source", d.Text(&def.Source)),
	)
	def.Name = fact.Name(name)
	def.Type, _ = fact.ParseType(typ)
	if name != "" && !factName.MatchString(name) {
		d.Add(at, fmt.Sprintf("%q is no name of a fact", name), "dotted, lower case: service.telnet")
	}
	if (def.Type == fact.Enum) != (len(def.Words) > 0) {
		d.Add(at, fmt.Sprintf("fact %s: an enum, and only an enum, has words", name), "")
	}
	d.definitions = append(d.definitions, def)
	d.definedAt = append(d.definedAt, at)
}

// ttl reads how long evidence of each method lasts.
func (d *document) ttl(def *fact.Definition) func(*Node) {
	return func(n *Node) {
		def.TTL = make(map[fact.Method]time.Duration)
		var fields []Field
		for _, m := range methods {
			fields = append(fields, Opt(string(m), func(n *Node) {
				s, _ := d.Scalar(n)
				t, ok := parseTTL(s)
				if !ok {
					d.Add(n.Pos, fmt.Sprintf("%q is no duration", s), "24h, 7d or 12M")
				}
				def.TTL[m] = t
			}))
		}
		d.Object(n, "ttl", fields...)
	}
}

// parseTTL reads hours, days or months; twelve months are 366 days, so that what is renewed every year
// on the same day has no gap.
func parseTTL(s string) (time.Duration, bool) {
	m := duration.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, false
	}
	unit := map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "M": 732 * time.Hour}[m[2]]
	return time.Duration(n) * unit, true
}

// controls reads a file of demands.
func (d *document) controls(root *Node) {
	d.Object(root, "a file of controls", Need("controls", d.List(d.control)))
}

func (d *document) control(n *Node) {
	c := &Control{Pos: n.Pos}
	var id string
	d.Object(n, "a control",
		Need("id", d.TextAt(&id, &c.Pos)),
		Need("title", d.Text(&c.Title)),
		Need("subject", Word(d.Reader, &c.Subject, "kind of subject", subjects)),
		Need("expr", d.TextAt(&c.Expr, &c.ExprPos)),
		Need("severity", Word(d.Reader, &c.Severity, "severity", []string{"critical", "high", "medium", "low"})),
		Opt("threats", d.Texts(&c.Threats)),
		Need("remedy", d.Text(&c.Remedy)),
		Need("actor", Word(d.Reader, &c.Actor, "actor", []string{"operator", "maker", "either"})),
		Opt("cost", d.Int(&c.Cost, 10_000)),
	)
	c.ID = ControlID(id)
	if id != "" && !controlID.MatchString(id) {
		d.Add(c.Pos, fmt.Sprintf("%q is no ID of a control", id), "lower case with hyphens: no-telnet")
	}
	d.controlList = append(d.controlList, c)
}
