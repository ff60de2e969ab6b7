// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"slices"

	"github.com/writ-iot/writ/fact"
)

// weigh says how likely and how grave a risk is, and why.
func (dv *deriver) weigh(r *Risk) {
	r.Likelihood, r.Impact = dv.likelihood(r), dv.impact(r)
	r.Level = dv.d.Scales.Level(r.Likelihood.Step, r.Impact.Step)
	r.Residual = r.Level
}

// raise moves up by n, and says why.
func (w *Weight) raise(n int, why string) {
	w.Step = min(steps, w.Step+n)
	w.Why = append(w.Why, why)
}

// atLeast moves up to n, and says why.
func (w *Weight) atLeast(n int, why string) {
	w.Step = max(w.Step, n)
	w.Why = append(w.Why, why)
}

func (w *Weight) note(why string) { w.Why = append(w.Why, why) }

// likelihood begins with the gravest weakness, and grows with reach, with their number, and with what was seen.
func (dv *deriver) likelihood(r *Risk) Weight {
	w := Weight{Step: 1}
	for _, x := range r.Weaknesses {
		if x.Control == nil {
			continue
		}
		if n := dv.d.Scales.severity[x.Control.Severity]; n > w.Step || len(w.Why) == 0 {
			w.Step = max(w.Step, n)
			w.Why = []string{fmt.Sprintf("a weakness of %s severity: not so: %s", x.Control.Severity,
				x.Control.Title)}
		}
	}
	if n := len(r.Weaknesses); n >= 3 {
		w.raise(1, fmt.Sprintf("%d weaknesses open the way", n))
	}
	if r.Threat.network && r.Asset.Kind == fact.Device {
		dv.reach(r, &w)
	}
	for _, s := range r.Signs {
		w.note("seen: " + s)
	}
	if n := dv.certain[r.ID]; n > w.Step {
		w.Step = n
	}
	if r.Stale {
		w.note("as when somebody last looked: nobody has looked again, which ends no risk")
	}
	return w
}

// reach is from where the asset can be come at. What is not known takes nothing off.
func (dv *deriver) reach(r *Risk, w *Weight) {
	switch f, ok := dv.value(r.Asset, "service.internet_exposed"); {
	case ok && f.Value.IsTrue():
		w.raise(1, "reachable from the Internet")
	case ok:
		w.note("not reachable from the Internet, as far as a complete look shows")
	default:
		w.note("whether it can be reached from the Internet is not known")
	}
	if f, ok := dv.value(r.Asset, "data.internet_cleartext"); ok && f.Value.IsTrue() &&
		slices.Contains(r.Threat.Affects, "confidentiality") {
		w.raise(1, "it sends in clear to public addresses")
	} else if n := len(dv.w.Public[r.Asset]); n > 0 {
		w.note(fmt.Sprintf("it spoke with %d public addresses", n))
	}
	if n := dv.w.Inside[r.Asset]; n > 0 {
		w.note(fmt.Sprintf("devices of the network that spoke with it: %d", n))
	}
}

// impact begins with the threat, and grows with what the asset holds and what depends on it.
func (dv *deriver) impact(r *Risk) Weight {
	w := Weight{Step: r.Threat.impact}
	w.note(fmt.Sprintf("%s: begins at %s", r.Threat.Title, dv.d.Scales.Impact[r.Threat.impact-1].Name))
	if slices.Contains(r.Threat.Affects, "confidentiality") {
		dv.data(r, &w)
	}
	if r.Asset.Kind == fact.Device && (slices.Contains(r.Threat.Affects, "integrity") ||
		slices.Contains(r.Threat.Affects, "availability")) {
		dv.critical(r, &w)
	}
	return w
}

// data weighs what would be disclosed. What is not known is weighed as if it were so.
func (dv *deriver) data(r *Risk, w *Weight) {
	yes := func(n fact.Name) (is, known bool) {
		f, ok := dv.value(r.Asset, n)
		return ok && f.Value.IsTrue(), ok
	}
	if r.Asset.Kind != fact.Device {
		if f, ok := dv.seen(r.Asset, "org.special_category_data"); ok && f.Value.IsTrue() {
			w.raise(1, "the organisation handles special categories of personal data")
		}
		return
	}
	ephi, ephiKnown := yes("hipaa.ephi_system")
	clear, _ := yes("data.health_cleartext")
	card, _ := yes("data.card_cleartext")
	personal, known := yes("device.personal_data")
	switch {
	case ephi || clear:
		w.atLeast(4, "it holds or passes patient data")
	case card:
		w.atLeast(4, "it passes card data")
	case personal:
		w.raise(1, "it takes part in processing personal data")
	case !known:
		w.raise(1, "whether it handles personal data is not known: weighed as if it did")
	case !ephiKnown:
		w.note("whether it holds patient data is not known")
	}
}

// critical weighs what depends on the asset.
func (dv *deriver) critical(r *Risk, w *Weight) {
	if dv.w.Medical != nil && dv.w.Medical(r.Asset) {
		w.atLeast(steps, "a medical device: a patient may come to harm")
		return
	}
	switch f, ok := dv.value(r.Asset, "device.essential_service"); {
	case ok && f.Value.IsTrue():
		w.atLeast(4, "an essential service relies on it")
	case !ok:
		w.note("whether an essential service relies on it is not known")
	}
}
