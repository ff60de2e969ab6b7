// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Archive is a canonical zip that was read and found to be one.
type Archive struct {
	r     io.ReaderAt
	Files []File // sorted by name
}

// OpenZip reads a zip and encodes it again: unless every byte is the same, it is refused, naming the
// byte and the entry where the two part.
func OpenZip(r io.ReaderAt, size int64) (*Archive, error) {
	files, start, err := directory(r, size)
	if err != nil {
		return nil, err
	}
	a := &Archive{r: r, Files: files}
	at := int64(0)
	for i := range a.Files {
		f := &a.Files[i]
		f.at = at + localSize + int64(len(f.Name))
		at = f.at + f.Size
	}
	if at != start {
		return nil, refuse(NotCanonical, "",
			"not the one zip of its entries: their contents end at byte %d, its directory begins at %d", at, start)
	}
	c := &comparer{r: r, size: size}
	err = encodeZip(c, a.Files, func(i int, _ io.Writer) error { return a.checkContent(i, c) })
	if err == nil && c.at != size {
		err = errDiffers
	}
	if errors.Is(err, errDiffers) {
		return nil, refuse(NotCanonical, a.entryAt(c.at), "byte %d of the dossier is not what its entries give", c.at)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// checkContent checks the checksum of an entry's content and steps over it.
func (a *Archive) checkContent(i int, c *comparer) error {
	f := a.Files[i]
	crc := crc32.NewIEEE()
	if _, err := io.Copy(crc, a.section(f)); err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	if crc.Sum32() != f.CRC {
		return refuse(NotCanonical, f.Name, "its content does not have the checksum that the zip holds for it")
	}
	c.at += f.Size
	return nil
}

func (a *Archive) section(f File) *io.SectionReader { return io.NewSectionReader(a.r, f.at, f.Size) }

// entryAt names the entry whose header or content holds a byte; "" for the directory at the end.
func (a *Archive) entryAt(at int64) string {
	for _, f := range a.Files {
		if at < f.at+f.Size {
			return f.Name
		}
	}
	return ""
}

// Open gives an entry's content; nil when there is none of that name.
func (a *Archive) Open(name string) *io.SectionReader {
	for _, f := range a.Files {
		if f.Name == name {
			return a.section(f)
		}
	}
	return nil
}

// Read gives an entry's content whole, if it is there and at most limit bytes long.
func (a *Archive) Read(name string, limit int64) ([]byte, error) {
	s := a.Open(name)
	if s == nil {
		return nil, refuse(EntryChanged, name, "the dossier has no such entry")
	}
	if s.Size() > limit {
		return nil, refuse(EntryChanged, name, "%d bytes, at most %d are allowed", s.Size(), limit)
	}
	b := make([]byte, s.Size())
	if _, err := io.ReadFull(s, b); err != nil {
		return nil, fmt.Errorf("%s: reading: %w", name, err)
	}
	return b, nil
}

// directory reads the central directory: the last thing before the end record, which is the last thing
// of all. Sizes are believed only after the comparison.
func directory(r io.ReaderAt, size int64) ([]File, int64, error) {
	if size < endSize || size > maxZip {
		return nil, 0, refuse(NotADossier, "", "not a dossier: %d bytes", size)
	}
	var end [endSize]byte
	if _, err := r.ReadAt(end[:], size-endSize); err != nil {
		return nil, 0, fmt.Errorf("reading the dossier's end: %w", err)
	}
	if string(end[:4]) != "PK\x05\x06" {
		return nil, 0, noEnd(r)
	}
	count := int(binary.LittleEndian.Uint16(end[10:]))
	length := int64(binary.LittleEndian.Uint32(end[12:]))
	start := int64(binary.LittleEndian.Uint32(end[16:]))
	if start+length+endSize != size || length < int64(count)*centralSize ||
		length > int64(count)*(centralSize+maxName) {
		return nil, 0, refuse(NotCanonical, "", "its end record does not fit its length")
	}
	b := make([]byte, length)
	if _, err := r.ReadAt(b, start); err != nil {
		return nil, 0, fmt.Errorf("reading the dossier's directory: %w", err)
	}
	files, err := parseDirectory(b, count)
	if err == nil {
		err = checkFiles(files)
	}
	if err != nil {
		return nil, 0, refuse(NotCanonical, "", "its directory: %v", err)
	}
	return files, start, nil
}

// noEnd tells a damaged dossier from what never was one.
func noEnd(r io.ReaderAt) error {
	var magic [4]byte
	if _, err := r.ReadAt(magic[:], 0); err != nil || string(magic[:2]) != "PK" {
		return refuse(NotADossier, "", "not a dossier: it does not begin as a zip does, but with %q", magic[:])
	}
	return refuse(NotCanonical, "", "it does not end as a zip does: cut short, or something follows its end")
}

func parseDirectory(b []byte, count int) ([]File, error) {
	var files []File
	for len(b) >= centralSize && len(files) < count {
		n := int(binary.LittleEndian.Uint16(b[28:]))
		if string(b[:4]) != "PK\x01\x02" || len(b) < centralSize+n {
			break
		}
		files = append(files, File{
			Name: string(b[centralSize : centralSize+n]),
			Size: int64(binary.LittleEndian.Uint32(b[20:])),
			CRC:  binary.LittleEndian.Uint32(b[16:]),
		})
		b = b[centralSize+n:]
	}
	if len(files) != count || len(b) != 0 {
		return nil, fmt.Errorf("%d of %d entries can be read", len(files), count)
	}
	return files, nil
}

var errDiffers = errors.New("differs")

// comparer is a writer that takes only the bytes that already stand in r.
type comparer struct {
	r        io.ReaderAt
	size, at int64
	buf      []byte
}

func (c *comparer) Write(p []byte) (int, error) {
	if cap(c.buf) < len(p) {
		c.buf = make([]byte, len(p))
	}
	b := c.buf[:len(p)]
	if c.at+int64(len(p)) > c.size {
		return 0, errDiffers
	}
	if _, err := c.r.ReadAt(b, c.at); err != nil {
		return 0, fmt.Errorf("reading byte %d: %w", c.at, err)
	}
	if !bytes.Equal(b, p) {
		for i := range p {
			if b[i] != p[i] {
				c.at += int64(i)
				break
			}
		}
		return 0, errDiffers
	}
	c.at += int64(len(p))
	return len(p), nil
}
