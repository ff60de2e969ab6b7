// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/plan/plantest"
	"github.com/writ-iot/writ/internal/supplier"
)

// A notice speaks of one product and tells nothing of the network it stands in.
func TestANoticeTellsOfTheProductAndOfNothingElse(t *testing.T) {
	a := plantest.Hospital(t)
	today := fact.DayOf(plantest.Now)
	products := map[fact.Subject]bool{}
	for i := range a.Things {
		products[a.Things[i].Product] = true
	}
	made := 0
	for p := range products {
		n, err := supplier.Make(a, p, today, today+30)
		if k := kind.Of(err); k == kind.NotFound || k == kind.Invalid {
			continue // nothing is held against its maker, or nobody knows who that is
		}
		if err != nil {
			t.Fatal(err)
		}
		made++
		var text, page bytes.Buffer
		if err := n.Text(&text, 100); err != nil {
			t.Fatal(err)
		}
		if err := n.HTML(&page); err != nil {
			t.Fatal(err)
		}
		object, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(text.String()), " ") // as it reads, whatever the line ends
		for format, out := range map[string]string{"text": flat, "HTML": page.String(), "JSON": string(object)} {
			for i := range a.Things {
				th := &a.Things[i]
				ours := append(append(append([]string{a.Profile, a.Inputs[0].Path, th.Subject.ID}, th.IPs...), th.MACs...),
					th.Hostnames...)
				for _, s := range append(ours, th.Name) {
					if s != "" && !strings.Contains(strings.ToLower(n.Product.Name), strings.ToLower(s)) &&
						strings.Contains(strings.ToLower(out), strings.ToLower(s)) {
						t.Errorf("%s of %s tells %q", format, n.Product.Name, s)
					}
				}
			}
			if !strings.Contains(out, "not in line with") && !strings.Contains(out, "to be clarified under") ||
				!strings.Contains(out, supplier.Disclaimer) ||
				!strings.Contains(out, n.ReplyBy) || strings.Contains(out, "violated") {
				t.Errorf("%s of %s lacks its wording, its disclaimer or its day", format, n.Product.Name)
			}
		}
		clarify := false
		for _, f := range n.Findings {
			if first := strings.HasPrefix(f.Against[0].Wording, "observed"); first && clarify {
				t.Errorf("%s: what is not in line stands behind what is to be clarified", n.Product.Name)
			} else if !first {
				clarify = true
			}
			if len(f.Evidence) == 0 || len(f.Repeat) == 0 || len(f.Against) == 0 {
				t.Errorf("%s: finding %s has nothing to show", n.Product.Name, f.Fact)
			}
		}
	}
	if made == 0 {
		t.Error("no notice could be made of the hospital's products")
	}
}

func TestANoticeNeedsAProductAndADayAhead(t *testing.T) {
	a := plantest.Hospital(t)
	today := fact.DayOf(plantest.Now)
	if _, err := supplier.Make(a, a.Things[0].Subject, today, today+1); kind.Of(err) != kind.Invalid {
		t.Errorf("of a device: %v", err)
	}
	if _, err := supplier.Make(a, a.Things[0].Product, today, today); kind.Of(err) != kind.Invalid {
		t.Errorf("until today: %v", err)
	}
	nothing := plantest.Nothing(t)
	if _, err := supplier.Make(nothing, fact.Subject{Kind: fact.Product, ID: "none"}, today, today+1); err == nil {
		t.Error("a notice about nothing was made")
	}
}
