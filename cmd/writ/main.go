// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Command writ takes an IoT network from packets to proof of legal compliance.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/writ-iot/writ/internal/observe"
)

func main() {
	if len(os.Args) < 5 || os.Args[1] != "observe" || os.Args[2] != "--format" || os.Args[3] != "jsonl" {
		fmt.Fprintln(os.Stderr, "usage: writ observe --format jsonl FILE...")
		os.Exit(2)
	}
	r, err := observe.JSONL(context.Background(), os.Stdout, os.Args[4:], observe.Options{Stdin: os.Stdin})
	for _, in := range r.Inputs {
		if in.Notice != "" {
			fmt.Fprintln(os.Stderr, "writ: "+in.Notice)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "writ: "+err.Error())
		os.Exit(2)
	}
}
