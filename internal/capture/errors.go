// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"fmt"
	"strconv"
)

// FormatError says that an input is not a capture.
type FormatError struct {
	Path   string
	Offset int64
	Found  string // what stands there instead
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("reading %s: offset %d: not a capture (pcap, pcapng, or either gzipped): found %s",
		e.Path, e.Offset, e.Found)
}

// fault is where a capture stops making sense.
type fault struct {
	offset int64
	text   string
}

func (f *fault) Error() string { return f.text }

func faultf(offset int64, format string, args ...any) error {
	return &fault{offset: offset, text: fmt.Sprintf(format, args...)}
}

// known first bytes of what people hand over by mistake.
var known = []struct{ magic, name string }{
	{"PK\x03\x04", "a zip archive"}, {"%PDF", "a PDF document"}, {"\x7fELF", "an ELF program"},
	{"{", "text that begins like JSON"}, {"<", "text that begins like XML or HTML"},
	{"#separator", "a Zeek log"}, {"BZh", "a bzip2 file"}, {"\xfd7zXZ", "an xz file"},
	{"\x28\xb5\x2f\xfd", "a zstd file"}, {"snoop\x00\x00\x00", "a snoop capture"},
	{"SQLite format 3", "an SQLite database"}, {"\x1f\x8b", "a gzip file within a gzip file"},
}

// describe says what the first bytes of an input are.
func describe(b []byte) string {
	if len(b) == 0 {
		return "nothing: the input is empty"
	}
	for _, k := range known {
		if bytes.HasPrefix(b, []byte(k.magic)) {
			return k.name
		}
	}
	b = b[:min(len(b), 8)]
	return fmt.Sprintf("bytes % x", b)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
