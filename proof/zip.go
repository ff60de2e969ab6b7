// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"
)

// A canonical zip is the one sequence of bytes that holds given entries: stored, sorted by name, each
// once, times zero, no flags, no extra fields, no comments, no gap, nothing after its end. Two readers
// can then never see two contents in it, and a changed byte anywhere changes what it is.
//
//	local header (30 bytes, version 20, method 0) name content   … for each entry
//	central header (46 bytes) name                              … for each entry
//	end record (22 bytes)

const (
	localSize, centralSize, endSize = 30, 46, 22

	maxEntries = 60_000
	maxZip     = math.MaxUint32 - 1 // no zip64: a dossier beyond 4 GiB is split by its maker
	maxName    = 200
)

// File is one entry of a canonical zip.
type File struct {
	Name string
	Size int64
	CRC  uint32
	at   int64 // offset of the content
}

// Content is an entry to be written.
type Content struct {
	Name string
	Size int64
	// Open gives the content from its start; it is read twice.
	Open func() (io.ReadCloser, error)
}

// Bytes is an entry that lies in memory.
func Bytes(name string, b []byte) Content {
	return Content{name, int64(len(b)), func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(string(b))), nil
	}}
}

// checkName keeps to names that every system writes the same way and none can be led out of its
// directory by.
func checkName(name string) error {
	if name == "" || len(name) > maxName {
		return fmt.Errorf("entry name of %d bytes: want 1 to %d", len(name), maxName)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("entry name %q: empty or dotted part", name)
		}
	}
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
			!strings.ContainsRune("-_./", rune(c)) {
			return fmt.Errorf("entry name %q: byte %q is not allowed", name, c)
		}
	}
	return nil
}

// WriteZip writes the canonical zip of the contents, in whatever order they are given.
func WriteZip(w io.Writer, contents []Content) error {
	sorted := slices.SortedFunc(slices.Values(contents),
		func(a, b Content) int { return strings.Compare(a.Name, b.Name) })
	files := make([]File, len(sorted))
	for i, c := range sorted {
		files[i] = File{Name: c.Name, Size: c.Size}
	}
	if err := checkFiles(files); err != nil {
		return err
	}
	for i, c := range sorted {
		crc := crc32.NewIEEE()
		if err := c.copy(crc); err != nil {
			return err
		}
		files[i].CRC = crc.Sum32()
	}
	return encodeZip(w, files, func(i int, w io.Writer) error { return sorted[i].copy(w) })
}

func (c Content) copy(w io.Writer) error {
	r, err := c.Open()
	if err != nil {
		return fmt.Errorf("entry %s: %w", c.Name, err)
	}
	defer r.Close()
	n, err := io.Copy(w, io.LimitReader(r, c.Size+1))
	if err == nil && n != c.Size {
		err = fmt.Errorf("%d bytes were promised, %d came", c.Size, n)
	}
	if err != nil {
		return fmt.Errorf("entry %s: %w", c.Name, err)
	}
	return nil
}

// checkFiles holds the rules of names, order and size.
func checkFiles(files []File) error {
	if len(files) > maxEntries {
		return fmt.Errorf("%d entries, at most %d are allowed", len(files), maxEntries)
	}
	total := int64(endSize)
	for i, f := range files {
		if err := checkName(f.Name); err != nil {
			return err
		}
		if i > 0 && files[i-1].Name >= f.Name {
			return fmt.Errorf("entry %s comes after %s: want each once, sorted", f.Name, files[i-1].Name)
		}
		if f.Size < 0 || f.Size > maxZip {
			return fmt.Errorf("entry %s: %d bytes", f.Name, f.Size)
		}
		total += localSize + centralSize + 2*int64(len(f.Name)) + f.Size
		if total > maxZip {
			return fmt.Errorf("entries beyond %d bytes in all", int64(maxZip))
		}
	}
	return nil
}

// encodeZip writes the zip of files; body writes the content of one. It fills in the offsets.
func encodeZip(w io.Writer, files []File, body func(i int, w io.Writer) error) error {
	var at int64
	offsets := make([]int64, len(files))
	for i, f := range files {
		offsets[i] = at
		b := header([]byte("PK\x03\x04\x14\x00"), f)
		b = append(b, f.Name...)
		if _, err := w.Write(b); err != nil {
			return err
		}
		at += int64(len(b)) + f.Size
		if err := body(i, w); err != nil {
			return err
		}
	}
	start := at
	for i, f := range files {
		b := header([]byte("PK\x01\x02\x14\x00\x14\x00"), f)
		b = append(b, make([]byte, 10)...) // comment length, disk, attributes
		b = binary.LittleEndian.AppendUint32(b, uint32(offsets[i]))
		b = append(b, f.Name...)
		if _, err := w.Write(b); err != nil {
			return err
		}
		at += int64(len(b))
	}
	b := []byte("PK\x05\x06\x00\x00\x00\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(files)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(files)))
	b = binary.LittleEndian.AppendUint32(b, uint32(at-start))
	b = binary.LittleEndian.AppendUint32(b, uint32(start))
	_, err := w.Write(append(b, 0, 0))
	return err
}

// header is what local and central headers share, from the flags to the extra field's length.
func header(b []byte, f File) []byte {
	b = append(b, make([]byte, 8)...) // flags, method, time, date
	b = binary.LittleEndian.AppendUint32(b, f.CRC)
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Size))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.Size))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(f.Name)))
	return append(b, 0, 0)
}
