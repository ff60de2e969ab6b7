// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// file builds captures in a byte order.
type file struct {
	order binary.AppendByteOrder
	b     []byte
}

func (f *file) u16(v uint16) { f.b = f.order.AppendUint16(f.b, v) }
func (f *file) u32(v ...uint32) {
	for _, x := range v {
		f.b = f.order.AppendUint32(f.b, x)
	}
}

// sample is one frame of the captures below.
type sample struct {
	sec, frac uint32 // of a second, in the capture's own unit
	data      string
	length    uint32
}

// samples are three frames; the second was longer on the wire.
func samples(unit uint32) []sample {
	return []sample{{1, 5, "first frame", 11}, {1_700_000_000, unit - 1, "cut", 1500}, {4_000_000_000, 0, "", 0}}
}

// classic builds a pcap and tells where each frame ends.
func classic(order binary.AppendByteOrder, magic uint32, link uint32, frames []sample) (b []byte, ends []int) {
	f := file{order: order}
	f.u32(magic)
	f.u16(2)
	f.u16(4)
	f.u32(0, 0, 262144, link)
	for _, s := range frames {
		f.u32(s.sec, s.frac, uint32(len(s.data)), s.length)
		if magic == magicModified {
			f.u32(0, 0)
		}
		f.b = append(f.b, s.data...)
		ends = append(ends, len(f.b))
	}
	return f.b, ends
}

// block appends a pcapng block around a body.
func (f *file) block(kind uint32, body func()) {
	at := len(f.b)
	f.u32(kind, 0)
	body()
	for len(f.b)%4 != 0 {
		f.b = append(f.b, 0)
	}
	size := uint32(len(f.b) + 4 - at)
	f.u32(size)
	copy(f.b[at+4:], f.order.AppendUint32(nil, size))
}

func (f *file) option(code uint16, v ...byte) {
	f.u16(code)
	f.u16(uint16(len(v)))
	f.b = append(f.b, v...)
	for len(f.b)%4 != 0 {
		f.b = append(f.b, 0)
	}
}

func (f *file) section() {
	f.block(blockSection, func() {
		f.u32(byteOrder, 1, 0xffffffff, 0xffffffff)
		f.option(2, []byte("a machine")...)
		f.option(0)
	})
}

func (f *file) nic(link uint16, snap uint32, options ...func()) {
	f.block(blockInterface, func() {
		f.u16(link)
		f.u16(0)
		f.u32(snap)
		for _, o := range options {
			o()
		}
	})
}

// frame appends an enhanced packet block.
func (f *file) frame(nic uint32, stamp uint64, data string, length uint32) {
	f.block(blockPacket, func() {
		f.u32(nic, uint32(stamp>>32), uint32(stamp), uint32(len(data)), length)
		f.b = append(f.b, data...)
	})
}

// modern builds a pcapng of two interfaces, microseconds and nanoseconds, with blocks to be passed over.
func modern(order binary.AppendByteOrder) (b []byte, ends []int) {
	f := file{order: order}
	f.section()
	f.nic(uint16(Ethernet), 0)
	f.nic(uint16(LinuxSLL2), 0, func() { f.option(9, 9) }, func() { f.option(0) })
	for i, s := range samples(1e6) {
		f.block(0x0bad, func() { f.b = append(f.b, "unknown"...) })
		scale := []uint64{1e6, 1e9}[i%2]
		f.frame(uint32(i%2), uint64(s.sec)*scale+uint64(s.frac), s.data, s.length)
		ends = append(ends, len(f.b))
	}
	return f.b, ends
}

func put(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zip(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// got is a frame with data of its own.
type got struct {
	time   int64
	data   string
	length uint32
	link   Link
}

// drain reads all frames.
func drain(t testing.TB, s *Source) (all []got) {
	t.Helper()
	var f Frame
	for {
		err := s.Next(&f)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, got{f.Time, string(f.Data), f.Length, f.Link})
	}
}

// read opens a capture's bytes as a file and reads all of it.
func read(t testing.TB, b []byte) ([]got, string, error) {
	t.Helper()
	s, err := Open(put(t, b), nil)
	if err != nil {
		return nil, "", err
	}
	defer s.Close()
	return drain(t, s), s.Notice(), nil
}
