// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

//go:embed pages style.css search.js
var files embed.FS

// policy lets through our own style sheet, and the search form; script is added where it is.
const policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'"

// scriptPolicy is that of the one page that searches.
const scriptPolicy = policy + "; script-src 'self'"

// Disclaimer says on every page, once, what it is.
const Disclaimer = "A paraphrase of the law as Writ's catalogue knows it, for the stated day. " +
	"It is no legal advice and no finding by an authority; the text of the law decides."

// Site is every file of the site by its path, with forward slashes.
type Site struct {
	Files map[string][]byte
	pages *template.Template
	frame frame
}

// frame is what every page has around it.
type frame struct {
	Root, Policy, Title, Here    string
	Disclaimer                   string
	Version, Digest, Day, Search string
	Script                       bool
	Instruments, Controls, Facts int
	Provisions                   int
}

// Make draws every page, as the law stands on a day. The same catalogue and day give the same bytes.
func Make(cat *law.Catalogue, day fact.Day) (*Site, error) {
	pages, err := template.ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the pages of the site: %w", err)
	}
	x, err := cross(cat, day)
	if err != nil {
		return nil, err
	}
	s := &Site{Files: map[string][]byte{}, pages: pages, frame: frame{Disclaimer: Disclaimer, Version: cat.Version,
		Digest: cat.Digest, Day: day.String(), Instruments: len(cat.Instruments), Controls: len(cat.Controls),
		Facts: len(cat.Vocabulary.Names()), Provisions: len(cat.Provisions)}}
	for _, name := range []string{"style.css", "search.js"} {
		if s.Files[name], err = files.ReadFile(name); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	for _, draw := range []func(*crossing) error{s.start, s.about, s.instruments, s.controls, s.facts,
		s.calendar, s.clocks, s.search} {
		if err := draw(x); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Names lists the files in order.
func (s *Site) Names() []string { return slices.Sorted(maps.Keys(s.Files)) }

// page fills one template into one file.
func (s *Site) page(path, layout, title, here string, data any) error {
	f := s.frame
	f.Root, f.Title, f.Here, f.Policy = rootOf(path), title, here, policy
	if here == "search" {
		f.Policy, f.Script = scriptPolicy, true
	}
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, layout, struct {
		frame
		Data any
	}{f, data}); err != nil {
		return fmt.Errorf("drawing %s: %w", path, err)
	}
	s.Files[path] = b.Bytes()
	return nil
}
