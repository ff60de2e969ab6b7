// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var contentID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

var periodRule = regexp.MustCompile(`^(eu-1182-71|us-calendar|uk|national/[A-Z]{2})$`)

// Anchors lists the events from which a clock can run (semantics, section 8).
func Anchors() []string {
	return []string{"awareness", "discovery", "occurrence", "classification", "determination", "submission",
		"measure-available", "payment", "consumer-notice", "request", "year-end", "placing", "end"}
}

// clock reads a statutory period. One without an anchor cannot run.
func (d *document) clock(i *Instrument, n *Node) {
	c := Clock{Pos: n.Pos}
	d.Object(n, "a clock",
		Need("id", d.TextAt(&c.ID, &c.Pos)),
		Need("pinpoint", d.TextAt(&c.Pinpoint, &c.PinpointPos)),
		Opt("anchor", d.anchor(&c.Anchor)),
		Opt("after", func(n *Node) {
			d.Text(&c.After)(n)
			d.after = append(d.after, reference{name: c.After, pos: n.Pos})
		}),
		Opt("offset", d.offset(&c.Offset)),
		Opt("also", d.List(func(n *Node) {
			var p Period
			d.Object(n, "a further period", Need("anchor", d.anchor(&p.Anchor)), Need("offset", d.offset(&p.Offset)))
			c.Also = append(c.Also, p)
		})),
		Opt("combine", Word(d.Reader, &c.Combine, "way to combine periods", []string{"earliest", "latest"})),
		Need("period-rule", d.matching(&c.PeriodRule, periodRule, "period rule",
			"eu-1182-71, us-calendar, uk or national/XX")),
		Opt("when", d.TextAt(&c.When, &c.WhenPos)),
		Need("recipient", d.Text(&c.Recipient)),
		Opt("recipients", d.Texts(&c.Recipients)),
		Opt("no-recipient", d.Text(&c.NoRecipient)),
		Opt("form", d.Text(&c.Form)),
		Opt("content", d.List(func(n *Node) { c.Items = append(c.Items, d.contentItem(n)) })),
		Opt("stop", d.Text(&c.Stop)),
		Opt("suspension", d.Text(&c.Suspension)),
		Opt("variants", d.List(func(n *Node) { c.Variants = append(c.Variants, d.variant(n)) })),
		Opt("note", d.Text(&c.Note)),
		Opt("confidence", Word(d.Reader, &c.Confidence, "confidence", confidences)),
		Need("source", d.source(&c.Source)),
	)
	if n.Kind == Map && !n.Has("anchor") {
		d.Add(c.Pos, fmt.Sprintf("clock %s has no anchor: nothing starts it", c.ID), "anchor: one of "+strings.Join(Anchors(), ", "))
	}
	if (len(c.Also) > 0) != (c.Combine != "") {
		d.Add(c.Pos, fmt.Sprintf("clock %s: further periods and the way to combine them stand together", c.ID), "")
	}
	d.settleContent(&c)
	i.Clocks = append(i.Clocks, c)
}

// contentItem reads one thing that a notice must say: words alone, or words with their place.
func (d *document) contentItem(n *Node) ContentItem {
	item := ContentItem{Pos: n.Pos}
	if n.Kind != Map {
		d.Text(&item.Title)(n)
		return item
	}
	d.Object(n, "an item of a notice",
		Need("id", d.matching(&item.ID, contentID, "name of an item", "lower case, words joined by a hyphen: root-cause")),
		Need("title", d.Text(&item.Title)),
		Opt("pinpoint", d.Text(&item.Pinpoint)),
		Opt("if", d.Text(&item.If)),
		Opt("confidence", Word(d.Reader, &item.Confidence, "confidence", confidences)),
		Opt("source", d.source(&item.Source)),
	)
	return item
}

// settleContent gives items the source of their clock, and refuses a name that stands twice.
func (d *document) settleContent(c *Clock) {
	seen := map[string]bool{}
	for k := range c.Items {
		item := &c.Items[k]
		c.Content = append(c.Content, item.Title)
		item.Source = cmp.Or(item.Source, c.Source)
		if item.ID != "" && seen[item.ID] {
			d.Add(item.Pos, fmt.Sprintf("clock %s: item %q stands twice", c.ID, item.ID), "")
		}
		seen[item.ID] = true
	}
}

func (d *document) anchor(to *string) func(*Node) {
	return Word(d.Reader, to, "anchor of a clock", Anchors())
}

func (d *document) variant(n *Node) Variant {
	v := Variant{Pos: n.Pos}
	d.Object(n, "a variant",
		Need("if", d.Text(&v.If)),
		Opt("when", d.TextAt(&v.When, &v.Pos)),
		Opt("anchor", d.anchor(&v.Anchor)),
		Opt("offset", d.offset(&v.Offset)),
	)
	return v
}

// offset reads an ISO 8601 duration, or P4BD for four business days.
func (d *document) offset(to *string) func(*Node) {
	return func(n *Node) {
		s, ok := d.Scalar(n)
		if !ok {
			return
		}
		if !period.MatchString(s) || s == "P" || s[len(s)-1] == 'T' {
			d.Add(n.Pos, fmt.Sprintf("%q is no period", s), "PT24H, P14D, P1M, or P4BD for business days")
			return
		}
		*to = s
	}
}

func (d *document) percent(to *float64) func(*Node) {
	return func(n *Node) {
		s, ok := d.Scalar(n)
		if !ok {
			return
		}
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || !(f > 0 && f <= 100) {
			d.Add(n.Pos, fmt.Sprintf("%q is no share from 0 to 100", s), "")
			return
		}
		*to = f
	}
}

// matching reads a text of a pattern.
func (d *document) matching(to *string, pattern *regexp.Regexp, what, hint string) func(*Node) {
	return func(n *Node) {
		s, ok := d.Scalar(n)
		if !ok {
			return
		}
		if !pattern.MatchString(s) {
			d.Add(n.Pos, fmt.Sprintf("%q is no %s", s, what), hint)
			return
		}
		*to = s
	}
}
