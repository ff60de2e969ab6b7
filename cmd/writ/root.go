// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/writ-iot/writ/internal/kind"
)

// Exit statuses (docs/architecture.md).
const (
	exitDone     = 0
	exitViolated = 1
	exitBadInput = 2
	exitDamaged  = 3
)

// errViolated ends a run that is done and found a must of one's own violated.
var errViolated = errors.New("a duty of one's own is violated")

// door is what every subcommand is given: the streams, and the clock.
type door struct {
	in       io.Reader
	out, err io.Writer
	raw      io.Writer // out without colour handling, for JSON and files
	tty      bool      // out is a terminal
	errTTY   bool
	width    int
	now      func() time.Time
}

func newDoor(in io.Reader, out, errw io.Writer) *door {
	d := &door{in: in, raw: out, err: errw, now: time.Now, out: colorprofile.NewWriter(out, os.Environ())}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		d.tty = true
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			d.width = w
		}
	}
	if f, ok := errw.(*os.File); ok {
		d.errTTY = term.IsTerminal(int(f.Fd()))
	}
	return d
}

// run is the program: arguments to exit status.
func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	d := newDoor(in, out, errw)
	root := &cobra.Command{
		Use:           "writ",
		Short:         "From packets to proof of legal compliance",
		SilenceUsage:  true,
		SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errw)
	root.AddCommand(commands(d)...)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if errors.Is(err, errViolated) {
		return exitViolated
	}
	fmt.Fprintf(errw, "writ: %v\n", err)
	if k := kind.Of(err); k != 0 {
		return k.Exit()
	}
	return exitBadInput
}
