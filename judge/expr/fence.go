// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// withinDay is what the macro within(fact, "P12M") becomes: the same with day. Nobody can write it.
const withinDay = "within@day"

// comparisons maps CEL's functions to the sign, and to the sign with its sides changed.
var comparisons = map[string][2]string{
	operators.Equals: {"==", "=="}, operators.NotEquals: {"!=", "!="},
	operators.Less: {"<", ">"}, operators.LessEquals: {"<=", ">="},
	operators.Greater: {">", "<"}, operators.GreaterEquals: {">=", "<="},
}

// fence walks a parsed expression and refuses all that is not && || ! over atoms.
type fence struct {
	voc      *fact.Vocabulary
	info     *ast.SourceInfo
	text     string
	problems []Problem
}

// formula reads a yes/no expression; nil where it is refused.
func (f *fence) formula(e ast.Expr) *Node {
	if name, ok := dotted(e); ok {
		return f.bare(e, name)
	}
	if e.Kind() == ast.LiteralKind {
		if e.AsLiteral().Type() == types.NullType {
			return f.refuse(e)
		}
		return f.no(e, Constant, "a constant decides nothing", "name the fact it stands for")
	}
	if e.Kind() != ast.CallKind || e.AsCall().IsMemberFunction() {
		return f.refuse(e)
	}
	call := e.AsCall()
	switch name := call.FunctionName(); name {
	case operators.LogicalAnd:
		return f.join(OpAnd, call.Args())
	case operators.LogicalOr:
		return f.join(OpOr, call.Args())
	case operators.LogicalNot:
		return f.join(OpNot, call.Args())
	case withinDay:
		return f.since(e, call)
	default:
		if cmp, ok := comparisons[name]; ok {
			return f.comparison(e, call, cmp)
		}
	}
	return f.refuse(e)
}

// join reads all kids, so that every problem is told at once.
func (f *fence) join(op Op, args []ast.Expr) *Node {
	n := &Node{Op: op}
	for _, a := range args {
		if k := f.formula(a); k != nil {
			n.Kids = append(n.Kids, k)
		}
	}
	if len(n.Kids) != len(args) {
		return nil
	}
	return n
}

func (f *fence) bare(e ast.Expr, name string) *Node {
	d := f.lookup(e, name)
	if d == nil {
		return nil
	}
	if d.Type != fact.Bool {
		return f.no(e, Type, fmt.Sprintf("fact %s is a %s and does not stand alone", name, d.Type),
			"compare it with a constant")
	}
	return &Node{Atom: &Atom{Fact: d.Name, Def: d}}
}

// side is one side of a comparison: a fact, or what it is compared with.
type side struct {
	def   *fact.Definition
	with  Operand
	value fact.Value
	ok    bool
}

func (f *fence) comparison(e ast.Expr, call ast.CallExpr, cmp [2]string) *Node {
	l, r := f.side(call.Args()[0]), f.side(call.Args()[1])
	sign := cmp[0]
	switch {
	case !l.ok || !r.ok:
		return nil
	case l.def != nil && r.def != nil:
		return f.no(e, TwoFacts, fmt.Sprintf("%s and %s meet in one atom", l.def.Name, r.def.Name),
			"say with one fact what both show")
	case l.def == nil && r.def == nil:
		return f.no(e, NoFact, "the comparison names no fact", "dates of the law belong in from, until and applies")
	case l.def == nil:
		l, r, sign = r, l, cmp[1]
	}
	return f.typed(e, &Atom{Fact: l.def.Name, Def: l.def, Cmp: sign, With: r.with, Const: r.value})
}

// typed checks the atom's sign and constant against the fact's type.
func (f *fence) typed(e ast.Expr, a *Atom) *Node {
	ordered := a.Cmp != "==" && a.Cmp != "!="
	switch d := a.Def; {
	case d.Type == fact.Bool:
		return f.no(e, BoolCompare, fmt.Sprintf("fact %s is yes or no and is not compared", d.Name),
			fmt.Sprintf("write %s or !%s", d.Name, d.Name))
	case d.Type == fact.Enum && ordered:
		return f.no(e, StringOrder, fmt.Sprintf("the words of %s have no order", d.Name), "name each word with ==")
	case d.Type == fact.Date && (a.With == Day || a.With == At):
		return &Node{Atom: a}
	case a.With != Const || a.Const.Type() != d.Type:
		return f.no(e, Type, fmt.Sprintf("fact %s is a %s and is compared with something else", d.Name, d.Type),
			map[fact.Type]string{fact.Date: `write dates as date("2027-12-11"), day or at`,
				fact.Number: "compare it with a whole number", fact.Enum: "compare it with one of its words"}[d.Type])
	case d.Type == fact.Enum && !slices.Contains(d.Words, a.Const.Word()):
		return f.no(e, EnumWord, fmt.Sprintf("%q is no word of %s: %s", a.Const.Word(), d.Name,
			strings.Join(d.Words, ", ")),
			didYouMean(a.Const.Word(), d.Words))
	}
	return &Node{Atom: a}
}

func (f *fence) side(e ast.Expr) side {
	if name, ok := dotted(e); ok {
		switch name {
		case "day":
			return side{with: Day, ok: true}
		case "at":
			return side{with: At, ok: true}
		}
		d := f.lookup(e, name)
		return side{def: d, ok: d != nil}
	}
	switch e.Kind() {
	case ast.LiteralKind:
		switch v := e.AsLiteral().(type) {
		case types.Int:
			return side{with: Const, value: fact.NumberValue(int64(v)), ok: true}
		case types.String:
			return side{with: Const, value: fact.EnumValue(string(v)), ok: true}
		case types.Bool:
			return side{with: Const, value: fact.BoolValue(bool(v)), ok: true}
		case types.Null:
		default:
			f.no(e, Type, "numbers are whole, text is in quotes", "")
			return side{}
		}
	case ast.CallKind:
		call := e.AsCall()
		if call.FunctionName() == "date" && !call.IsMemberFunction() {
			return f.date(e, call)
		}
		if _, ok := comparisons[call.FunctionName()]; ok || isLogic(call.FunctionName()) {
			f.no(e, NotAnAtom, "a comparison has a fact on one side and a constant on the other",
				"join atoms with && and ||")
			return side{}
		}
	}
	f.refuse(e)
	return side{}
}

func isLogic(name string) bool {
	return name == operators.LogicalAnd || name == operators.LogicalOr || name == operators.LogicalNot ||
		name == withinDay
}

func (f *fence) date(e ast.Expr, call ast.CallExpr) side {
	s, ok := text(call.Args())
	d, err := fact.ParseDay(s)
	if !ok || err != nil {
		f.no(e, DateFormat, "a date is one day in quotes", `write date("2027-12-11")`)
		return side{}
	}
	return side{with: Const, value: fact.DateValue(d), ok: true}
}

func (f *fence) since(e ast.Expr, call ast.CallExpr) *Node {
	args := call.Args()
	name, isName := dotted(args[0])
	if !isName {
		return f.no(e, NotAnAtom, "within asks when one fact was", `write within(training.last, "P12M")`)
	}
	d := f.lookup(args[0], name)
	if d == nil {
		return nil
	}
	if d.Type != fact.Date {
		return f.no(e, Type, fmt.Sprintf("fact %s is a %s and within asks for a date", name, d.Type), "")
	}
	s, _ := text(args[1:2])
	p, err := ParseSpan(s)
	if err != nil {
		return f.no(e, Period, err.Error(), "a law's period is a calendar period: P12M, P1Y, P30D")
	}
	return &Node{Atom: &Atom{Fact: d.Name, Def: d, With: Since, Span: p}}
}

// text is the one string literal among args.
func text(args []ast.Expr) (string, bool) {
	if len(args) != 1 || args[0].Kind() != ast.LiteralKind {
		return "", false
	}
	s, ok := args[0].AsLiteral().(types.String)
	return string(s), ok
}

// dotted gives the whole name of a fact as written: CEL reads a.b.c as fields of fields.
func dotted(e ast.Expr) (string, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		return e.AsIdent(), true
	case ast.SelectKind:
		s := e.AsSelect()
		base, ok := dotted(s.Operand())
		return base + "." + s.FieldName(), ok && !s.IsTestOnly()
	}
	return "", false
}

// lookup finds a fact by its whole name. A shorter fact with the same beginning never answers for it.
func (f *fence) lookup(e ast.Expr, name string) *fact.Definition {
	if slices.Contains([]string{"nil", "null", "absent", "none", "unknown", "undefined"}, name) {
		f.no(e, Absent, fmt.Sprintf("%s is no value: what is not known is unknown by itself", name),
			"no expression can ask whether a fact is known")
		return nil
	}
	if name == "day" || name == "at" {
		f.no(e, NoFact, name+" is compared with a fact, and does not stand alone", "")
		return nil
	}
	d, ok := f.voc.Lookup(fact.Name(name))
	if !ok || strings.HasPrefix(name, fact.JudgementPrefix) {
		known := make([]string, 0, len(f.voc.Names()))
		for _, n := range f.voc.Names() {
			known = append(known, string(n))
		}
		f.no(e, UnknownFact, fmt.Sprintf("fact %s is not in the vocabulary", name), didYouMean(name, known))
		return nil
	}
	return d
}

func didYouMean(word string, known []string) string {
	if s := law.Suggest(word, known); s != "" {
		return fmt.Sprintf("did you mean %q?", s)
	}
	return ""
}

// no records a problem; the node it returns is always nil.
func (f *fence) no(e ast.Expr, rule Rule, message, hint string) *Node {
	for e.Kind() == ast.SelectKind {
		e = e.AsSelect().Operand() // CEL's place of a name is its last point
	}
	start, _ := f.info.GetOffsetRange(e.ID())
	f.problems = append(f.problems, Problem{rule, f.text, int(start.Start), message, hint})
	return nil
}
