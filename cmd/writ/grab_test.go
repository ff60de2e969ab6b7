// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// grab VARIABLE PATTERN sets a variable to what the last program's output holds where the pattern's group stands.
func grab(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(`(?m)` + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(m) < 2 {
		ts.Fatalf("the output holds nothing like %q", args[1])
	}
	ts.Setenv(args[0], m[1])
}
