// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Command gen writes the trees of the catalogue's files beside them: go generate ./catalogue.
package main

import (
	"fmt"
	"os"

	"github.com/writ-iot/writ/law"
)

func main() {
	b, err := law.EncodeTrees(os.DirFS("."))
	if err == nil {
		err = os.WriteFile("trees.bin", b, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
