// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package judge

// Singly gives the plain engine, the oracle of the other: it judges each party for itself, asks CEL each time,
// and takes nothing that was found for one for another.
func (e *Engine) Singly() *Engine {
	plain := *e
	plain.singly = true
	return &plain
}

// Written gives a verdict with its reasons in it, as a value that compares.
func (v Verdict) Written() Verdict {
	v.Given, v.court = v.Because(), nil
	return v
}

// Written gives a result whose verdicts have their reasons in them.
func (r *Result) Written() *Result {
	out := *r
	out.Verdicts = make([]Verdict, len(r.Verdicts))
	for i := range r.Verdicts {
		out.Verdicts[i] = r.Verdicts[i].Written()
	}
	return &out
}
