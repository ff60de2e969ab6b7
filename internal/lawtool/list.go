// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"io"
	"strconv"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Row is one instrument in a list.
type Row struct {
	ID           law.InstrumentID `json:"id"`
	Short        string           `json:"short"`
	Title        string           `json:"title"`
	Jurisdiction string           `json:"jurisdiction"`
	Kind         law.Kind         `json:"kind"`
	State        string           `json:"state"` // on the day asked for
	Provisions   int              `json:"provisions"`
	Judged       int              `json:"judged"`
	ByRecord     int              `json:"by_record"`
	Open         int              `json:"open"`
	Clocks       int              `json:"clocks"`
	Depth        law.Depth        `json:"depth"`
	Confidence   law.Confidence   `json:"confidence"`
	Checked      string           `json:"checked"`
}

// List is every instrument, with its state on a day.
func List(cat *law.Catalogue, day fact.Day) []Row {
	rows := make([]Row, 0, len(cat.Instruments))
	for _, i := range cat.Instruments {
		r := Row{ID: i.ID, Short: i.Short, Title: i.Title, Jurisdiction: i.Jurisdiction, Kind: i.Kind, State: StateOn(i, day),
			Provisions: len(i.Provisions), Clocks: len(i.Clocks), Depth: i.Depth, Confidence: i.Confidence, Checked: i.Checked.String()}
		for _, p := range i.Provisions {
			switch p.Mode {
			case law.Judged:
				r.Judged++
			case law.ByRecord:
				r.ByRecord++
			default:
				r.Open++
			}
		}
		rows = append(rows, r)
	}
	return rows
}

// StateOn says in words whether an instrument binds on a day.
func StateOn(i *law.Instrument, day fact.Day) string {
	switch {
	case i.AppliesFrom == nil:
		return "nobody yet"
	case i.Repealed != nil && *i.Repealed <= day:
		return "no longer since " + i.Repealed.String()
	case *i.AppliesFrom > day:
		return "from " + i.AppliesFrom.String()
	}
	return "since " + i.AppliesFrom.String()
}

// WriteList writes the rows for people.
func WriteList(w io.Writer, rows []Row) error {
	p := &paper{w: w}
	var cells [][]string
	provisions := 0
	for _, r := range rows {
		modes := fmt.Sprintf("%d/%d/%d", r.Judged, r.ByRecord, r.Open)
		cells = append(cells, []string{string(r.ID), r.Short, string(r.Kind), r.State, strconv.Itoa(r.Provisions), modes,
			strconv.Itoa(r.Clocks), string(r.Depth), r.Checked})
		provisions += r.Provisions
	}
	p.table([]string{"ID", "SHORT", "KIND", "BINDS", "PROVISIONS", "JUDGED/RECORD/OPEN", "CLOCKS", "DEPTH", "CHECKED"}, cells)
	p.line("\n%s, %s", plural(len(rows), "instrument", "instruments"), plural(provisions, "provision", "provisions"))
	return p.err
}
