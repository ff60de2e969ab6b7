// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package jsonl

import (
	"net/netip"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/writ-iot/writ/internal/observation"
)

// line builds one JSON object after another in one buffer.
type line struct {
	b     []byte
	dates [16]date // just written, by the last bits of the day: of frames, and of the certificates beside them
}

// date is a day since 1970 and its text up to the hour.
type date struct {
	day  int64
	text [32]byte
	n    int // 0: none yet
}

func (l *line) uint(n uint64) { l.b = strconv.AppendUint(l.b, n, 10) }

// time writes RFC 3339 in UTC with nine decimals: as captured, and of one length.
func (l *line) time(ns int64) {
	sec, frac := ns/1e9, ns%1e9
	if frac < 0 {
		sec, frac = sec-1, frac+1e9
	}
	l.at(sec, frac)
}

// at writes seconds since 1970 and nanoseconds.
func (l *line) at(sec, frac int64) {
	l.second(sec)
	var d [11]byte
	n := uint32(frac)
	for i := 8; i > 0; i -= 2 {
		two := n % 100 * 2
		n /= 100
		d[i], d[i+1] = pairs[two], pairs[two+1]
	}
	d[0], d[1], d[10] = '.', byte('0'+n), 'Z'
	l.b = append(l.b, d[:]...)
}

// second writes a second without its zone.
func (l *line) second(sec int64) {
	day, left := sec/86400, uint32(sec%86400)
	if sec%86400 < 0 {
		day, left = day-1, uint32(sec%86400+86400)
	}
	d := &l.dates[day&15]
	if d.day != day || d.n == 0 {
		d.day = day
		d.n = len(time.Unix(sec, 0).UTC().AppendFormat(d.text[:0], "2006-01-02T"))
	}
	h, m, s := left/3600*2, left/60%60*2, left%60*2
	l.b = append(l.b, d.text[:d.n]...)
	l.b = append(l.b, pairs[h], pairs[h+1], ':', pairs[m], pairs[m+1], ':', pairs[s], pairs[s+1])
}

// pairs is the numbers below one hundred, two digits each.
const pairs = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849" +
	"5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"

// name writes a member's name, which is ours and needs no quoting.
func (l *line) name(name string) {
	l.b = append(l.b, ',', '"')
	l.b = append(l.b, name...)
	l.b = append(l.b, '"', ':')
}

// str writes a string, or nothing where it is empty.
func (l *line) str(name, v string) {
	if v != "" {
		l.must(name, v)
	}
}

// must writes a string even where it is empty.
func (l *line) must(name, v string) {
	l.name(name)
	l.quote(v)
}

func (l *line) num(name string, n int64) {
	l.name(name)
	l.b = strconv.AppendInt(l.b, n, 10)
}

// some writes a number, or nothing where it is zero.
func (l *line) some(name string, n int64) {
	if n != 0 {
		l.num(name, n)
	}
}

// yes writes true, or nothing.
func (l *line) yes(name string, v bool) {
	if v {
		l.name(name)
		l.b = append(l.b, "true"...)
	}
}

func (l *line) addr(name string, a netip.Addr) {
	if a.IsValid() {
		l.name(name)
		l.ip(a)
	}
}

// ip writes an address, without its zone.
func (l *line) ip(a netip.Addr) {
	l.b = append(l.b, '"')
	if a.Is4() {
		four := a.As4()
		l.b = append(octet(l.b, four[0]), '.')
		l.b = append(octet(l.b, four[1]), '.')
		l.b = append(octet(l.b, four[2]), '.')
		l.b = append(octet(l.b, four[3]), '"')
		return
	}
	l.b = append(a.WithZone("").AppendTo(l.b), '"')
}

// octet writes a byte as a number.
func octet(b []byte, v byte) []byte {
	switch two := v % 100 * 2; {
	case v >= 100:
		return append(b, '0'+v/100, pairs[two], pairs[two+1])
	case v >= 10:
		return append(b, pairs[two], pairs[two+1])
	}
	return append(b, '0'+v)
}

const hexDigits = "0123456789abcdef"

func (l *line) mac(name string, m observation.MAC) {
	if m == (observation.MAC{}) {
		return
	}
	l.mustMAC(name, m)
}

// mustMAC writes a link address even where it is zero.
func (l *line) mustMAC(name string, m observation.MAC) {
	l.name(name)
	l.b = append(l.b, '"')
	for i, c := range m {
		if i > 0 {
			l.b = append(l.b, ':')
		}
		l.b = append(l.b, hexDigits[c>>4], hexDigits[c&15])
	}
	l.b = append(l.b, '"')
}

// moment writes seconds since 1970 as RFC 3339, or nothing for zero. Years that RFC 3339 cannot write
// are kept to its ends.
func (l *line) moment(name string, sec int64) {
	if sec == 0 {
		return
	}
	const year0, year9999 = -62167219200, 253402300799
	l.name(name)
	l.b = append(l.b, '"')
	l.second(min(max(sec, year0), year9999))
	l.b = append(l.b, 'Z', '"')
}

func (l *line) strs(name string, v []string) {
	if len(v) == 0 {
		return
	}
	l.name(name)
	l.b = append(l.b, '[')
	for i, s := range v {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.quote(s)
	}
	l.b = append(l.b, ']')
}

func (l *line) addrs(name string, v []netip.Addr) {
	if len(v) == 0 {
		return
	}
	l.name(name)
	l.b = append(l.b, '[')
	for i, a := range v {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.ip(a)
	}
	l.b = append(l.b, ']')
}

func (l *line) bytes(name string, v []byte) {
	if len(v) == 0 {
		return
	}
	l.name(name)
	l.b = append(l.b, '[')
	for i, c := range v {
		if i > 0 {
			l.b = append(l.b, ',')
		}
		l.uint(uint64(c))
	}
	l.b = append(l.b, ']')
}

// secret writes what stands for a credential.
func (l *line) secret(name string, s observation.Secret) {
	l.name(name)
	l.b = append(l.b, `{"kind":`...)
	l.quote(s.What)
	l.num("length", int64(s.Length))
	l.must("digest", s.Digest)
	l.b = append(l.b, '}')
}

// plain says which bytes stand for themselves in a JSON string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return t
}()

// quote writes a string, harmless for a terminal, a log and a page.
func (l *line) quote(s string) {
	l.b = append(l.b, '"')
	from := 0
	for i := 0; i < len(s); {
		if plain[s[i]] {
			i++
			continue
		}
		l.b = append(l.b, s[from:i]...)
		r, n := utf8.DecodeRuneInString(s[i:])
		l.rune(r, n)
		i += n
		from = i
	}
	l.b = append(append(l.b, s[from:]...), '"')
}

func (l *line) rune(r rune, n int) {
	switch {
	case r == '"' || r == '\\':
		l.b = append(l.b, '\\', byte(r))
	case r == '<' || r == '>' || r == '&':
		l.b = append(l.b, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
	case r == utf8.RuneError && n <= 1 || harmful(r):
		l.b = append(l.b, "\ufffd"...)
	default:
		l.b = utf8.AppendRune(l.b, r)
	}
}

// harmful characters act on what shows them: controls, bidirectional and other format characters, line
// and paragraph separators.
func harmful(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
