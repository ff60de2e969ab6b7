// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Program gen makes what package identify carries. It packs the IEEE registry's listings (oui.csv, mam.csv,
// oui36.csv and iab.csv, as Debian's package ieee-data holds them; IEEE asserts no copyright in the listings)
// into identify/registry.bin, and writes catalogue/devices as Go source:
//
//	go run ./internal/identify/gen /usr/share/ieee-data internal/identify/registry.bin
//	go run ./internal/identify/gen signatures internal/identify/signatures.gen.go
package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/identify"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "use: gen DIRECTORY FILE, or gen signatures FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	if dir == "signatures" {
		src, err := identify.Source(catalogue.FS, "devices")
		if err != nil {
			return err
		}
		return os.WriteFile(out, src, 0o644)
	}
	var all []identify.Assignment
	for _, name := range []string{"oui.csv", "mam.csv", "oui36.csv", "iab.csv"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		of, err := read(f)
		f.Close()
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		all = append(all, of...)
	}
	packed, err := identify.Pack(all)
	if err != nil {
		return err
	}
	return os.WriteFile(out, packed, 0o644)
}

// read takes one listing: registry, assignment in hex, organisation, address. Blocks that name nobody
// (held back as private, or divided further by IEEE itself) are left out.
func read(r io.Reader) ([]identify.Assignment, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	var all []identify.Assignment
	for i, row := range rows {
		if i == 0 || len(row) < 3 {
			continue
		}
		name := strings.Join(strings.Fields(row[2]), " ")
		if name == "" || name == "Private" || name == "IEEE Registration Authority" {
			continue
		}
		prefix, err := strconv.ParseUint(row[1], 16, 64)
		if err != nil {
			return nil, fmt.Errorf("row %d: assignment %q: %w", i+1, row[1], err)
		}
		all = append(all, identify.Assignment{Prefix: prefix, Bits: uint(4 * len(row[1])), Name: name})
	}
	return all, nil
}
