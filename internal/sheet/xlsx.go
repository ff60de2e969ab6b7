// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/kind"
)

// Bounds inside a workbook.
const (
	maxParts   = 10_000
	maxTabs    = 500
	maxText    = 1 << 20   // bytes between two tags that follow each other
	maxStrings = 192 << 20 // bytes of all shared texts together
)

// workbook is an .xlsx: ECMA-376 part 1, chapter 18. The readers that libraries have take a sheet that breaks
// off for one that ends, and evaluate or hide formulas: so it is read here.
type workbook struct {
	parts    map[string]*zip.File
	unpacked int64    // bytes that may still be unpacked
	strings  []string // shared texts
	dates    []bool   // by style: the number is a date
	epoch    int      // days from 1899-12-30 to the book's day 0: 0, or 1462 since 1904
}

func (s *File) openWorkbook(size int64) error {
	if err := s.few(size); err != nil {
		return err
	}
	z, err := zip.NewReader(s.f, size)
	if err != nil {
		return kind.Errorf(kind.Invalid, "it begins like a workbook and is none: %v", err)
	}
	if len(z.File) > maxParts {
		return kind.Errorf(kind.Invalid, "it holds %d parts: at most %d are opened", len(z.File), maxParts)
	}
	b := &workbook{parts: map[string]*zip.File{}, unpacked: s.limits.Unpacked}
	var total uint64
	for _, p := range z.File {
		total += p.UncompressedSize64
		if p.UncompressedSize64 > uint64(b.unpacked) || total > uint64(b.unpacked) {
			return kind.Errorf(kind.Invalid,
				"it unpacks to more than %d bytes (%s): that is no sheet to be read", b.unpacked, p.Name)
		}
		b.parts[strings.TrimPrefix(p.Name, "/")] = p
	}
	s.Ignored = ignored(z.File)
	if s.Tabs, err = b.tabs(); err == nil {
		err = b.styles()
	}
	if err == nil {
		err = b.shared(s.limits)
	}
	s.book = b
	return kind.Mark(kind.Invalid, err)
}

// few refuses a file that lists more parts than any workbook has, before the list is read: the reader of zip files
// holds all of it, whatever the file says that there is.
func (s *File) few(size int64) error {
	const least, chunk = 46, 1 << 20 // bytes of a part's entry in the list
	if size < maxParts*least {
		return nil
	}
	mark, n := []byte("PK\x01\x02"), 0
	b := make([]byte, chunk+len(mark)-1)
	for at := int64(0); at < size; at += chunk {
		got, err := s.f.ReadAt(b, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return durable.Explain(err)
		}
		if n += bytes.Count(b[:got], mark); n > maxParts {
			return kind.Errorf(kind.Invalid, "it holds more than %d parts: that is no sheet to be read", maxParts)
		}
	}
	return nil
}

// active are the parts that are never opened, by where they lie.
var active = []struct{ prefix, what string }{
	{"xl/vbaProject.bin", "macros"},
	{"xl/macrosheets/", "macro sheets"},
	{"xl/externalLinks/", "links to other files"},
	{"xl/embeddings/", "embedded objects"},
	{"xl/activeX/", "ActiveX controls"},
	{"xl/connections.xml", "data connections"},
	{"xl/queryTables/", "queries"},
	{"xl/media/", "pictures"},
	{"xl/comments", "comments"},
	{"xl/threadedComments/", "comments in threads"},
	{"customUI/", "own menus"},
}

// ignored names what a workbook holds that is not opened.
func ignored(parts []*zip.File) []string {
	var all []string
	for _, a := range active {
		n := 0
		for _, p := range parts {
			name := strings.TrimPrefix(p.Name, "/")
			if strings.HasPrefix(strings.ToLower(name), strings.ToLower(a.prefix)) && !strings.Contains(name,
				"_rels/") {
				n++
			}
		}
		if n > 0 {
			all = append(all, fmt.Sprintf("%s (%d)", a.what, n))
		}
	}
	return all
}

// tokens reads a part tag by tag, within bounds.
type tokens struct {
	*xml.Decoder
	t    *tight
	part io.Closer
	b    *workbook

	depth int // elements that are open
}

// open gives a part's tags; nil where there is no such part.
func (b *workbook) open(name string) (*tokens, error) {
	p := b.parts[name]
	if p == nil {
		return nil, nil
	}
	r, err := p.Open()
	if err != nil {
		return nil, fmt.Errorf("part %s: %w", name, err)
	}
	t := &tight{r: &drain{r, b}, limit: maxText, what: "part " + name + " holds a text"}
	d := xml.NewDecoder(t)
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("part %s is written in %q: want UTF-8", name, charset)
	}
	return &tokens{Decoder: d, t: t, part: r, b: b}, nil
}

// drain takes what is unpacked from what may be: the sizes that a file states of itself can lie.
type drain struct {
	r io.Reader
	b *workbook
}

func (d *drain) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if d.b.unpacked -= int64(n); d.b.unpacked < 0 {
		return 0, errors.New("it unpacks to more than may be read")
	}
	return n, err
}

// next gives the next tag or text. A part that ends is io.EOF.
func (t *tokens) next() (xml.Token, error) {
	t.t.well()
	tok, err := t.RawToken()
	switch tok.(type) {
	case xml.StartElement:
		t.depth++
	case xml.EndElement:
		t.depth--
	}
	return tok, err
}

// each calls start for every tag that opens, until the part ends.
func (b *workbook) each(part string, start func(*tokens, xml.StartElement) error) error {
	t, err := b.open(part)
	if t == nil || err != nil {
		return err
	}
	defer t.part.Close()
	for {
		tok, err := t.next()
		if errors.Is(err, io.EOF) && t.depth == 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", part, unfinished(err))
		}
		if e, ok := tok.(xml.StartElement); ok {
			if err := start(t, e); err != nil {
				return fmt.Errorf("part %s: %w", part, err)
			}
		}
	}
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// tabs reads which sheets there are, and where they lie.
func (b *workbook) tabs() ([]Tab, error) {
	const book = "xl/workbook.xml"
	if b.parts[book] == nil {
		if b.parts["mimetype"] != nil {
			return nil, errors.New("it is a workbook of another kind (OpenDocument?): save it as .xlsx")
		}
		return nil, errors.New("it is a zip file, but no workbook: xl/workbook.xml is missing")
	}
	at := map[string]string{}
	err := b.each("xl/_rels/workbook.xml.rels", func(_ *tokens, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" && len(at) < maxParts {
			at[attr(e, "Id")] = place(attr(e, "Target"))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var all []Tab
	err = b.each(book, func(_ *tokens, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				b.epoch = 1462
			}
		case "sheet":
			all = append(all, Tab{Name: attr(e, "name"), Hidden: strings.HasSuffix(strings.ToLower(attr(e,
				"state")), "hidden"),
				part: at[relation(e)]})
			if len(all) > maxTabs {
				return fmt.Errorf("more than %d sheets", maxTabs)
			}
		}
		return nil
	})
	all = slices.DeleteFunc(all, func(t Tab) bool {
		return b.parts[t.part] == nil || !strings.Contains(t.part, "worksheets/")
	})
	if err == nil && len(all) == 0 {
		err = errors.New("the workbook has no sheet with cells")
	}
	return all, err
}

// relation is the r:id of a sheet; its sheetId is another attribute.
func relation(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// place is where a target of the workbook lies.
func place(target string) string {
	if rest, ok := strings.CutPrefix(target, "/"); ok {
		return path.Clean(rest)
	}
	return path.Join("xl", target)
}

// shared reads the texts that cells share. Those of phonetic hints are no part of them.
func (b *workbook) shared(l Limits) error {
	size, hint := 0, false
	return b.each("xl/sharedStrings.xml", func(t *tokens, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := t.text("si", l.Cell, &hint)
		if size += len(text) + 16; size > maxStrings {
			return fmt.Errorf("more than %d bytes of text", maxStrings)
		}
		b.strings = append(b.strings, text)
		return err
	})
}

// text gathers the texts in <t> up to the end of an element.
func (t *tokens) text(end string, most int, hint *bool) (string, error) {
	var out strings.Builder
	in := false
	for {
		tok, err := t.next()
		if err != nil {
			return "", unfinished(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			*hint = *hint || e.Name.Local == "rPh"
			in = e.Name.Local == "t"
		case xml.CharData:
			if in && !*hint {
				out.Write(e)
			}
		case xml.EndElement:
			in = false
			switch e.Name.Local {
			case "rPh":
				*hint = false
			case end:
				return out.String(), nil
			}
		}
		if out.Len() > most {
			return "", fmt.Errorf("a cell of more than %d bytes", most)
		}
	}
}

func unfinished(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// styles reads which cell styles show a number as a date.
func (b *workbook) styles() error {
	custom, within := map[string]bool{}, false
	return b.each("xl/styles.xml", func(_ *tokens, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			custom[attr(e, "numFmtId")] = showsDate(attr(e, "formatCode"))
		case "cellXfs":
			within = true
		case "cellStyles", "dxfs":
			within = false
		case "xf":
			if within && len(b.dates) < 1<<16 {
				id := attr(e, "numFmtId")
				date, ok := custom[id]
				if n, err := strconv.Atoi(id); !ok && err == nil {
					date = n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
				}
				b.dates = append(b.dates, date)
			}
		}
		return nil
	})
}

// showsDate says whether a number format shows a date: it has a y, m, d, h or s outside quotes, brackets and escapes.
func showsDate(code string) bool {
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[' || r == ']':
			bracket = r == '['
		case !bracket && strings.ContainsRune("ymdhs", r):
			return true
		}
	}
	return false
}
