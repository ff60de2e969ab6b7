// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Bounds on confidence, whatever adds up. Prefix alone: module makers, resellers and rebrands (devices
// seen in the field: a scale behind Delta's prefix, a laptop behind a sensor maker's). Contacts alone: a
// phone asks the cloud of everything that its owner bought.
const (
	maxPrefixAlone  = 0.50
	maxContactAlone = 0.60
	maxOneFamily    = 0.85
	maxOneForModel  = 0.89 // the model rests on one family's word
	maxConfidence   = 0.99
)

// firm is the weight from which on evidence states a model: a hint, such as one of several that share a
// server, only agrees.
const firm = 1.0

// Shown is the least share of belief with which a field is named in the first answer.
const (
	shownVendor = 0.35
	shownModel  = 0.30
)

// maxCandidates bounds the candidates weighed; maxListed those told.
const (
	maxCandidates = 96
	maxListed     = 6
)

// Candidate is one thing the device may be.
type Candidate struct {
	Tuple
	Confidence float64
}

// Result is what a device was found to be. Fields left empty are not known.
type Result struct {
	Tuple
	Confidence       float64 // in the whole of the first answer
	VendorConfidence float64 // in its vendor and, where named, its type
	Candidates       []Candidate
	// Certain says that vendor and model rest on two independent families at nine tenths or more.
	Certain bool
}

// weighed is a candidate at work.
type weighed struct {
	Tuple
	logOdds float64
	share   float64
}

// Name weighs evidence. Order never matters.
func Name(all []*Evidence) Result {
	if len(all) == 0 {
		return Result{}
	}
	cands := candidates(all)
	total := 1.0 // e to the 0: none of these
	for i := range cands {
		cands[i].logOdds = support(cands[i].Tuple, all)
		total += math.Exp(cands[i].logOdds)
	}
	for i := range cands {
		cands[i].share = math.Exp(cands[i].logOdds) / total
	}
	slices.SortFunc(cands, func(a, b weighed) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(specific(b.Tuple), specific(a.Tuple)),
			strings.Compare(a.Vendor, b.Vendor), strings.Compare(a.Model, b.Model), strings.Compare(a.Type, b.Type),
			strings.Compare(a.Firmware, b.Firmware))
	})
	return answer(cands, all)
}

// candidates folds all evidence into the tuples that it allows, the most telling evidence first.
func candidates(all []*Evidence) []weighed {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b *Evidence) int {
		return cmp.Or(cmp.Compare(specific(b.Tuple), specific(a.Tuple)), cmp.Compare(b.Weight, a.Weight),
			strings.Compare(a.Vendor+a.Type+a.Model+a.Firmware, b.Vendor+b.Type+b.Model+b.Firmware))
	})
	tuples := []Tuple{{}}
	for _, e := range sorted {
		for _, t := range tuples {
			m, ok := t.merge(e.Tuple)
			if ok && !slices.Contains(tuples, m) && len(tuples) < maxCandidates {
				tuples = append(tuples, m)
			}
		}
	}
	out := make([]weighed, 0, len(tuples)-1)
	for _, t := range tuples[1:] {
		out = append(out, weighed{Tuple: t})
	}
	return out
}

func specific(t Tuple) (n int) {
	for i, s := range [...]string{t.Type, t.Vendor, t.Model, t.Firmware} {
		if s != "" {
			n += 1 + i
		}
	}
	return n
}

// support is the log-odds of t: of each family its strongest evidence that t holds, once.
func support(t Tuple, all []*Evidence) (sum float64) {
	var best [families]float64
	for _, e := range all {
		if f := kinds[e.Signal].family; t.holds(e.Tuple) && (t.Firmware == "" || e.Firmware == "" || t.Firmware == e.Firmware) {
			best[f] = max(best[f], e.Weight)
		}
	}
	for _, w := range best {
		sum += w
	}
	return sum
}

// share adds up the belief in all candidates that hold t.
func share(cands []weighed, t Tuple) (sum float64) {
	for i := range cands {
		if cands[i].holds(t) {
			sum += cands[i].share
		}
	}
	return sum
}

// answer names, field by field, what enough belief stands behind.
func answer(cands []weighed, all []*Evidence) (r Result) {
	var t Tuple
	pick := func(field func(*Tuple) *string, least float64) {
		best, most := "", 0.0
		for i := range cands {
			if !cands[i].holds(t) {
				continue
			}
			try := t
			if *field(&try) = *field(&cands[i].Tuple); *field(&try) == "" {
				continue
			}
			if s := share(cands, try); s > most+1e-12 {
				best, most = *field(&try), s
			}
		}
		if most >= least {
			*field(&t) = best
		}
	}
	pick(func(t *Tuple) *string { return &t.Vendor }, shownVendor)
	pick(func(t *Tuple) *string { return &t.Type }, shownVendor)
	r.VendorConfidence = bounded(share(cands, t), t, all)
	pick(func(t *Tuple) *string { return &t.Model }, shownModel)
	if t == (Tuple{}) {
		r.VendorConfidence = 0
	} else {
		r.Confidence = bounded(share(cands, t), t, all)
	}
	r.Tuple = t
	r.Tuple.Firmware = firmware(t, all)
	r.Certain = t.Vendor != "" && t.Model != "" && r.Confidence >= 0.9 && stating(t, all, true) >= 2
	for i := range cands {
		c := Candidate{cands[i].Tuple, bounded(cands[i].share, cands[i].Tuple, all)}
		if c.Confidence >= 0.01 && len(r.Candidates) < maxListed {
			r.Candidates = append(r.Candidates, c)
		}
	}
	return r
}

// firmware is the version stated for what was named, if only one was.
func firmware(t Tuple, all []*Evidence) (v string) {
	for _, e := range all {
		if e.Firmware == "" || !t.holds(e.Tuple) {
			continue
		}
		if v != "" && v != e.Firmware {
			return ""
		}
		v = e.Firmware
	}
	return v
}

// stating counts the families that speak for t, or, with model, that name its very model.
func stating(t Tuple, all []*Evidence, model bool) (n int) {
	var seen [families]bool
	for _, e := range all {
		f := kinds[e.Signal].family
		if t.backedBy(e.Tuple) && !seen[f] && (!model || e.Model == t.Model && e.Weight >= firm) {
			seen[f] = true
			n++
		}
	}
	return n
}

// backedBy says that what o states, as far as t speaks of it, is in t: who names the model of a camera of
// Acme's speaks for a camera of Acme's.
func (t Tuple) backedBy(o Tuple) bool {
	for _, f := range [...]struct{ ours, theirs *string }{{&t.Vendor, &o.Vendor}, {&t.Type, &o.Type}, {&t.Model,
		&o.Model}} {
		if *f.ours == "" {
			*f.theirs = ""
		}
	}
	o.Firmware = ""
	return o != Tuple{} && t.holds(o)
}

// bounded holds a share of belief to what the number of independent families allows.
func bounded(p float64, t Tuple, all []*Evidence) float64 {
	only := func(f family) bool {
		for _, e := range all {
			if t.backedBy(e.Tuple) && kinds[e.Signal].family != f {
				return false
			}
		}
		return true
	}
	switch n := stating(t, all, false); {
	case only(byPrefix):
		p = min(p, maxPrefixAlone)
	case only(byContact):
		p = min(p, maxContactAlone)
	case n < 2:
		p = min(p, maxOneFamily)
	case t.Model != "" && stating(t, all, true) < 2:
		p = min(p, maxOneForModel)
	}
	return min(p, maxConfidence)
}
