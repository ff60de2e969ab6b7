// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package page is the one look of every page that leaves the house: self-contained, without script or request,
// light and dark, fit to print, to be read by keyboard and by ear.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.css
var style string

//go:embed page.html
var text string

var shell = template.Must(template.New("page").Parse(text))

// Disclaimer is what every outward page says once (semantics, section 2).
const Disclaimer = "This shows what recorded evidence indicates under a paraphrase of the law on the stated day. " +
	"It is no legal advice and no finding by an authority."

// Style is the style sheet of every page.
func Style() template.CSS { return template.CSS(style) }

// Policy is the Content-Security-Policy of every page: its own style, pictures that it holds itself, nothing else.
func Policy() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'"
}

// Document is a page of prose and tables. What stands in it was cleaned by whoever made it.
type Document struct {
	Brand string // what kind of document it is
	Title string
	Lead  string
	Facts [][2]string // what is said at its head: word and value
	Note  string      // "": the disclaimer
	Body  template.HTML
	Tight bool // printed, it takes as few pages as can be
}

// Write writes the page whole.
func (d *Document) Write(w io.Writer) error {
	if d.Note == "" {
		d.Note = Disclaimer
	}
	if err := shell.Execute(w, struct {
		*Document
		Style  template.CSS
		Policy string
	}{d, Style(), Policy()}); err != nil {
		return fmt.Errorf("writing the page %q: %w", d.Title, err)
	}
	return nil
}
