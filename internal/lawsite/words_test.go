// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
	"github.com/writ-iot/writ/law"
)

// vocabulary has a fact of each type.
func vocabulary(t *testing.T) *law.Catalogue {
	t.Helper()
	v, err := fact.NewVocabulary([]fact.Definition{
		{Name: "org.a", Subject: fact.Organisation, Type: fact.Bool}, {Name: "org.b", Subject: fact.Organisation, Type: fact.Bool},
		{Name: "org.n", Subject: fact.Organisation, Type: fact.Number}, {Name: "org.d", Subject: fact.Organisation, Type: fact.Date},
		{Name: "org.e", Subject: fact.Organisation, Type: fact.Enum, Words: []string{"one", "two"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &law.Catalogue{Vocabulary: v}
}

// said writes a phrase on one line.
func said(p phrase) string {
	if p.Join == "" {
		return p.Fact.Text + " " + p.Word
	}
	var kids []string
	for _, k := range p.Kids {
		kids = append(kids, said(k))
	}
	return p.Join + " (" + strings.Join(kids, "; ") + ")"
}

func TestExpressionsReadAsWords(t *testing.T) {
	x, err := cross(vocabulary(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"org.a":                            "org.a yes",
		"!org.a":                           "org.a no",
		"org.a && !org.b":                  "all of these hold (org.a yes; org.b no)",
		"!(org.a && org.b)":                "at least one of these holds (org.a no; org.b no)",
		"!(org.a || !org.b)":               "all of these hold (org.a no; org.b yes)",
		"org.a && org.b && org.n > 5":      "all of these hold (org.a yes; org.b yes; org.n more than 5)",
		"org.a || org.b && org.n <= 5":     "at least one of these holds (org.a yes; all of these hold (org.b yes; org.n at most 5))",
		"!(org.n >= 250)":                  "org.n less than 250",
		"org.n != 3":                       "org.n other than 3",
		"!(org.e == \"one\")":              "org.e not one",
		"org.e == \"two\"":                 "org.e two",
		"org.d < date(\"2027-12-11\")":     "org.d before 2027-12-11",
		"!(org.d >= date(\"2027-12-11\"))": "org.d before 2027-12-11",
		"org.d >= day":                     "org.d on or after the law day",
		"org.d <= at":                      "org.d on or before the day of the evidence",
		"within(org.d, \"P12M\")":          "org.d within 12 months before the law day",
		"!within(org.d, \"P1M3D\")":        "org.d not within 1 month and 3 days before the law day",
	} {
		if got := said(x.words("", text)); got != want {
			t.Errorf("%s reads %q, not %q", text, got, want)
		}
	}
}

// TestWordsSayWhatIsEvaluated: for each value of one or two facts the words hold where the expression does.
func TestWordsSayWhatIsEvaluated(t *testing.T) {
	x, err := cross(vocabulary(t), 0)
	if err != nil {
		t.Fatal(err)
	}
	truth := map[string]expr.Truth{"yes": expr.True, "no": expr.False}
	for _, text := range []string{"org.a && !org.b", "!(org.a && org.b)", "!(org.a || !org.b)", "!(!org.a && !(org.b || org.a))"} {
		e, _ := x.set.Compile(text)
		for _, a := range []expr.Truth{expr.Unknown, expr.True, expr.False} {
			for _, b := range []expr.Truth{expr.Unknown, expr.True, expr.False} {
				value := map[fact.Name]expr.Truth{"org.a": a, "org.b": b}
				want := e.Tree.Truth(func(n fact.Name) fact.Value { return valueOf(value[n]) }, 0, 0)
				if got := holds(x.words("", text), value, truth); got != want {
					t.Errorf("%s with %v: the words are %v, the expression %v", text, value, got, want)
				}
			}
		}
	}
}

func valueOf(t expr.Truth) fact.Value {
	if t == expr.Unknown {
		return fact.Value{}
	}
	return fact.BoolValue(t == expr.True)
}

// holds evaluates words in strong Kleene logic.
func holds(p phrase, value map[fact.Name]expr.Truth, truth map[string]expr.Truth) expr.Truth {
	if p.Join == "" {
		switch v := value[fact.Name(p.Fact.Text)]; {
		case v == expr.Unknown:
			return v
		case v == truth[p.Word]:
			return expr.True
		}
		return expr.False
	}
	var kids []expr.Truth
	for _, k := range p.Kids {
		kids = append(kids, holds(k, value, truth))
	}
	if strings.HasPrefix(p.Join, "at least") {
		return expr.Or(kids...)
	}
	return expr.And(kids...)
}

func TestPeriodsReadAsWords(t *testing.T) {
	for text, want := range map[string]string{
		"PT24H": "24 hours", "P14D": "14 days", "P1M": "1 month", "P4BD": "4 business days", "P1Y6M": "1 year and 6 months",
		"P10Y after placing": "P10Y after placing", "": "", "P": "P", "PT": "PT",
	} {
		if got := durationWords(text); got != want {
			t.Errorf("%q reads %q, not %q", text, got, want)
		}
	}
}

// TestLabelsOfATimelineDoNotMeet: in every picture of the catalogue no label lies on another, or outside.
func TestLabelsOfATimelineDoNotMeet(t *testing.T) {
	cat, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	x := &crossing{cat: cat, day: day(t, "2026-11-24")}
	for _, i := range cat.Instruments {
		p := x.timeline(i)
		type box struct{ left, right, y int }
		var boxes []box
		for _, d := range p.Dots {
			b := box{d.TextX, d.TextX + len([]rune(d.Text))*perLetter, d.TextY}
			if d.End {
				b.left, b.right = d.TextX-len([]rune(d.Text))*perLetter, d.TextX
			}
			for _, o := range boxes {
				if o.y == b.y && b.left < o.right && o.left < b.right {
					t.Errorf("%s: %q lies on another label", i.ID, d.Text)
				}
			}
			boxes = append(boxes, b)
			if b.left < 0 || b.right > timelineWidth || b.y > p.Height {
				t.Errorf("%s: %q lies outside the picture", i.ID, d.Text)
			}
		}
	}
}
