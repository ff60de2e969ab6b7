// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package risk says what is at stake: the statutory maxima of penalties for somebody of a size. It is pure.
//
// A maximum is what a statute allows, never a forecast. Maxima of different laws are not added up: the same
// conduct is often punished once (Regulation (EU) 2016/679 recital 149; Directive (EU) 2022/2555 Art. 35(2)).
package risk

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Figures are what is known of somebody: amounts by their facts, in millions of the fact's currency, and the size
// class. What is absent is not known.
type Figures struct {
	Millions map[fact.Name]int64
	Size     string // micro, small, medium, large
}

// Maximum is the highest penalty of one tier, as a range.
type Maximum struct {
	For      string `json:"for"`
	Pinpoint string `json:"pinpoint"`
	Formula  string `json:"formula"`
	// Low and High are in whole units of the currency. Open says that it may be more than High (or that
	// nothing bounds it): something is not known, and Arithmetic says what.
	Low        int64       `json:"low"`
	High       int64       `json:"high"`
	Currency   string      `json:"currency,omitempty"`
	Open       bool        `json:"open"`
	AtLeast    bool        `json:"at_least,omitempty"` // national law has a maximum of its own, and no lower one
	Per        string      `json:"per,omitempty"`
	Arithmetic string      `json:"arithmetic"`
	Missing    []fact.Name `json:"missing,omitempty"` // figures that would narrow the range
	Year       int         `json:"year"`

	Confidence law.Confidence `json:"confidence"`
}

// Of works a penalty's formula out. One without figures keeps its words and stays open.
func Of(p *law.Penalty, f Figures) Maximum {
	m := Maximum{For: p.For, Pinpoint: p.Pinpoint, Formula: p.Formula, Currency: p.Currency, Year: p.Year,
		Per: p.Per, AtLeast: p.AtLeast, Confidence: p.Confidence}
	switch {
	case p.Amount == 0 && p.Percent == 0:
		m.Open, m.Arithmetic = true, "the formula has no figure that can be worked out here"
		return m
	case p.Percent == 0:
		m.Low, m.High, m.Arithmetic = p.Amount, p.Amount, money(p.Amount, p.Currency)
	default:
		m.bySize(p, f)
	}
	if p.Or != "" {
		m.Open, m.Arithmetic = true, m.Arithmetic+", or "+p.Or+" where that is more"
	}
	if p.Per != "" {
		m.Arithmetic += ", " + p.Per
	}
	if p.AtLeast {
		m.Open, m.Arithmetic = true, "at least "+m.Arithmetic+"; the maximum of national law may be more"
	}
	return m
}

// bySize chooses between the amount and the share, which may differ for small and medium enterprises.
func (m *Maximum) bySize(p *law.Penalty, f Figures) {
	whichever := p.Whichever
	switch {
	case p.Small == "" || f.Size == "large":
	case f.Size != "":
		whichever = p.Small
	default:
		large, small := *m, *m
		large.share(p, p.Whichever, f)
		small.share(p, p.Small, f)
		m.Currency = cmp.Or(large.Currency, small.Currency)
		m.Low, m.High = min(large.Low, small.Low), max(large.High, small.High)
		m.Open, m.Missing = large.Open || small.Open, append(large.Missing, "org.size")
		m.Arithmetic = large.Arithmetic + "; of a small or medium enterprise " + small.Arithmetic +
			"; which it is is not known"
		return
	}
	m.share(p, whichever, f)
}

// share compares the amount with the share of a figure, as far as that is known.
func (m *Maximum) share(p *law.Penalty, whichever string, f Figures) {
	base := p.ShareOf()
	millions, known := f.Millions[base.Fact]
	if !known {
		m.Missing = append(m.Missing, base.Fact)
	}
	switch {
	case p.Currency != "" && p.Currency != base.Currency:
		m.foreign(p, whichever, base, millions, known)
	case !known:
		m.Currency = base.Currency
		m.unknown(p, whichever, base)
	default:
		m.Currency = base.Currency
		m.compare(p, whichever, base, millions)
	}
}

func (m *Maximum) compare(p *law.Penalty, whichever string, base law.Base, millions int64) {
	part := shareOf(p.Percent, millions)
	m.Arithmetic = shareText(p, base, millions, part)
	v := part
	if p.Amount > 0 {
		word := "higher"
		if v = max(p.Amount, part); whichever == "lower" {
			word, v = "lower", min(p.Amount, part)
		}
		m.Arithmetic = fmt.Sprintf("the %s of %s and %s", word, money(p.Amount, base.Currency), m.Arithmetic)
	}
	m.Low, m.High = v, v
}

// unknown bounds the maximum where the figure is not known.
func (m *Maximum) unknown(p *law.Penalty, whichever string, base law.Base) {
	share := notKnown(p, base)
	switch {
	case p.Amount == 0:
		m.Open, m.Arithmetic = true, share
	case whichever == "lower":
		m.High, m.Arithmetic = p.Amount, fmt.Sprintf("the lower of %s and %s", money(p.Amount, base.Currency), share)
	default:
		m.Low, m.High, m.Open = p.Amount, p.Amount, true
		m.Arithmetic = fmt.Sprintf("the higher of %s and %s", money(p.Amount, base.Currency), share)
	}
}

// foreign shows both limbs: no rate of exchange is assumed.
func (m *Maximum) foreign(p *law.Penalty, whichever string, base law.Base, millions int64, known bool) {
	share := notKnown(p, base)
	if known {
		share = shareText(p, base, millions, shareOf(p.Percent, millions))
	}
	word := cmp.Or(whichever, "higher")
	m.Low, m.High, m.Open = p.Amount, p.Amount, true
	m.Arithmetic = fmt.Sprintf("%s against %s: the %s, compared at the day's rate of exchange",
		money(p.Amount, p.Currency), share, word)
	if word == "lower" {
		m.Low, m.Open = 0, false
	}
}

func notKnown(p *law.Penalty, base law.Base) string {
	return fmt.Sprintf("%s of %s, which is not known", percent(p.Percent), base.Fact)
}

func shareOf(percent float64, millions int64) int64 {
	v := percent / 100 * float64(millions) * 1e6
	if v > math.MaxInt64/2 {
		return math.MaxInt64 / 2
	}
	return int64(math.Round(v))
}

func shareText(p *law.Penalty, base law.Base, millions, part int64) string {
	return fmt.Sprintf("%s of %s, which is %s", percent(p.Percent),
		inMillions(millions, base.Currency), money(part, base.Currency))
}

func inMillions(n int64, currency string) string {
	if n == 0 {
		return money(0, currency)
	}
	return money(n, currency) + ",000,000"
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) + " %" }

// money writes an amount with its thousands apart.
func money(n int64, currency string) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return strings.TrimSpace(currency + " " + b.String())
}
