// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// ExportFormat names the shape of an export (catalogue/schema/export.schema.json). Keys are added under the
// same name; a key that changes or goes brings another.
const ExportFormat = "writ-law/1"

// Exported is a whole catalogue as one object.
type Exported struct {
	Format      string           `json:"format"`
	Disclaimer  string           `json:"disclaimer"`
	Version     string           `json:"version"`
	Digest      string           `json:"digest"` // SHA-256 over the catalogue's files
	Instruments []instrumentView `json:"instruments"`
	Controls    []controlView    `json:"controls"`
	Facts       []factView       `json:"facts"`
}

// Disclaimer says what the law in a catalogue is.
const Disclaimer = "A paraphrase of the law as Writ's catalogue knows it. It is no legal advice and no finding by an " +
	"authority; the text of the law decides."

// Export puts everything that verdicts rest on into one object, in order of ID; provisions stand in the
// order of their text. It does not depend on the day.
func Export(cat *law.Catalogue) *Exported {
	e := &Exported{Format: ExportFormat, Disclaimer: Disclaimer, Version: cat.Version, Digest: cat.Digest,
		Instruments: []instrumentView{}, Controls: []controlView{}, Facts: []factView{}}
	for _, i := range cat.Instruments {
		v := viewInstrument(i, 0)
		v.State = ""
		e.Instruments = append(e.Instruments, v)
	}
	for _, c := range sortedControls(cat) {
		e.Controls = append(e.Controls, viewControl(c))
	}
	for _, n := range cat.Vocabulary.Names() {
		d, _ := cat.Vocabulary.Lookup(n)
		e.Facts = append(e.Facts, viewFact(d))
	}
	return e
}

var csvHeads = []string{"id", "instrument", "short", "jurisdiction", "kind", "pinpoint", "text", "force", "addressable", "mode",
	"decided_by", "subject", "bearer", "role", "from", "until", "depth", "confidence", "source", "breach", "suffices", "indicators",
	"deemed_by", "needs", "note"}

// WriteCSV writes every provision as a row. A cell that a spreadsheet would read as a formula begins with
// an apostrophe.
func WriteCSV(w io.Writer, cat *law.Catalogue) error {
	c := csv.NewWriter(w)
	if err := c.Write(csvHeads); err != nil {
		return fmt.Errorf("writing provisions: %w", err)
	}
	heard := heardOf(cat)
	for _, i := range cat.Instruments {
		for _, p := range i.Provisions {
			if err := c.Write(csvRow(i, p, heard)); err != nil {
				return fmt.Errorf("writing provision %s: %w", p.ID, err)
			}
		}
	}
	c.Flush()
	return c.Error()
}

func csvRow(i *law.Instrument, p *law.Provision, heard map[law.ControlID]Decider) []string {
	yes := map[bool]string{true: "yes"}
	var deemed []string
	for _, d := range p.Deemed {
		deemed = append(deemed, join(" ", string(d.By), strings.Join(d.Provisions, " ")))
	}
	row := []string{string(p.ID), string(i.ID), i.Short, i.Jurisdiction, string(i.Kind), p.Pinpoint, p.Text, string(p.Force),
		yes[p.Addressable], string(p.Mode), string(decidedBy(p, heard)), string(p.Subject), string(p.Bearer), p.Role,
		dayOrNone(bound(p.From, i.AppliesFrom)), dayOrNone(bound(p.Until, i.Repealed)), string(p.Depth), string(p.Confidence),
		i.Sources[p.Source], list(p.Breach), list(p.Suffices), list(p.Indicators), strings.Join(deemed, "; "),
		strings.Join(p.Needs, "; "), p.Note}
	for k, cell := range row {
		row[k] = plain(cell)
	}
	return row
}

func bound(own, whole *fact.Day) *fact.Day {
	if own != nil {
		return own
	}
	return whole
}

func list(ids []law.ControlID) string { return strings.Join(asStrings(ids), " ") }

// plain keeps a spreadsheet from reading a cell as a formula: what begins with one of the marks of one, or
// with white space before which a reader would look.
func plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
