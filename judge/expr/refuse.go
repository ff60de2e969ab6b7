// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// refusal says what is wrong with a construct of CEL that the fence keeps out.
type refusal struct {
	rule          Rule
	message, hint string
}

const onePerMember = "a set is one yes/no fact per member"

var refusedCalls = map[string]refusal{
	operators.Conditional: {Conditional, "a choice forgets what its condition did not know", "write (a && b) || (!a && c)"},
	operators.In:          {In, "membership is not asked of a value", "compare with == and join with ||; " + onePerMember},
	operators.OldIn:       {In, "membership is not asked of a value", "compare with == and join with ||; " + onePerMember},
	operators.Index:       {Index, "a fact is one scalar", onePerMember},
	"has":                 {Has, "whether a fact is known cannot be asked", "what is not known is unknown by itself"},
	"duration":            {Period, "a law's period is no number of hours", `write within(fact, "P12M")`},
	"timestamp":           {Function, "days, not moments, are compared", `write date("2027-12-11")`},
	"within":              {Period, "within has a fact and a period", `write within(training.last, "P12M")`},
	"date":                {Constant, "a date alone decides nothing", "compare a fact with it"},
	"all":                 {Comprehension, "a fact is one scalar, not a list", onePerMember},
	"exists":              {Comprehension, "a fact is one scalar, not a list", onePerMember},
	"exists_one":          {Comprehension, "a fact is one scalar, not a list", onePerMember},
	"existsOne":           {Comprehension, "a fact is one scalar, not a list", onePerMember},
	"map":                 {Comprehension, "a fact is one scalar, not a list", onePerMember},
	"filter":              {Comprehension, "a fact is one scalar, not a list", onePerMember},
}

var arithmetic = []string{operators.Add, operators.Subtract, operators.Multiply, operators.Divide,
	operators.Modulo, operators.Negate}

// refuse names the rule that keeps e out.
func (f *fence) refuse(e ast.Expr) *Node {
	switch e.Kind() {
	case ast.LiteralKind:
		return f.no(e, Nil, "null is no value: what is not known is unknown by itself", "no expression can ask whether a fact is known")
	case ast.ListKind:
		return f.no(e, List, "a list is no constant", onePerMember)
	case ast.MapKind, ast.StructKind:
		return f.no(e, Map, "a map is no constant", onePerMember)
	case ast.ComprehensionKind:
		return f.no(e, Comprehension, "a fact is one scalar, not a list", onePerMember)
	case ast.SelectKind:
		return f.no(e, Index, "a field is taken of something that is no fact", onePerMember)
	case ast.CallKind:
		return f.refuseCall(e, e.AsCall().FunctionName())
	}
	return f.no(e, Syntax, "the expression is incomplete", "")
}

func (f *fence) refuseCall(e ast.Expr, name string) *Node {
	if r, ok := refusedCalls[name]; ok {
		return f.no(e, r.rule, r.message, r.hint)
	}
	for _, op := range arithmetic {
		if op == name {
			return f.no(e, Arithmetic, "an atom does not calculate", `periods are written within(fact, "P12M")`)
		}
	}
	return f.no(e, Function, fmt.Sprintf("function %s is not known here", strings.Trim(name, "_@")),
		`only date("2027-12-11") and within(fact, "P12M") are`)
}
