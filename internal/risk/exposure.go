// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package risk says what is at stake: the statutory maxima of penalties for somebody of a size. It is pure.
//
// A maximum is what a statute allows, never a forecast. Maxima of different laws are not added up: the same
// conduct is often punished once (Regulation (EU) 2016/679 recital 149; Directive (EU) 2022/2555 Art. 35(2)).
package risk

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/law"
)

// Turnover is the annual worldwide turnover of the undertaking, in millions of euro.
type Turnover struct {
	EURm  int64
	Known bool
}

// Maximum is the highest penalty of one tier, as a range.
type Maximum struct {
	For      string `json:"for"`
	Pinpoint string `json:"pinpoint"`
	Formula  string `json:"formula"`
	// Low and High are in whole units of the currency. Open says that it may be more than High (or that
	// nothing bounds it): something is not known, and Arithmetic says what.
	Low        int64          `json:"low"`
	High       int64          `json:"high"`
	Currency   string         `json:"currency,omitempty"`
	Open       bool           `json:"open"`
	Arithmetic string         `json:"arithmetic"`
	Year       int            `json:"year"`
	Confidence law.Confidence `json:"confidence"`
}

// Of works a penalty's formula out for a turnover. One without figures keeps its words and stays open.
func Of(p *law.Penalty, t Turnover) Maximum {
	m := Maximum{For: p.For, Pinpoint: p.Pinpoint, Formula: p.Formula, Currency: p.Currency, Year: p.Year,
		Confidence: p.Confidence}
	switch {
	case p.Amount == 0 && p.Percent == 0:
		m.Open, m.Arithmetic = true, "the formula has no figure that can be worked out here"
	case p.Percent == 0:
		m.Low, m.High, m.Arithmetic = p.Amount, p.Amount, money(p.Amount, p.Currency)
	case p.Currency != "" && p.Currency != "EUR":
		m.foreign(p, t)
	case !t.Known:
		m.Currency = "EUR"
		m.unknown(p)
	default:
		m.Currency = "EUR"
		m.share(p, t)
	}
	return m
}

// share compares the amount with the share of a known turnover.
func (m *Maximum) share(p *law.Penalty, t Turnover) {
	part := shareOf(p.Percent, t)
	m.Arithmetic = shareText(p, t, part)
	v := part
	if p.Amount > 0 {
		word := "higher"
		if v = max(p.Amount, part); p.Whichever == "lower" {
			word, v = "lower", min(p.Amount, part)
		}
		m.Arithmetic = fmt.Sprintf("the %s of %s and %s", word, money(p.Amount, "EUR"), m.Arithmetic)
	}
	m.Low, m.High = v, v
}

// unknown bounds the maximum where the turnover is not known.
func (m *Maximum) unknown(p *law.Penalty) {
	share := percent(p.Percent) + " of the turnover, which is not known"
	switch {
	case p.Amount == 0:
		m.Open, m.Arithmetic = true, share
	case p.Whichever == "lower":
		m.High, m.Arithmetic = p.Amount, fmt.Sprintf("the lower of %s and %s", money(p.Amount, "EUR"), share)
	default:
		m.Low, m.High, m.Open = p.Amount, p.Amount, true
		m.Arithmetic = fmt.Sprintf("the higher of %s and %s", money(p.Amount, "EUR"), share)
	}
}

// foreign shows both limbs: no rate of exchange is assumed.
func (m *Maximum) foreign(p *law.Penalty, t Turnover) {
	share := percent(p.Percent) + " of the turnover, which is not known"
	if t.Known {
		share = shareText(p, t, shareOf(p.Percent, t))
	}
	m.Low, m.High, m.Open = p.Amount, p.Amount, true
	m.Arithmetic = fmt.Sprintf("%s against %s: compared at the day's rate of exchange",
		money(p.Amount, p.Currency), share)
	if p.Whichever == "lower" {
		m.Low, m.Open = 0, false
	}
}

func shareOf(percent float64, t Turnover) int64 {
	v := percent / 100 * float64(t.EURm) * 1e6
	if v > math.MaxInt64/2 {
		return math.MaxInt64 / 2
	}
	return int64(math.Round(v))
}

func shareText(p *law.Penalty, t Turnover, part int64) string {
	return fmt.Sprintf("%s of %s, which is %s", percent(p.Percent), money(t.EURm*1_000_000, "EUR"), money(part, "EUR"))
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
