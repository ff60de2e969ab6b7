// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package octets

import (
	"bytes"
	"strings"
	"testing"
)

func TestReaderNeverLeavesItsSlice(t *testing.T) {
	r := NewReader([]byte{1, 2, 3})
	if r.U16() != 0x0102 || !r.OK() {
		t.Fatal("a read inside the slice is not right")
	}
	if r.U32() != 0 || r.OK() || r.Len() != 0 || r.U8() != 0 {
		t.Error("a read beyond the end must give zero and stay bad")
	}
	r = NewReader([]byte("ab"))
	if r.CString() != nil || r.OK() {
		t.Error("a string without its NUL must be bad")
	}
	r = NewReader([]byte{1})
	if r.Bytes(-1) != nil || r.OK() {
		t.Error("a negative length must be bad")
	}
}

// feed cuts b into chunks of n and collects what next makes of them.
func feed(b []byte, n int, next func(p []byte) ([]byte, []byte, bool)) []string {
	var out []string
	for len(b) > 0 {
		k := min(n, len(b))
		p := b[:k]
		b = b[k:]
		for {
			one, rest, ok := next(p)
			if !ok {
				break
			}
			out = append(out, string(one))
			p = rest
		}
	}
	return out
}

func TestLinesAreTheSameWhateverTheChunks(t *testing.T) {
	long := strings.Repeat("x", MaxLine+500)
	in := []byte("one\r\n\r\ntwo\n" + long + "\r\nend\n left")
	want := []string{"one", "", "two", long[:MaxLine], "end"}
	for n := 1; n < len(in); n += 1 + n/3 {
		var l Lines
		got := feed(in, n, func(p []byte) ([]byte, []byte, bool) { return l.Next(p, 1) })
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("in chunks of %d: %d lines, want %d", n, len(got), len(want))
		}
		if string(l.Partial()) != " left" {
			t.Errorf("in chunks of %d: partial line %q", n, l.Partial())
		}
	}
}

func TestAGapCostsOnlyTheLineItHits(t *testing.T) {
	var l Lines
	l.Next([]byte("half a li"), 1)
	l.Gap()
	line, rest, ok := l.Next([]byte("ne\nnext\n"), 2)
	if !ok || string(line) != "next" || len(rest) != 0 {
		t.Errorf("got %q, want the line after the damaged one", line)
	}
}

func prefixed(b []byte) int {
	switch {
	case len(b) == 0:
		return 0
	case b[0] == 0xff:
		return -1
	}
	return 1 + int(b[0])
}

func TestRecordsAreTheSameWhateverTheChunks(t *testing.T) {
	in := []byte("\x03abc\x00\x0a0123456789\x01z")
	want := []string{"\x03abc", "\x00", "\x0a01234", "\x01z"}
	for n := 1; n <= len(in); n++ {
		r := Records{Size: prefixed, Max: 6}
		got := feed(in, n, func(p []byte) ([]byte, []byte, bool) { return r.Next(p, 1) })
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("in chunks of %d: %q, want %q", n, got, want)
		}
	}
}

func TestRecordsSurviveAGapInsideWhatIsNotKept(t *testing.T) {
	r := Records{Size: prefixed, Max: 2}
	r.Next([]byte("\x09ab"), 1)
	if !r.Gap(5) {
		t.Fatal("a gap inside the record's tail loses nothing")
	}
	got := feed([]byte("cd\x01z"), 9, func(p []byte) ([]byte, []byte, bool) { return r.Next(p, 2) })
	if len(got) != 1 || got[0] != "\x01z" {
		t.Errorf("after the gap: %q, want the next record", got)
	}
	if r.Gap(1) || !r.Lost {
		t.Error("a gap at a boundary must lose the boundaries")
	}
}

func TestBERTakesOnlyWholeElements(t *testing.T) {
	e, rest, ok := BER([]byte{0x30, 0x81, 2, 5, 0, 9})
	if !ok || e.Tag != 0x30 || !bytes.Equal(e.Value, []byte{5, 0}) || len(rest) != 1 {
		t.Errorf("long form: %v %v %v", e, rest, ok)
	}
	for _, bad := range [][]byte{{}, {0x30}, {0x30, 0x80}, {0x30, 3, 1}, {0x30, 0x85, 0, 0, 0, 0, 1}, {0x1f, 0x81}} {
		if _, _, ok := BER(bad); ok {
			t.Errorf("% x passed for an element", bad)
		}
	}
	if v := (TLV{Value: []byte{0xff, 0x7f}}).Int(); v != -129 {
		t.Errorf("integer ff7f = %d, want -129", v)
	}
}

func FuzzBERSizeAgreesWithBER(f *testing.F) {
	f.Add([]byte{0x30, 0x81, 2, 5, 0, 9})
	f.Add([]byte{0x1f, 0x81, 0x01, 0x82, 0, 1, 7})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, rest, ok := BER(b)
		n := BERSize(b)
		if ok && n != len(b)-len(rest) {
			t.Errorf("element of %d bytes, size %d", len(b)-len(rest), n)
		}
		if ok && len(e.Value) > len(b) {
			t.Error("value longer than its bytes")
		}
		if n == 0 && len(b) >= 10 {
			t.Error("asks for more than any head can need")
		}
	})
}

func TestTextIsPrintableAndBounded(t *testing.T) {
	for in, want := range map[string]string{
		"plain":              "plain",
		" \x1b[2J hello\r\n": "[2J hello",
		"a  b":               "a b",
		"\xff\xfe":           "",
		"größe":              "größe",
		"0123456789abcdef":   "0123456789",
	} {
		if got := Text([]byte(in), 10); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}
