// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/observe"
)

func observeCommand(d *door) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "observe INPUT...",
		Short: "Say what is on the wire: devices, services and facts, without any law",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := observe.JSONL(c.Context(), d.raw, args, observe.Options{Stdin: d.in})
			for _, in := range r.Inputs {
				if in.Notice != "" {
					fmt.Fprintln(d.err, "writ: "+in.Notice)
				}
			}
			return err
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text, json or jsonl")
	return c
}
