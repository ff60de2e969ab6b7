// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/incident/show"
	"github.com/writ-iot/writ/internal/kind"
)

func incidentListCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	c := &cobra.Command{
		Use: "list", Short: "List the incidents of a case, and what is due next in each", Args: cobra.NoArgs,
		Example: "  writ incident list --case us.case",
		RunE: func(c *cobra.Command, _ []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				rows := make([]show.Row, 0, len(s.all))
				for _, i := range s.all {
					l, err := s.list(c.Context(), i)
					if err != nil && kind.Of(err) != kind.Invalid {
						return err
					}
					rows = append(rows, show.RowOf(i, s.name(i), l))
				}
				if format.json() {
					return d.json(rows)
				}
				return show.Rows(d.out, d.width, rows, f.zone.or(time.Local))
			})
		},
	}
	f.addRead(c)
	format.add(c, "text", "json")
	return c
}

func incidentShowCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	c := &cobra.Command{
		Use: "show INCIDENT", Short: "Show what is known of an incident, by whom, and what came when", Args: incidentAnd(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, err := incident.Pick(s.all, args[0])
				if err != nil {
					return err
				}
				if format.json() {
					return d.json(show.Incident(i, s.name(i)))
				}
				return show.IncidentText(d.out, d.width, i, s.name(i), f.zone.or(i.Zone))
			})
		},
	}
	f.addRead(c)
	format.add(c, "text", "json")
	return c
}

func incidentClocksCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	c := &cobra.Command{
		Use:   "clocks INCIDENT",
		Short: "List every statutory clock of an incident, in order of due time",
		Long: `List every statutory clock of an incident over all laws that bind the person concerned, in order of due time.

Due is the strict count, formally the latest that the rule's text bears. Laws of which it is open whether they bind are
listed with the question that decides it.`,
		Example: "  writ incident clocks INC-2026-001 --case us.case --zone Europe/Dublin",
		Args:    incidentAnd(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, err := incident.Pick(s.all, args[0])
				if err != nil {
					return err
				}
				l, err := s.list(c.Context(), i)
				if err != nil {
					return err
				}
				if format.json() {
					return d.json(show.Of(l, s.name(i), f.zone.or(time.Local)))
				}
				return show.ListText(d.out, d.width, l, s.name(i), f.zone.or(time.Local))
			})
		},
	}
	f.addRead(c)
	format.add(c, "text", "json")
	return c
}

func incidentClockCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	c := &cobra.Command{
		Use:     "clock INCIDENT CLOCK",
		Short:   "Show one clock in full: from when, until when, to whom, with what, and why",
		Example: "  writ incident clock INC-2026-001 eu/nis2/early-warning --case us.case",
		Args:    incidentAnd(1, 1, "which clock? name it, such as eu/nis2/early-warning"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, l, k, err := s.pick(c, args)
				if err != nil {
					return err
				}
				zone := f.zone.or(time.Local)
				if format.json() {
					return d.json(show.One(l, k, s.name(i), zone))
				}
				return show.ClockText(d.out, d.width, k, l.Now, zone)
			})
		},
	}
	f.addRead(c)
	format.add(c, "text", "json")
	return c
}

// pick finds an incident and one of its clocks.
func (s *scene) pick(c *cobra.Command, args []string) (*incident.Incident, *incident.List, *incident.Clock, error) {
	i, err := incident.Pick(s.all, args[0])
	if err != nil {
		return nil, nil, nil, err
	}
	in, k, err := s.vocabulary.Clock(args[1])
	if err != nil {
		return nil, nil, nil, err
	}
	l, err := s.list(c.Context(), i)
	if err != nil {
		return nil, nil, nil, err
	}
	for n := range l.Clocks {
		if l.Clocks[n].Key == incident.Key(in, k) {
			return i, l, &l.Clocks[n], nil
		}
	}
	return nil, nil, nil, kind.Errorf(kind.NotFound, "incident %s has no clock %s: %s does not bind %s", i.ID,
		args[1], in.ID, s.name(i))
}

func incidentFactsCommand(d *door) *cobra.Command {
	var format formatFlag
	c := &cobra.Command{
		Use: "facts", Short: "List what can be said of an incident", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			v, err := d.incidentVocabulary(cat)
			if err != nil {
				return err
			}
			if format.json() {
				return d.json(show.Facts(v))
			}
			return show.FactsText(d.out, d.width, v)
		},
	}
	format.add(c, "text", "json")
	return c
}
