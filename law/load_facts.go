// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"

	"github.com/writ-iot/writ/fact"
)

// itemStart is how an entry of a file of facts begins, by the style that catalogue files are kept in.
var itemStart = []byte("  - name: ")

// LoadFacts reads the definitions of the named facts, and nothing else of a catalogue: who looks at a
// wire need not wait for the law. A name that is defined nowhere is left out. The rest of the
// catalogue is not checked: Load does that.
func LoadFacts(fsys fs.FS, names []fact.Name) (*fact.Vocabulary, error) {
	files, err := fs.Glob(fsys, "facts/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading catalogue: %w", err)
	}
	want := make(map[string]bool, len(names))
	for _, n := range names {
		want[string(n)] = true
	}
	var defs []fact.Definition
	var problems Problems
	for _, name := range files {
		src, err := ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading catalogue: %w", err)
		}
		src, some := only(src, want)
		if !some {
			continue
		}
		d := readDocument(nil, name, src)
		problems = append(problems, d.Problems...)
		defs = append(defs, d.definitions...)
	}
	if err := problems.Sort().Err(); err != nil {
		return nil, err
	}
	defs = slices.DeleteFunc(defs, func(d fact.Definition) bool { return !want[string(d.Name)] })
	return fact.NewVocabulary(defs)
}

// only empties the lines of the entries that nobody wants, so that those left keep their places. It
// takes an entry written in another style along with the one above it, or leaves a whole file as it is.
func only(src []byte, want map[string]bool) (out []byte, some bool) {
	styled, keep := bytes.Contains(src, itemStart), true
	if !styled {
		return src, true
	}
	out = make([]byte, 0, len(src))
	for line := range bytes.Lines(src) {
		if name, ok := bytes.CutPrefix(line, itemStart); ok {
			keep = want[string(bytes.TrimSpace(name))]
			some = some || keep
		}
		if keep {
			out = append(out, line...)
		} else {
			out = append(out, '\n')
		}
	}
	return out, some
}
