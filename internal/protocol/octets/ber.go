// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package octets

// TLV is one BER element with a definite length (X.690, 8.1).
type TLV struct {
	Tag   byte // of a multi-byte tag (X.690, 8.1.2.4) the first byte; Number then holds the rest
	Value []byte
	// Number is the tag number of a multi-byte tag, 0 otherwise.
	Number int
}

// BER takes one element off b. It returns false where b does not begin with a whole element.
func BER(b []byte) (t TLV, rest []byte, ok bool) {
	head, n, ok := berHead(b, &t)
	if !ok || n > len(b)-head {
		return TLV{}, nil, false
	}
	t.Value = b[head : head+n]
	return t, b[head+n:], true
}

// BERSize is a Size of elements: header and value.
func BERSize(b []byte) int {
	var t TLV
	head, n, ok := berHead(b, &t)
	switch {
	case ok:
		return head + n
	case len(b) < 10 && berOpen(b):
		return 0
	}
	return -1
}

// berOpen says that more bytes may still make b the head of an element.
func berOpen(b []byte) bool {
	if len(b) < 2 {
		return true
	}
	i := 1
	if b[0]&0x1f == 0x1f {
		for i < len(b) && b[i]&0x80 != 0 {
			i++
		}
		if i++; i >= len(b) {
			return i <= 4
		}
	}
	n := b[i]
	return n > 0x80 && n <= 0x84 && len(b) < i+1+int(n&0x7f)
}

func berHead(b []byte, t *TLV) (head, length int, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	t.Tag = b[0]
	i := 1
	if b[0]&0x1f == 0x1f {
		for i < len(b) && i < 4 && b[i]&0x80 != 0 {
			t.Number = t.Number<<7 | int(b[i]&0x7f)
			i++
		}
		if i >= len(b) || b[i]&0x80 != 0 {
			return 0, 0, false
		}
		t.Number = t.Number<<7 | int(b[i])
		i++
	}
	if i >= len(b) {
		return 0, 0, false
	}
	n := int(b[i])
	i++
	if n < 0x80 {
		return i, n, true
	}
	if n == 0x80 || n > 0x84 || len(b) < i+n&0x7f { // indefinite, or longer than we read
		return 0, 0, false
	}
	for range n & 0x7f {
		length = length<<8 | int(b[i])
		i++
	}
	return i, length, length < 1<<30
}

// Int is the value of a BER INTEGER of at most eight bytes.
func (t TLV) Int() int64 {
	if len(t.Value) == 0 || len(t.Value) > 8 {
		return 0
	}
	v := int64(int8(t.Value[0]))
	for _, c := range t.Value[1:] {
		v = v<<8 | int64(c)
	}
	return v
}
