// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// Stdin is the path that means standard input.
const Stdin = "-"

// Source is an opened capture.
type Source struct {
	Path   string
	SHA256 string // of the input's bytes as they stand (of a gzipped file: the gzip), hex
	Size   int64
	// Media is the capture's registered or usual media type, whatever it was compressed with.
	Media string
	// Link is the link type of the last frame read; captures of several interfaces may mix them.
	Link Link

	file   *os.File
	w      *window
	f      format
	notice string
}

// Open opens the capture at path, or standard input for "-", and digests the whole of it first, so
// that everything said about a frame can name the artefact. What is no regular file is spooled to an
// unlinked temporary file.
func Open(path string, stdin io.Reader) (*Source, error) {
	file, err := regular(path, stdin)
	if err != nil {
		return nil, err
	}
	s := &Source{Path: path, file: file}
	if err := s.open(); err != nil {
		file.Close()
		return nil, err
	}
	return s, nil
}

// Check says whether the file at path begins as a capture does, reading no further. Of a stream nobody can
// say so without taking from it: Open will.
func Check(path string) error {
	if info, err := os.Stat(path); path == Stdin || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	file, err := regular(path, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	return (&Source{Path: path, file: file}).begin()
}

// open looks what the input is before it digests it: a large file of something else is refused at once.
func (s *Source) open() error {
	if err := s.begin(); err != nil {
		return err
	}
	if err := s.digest(); err != nil {
		return fmt.Errorf("digesting %s: %w", s.Path, err)
	}
	return s.begin()
}

// begin puts the window at the input's first frame.
func (s *Source) begin() error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading %s: %w", s.Path, err)
	}
	s.w = s.w.over(s.file)
	h := s.w.peek(18)
	if len(h) >= 2 && h[0] == 0x1f && h[1] == 0x8b {
		if err := s.unzip(); err != nil {
			return err
		}
	}
	return s.detect()
}

// detect finds the format.
func (s *Source) detect() error {
	pcap, classic := openPcap(s.w)
	if pcap != nil {
		s.f, s.Media = pcap, "application/vnd.tcpdump.pcap"
		return nil
	}
	ng, modern := openPcapng(s.w)
	if ng != nil {
		s.f, s.Media = ng, "application/x-pcapng"
		return nil
	}
	h := s.w.peek(16)
	if err := s.w.ended(); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("reading %s: %w", s.Path, err)
	}
	if classic || modern {
		return &FormatError{Path: s.Path, Found: "a capture that is cut short within its header"}
	}
	return &FormatError{Path: s.Path, Found: describe(h)}
}

// unzip puts a gzip reader under the window.
func (s *Source) unzip() error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading %s: %w", s.Path, err)
	}
	z, err := gzip.NewReader(s.file)
	if err != nil {
		return &FormatError{Path: s.Path, Found: "a gzip file with a broken header"}
	}
	s.w = s.w.over(&unpacking{r: z, left: s.packed()*mostUnpacked + freelyUnpacked})
	return nil
}

// packed is the input's length as it stands; digest makes sure of it.
func (s *Source) packed() int64 {
	info, err := s.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// digest reads the whole input through the window's buffer; begin puts the window back to its start.
func (s *Source) digest() error {
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.CopyBuffer(struct{ io.Writer }{h}, struct{ io.Reader }{s.file}, s.w.buf)
	if err != nil {
		return err
	}
	s.Size, s.SHA256 = n, hex.EncodeToString(h.Sum(nil))
	return nil
}

// Next reads the next frame; io.EOF after the last. Whatever stops a capture early is told by Notice.
func (s *Source) Next(f *Frame) error {
	err := s.f.next(f)
	if err == nil {
		s.Link = f.Link
		return nil
	}
	var bad *fault
	if errors.As(err, &bad) {
		s.notice = fmt.Sprintf("%s: offset %d: %s", s.Path, bad.offset, bad.text)
	}
	return io.EOF
}

// Notice says what is wrong with a capture that ended early; "" for one that ended well.
func (s *Source) Notice() string { return s.notice }

// Position is how many of the input's Size bytes were read.
func (s *Source) Position() int64 {
	n, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return n
}

// Close closes the input.
func (s *Source) Close() error { return s.file.Close() }

// regular gives a seekable file with the input's bytes.
func regular(path string, stdin io.Reader) (*os.File, error) {
	if path == Stdin {
		return spool("standard input", stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if info.IsDir() {
		f.Close()
		return nil, &FormatError{Path: path, Found: "a directory"}
	}
	if info.Mode().IsRegular() {
		return f, nil
	}
	defer f.Close()
	return spool(path, f)
}

// begins says whether a capture, or a gzip that may hold one, can begin so.
func begins(h []byte) bool {
	if bytes.HasPrefix(h, []byte("\x1f\x8b")) {
		return true
	}
	_, classic := openPcap(&window{buf: h, n: len(h), err: io.EOF})
	_, modern := openPcapng(&window{buf: h, n: len(h), err: io.EOF})
	return classic || modern
}

// spool copies a stream to a temporary file that has no name: it is gone with the process.
func spool(name string, r io.Reader) (*os.File, error) {
	if r == nil {
		return nil, fmt.Errorf("reading %s: it is not open", name)
	}
	from := bufio.NewReader(r)
	h, err := from.Peek(24)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if !begins(h) {
		return nil, &FormatError{Path: name, Found: describe(h)}
	}
	f, err := os.CreateTemp("", "writ-spool-*")
	if err != nil {
		return nil, fmt.Errorf("spooling %s: %w", name, err)
	}
	os.Remove(f.Name())
	if _, err = io.Copy(f, from); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("spooling %s: %w", name, err)
	}
	return f, nil
}
