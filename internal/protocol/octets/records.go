// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package octets

// Size is what a record's first bytes say of its length, header and all: 0 asks for more bytes, a
// negative number says that this is no record.
type Size func(head []byte) int

// Records puts length-prefixed records together out of one direction's bytes. Of each record the first
// Max bytes are kept; the rest passes by unbuffered. Size and Max must be set.
type Records struct {
	Size Size
	Max  int
	// First is the frame in which the record last returned began.
	First uint32
	// Lost says that the boundaries are lost, by a gap or by bytes that are no record: nothing more comes.
	Lost bool

	buf   []byte
	skip  int
	begun uint32
	done  bool
}

// Next gives the next record (its first Max bytes, valid until the next call) and what is left of p.
func (r *Records) Next(p []byte, frame uint32) (rec, rest []byte, ok bool) {
	if r.done {
		r.buf, r.done = r.buf[:0], false
	}
	if n := min(r.skip, len(p)); n > 0 {
		r.skip -= n
		p = p[n:]
	}
	if r.Lost || len(p) == 0 {
		return nil, nil, false
	}
	if len(r.buf) == 0 {
		r.begun = frame
		if total, want, ok := r.whole(p); ok {
			return r.cut(p[:want], p[want:], total)
		}
	}
	had := len(r.buf)
	if !r.Lost {
		r.buf = append(r.buf, p[:min(len(p), r.Max-had)]...)
	}
	total, want, ok := r.whole(r.buf)
	if !ok || want < had {
		r.Lost = r.Lost || ok || len(r.buf) == r.Max
		return nil, nil, false
	}
	r.done = true
	return r.cut(r.buf[:want], p[want-had:], total)
}

// whole asks whether b, which begins at a record, holds as much of it as is kept.
func (r *Records) whole(b []byte) (total, want int, ok bool) {
	if r.Lost {
		return 0, 0, false
	}
	total = r.Size(b)
	r.Lost = total < 0
	want = min(total, r.Max)
	return total, want, total > 0 && len(b) >= want
}

// cut ends the record rec; what of it was not kept is passed over in rest and in what follows.
func (r *Records) cut(rec, rest []byte, total int) (_, _ []byte, ok bool) {
	r.First = r.begun
	r.skip = total - len(rec)
	n := min(r.skip, len(rest))
	r.skip -= n
	return rec, rest[n:], true
}

// Gap passes over n bytes that were not captured. It returns false when the boundaries are lost by it.
func (r *Records) Gap(n int) bool {
	if r.done {
		r.buf, r.done = r.buf[:0], false
	}
	if n <= r.skip && !r.Lost {
		r.skip -= n
		return true
	}
	r.Lost = true
	return false
}

// Reset makes it new, for other bytes; its buffer is kept.
func (r *Records) Reset() { *r = Records{Size: r.Size, Max: r.Max, buf: r.buf[:0]} }
