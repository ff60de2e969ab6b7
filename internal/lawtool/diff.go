// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Change is a difference between two versions of the catalogue.
type Change struct {
	Kind   string `json:"kind"` // instrument, provision, control, fact
	ID     string `json:"id"`
	What   string `json:"what"` // added, removed, changed
	Fields []Edit `json:"fields,omitempty"`
}

// Edit is one field that changed, as JSON names it.
type Edit struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Diff lists what changed from one catalogue to another, in order of kind and ID.
func Diff(old, new *law.Catalogue) []Change {
	before, after := leaves(old), leaves(new)
	var changes []Change
	for _, kind := range []string{"instrument", "provision", "control", "fact"} {
		for _, id := range union(before[kind], after[kind]) {
			a, was := before[kind][id]
			b, is := after[kind][id]
			c := Change{Kind: kind, ID: id, What: "changed"}
			switch {
			case !was:
				c.What = "added"
			case !is:
				c.What = "removed"
			default:
				if c.Fields = edits(a, b); len(c.Fields) == 0 {
					continue
				}
			}
			changes = append(changes, c)
		}
	}
	return changes
}

// leaves are the views of everything in a catalogue; an instrument's provisions stand for themselves.
func leaves(cat *law.Catalogue) map[string]map[string]any {
	all := map[string]map[string]any{"instrument": {}, "provision": {}, "control": {}, "fact": {}}
	for _, i := range cat.Instruments {
		v := viewInstrument(i, 0)
		v.Provisions, v.State = nil, ""
		all["instrument"][string(i.ID)] = v
		for _, p := range i.Provisions {
			all["provision"][string(p.ID)] = viewProvision(p)
		}
	}
	for id, c := range cat.Controls {
		all["control"][string(id)] = viewControl(c)
	}
	for _, n := range cat.Vocabulary.Names() {
		d, _ := cat.Vocabulary.Lookup(fact.Name(n))
		all["fact"][string(n)] = viewFact(d)
	}
	return all
}

func union(a, b map[string]any) []string {
	var ids []string
	for id := range a {
		ids = append(ids, id)
	}
	for id := range b {
		if _, both := a[id]; !both {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// edits compares two views of one type, field by field.
func edits(a, b any) []Edit {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	var out []Edit
	for k := range x.NumField() {
		if !reflect.DeepEqual(x.Field(k).Interface(), y.Field(k).Interface()) {
			name, _, _ := strings.Cut(x.Type().Field(k).Tag.Get("json"), ",")
			out = append(out, Edit{name, fmt.Sprint(x.Field(k).Interface()), fmt.Sprint(y.Field(k).Interface())})
		}
	}
	return out
}

// WriteDiff writes changes for people.
func WriteDiff(w io.Writer, changes []Change) error {
	p := &paper{w: w}
	for _, c := range changes {
		p.line("%s %s %s", c.What, c.Kind, c.ID)
		for _, f := range c.Fields {
			p.entry(f.Field, "was "+f.Old)
			p.entry("", "now "+f.New)
		}
	}
	p.line("%s", plural(len(changes), "change", "changes"))
	return p.err
}
