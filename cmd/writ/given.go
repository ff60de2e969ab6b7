// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/proof"
)

// The most bytes of what is named on the command line and read whole.
const (
	maxRecords    = 8 << 20 // of a YAML file
	maxCheckpoint = 64 << 10
	maxKey        = 4 << 10
)

// given refuses a flag that was given nothing: a variable that nobody set must not turn a pin, a case or a
// profile into none.
func given(c *cobra.Command) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		v, text := f.Value.String(), strings.HasPrefix(f.Value.Type(), "string") // other types refuse it themselves
		if text && (v == "" || v == "[]" || v == "[\"\"]") && err == nil {
			err = fmt.Errorf("--%s was given nothing: leave it out where nothing is meant", f.Name)
		}
	})
	return err
}

// directory makes sure that one lies where a flag says.
func directory(what, path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("want a directory, not a file")
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, path, err)
	}
	return nil
}

// openFile opens a plain file: a pipe would wait, a device never end.
func openFile(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: it is no plain file", path)
	}
	return os.Open(path)
}

// held reads the checkpoints that somebody holds.
func held(names []string) ([][]byte, error) {
	notes := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if notes[i], err = durable.ReadFile(name, maxCheckpoint); err != nil {
			return nil, fmt.Errorf("reading checkpoint: %w", err)
		}
		if err := proof.ReadsAsCheckpoint(notes[i]); err != nil {
			return nil, fmt.Errorf("--checkpoint %s: %w", name, err)
		}
	}
	return notes, nil
}
