// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package audience

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Shared is an assessment without what identifies: no name, address, number or digest of anybody's, no time finer
// than a month, so that a sector can learn from its members.
type Shared struct {
	Catalogue string    `json:"catalogue"`
	Month     string    `json:"month"` // of the law day
	Findings  []Finding `json:"findings"`
	// Left counts rows that would have stood for fewer subjects than the least that is shared.
	Left       int    `json:"left_out"`
	Least      int    `json:"least"`
	Disclaimer string `json:"disclaimer"`
}

// Finding is how many subjects of a kind stand how under a provision.
type Finding struct {
	Law       string `json:"law"`
	Provision string `json:"provision"`
	Pinpoint  string `json:"pinpoint"`
	Bearer    string `json:"bearer"`
	Subject   string `json:"subject"`        // organisation, device, product
	Type      string `json:"type,omitempty"` // of a device: what identification found it to be
	Vendor    string `json:"vendor,omitempty"`
	Model     string `json:"model,omitempty"`
	Verdict   string `json:"verdict"`
	Indicated bool   `json:"breach_indicated"`
	Reasons   string `json:"reasons,omitempty"`
	Count     int    `json:"count"`
}

// ShareOptions say how much leaves.
type ShareOptions struct {
	Products bool // with vendor and model of devices: what is rare may point at its owner
	Least    int  // rows that stand for fewer subjects are left out; at least 1
}

// Share takes from an assessment what others may learn from.
func Share(a *assess.Assessment, o ShareOptions) *Shared {
	things := map[fact.Subject]*assess.Thing{}
	for i := range a.Things {
		things[a.Things[i].Subject] = &a.Things[i]
	}
	by := map[Finding]int{}
	for i := range a.Result.Verdicts {
		v := &a.Result.Verdicts[i]
		if v.Provision.Force != law.Must || v.Outcome == judge.NotApplicable {
			continue
		}
		f := Finding{Law: string(v.Provision.Instrument.ID), Provision: string(v.Provision.ID),
			Pinpoint: v.Provision.Pinpoint, Bearer: string(v.Bearer), Subject: string(v.Subject.Kind), Verdict: v.Outcome.String(),
			Indicated: slices.Contains(v.Flags, judge.BreachIndicated), Reasons: reasons(v)}
		if t := things[v.Subject]; t != nil {
			f.Type = t.Type
			if o.Products {
				f.Vendor, f.Model = t.Vendor, t.Model
			}
		}
		by[f]++
	}
	s := &Shared{Catalogue: a.Catalogue.Version, Month: a.Day.String()[:7], Findings: []Finding{},
		Least: max(1, o.Least), Disclaimer: disclaimer}
	for f, n := range by {
		if f.Count = n; n < s.Least {
			s.Left++
			continue
		}
		s.Findings = append(s.Findings, f)
	}
	slices.SortFunc(s.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Provision, b.Provision), slices.Compare(a.cells(), b.cells()))
	})
	return s
}

func reasons(v *judge.Verdict) string {
	all := make([]string, len(v.Reasons))
	for i, r := range v.Reasons {
		all[i] = string(r)
	}
	return strings.Join(all, " ")
}

var sharedHeads = []string{"law", "provision", "pinpoint", "bearer", "subject", "type", "vendor", "model", "verdict",
	"breach_indicated", "reasons", "count"}

func (f Finding) cells() []string {
	return []string{f.Law, f.Provision, f.Pinpoint, f.Bearer, f.Subject, f.Type, f.Vendor, f.Model, f.Verdict,
		strconv.FormatBool(f.Indicated), f.Reasons, strconv.Itoa(f.Count)}
}

// CSV writes the findings as a sheet; a cell that a spreadsheet would take for a formula is marked as text.
func (s *Shared) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	err := out.Write(sharedHeads)
	for i := range s.Findings {
		if err != nil {
			break
		}
		cells := s.Findings[i].cells()
		for k, c := range cells {
			if strings.ContainsAny(c[:min(1, len(c))], "=+-@\t\r") {
				cells[k] = "'" + c
			}
		}
		err = out.Write(cells)
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("writing findings to share: %w", err)
	}
	return nil
}
