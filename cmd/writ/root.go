// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/report"
	"github.com/writ-iot/writ/law"
)

// Exit statuses (docs/architecture.md).
const (
	exitDone     = 0
	exitViolated = 1
	exitBadInput = 2
	exitDamaged  = 3
	exitStopped  = 130 // as shells know it: 128 and SIGINT
)

var (
	// errViolated ends a run that is done and found a must of one's own violated.
	errViolated = errors.New("a duty of one's own is violated")
	// errReported ends a run whose result says already what is wrong.
	errReported = errors.New("reported")
)

// door is what every subcommand is given: the streams, and the clock.
type door struct {
	in       io.Reader
	out, err io.Writer
	raw      io.Writer // out without colour handling, for JSON and files
	tty      bool      // out is a terminal
	errTTY   bool
	width    int
	written  *sure // what out and raw write to
	now      func() time.Time
	lawFS    fs.FS           // the catalogue: what the program carries, or a directory
	named    string          // what on the command line names another law; "" for the program's own
	drawn    bool            // a progress bar stands on err
	warned   map[string]bool // what warn has said
}

func newDoor(in io.Reader, out, errw io.Writer) *door {
	coloured, written := colorprofile.NewWriter(out, os.Environ()), &sure{to: out}
	coloured.Forward = written // the terminal that out may be is known to it by now
	d := &door{in: in, raw: written, err: errw, now: time.Now, out: coloured, written: written, lawFS: catalogue.FS}
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
	d := newDoor(&stoppable{ctx: ctx, from: in}, out, errw)
	root := &cobra.Command{
		Use:   "writ",
		Short: "From packets to proof of legal compliance",
		Long: `Writ takes an IoT network from packets to proof of legal compliance.

Exit status: 0 done; 1 done, and a duty of one's own that must be met is violated; 2 bad input
or use; 3 a case or a dossier is damaged; 130 stopped.`,
		Example: `  writ demo                                       a made-up hospital, from packets to proof
  writ observe capture.pcap                       what is on the wire, without any law
  writ profile init > us.yaml                     asks what decides most
  writ assess --profile us.yaml capture.pcap      verdicts, and why`,
		SilenceUsage:  true,
		SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	var lawDir, overlay string
	root.PersistentFlags().StringVar(&lawDir, "catalogue", "",
		"read the law from this directory, not from the program")
	root.PersistentFlags().StringVar(&overlay, "overlay", "",
		"lay this directory's law over it: a file of the same path replaces, others are added")
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if err := given(c); err != nil {
			return err
		}
		if lawDir != "" {
			if err := directory("catalogue", lawDir); err != nil {
				return err
			}
			d.lawFS, d.named = os.DirFS(lawDir), "--catalogue "+lawDir
			if _, err := fs.Stat(d.lawFS, "catalogue.yaml"); err != nil && overlay == "" {
				return fmt.Errorf("catalogue %s: it is no catalogue, which holds catalogue.yaml, facts/, controls/, instruments/: %w",
					lawDir, err)
			}
		}
		return d.lay(overlay)
	}
	root.SetFlagErrorFunc(badFlag)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(d.raw)
	root.SetErr(errw)
	root.AddCommand(commands(d)...)
	return exit(d.written.or(root.ExecuteContext(ctx)), errw)
}

// exit says what went wrong, and gives the status that a run ends in.
func exit(err error, errw io.Writer) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errViolated):
		return exitViolated
	case errors.Is(err, errReported):
		return exitBadInput
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(errw, "writ: stopped: %s\nwrit: what a case had acknowledged before is kept\n", said(err))
		return exitStopped
	}
	fmt.Fprintf(errw, "writ: %s\n", said(err))
	if k := kind.Of(err); k != kind.Other {
		return k.Exit()
	}
	return exitBadInput
}

// maxSaid is how many lines of errors anybody reads.
const maxSaid = 200

// said is an error as it may be printed: names of files and what stands in them come from anyone.
func said(err error) string {
	lines := strings.Split(strings.ReplaceAll(err.Error(), "\t", "  "), "\n")
	if more := len(lines) - maxSaid; more > 0 {
		lines = append(lines[:maxSaid], fmt.Sprintf("and %d lines more", more))
	}
	for i, l := range lines {
		lines[i] = report.Clean(l)
	}
	return strings.Join(lines, "\n")
}

// json writes a value for programs. A list of nothing is one, never null.
func (d *door) json(v any) error {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice && r.IsNil() {
		v = []string{}
	}
	e := json.NewEncoder(d.raw)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(v)
}

// lay lays a directory's law over the catalogue, and says what it replaces.
func (d *door) lay(dir string) error {
	if dir == "" {
		return nil
	}
	if err := directory("overlay", dir); err != nil {
		return err
	}
	over := os.DirFS(dir)
	replaced, added, err := law.Overrides(d.lawFS, over)
	if err != nil {
		return fmt.Errorf("overlay %s: %w", dir, err)
	}
	if len(replaced)+len(added) == 0 {
		return fmt.Errorf("overlay %s: it holds nothing of a catalogue: facts/, controls/, instruments/ …", dir)
	}
	for _, name := range replaced {
		fmt.Fprintf(d.err, "writ: overlay %s replaces %s\n", report.Clean(dir), report.Clean(name))
	}
	d.lawFS, d.named = law.Overlay(d.lawFS, over), strings.TrimSpace(d.named+" --overlay "+dir)
	return nil
}
