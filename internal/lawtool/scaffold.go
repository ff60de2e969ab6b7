// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/writ-iot/writ/law"
)

//go:embed scaffold
var scaffolds embed.FS

// Sheet is one file of a new instrument, with its path below a catalogue.
type Sheet struct{ Path, Text string }

// Scaffold writes what an author begins a law with: the instrument, the list of its places, and a law test
// with the three cases. Each value that only the author knows begins with law.Fill and says what belongs
// there; no catalogue that still holds one is read, and lint lists them all.
func Scaffold(id law.InstrumentID, kind law.Kind) ([]Sheet, error) {
	if !id.Valid() {
		return nil, fmt.Errorf("%q is no ID of an instrument: jurisdiction/name, in lower case, such as uk/psti", id)
	}
	t, err := template.ParseFS(scaffolds, "scaffold/*.txt")
	if err != nil {
		return nil, fmt.Errorf("reading the scaffold: %w", err)
	}
	jurisdiction, _, _ := strings.Cut(string(id), "/")
	data := struct {
		ID           law.InstrumentID
		Kind         law.Kind
		Jurisdiction string
		Fill         string
	}{id, kind, strings.ToUpper(jurisdiction), strings.TrimSpace(law.Fill)}
	var all []Sheet
	for _, f := range []struct{ name, path string }{
		{"instrument.txt", "instruments/" + string(id) + ".yaml"},
		{"pinpoints.txt", "pinpoints/" + string(id) + ".txt"},
		{"lawtest.txt", "lawtests/" + string(id) + ".lawtest"},
	} {
		var b strings.Builder
		if err := t.ExecuteTemplate(&b, f.name, data); err != nil {
			return nil, fmt.Errorf("writing %s: %w", f.path, err)
		}
		all = append(all, Sheet{f.path, b.String()})
	}
	return all, nil
}

// WriteSheets writes the files below a directory, all or none; one that is there already is kept, and
// refuses the rest.
func WriteSheets(dir string, sheets []Sheet) (err error) {
	var made []string
	defer func() {
		if err != nil {
			for _, name := range made {
				err = errors.Join(err, os.Remove(name))
			}
		}
	}()
	for _, s := range sheets {
		name := filepath.Join(dir, filepath.FromSlash(s.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s is there already, and stays as it is", name)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		made = append(made, name)
		_, err = f.WriteString(s.Text)
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}
