// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func TestALieEndsTheCaptureAtItsPlace(t *testing.T) {
	head, _ := classic(binary.LittleEndian, magicMicro, 1, samples(1e6))
	ng, _ := modern(binary.LittleEndian)
	nextPcap := func(size uint32) []byte {
		f := file{order: binary.LittleEndian, b: append([]byte{}, head...)}
		f.u32(1, 1, size, size)
		return append(f.b, "behind"...)
	}
	nextBlock := func(kind, size uint32, rest ...uint32) []byte {
		f := file{order: binary.LittleEndian, b: append([]byte{}, ng...)}
		f.u32(kind, size)
		f.u32(rest...)
		return f.b
	}
	for _, c := range []struct {
		name string
		b    []byte
		says string
	}{
		{"a frame of four gibibytes", nextPcap(math.MaxUint32), "more than any frame has"},
		{"a frame beyond the limit", nextPcap(maxFrame + 1), "more than any frame has"},
		{"a frame beyond the end", nextPcap(1000), "ends within frame 4"},
		{"a block of nothing", nextBlock(blockPacket, 0, 0, 0, 0), "claims the length 0"},
		{"a block shorter than itself", nextBlock(blockPacket, 8, 0, 0, 0), "claims the length 8"},
		{"an odd block", nextBlock(blockPacket, 33, 0, 0, 0), "claims the length 33"},
		{"a block beyond the end", nextBlock(99, 0x7ffffff0, 0, 0), "ends within a block"},
		{"a huge frame's block", nextBlock(blockPacket, 0x7ffffff0, 0, 0), "ends within a block"},
		{"a block too short for a frame", nextBlock(blockPacket, 24, 0, 0, 0, 24), "too short"},
		{"a frame longer than its block", nextBlock(blockPacket, 36, 0, 0, 0, 5, 5, 0, 36), "claims 5 captured bytes"},
		{"an interface that is not there", nextBlock(blockPacket, 36, 7, 0, 0, 4, 4, 0, 36), "names interface 7 of 2"},
		{"a section in no byte order", nextBlock(blockSection, 28, 0x12345678, 1, 0, 0, 28), "byte-order mark"},
	} {
		all, notice, err := read(t, c.b)
		if err != nil || len(all) != 3 || !strings.Contains(notice, c.says) || !strings.Contains(notice, "offset ") {
			t.Errorf("%s: %d frames (%v), %q; want 3 and %q", c.name, len(all), err, notice, c.says)
		}
	}
}

func TestWhatIsNoCaptureIsNamed(t *testing.T) {
	for _, c := range []struct{ b, found string }{
		{"", "nothing: the input is empty"}, {"PK\x03\x04more", "a zip archive"}, {`{"ts":1}`, "JSON"}, {"<html>", "XML or HTML"},
		{"#separator \\x09", "a Zeek log"}, {"BZh91AY", "bzip2"}, {"\x28\xb5\x2f\xfd", "zstd"}, {"\x01\x02\x03", "bytes 01 02 03"},
		{string(zip(t, []byte("text"))), "bytes 74 65 78 74"}, {string(zip(t, zip(t, nil))), "a gzip file within"},
		{"\x1f\x8b", "a gzip file with a broken header"}, {strings.Repeat("\x00", 100), "bytes 00"},
	} {
		path := put(t, []byte(c.b))
		_, err := Open(path, nil)
		var bad *FormatError
		if e := Check(path); e == nil || err == nil || e.Error() != err.Error() {
			t.Errorf("%.20q: Check says %v, Open %v", c.b, e, err)
		}
		if !errors.As(err, &bad) || bad.Path != path || bad.Offset != 0 || !strings.Contains(bad.Found, c.found) {
			t.Errorf("%.20q: %v, want a format error that found %q", c.b, err, c.found)
		} else if text := err.Error(); !strings.Contains(text, path) || !strings.Contains(text, "offset 0") || !strings.Contains(text, "pcapng") {
			t.Errorf("%q does not name file, offset and what is read", text)
		}
	}
	var bad *FormatError
	if _, err := Open(t.TempDir(), nil); !errors.As(err, &bad) || bad.Found != "a directory" {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open("/does/not/exist", nil); err == nil || !strings.Contains(err.Error(), "/does/not/exist") {
		t.Errorf("no file: %v", err)
	}
	if _, err := Open(Stdin, nil); err == nil {
		t.Error("standard input that is not open was opened")
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestBombsCostNoMemory(t *testing.T) {
	many := file{order: binary.LittleEndian}
	many.section()
	for range maxInterfaces + 50_000 {
		many.nic(1, 0)
	}
	wide := file{order: binary.LittleEndian}
	wide.section()
	wide.nic(1, 0, func() {
		for range 500_000 {
			wide.option(2, 'x')
		}
	})
	big := file{order: binary.LittleEndian}
	big.section()
	big.nic(1, 0)
	big.block(blockPacket, func() {
		big.u32(0, 0, 0, 4<<20, 4<<20)
		big.b = append(big.b, make([]byte, 4<<20)...)
	})
	zeros, _ := classic(binary.LittleEndian, magicMicro, 1, nil)
	zeros = zip(t, append(zeros, make([]byte, 16<<20)...))
	for _, c := range []struct {
		name string
		b    []byte
	}{{"interfaces", many.b}, {"options", wide.b}, {"a frame of four mebibytes", big.b}, {"zipped zeros", zeros}} {
		path := put(t, c.b)
		got := allocated(func() {
			s, err := Open(path, nil)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			defer s.Close()
			var f Frame
			for s.Next(&f) == nil {
			}
			if ng, ok := s.f.(*ngFile); ok && len(ng.interfaces) > maxInterfaces {
				t.Errorf("%s: %d interfaces are kept", c.name, len(ng.interfaces))
			}
		})
		if got > 12<<20 {
			t.Errorf("%s: %d bytes of capture cost %d bytes of memory", c.name, len(c.b), got)
		}
	}
}

// trickle is a reader that gives nothing now and then, and fails at last.
type trickle struct {
	b    []byte
	idle int
	err  error
}

func (r *trickle) Read(p []byte) (int, error) {
	if r.idle++; r.idle%3 != 0 {
		return 0, nil
	}
	if len(r.b) == 0 {
		return 0, r.err
	}
	n := copy(p[:min(len(p), 5)], r.b)
	r.b = r.b[n:]
	return n, nil
}

func TestAReaderThatFailsIsToldOf(t *testing.T) {
	b, _ := classic(binary.LittleEndian, magicMicro, 1, samples(1e6))
	broken := errors.New("the disk is broken")
	w := newWindow(&trickle{b: b, err: broken})
	f, ok := openPcap(w)
	if !ok {
		t.Fatal("not recognised")
	}
	var fr Frame
	for n := 0; ; n++ {
		if err := f.next(&fr); err != nil {
			if n != 3 || !strings.Contains(err.Error(), "the disk is broken") {
				t.Errorf("after %d frames: %v", n, err)
			}
			break
		}
	}
	w = newWindow(&trickle{err: io.EOF, idle: -1000})
	if w.peek(1); w.ended() != nil {
		t.Errorf("the end is %v", w.ended())
	}
	idle := newWindow(idleReader{})
	if idle.peek(1); !errors.Is(idle.ended(), io.ErrNoProgress) {
		t.Errorf("a reader that gives nothing: %v", idle.ended())
	}
}

type idleReader struct{}

func (idleReader) Read([]byte) (int, error) { return 0, nil }

func FuzzOpen(f *testing.F) {
	for _, order := range orders {
		b, _ := classic(order, magicMicro, 1, samples(1e6))
		f.Add(b)
		b, _ = classic(order, magicModified, 113, samples(1e6))
		f.Add(b)
		b, _ = modern(order)
		f.Add(b)
	}
	old := file{order: binary.LittleEndian}
	old.section()
	old.nic(1, 3, func() { old.option(9, 0x8a) }, func() { old.option(14, 1, 2, 3, 4, 5, 6, 7, 8) })
	old.block(blockSimple, func() { old.u32(4, 0) })
	old.block(blockOldPacket, func() { old.u32(0, 0, 0, 0, 0) })
	f.Add(old.b)
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &Source{Path: "fuzz", w: newWindow(strings.NewReader(string(b)))}
		if s.detect() != nil {
			return
		}
		var fr Frame
		frames, bytes := 0, 0
		for s.Next(&fr) == nil {
			frames++
			bytes += len(fr.Data)
		}
		if bytes > len(b) || frames > len(b)/12 {
			t.Errorf("%d frames of %d bytes out of %d", frames, bytes, len(b))
		}
	})
}

// endless gives zeros for ever, and counts them.
type endless struct{ given int64 }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	if e.given += int64(len(p)); e.given > 16<<20 {
		return 0, errors.New("read on and on")
	}
	return len(p), nil
}

func TestWhatIsNoCaptureIsRefusedByItsFirstBytes(t *testing.T) {
	from := &endless{}
	var bad *FormatError
	if _, err := Open(Stdin, from); !errors.As(err, &bad) || from.given > 1<<20 {
		t.Errorf("an endless stream: %v after %d bytes", err, from.given)
	}
	broken := errors.New("broken")
	if _, err := Open(Stdin, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a stream that breaks: %v", err)
	}
	path := put(t, nil)
	if err := os.Truncate(path, 1<<40); err != nil {
		t.Skipf("no sparse files here: %v", err)
	}
	if _, err := Open(path, nil); !errors.As(err, &bad) {
		t.Errorf("a tebibyte of zeros: %v", err)
	}
}

func TestAGzipThatUnpacksWithoutEndIsLeft(t *testing.T) {
	f := file{order: binary.LittleEndian}
	f.b, _ = classic(f.order, magicMicro, 1, nil)
	f.u32(1, 1, maxFrame, maxFrame)
	one := append(f.b[24:], make([]byte, maxFrame)...)
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	z.Write(f.b[:24])
	const frames = freelyUnpacked/maxFrame + 1000
	for range frames {
		z.Write(one)
	}
	z.Close()
	s, err := Open(put(t, b.Bytes()), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n := len(drain(t, s))
	if honest := int64(b.Len())*mostUnpacked + freelyUnpacked; int64(n)*maxFrame > honest || n < freelyUnpacked/maxFrame-1 {
		t.Errorf("%d of %d frames were read from %d bytes", n, frames, b.Len())
	}
	if !strings.Contains(s.Notice(), "whole frames") || !strings.Contains(s.Notice(), "unpack it by hand") {
		t.Errorf("notice %q", s.Notice())
	}
}
