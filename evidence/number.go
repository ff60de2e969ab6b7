// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"math"
	"strconv"
)

// MaxSafe is the greatest whole number that every reader of JSON holds exactly (RFC 7493 section 2.2).
const MaxSafe = 1<<53 - 1

// number reads a JSON number (RFC 8259 section 6) and writes the double it names.
func (p *parser) number() error {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else if p.digits() == 0 {
		return p.errorf("a number without digits")
	}
	whole := true
	if p.peek() == '.' {
		whole = false
		p.at++
		if p.digits() == 0 {
			return p.errorf("a number that ends in its point")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if p.digits() == 0 {
			return p.errorf("a number without its exponent")
		}
	}
	f, err := strconv.ParseFloat(string(p.in[start:p.at]), 64)
	if err != nil {
		return p.errorf("a number beyond a double")
	}
	if p.safe && whole && math.Abs(f) > MaxSafe {
		return p.errorf("a whole number that JSON does not keep exactly")
	}
	p.out = appendNumber(p.out, f)
	return nil
}

func (p *parser) digits() int {
	start := p.at
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
	return p.at - start
}

// appendNumber writes a finite double as ECMAScript's Number::toString does (RFC 8785 section
// 3.2.2.3): the shortest digits that read back, plain from 1e-6 to below 1e21, else with an exponent.
func appendNumber(b []byte, f float64) []byte {
	if f == 0 { // minus zero too
		return append(b, '0')
	}
	if f < 0 {
		b = append(b, '-')
		f = -f
	}
	if f >= 1e-6 && f < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64)
	}
	s := strconv.AppendFloat(nil, f, 'e', -1, 64) // 1e-07
	mantissa, exponent, _ := bytes.Cut(s, []byte("e"))
	b = append(append(b, mantissa...), 'e', exponent[0])
	return append(b, bytes.TrimLeft(exponent[1:], "0")...)
}

// safe says whether n survives every reader of JSON numbers.
func safe(n int64) bool { return n >= -MaxSafe && n <= MaxSafe }

// finite says whether f can stand in JSON at all.
func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
