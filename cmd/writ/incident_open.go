// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/incident/book"
	"github.com/writ-iot/writ/internal/journal"
)

// opening is what an incident is opened with.
type opening struct {
	title, person, source, reasons, claimant, from string
	about                                          []string
}

func incidentOpenCommand(d *door) *cobra.Command {
	var f incidentFlags
	var o opening
	var format formatFlag
	c := &cobra.Command{
		Use:   "open --case DIR --title TITLE [FACT=VALUE...]",
		Short: "Open an incident, with what is known of it",
		Long: `Open an incident, with what is known of it. writ incident facts lists what can be said.

--zone is the zone by whose clocks the days of the person concerned are counted. A time without an offset is
one of that zone.`,
		Example: `  writ incident open --case us.case --zone Europe/Dublin --by "duty officer" --title "camera entered" awareness=2026-11-24T10:20`,
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error { return s.open(c.Context(), &o, args, format.json()) })
		},
	}
	f.addWrite(c)
	c.Flags().Var(&f.zone, "zone", "by whose clocks days are counted (tz database)")
	o.add(c)
	c.Flags().StringVar(&o.title, "title", "", "what people call it")
	c.Flags().StringVar(&o.from, "from", "",
		"the proposal that it is opened from: what it suggests is entered, save what is given here")
	c.Flags().StringVar(&o.person, "person", "", "the legal person that it concerns; ours by default")
	c.Flags().StringArrayVar(&o.about, "about", nil, "a device or a product that it is about; may be given again")
	format.add(c, "text", "json")
	return c
}

func (o *opening) add(c *cobra.Command) {
	c.Flags().StringVar(&o.source, "source", "", "whence it is known")
	c.Flags().StringVar(&o.reasons, "reasons", "", "why, where a fact excuses from a notice")
	c.Flags().StringVar(&o.claimant, "claimant", "", "who says so; who enters it by default")
}

func (s *scene) open(ctx context.Context, o *opening, args []string, asJSON bool) error {
	if strings.TrimSpace(o.title) == "" && o.from == "" {
		return fmt.Errorf("what is the incident called? --title")
	}
	zone, err := s.dayZone()
	if err != nil {
		return err
	}
	e := &incident.Entry{Incident: incident.Next(s.all, s.d.now().UTC().Year()), By: strings.TrimSpace(s.by),
		At:   s.d.now().UTC(),
		Open: &incident.Opening{Title: o.title, Zone: zone.String()}}
	for _, a := range o.about {
		sub, _, err := journal.About(ctx, s.c, a)
		if err != nil {
			return err
		}
		e.Open.About = append(e.Open.About, sub.String())
	}
	if e.Facts, err = s.said(o, args, zone); err != nil {
		return err
	}
	if o.from != "" {
		if err := s.from(ctx, o, e); err != nil {
			return err
		}
	}
	person, calls, err := journal.About(ctx, s.c, o.person)
	if err != nil {
		return err
	}
	e.Open.Calls = calls
	if err := s.vocabulary.Check(nil, e, s.d.now()); err != nil {
		return err
	}
	r, err := book.Add(ctx, s.c, incident.OpenForm, person, e)
	if err != nil {
		return err
	}
	if asJSON {
		return s.d.json(map[string]any{"incident": e.Incident, "revision": 1, "entry": string(r.Statement)})
	}
	_, err = fmt.Fprintf(s.d.out, "incident %s is open: revision 1 (entry %.12s)\nwrit incident clocks %s --case %s lists what is due\n",
		e.Incident, r.Statement, e.Incident, s.c.Dir())
	return err
}

// dayZone is the zone by which days are counted: named, or the machine's where that has a name.
func (s *scene) dayZone() (*time.Location, error) {
	if s.zone.zone != nil {
		return s.zone.zone, nil
	}
	if tz := strings.TrimPrefix(os.Getenv("TZ"), ":"); tz != "" {
		if zone, err := time.LoadLocation(tz); err == nil {
			return zone, nil
		}
	}
	return nil, fmt.Errorf("by whose clocks are days counted? --zone, such as --zone Europe/Berlin")
}

// said reads facts as people give them.
func (s *scene) said(o *opening, args []string, zone *time.Location) (all []incident.Said, err error) {
	for _, a := range args {
		one, err := s.vocabulary.Assign(a, zone)
		if err != nil {
			return nil, err
		}
		one.Claimant, one.Source, one.Reasons = cmp.Or(o.claimant, s.by), o.source, o.reasons
		all = append(all, one)
	}
	return all, nil
}

func incidentFactCommand(d *door) *cobra.Command {
	var f incidentFlags
	var o opening
	var format formatFlag
	c := &cobra.Command{
		Use:   "fact INCIDENT FACT=VALUE...",
		Short: "Say what is known of an incident, or what is known better now",
		Long: `Say what is known of an incident, or what is known better now. Nothing that was said is edited.

FACT@LAW=VALUE says what holds for one law or clock alone: determination@us/sec-8k-105=2026-11-24T12:00. Of an event several
people may claim a time each (--claimant): the earliest runs, and timeliness that depends on the dispute is not shown. The
value unknown takes back what was said. writ incident facts lists what can be said.`,
		Example: `  writ incident fact INC-2026-001 --case us.case --by "duty officer" --on 3 data.personal=yes people.us.ca=600
  writ incident fact INC-2026-001 --case us.case --by counsel --reasons "keys were not reached; note of 24 November" harm.unlikely=yes`,
		Args: incidentAnd(1, -1, "what is known? FACT=VALUE"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, err := incident.Pick(s.all, args[0])
				if err != nil {
					return err
				}
				e := &incident.Entry{}
				if e.Facts, err = s.said(&o, args[1:], i.Zone); err != nil {
					return err
				}
				return s.change(c.Context(), c, args, i, incident.FactForm, e, format.json())
			})
		},
	}
	f.addChange(c)
	o.add(c)
	format.add(c, "text", "json")
	return c
}
