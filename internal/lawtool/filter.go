// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtool

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-iot/writ/law"
)

// Filter narrows a catalogue; "" asks for nothing.
type Filter struct{ Jurisdiction, Kind, Depth, Confidence, Mode string }

// Narrow is the catalogue with the provisions that a filter lets through, and the instruments that have
// such a provision, or none at all where only instruments are asked for. A word that nothing in the
// catalogue has is an error with the nearest.
func Narrow(cat *law.Catalogue, f Filter) (*law.Catalogue, error) {
	for _, q := range []struct {
		asked, what string
		known       []string
	}{
		{f.Jurisdiction, "jurisdiction", seen(cat, func(i *law.Instrument) string { return i.Jurisdiction })},
		{f.Kind, "kind", asStrings(law.Kinds())},
		{f.Depth, "depth", asStrings([]law.Depth{law.Listed, law.Modelled, law.Tested, law.Reviewed})},
		{f.Confidence, "confidence", asStrings([]law.Confidence{law.Verified, law.Remembered, law.Doubtful})},
		{f.Mode, "mode", asStrings([]law.Mode{law.Judged, law.ByRecord, law.Open})},
	} {
		if q.asked != "" && !slices.ContainsFunc(q.known, func(k string) bool {
			return strings.EqualFold(k, q.asked)
		}) {
			hint := law.DidYouMean(q.asked, q.known)
			if hint == "" {
				hint = "one of " + strings.Join(q.known, ", ")
			}
			return nil, fmt.Errorf("%q is no %s; %s", q.asked, q.what, hint)
		}
	}
	out := *cat
	out.Instruments, out.Provisions = nil, map[law.ProvisionID]*law.Provision{}
	for _, i := range cat.Instruments {
		f.instrument(i, &out)
	}
	return &out, nil
}

func (f Filter) instrument(i *law.Instrument, out *law.Catalogue) {
	if !is(f.Jurisdiction, i.Jurisdiction) || !is(f.Kind, string(i.Kind)) {
		return
	}
	few := *i
	few.Provisions = nil
	for _, p := range i.Provisions {
		if is(f.Depth, string(p.Depth)) && is(f.Confidence, string(p.Confidence)) && is(f.Mode, string(p.Mode)) {
			few.Provisions = append(few.Provisions, p)
			out.Provisions[p.ID] = p
		}
	}
	if len(few.Provisions) > 0 || f.Depth+f.Confidence+f.Mode == "" {
		out.Instruments = append(out.Instruments, &few)
	}
}

func is(asked, word string) bool { return asked == "" || strings.EqualFold(asked, word) }

func seen(cat *law.Catalogue, of func(*law.Instrument) string) []string {
	var all []string
	for _, i := range cat.Instruments {
		all = append(all, of(i))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
