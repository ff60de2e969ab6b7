// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/netip"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/observe"
	"github.com/writ-iot/writ/internal/report"
)

func observeCommand(d *door) *cobra.Command {
	var f formatFlag
	var networks []string
	c := &cobra.Command{
		Use:   "observe INPUT...",
		Short: "Say what is on the wire: devices, services and facts, without any law",
		Long: `Say what is on the wire: devices, services and facts, without any law.

Inputs are captures (pcap, pcapng, either gzipped); - is standard input. jsonl writes one
observation a line, then one fact a line; json one object.`,
		Args: needs("nothing to look at: name a capture, or - for standard input"),
		RunE: func(c *cobra.Command, args []string) error {
			o := d.observing()
			for _, n := range networks {
				p, err := netip.ParsePrefix(n)
				if err != nil {
					return fmt.Errorf("--network %s: write it like 10.20.0.0/16", n)
				}
				o.Networks = append(o.Networks, p.Masked())
			}
			return d.observe(c, args, o, f.value)
		},
	}
	f.add(c, "text", "json", "jsonl")
	c.Flags().StringSliceVar(&networks, "network", nil,
		"addresses that are ours, wherever they are seen (10.20.0.0/16)")
	return c
}

func (d *door) observe(c *cobra.Command, args []string, o observe.Options, format string) error {
	var s *observe.Seen
	var err error
	if format == "jsonl" {
		s, err = observe.JSONL(c.Context(), d.raw, args, o)
	} else {
		s, err = observe.Look(c.Context(), args, o)
	}
	d.settle()
	for i := range s.Inputs {
		if n := s.Inputs[i].Notice; n != "" {
			fmt.Fprintln(d.err, "writ: "+report.Clean(n))
		}
	}
	switch {
	case err != nil:
		return err
	case format == "json":
		return s.WriteJSON(d.raw)
	case format == "text":
		return report.Seen(d.out, s, d.width)
	}
	return nil
}
