// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/writ-iot/writ/fact"
)

// maxLength bounds an expression, in bytes.
const maxLength = 4096

// Expr is one fenced, type-checked expression.
type Expr struct {
	Text  string
	Facts []fact.Name // sorted; each once
	Defs  []*fact.Definition
	Tree  *Node
	prog  cel.Program
	pats  []*cel.AttributePatternType // of Facts
}

// Set compiles expressions over one vocabulary and keeps each distinct text once. It is not safe for
// concurrent use; what it has compiled is.
type Set struct {
	voc   *fact.Vocabulary
	env   *cel.Env
	exprs map[string]*Expr
}

// NewSet declares every fact of the vocabulary as a variable under its whole dotted name.
func NewSet(voc *fact.Vocabulary) (*Set, error) {
	opts := grammar()
	opts = append(opts, cel.Variable("day", cel.TimestampType), cel.Variable("at", cel.TimestampType))
	for _, n := range voc.Names() {
		if n == "day" || n == "at" {
			return nil, fmt.Errorf("fact %s has the name of a moment", n)
		}
		d, _ := voc.Lookup(n)
		opts = append(opts, cel.Variable(string(n), celType(d.Type)))
	}
	env, err := cel.NewEnv(opts...)
	if err != nil {
		return nil, fmt.Errorf("declaring the vocabulary: %w", err)
	}
	return &Set{voc: voc, env: env, exprs: map[string]*Expr{}}, nil
}

// grammar clears CEL's macros, so that the fence sees what was written, and adds our two words.
func grammar() []cel.EnvOption {
	within := cel.GlobalMacro("within", 2, func(h cel.MacroExprFactory, _ ast.Expr, args []ast.Expr) (ast.Expr,
		*cel.Error) {
		return h.NewCall(withinDay, args[0], args[1], h.NewIdent("day")), nil
	})
	return []cel.EnvOption{
		cel.ClearMacros(), cel.Macros(within),
		cel.Function("date", cel.Overload("date_string", []*cel.Type{cel.StringType}, cel.TimestampType,
			cel.UnaryBinding(celDate))),
		cel.Function(withinDay, cel.Overload("within_date_string_day",
			[]*cel.Type{cel.TimestampType, cel.StringType, cel.TimestampType}, cel.BoolType,
			cel.FunctionBinding(celWithin))),
	}
}

func celDate(v ref.Val) ref.Val {
	d, err := fact.ParseDay(string(v.(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Timestamp{Time: d.Time()}
}

func celWithin(args ...ref.Val) ref.Val {
	p, err := ParseSpan(string(args[1].(types.String)))
	if err != nil {
		return types.WrapErr(err)
	}
	done, day := args[0].(types.Timestamp), args[2].(types.Timestamp)
	return types.Bool(p.Within(fact.DayOf(done.Time), fact.DayOf(day.Time)))
}

func celType(t fact.Type) *cel.Type {
	switch t {
	case fact.Bool:
		return cel.BoolType
	case fact.Number:
		return cel.IntType
	case fact.Date:
		return cel.TimestampType
	}
	return cel.StringType
}

// Compile reads an expression; the problems, in the order of the text, are all that is wrong with it.
func (s *Set) Compile(text string) (*Expr, []Problem) {
	if e := s.exprs[text]; e != nil {
		return e, nil
	}
	tree, parsed, problems := read(s.env, s.voc, text)
	if len(problems) > 0 {
		return nil, problems
	}
	checked, issues := s.env.Check(parsed)
	if err := issues.Err(); err != nil {
		return nil, []Problem{{Type, text, 0, firstLine(err), ""}}
	}
	// Partial evaluation always: without it an unknown is an error, and errors vanish beside a true.
	prog, err := s.env.Program(checked, cel.EvalOptions(cel.OptPartialEval))
	if err != nil {
		return nil, []Problem{{Type, text, 0, firstLine(err), ""}}
	}
	e := &Expr{Text: text, Tree: tree, prog: prog}
	for _, d := range definitions(tree) {
		e.Facts, e.Defs = append(e.Facts, d.Name), append(e.Defs, d)
		e.pats = append(e.pats, cel.AttributePattern(string(d.Name)))
	}
	s.exprs[text] = e
	return e, nil
}

// Check fences an expression without compiling it: the facts it names, sorted, and all that is wrong.
func Check(voc *fact.Vocabulary, text string) ([]*fact.Definition, []Problem) {
	env, err := cel.NewCustomEnv(grammar()...)
	if err != nil {
		return nil, []Problem{{Syntax, text, 0, err.Error(), ""}}
	}
	tree, _, problems := read(env, voc, text)
	if len(problems) > 0 {
		return nil, problems
	}
	return definitions(tree), nil
}

func read(env *cel.Env, voc *fact.Vocabulary, text string) (*Node, *cel.Ast, []Problem) {
	switch {
	case strings.TrimSpace(text) == "":
		return nil, nil, []Problem{{Empty, text, 0, "an empty expression decides nothing", ""}}
	case len(text) > maxLength:
		start := strings.ToValidUTF8(text[:40], "") + "…"
		return nil, nil, []Problem{{TooLong, start, 0, fmt.Sprintf("%d bytes, at most %d", len(text),
			maxLength), "split it into controls"}}
	case !utf8.ValidString(text):
		return nil, nil, []Problem{{Syntax, strings.ToValidUTF8(text, "\uFFFD"), 0, "the text is not UTF-8", ""}}
	}
	parsed, issues := env.Parse(text)
	if err := issues.Err(); err != nil {
		return nil, nil, syntax(text, issues)
	}
	native := parsed.NativeRep()
	f := &fence{voc: voc, info: native.SourceInfo(), text: text}
	tree := f.formula(native.Expr())
	slices.SortStableFunc(f.problems, func(a, b Problem) int { return a.Offset - b.Offset })
	return tree, parsed, f.problems
}

func syntax(text string, issues *cel.Issues) []Problem {
	p := Problem{Rule: Syntax, Expr: text, Message: "the expression cannot be read"}
	if all := issues.Errors(); len(all) > 0 {
		p.Message, p.Offset = firstLine(errors.New(all[0].Message)), all[0].Location.Column()
	}
	return []Problem{p}
}

func firstLine(err error) string {
	s, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSpace(s)
}

func definitions(tree *Node) []*fact.Definition {
	var defs []*fact.Definition
	tree.Walk(func(a *Atom) { defs = append(defs, a.Def) })
	slices.SortFunc(defs, func(a, b *fact.Definition) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return slices.Compact(defs)
}

// Outcome is what an expression says of the values it was given.
type Outcome struct {
	Truth   Truth
	Missing []fact.Name // sorted: the facts that CEL names as unknown; empty when decided
	Err     error       // an evaluation error: unknown, inconclusive
}

// Eval evaluates the expression; values stand in the order of Facts, and no value is unknown.
func (e *Expr) Eval(values []fact.Value, day, at fact.Day) Outcome {
	vars := map[string]any{"day": day.Time(), "at": at.Time()}
	var unknown []*cel.AttributePatternType
	for i, v := range values {
		if v.Type() == fact.None {
			unknown = append(unknown, e.pats[i])
		} else {
			vars[string(e.Facts[i])] = native(v)
		}
	}
	input, err := cel.PartialVars(vars, unknown...)
	if err != nil {
		return e.inconclusive(err)
	}
	out, _, err := e.prog.Eval(input)
	if err != nil {
		return e.inconclusive(err)
	}
	switch v := out.(type) {
	case types.Bool:
		return Outcome{Truth: Of(bool(v))}
	case *types.Unknown:
		return Outcome{Missing: e.names(v)}
	}
	return e.inconclusive(fmt.Errorf("the result is %s", out.Type()))
}

func (e *Expr) inconclusive(err error) Outcome {
	return Outcome{Missing: e.Facts, Err: fmt.Errorf("evaluating %q: %w", e.Text, err)}
}

// names sorts what CEL lists in no fixed order.
func (e *Expr) names(u *types.Unknown) []fact.Name {
	var out []fact.Name
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			out = append(out, fact.Name(t.Variable()))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func native(v fact.Value) any {
	switch v.Type() {
	case fact.Bool:
		return v.IsTrue()
	case fact.Number:
		return v.Int()
	case fact.Date:
		return v.Day().Time()
	}
	return v.Word()
}
