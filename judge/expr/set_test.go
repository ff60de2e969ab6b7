// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/judge/expr"
)

var vocabulary = func() *fact.Vocabulary {
	v, err := fact.NewVocabulary([]fact.Definition{
		{Name: "service.telnet", Subject: fact.Device, Type: fact.Bool},
		{Name: "service.telnet.open", Subject: fact.Device, Type: fact.Bool},
		{Name: "service.ftp", Subject: fact.Device, Type: fact.Bool},
		{Name: "service.ssh", Subject: fact.Device, Type: fact.Bool},
		{Name: "unit.state", Subject: fact.Device, Type: fact.Enum, Words: []string{"factory-default", "set-up",
			"altered"}},
		{Name: "org.employees", Subject: fact.Organisation, Type: fact.Number},
		{Name: "training.last", Subject: fact.Organisation, Type: fact.Date},
	})
	if err != nil {
		panic(err)
	}
	return v
}()

func compile(t testing.TB, text string) *expr.Expr {
	t.Helper()
	s, err := expr.NewSet(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	e, problems := s.Compile(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return e
}

// fenced gives, for each rule, expressions that it keeps out.
var fenced = map[expr.Rule][]string{
	expr.Syntax:        {"service.telnet &&", "service.telnet service.ftp", "\xff", ")", "!"},
	expr.Empty:         {"", "  \n "},
	expr.Constant:      {"true", "false || service.telnet", `"yes"`, "1", `date("2027-12-11")`},
	expr.List:          {"[service.telnet]", "org.employees == [1]"},
	expr.Map:           {`{"a": service.telnet}`, `{}`, "org.employees == {}"},
	expr.Comprehension: {"[].all(x, x)", "[service.telnet].exists(x, x)", "org.employees.map(x, x)"},
	expr.Has:           {"has(service.telnet)", "service.ftp || has(unit.state)"},
	expr.Conditional:   {"service.telnet ? service.ftp : service.ssh"},
	expr.In:            {`unit.state in ["set-up"]`},
	expr.Index:         {`service["telnet"]`, `date("2027-12-11").year`},
	expr.Arithmetic:    {"org.employees + 1 > 2", "-org.employees < 2", "org.employees % 2 == 0"},
	expr.Function: {"size(unit.state) == 3", `unit.state.startsWith("set")`, `matches(unit.state, "x")`,
		`training.last > timestamp("2027-12-11T00:00:00Z")`},
	expr.Nil:    {"org.employees == null", "null"},
	expr.Absent: {"org.employees == nil", "service.telnet == unknown", "absent"},
	expr.UnknownFact: {"service.telnot", "service", "telnet", "judgement", "service.telnet.closed",
		"org.employees == org"},
	expr.TwoFacts: {"service.telnet == service.ftp", "org.employees > org.employees"},
	expr.NoFact:   {"1 == 1", `day >= date("2027-12-11")`, "day", "at == day"},
	expr.NotAnAtom: {"org.employees == (service.telnet && service.ftp)", `within("training.last", "P1Y")`,
		"(1 < 2) == service.ftp"},
	expr.BoolCompare: {"service.telnet == false", "service.telnet != true", "true == service.ftp"},
	expr.EnumWord:    {`unit.state == "setup"`, `unit.state != ""`},
	expr.StringOrder: {`unit.state < "set-up"`, `"altered" >= unit.state`},
	expr.Type: {`org.employees == "many"`, "org.employees", "unit.state", "unit.state == 1", "org.employees > 1.5",
		`training.last > "2027-12-11"`, "org.employees < day", `within(org.employees, "P1Y")`, "unit.state == true"},
	expr.DateFormat: {`training.last > date("11.12.2027")`, "training.last > date(1)", "training.last > date()",
		`training.last > date("2027-02-30")`},
	expr.Period: {`within(training.last, "365d")`, `within(training.last, "P0D")`,
		`within(training.last, "PT24H")`, "within(training.last)",
		`within(training.last, 12)`, `training.last > duration("24h")`},
	expr.TooLong: {strings.Repeat("service.telnet || ", 300) + "service.ftp"},
}

func TestTheFenceKeepsOutWhatWouldDecideAnUnknown(t *testing.T) {
	set, err := expr.NewSet(vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	for rule, texts := range fenced {
		for _, text := range texts {
			_, problems := set.Compile(text)
			if !slices.ContainsFunc(problems, func(p expr.Problem) bool { return p.Rule == rule }) {
				t.Errorf("%q: want rule %s, got %v", text, rule, problems)
			}
			if _, again := expr.Check(vocabulary, text); len(again) != len(problems) {
				t.Errorf("%q: the check alone finds %v, the compiler %v", text, again, problems)
			}
		}
	}
}

func TestEveryRuleHasItsCase(t *testing.T) {
	for _, r := range expr.Rules() {
		if len(fenced[r]) == 0 {
			t.Errorf("rule %s is never shown to bite", r)
		}
	}
}

func TestAProblemSaysWhereAndWhatInstead(t *testing.T) {
	set, _ := expr.NewSet(vocabulary)
	_, problems := set.Compile(`service.ftp && service.telnot || unit.state == "setup"`)
	want := []expr.Problem{
		{Rule: expr.UnknownFact, Offset: 15, Message: "fact service.telnot is not in the vocabulary",
			Hint: `did you mean "service.telnet"?`},
		{Rule: expr.EnumWord, Offset: 44, Message: `"setup" is no word of unit.state: factory-default, set-up, altered`, Hint: `did you mean "set-up"?`},
	}
	if len(problems) != len(want) {
		t.Fatalf("got %v", problems)
	}
	for i, p := range problems {
		p.Expr = ""
		if p != want[i] {
			t.Errorf("got %+v at %d, want %+v at %d", p, p.Offset, want[i], want[i].Offset)
		}
	}
}

var (
	yes, no = fact.BoolValue(true), fact.BoolValue(false)
	dec12   = fact.DayOf(fact.Day(21_164).Time()) // 2027-12-12
)

func day(s string) fact.Day {
	d, err := fact.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// say puts what is known into the order of the expression's facts.
func say(e *expr.Expr, known map[fact.Name]fact.Value) []fact.Value {
	values := make([]fact.Value, len(e.Facts))
	for i, n := range e.Facts {
		values[i] = known[n]
	}
	return values
}

func TestUnknownIsNeverAnAnswer(t *testing.T) {
	type known = map[fact.Name]fact.Value
	for _, c := range []struct {
		text    string
		known   known
		want    expr.Truth
		missing string
	}{
		{"service.telnet", nil, expr.Unknown, "service.telnet"},
		{"!service.telnet", nil, expr.Unknown, "service.telnet"},
		{"!service.telnet", known{"service.telnet": no}, expr.True, ""},
		{"service.telnet.open", known{"service.telnet": yes}, expr.Unknown, "service.telnet.open"},
		{"service.telnet", known{"service.telnet.open": yes}, expr.Unknown, "service.telnet"},
		{"service.telnet.open && service.telnet", known{"service.telnet.open": no}, expr.False, ""},
		{"service.telnet && service.ftp", nil, expr.Unknown, "service.ftp service.telnet"},
		{"service.telnet || service.ftp || service.ssh", nil, expr.Unknown, "service.ftp service.ssh service.telnet"},
		{"service.telnet && service.ftp", known{"service.ftp": no}, expr.False, ""},
		{"service.telnet || service.ftp", known{"service.ftp": yes}, expr.True, ""},
		{"service.telnet || service.ftp", known{"service.ftp": no}, expr.Unknown, "service.telnet"},
		{"service.telnet || !service.telnet", nil, expr.Unknown, "service.telnet"},
		{`unit.state != "altered"`, nil, expr.Unknown, "unit.state"},
		{`unit.state != "altered"`, known{"unit.state": fact.EnumValue("set-up")}, expr.True, ""},
		{`"set-up" == unit.state`, known{"unit.state": fact.EnumValue("set-up")}, expr.True, ""},
		{"org.employees >= 50", nil, expr.Unknown, "org.employees"},
		{"50 <= org.employees", known{"org.employees": fact.NumberValue(50)}, expr.True, ""},
		{"50 < org.employees", known{"org.employees": fact.NumberValue(50)}, expr.False, ""},
		{`training.last >= date("2027-12-11")`, known{"training.last": fact.DateValue(day("2027-12-10"))},
			expr.False, ""},
		{`training.last >= date("2027-12-11")`, known{"training.last": fact.DateValue(day("2027-12-11"))}, expr.True, ""},
		{"training.last <= day", known{"training.last": fact.DateValue(dec12)}, expr.True, ""},
		{"training.last < at", known{"training.last": fact.DateValue(dec12)}, expr.False, ""},
		{`within(training.last, "P12M")`, nil, expr.Unknown, "training.last"},
		{`within(training.last, "P12M")`, known{"training.last": fact.DateValue(day("2026-12-12"))}, expr.True, ""},
		{`within(training.last, "P12M")`, known{"training.last": fact.DateValue(day("2026-12-11"))}, expr.False, ""},
		{`within(training.last, "P12M")`, known{"training.last": fact.DateValue(day("2027-12-13"))}, expr.False, ""},
	} {
		e := compile(t, c.text)
		got := e.Eval(say(e, c.known), dec12, dec12)
		var missing []string
		for _, n := range got.Missing {
			missing = append(missing, string(n))
		}
		if got.Truth != c.want || strings.Join(missing, " ") != c.missing {
			t.Errorf("%s of %v: got %s missing %v, want %s missing %q", c.text, c.known, got.Truth, missing,
				c.want, c.missing)
		}
	}
}

// TestCELAgreesWithKleene tries every combination of known and unknown on formulas of each shape.
func TestCELAgreesWithKleene(t *testing.T) {
	atoms := []string{"service.telnet", "service.ftp", "service.ssh"}
	values := []fact.Value{{}, yes, no}
	for _, shape := range []string{"A", "!A", "A && B", "A || B", "!(A && B)", "!(A || B)", "A && B || C",
		"A && (B || C)", "(A || !B) && (B || !C)",
		"A && !A", "A || !A", "A && B && C", "A || B || C", "!(A || B) || C"} {
		e := compile(t, strings.NewReplacer("A", atoms[0], "B", atoms[1], "C", atoms[2]).Replace(shape))
		for i := range 27 {
			known := map[fact.Name]fact.Value{"service.telnet": values[i%3], "service.ftp": values[i/3%3],
				"service.ssh": values[i/9]}
			got := e.Eval(say(e, known), dec12, dec12)
			want := e.Tree.Truth(func(n fact.Name) fact.Value { return known[n] }, dec12, dec12)
			if got.Truth != want {
				t.Errorf("%s of %v: CEL says %s, Kleene %s", e.Text, known, got.Truth, want)
			}
			if (got.Truth == expr.Unknown) != (len(got.Missing) > 0) {
				t.Errorf("%s of %v: %s, missing %v", e.Text, known, got.Truth, got.Missing)
			}
		}
	}
}

func TestKleene(t *testing.T) {
	u, y, n := expr.Unknown, expr.True, expr.False
	for _, r := range [][5]expr.Truth{ // a, b, and, or, not a
		{u, u, u, u, u}, {u, y, u, y, u}, {u, n, n, u, u},
		{y, u, u, y, n}, {y, y, y, y, n}, {y, n, n, y, n},
		{n, u, n, u, y}, {n, y, n, y, y}, {n, n, n, n, y},
	} {
		if expr.And(r[0], r[1]) != r[2] || expr.Or(r[0], r[1]) != r[3] || r[0].Not() != r[4] {
			t.Errorf("%v", r)
		}
	}
	if expr.And() != y || expr.Or() != n {
		t.Error("of nothing")
	}
}

func TestAtomValuesHoldBothAnswers(t *testing.T) {
	for _, text := range []string{"service.telnet", `unit.state == "altered"`, "org.employees >= 50",
		"org.employees != 3",
		`training.last < date("2028-02-29")`, `within(training.last, "P1M")`, `within(training.last, "P1Y3D")`,
		"training.last == at"} {
		e := compile(t, text)
		a := e.Tree.Atom
		for _, d := range []string{"2027-03-31", "2028-02-29", "2027-12-12"} {
			var held [2]bool
			for _, v := range a.Values(day(d), day(d)) {
				holds := a.Holds(v, day(d), day(d))
				held[map[bool]int{true: 1}[holds]] = true
				if got := e.Eval([]fact.Value{v}, day(d), day(d)); got.Truth != expr.Of(holds) {
					t.Errorf("%s of %s on %s: CEL says %s, the atom %v", text, v, d, got.Truth, holds)
				}
			}
			if held != [2]bool{true, true} {
				t.Errorf("%s on %s: values %v give one answer only", text, d, a.Values(day(d), day(d)))
			}
		}
	}
}

func TestSpans(t *testing.T) {
	for text, want := range map[string]expr.Span{"P12M": {12, 0}, "P1Y": {12, 0}, "P2W": {0, 14}, "P1Y6M10D": {18, 10}} {
		if got, err := expr.ParseSpan(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "P", "P0D", "PT1H", "1Y", "P-1Y", "P1.5Y", "P99999Y", "p1y"} {
		if got, err := expr.ParseSpan(text); err == nil {
			t.Errorf("%q: read as %v", text, got)
		}
	}
	leap := expr.Span{Months: 12}
	if !leap.Within(day("2028-02-29"), day("2029-02-28")) || leap.Within(day("2028-02-29"), day("2029-03-01")) {
		t.Error("a year from a leap day ends on the last day of February")
	}
}

func FuzzCompile(f *testing.F) {
	for _, texts := range fenced {
		for _, s := range texts {
			f.Add(s, uint8(5))
		}
	}
	f.Add(`!service.telnet && (unit.state == "set-up" || within(training.last, "P12M"))`, uint8(77))
	set, err := expr.NewSet(vocabulary)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, bits uint8) {
		e, problems := set.Compile(text)
		if e == nil {
			if len(problems) == 0 {
				t.Fatal("neither an expression nor a problem")
			}
			return
		}
		values := map[fact.Name]fact.Value{}
		e.Tree.Walk(func(a *expr.Atom) {
			all := a.Values(dec12, dec12)
			if k := int(bits) % (len(all) + 1); k < len(all) {
				values[a.Fact] = all[k]
			}
			bits = bits>>1 | bits<<7
		})
		if got := e.Eval(make([]fact.Value, len(e.Facts)), dec12, dec12); got.Truth != expr.Unknown {
			t.Fatalf("%q of nothing is %s", text, got.Truth)
		}
		got := e.Eval(say(e, values), dec12, dec12)
		want := e.Tree.Truth(func(n fact.Name) fact.Value { return values[n] }, dec12, dec12)
		if got.Err == nil && got.Truth != want {
			t.Fatalf("%q of %v: CEL says %s, Kleene %s", text, values, got.Truth, want)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	e := compile(b, `!service.telnet && (unit.state == "set-up" || within(training.last, "P12M"))`)
	values := say(e, map[fact.Name]fact.Value{"service.telnet": no})
	b.ReportAllocs()
	for b.Loop() {
		e.Eval(values, dec12, dec12)
	}
}
