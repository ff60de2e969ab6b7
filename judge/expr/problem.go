// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

import "fmt"

// Rule names a line of the fence.
type Rule string

// The rules, each with the trap that it closes.
const (
	Syntax        Rule = "syntax"        // not CEL
	Empty         Rule = "empty"         // nothing said would be always true
	Constant      Rule = "constant"      // true without any fact: nothing may hold without evidence
	List          Rule = "list"          // an unknown inside a list is not unknown
	Map           Rule = "map"           // nor inside a map
	Comprehension Rule = "comprehension" // all() of nothing is true
	Has           Rule = "has"           // asks whether something is known, and answers false
	Conditional   Rule = "conditional"   // a ? b : c forgets what a did not know
	In            Rule = "in"            // membership in a set: a set is one fact per member
	Index         Rule = "index"         // reaches inside a value
	Arithmetic    Rule = "arithmetic"    // units slip, and two facts meet in one atom
	Function      Rule = "function"      // only date and within are known
	Nil           Rule = "nil"           // null equals null where nothing is known
	Absent        Rule = "absent"        // there is no way to ask whether a fact is known
	UnknownFact   Rule = "unknown-fact"  // a name nobody defined is unknown for ever
	TwoFacts      Rule = "two-facts"     // an atom compares one fact
	NoFact        Rule = "no-fact"       // an atom compares a fact
	NotAnAtom     Rule = "atom"          // a comparison of formulas
	BoolCompare   Rule = "bool-compare"  // a yes/no fact stands alone
	EnumWord      Rule = "enum"          // a word outside the enum never holds, and its != always
	StringOrder   Rule = "string-order"  // words have no order
	Type          Rule = "type"          // the constant is of another type
	DateFormat    Rule = "date"          // date("YYYY-MM-DD")
	Period        Rule = "period"        // calendar periods only
	TooLong       Rule = "too-long"      // an expression is read by people
)

// Rules lists all rules.
func Rules() []Rule {
	return []Rule{Syntax, Empty, Constant, List, Map, Comprehension, Has, Conditional, In, Index, Arithmetic,
		Function, Nil,
		Absent, UnknownFact, TwoFacts, NoFact, NotAnAtom, BoolCompare, EnumWord, StringOrder, Type, DateFormat,
		Period, TooLong}
}

// Problem is one thing the fence refuses.
type Problem struct {
	Rule    Rule
	Expr    string
	Offset  int // characters from the start of the expression
	Message string
	Hint    string // "" when there is none
}

func (p Problem) Error() string {
	s := fmt.Sprintf("expression %q: %s (%s)", p.Expr, p.Message, p.Rule)
	if p.Hint != "" {
		s += "; " + p.Hint
	}
	return s
}
