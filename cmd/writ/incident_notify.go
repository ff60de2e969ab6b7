// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/clock"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/incident/book"
	"github.com/writ-iot/writ/internal/kind"
)

func incidentNotifyCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	var n incident.Notice
	var at, receipt string
	c := &cobra.Command{
		Use:   "notify INCIDENT CLOCK",
		Short: "Record that a notice was handed in, with what proves it",
		Long: `Record that a notice was handed in: when, to whom, under which reference, with its receipt, which the case keeps.
That stops its clock and starts those that run from its submission.`,
		Example: `  writ incident notify INC-2026-001 eu/nis2/early-warning --case us.case --by counsel \
    --at 2026-11-25T09:00 --reference 4711 --receipt receipt.pdf`,
		Args: incidentAnd(1, 1, "which notice? name its clock, such as eu/nis2/early-warning"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, err := incident.Pick(s.all, args[0])
				if err != nil {
					return err
				}
				in, k, err := s.vocabulary.Clock(args[1])
				if err != nil {
					return err
				}
				n.Clock, n.At = incident.Key(in, k), d.now().UTC().Truncate(time.Second)
				if at != "" {
					if n.At, err = clock.Moment(at, i.Zone); err != nil {
						return kind.Mark(kind.Invalid, fmt.Errorf("--at: %w", err))
					}
				}
				if n.Reference == "" && receipt == "" && n.Note == "" {
					return fmt.Errorf("what proves the submission? --reference, --receipt FILE, or --note")
				}
				e := &incident.Entry{Notice: &n, By: f.by}
				if err := s.vocabulary.Check(i, e, d.now()); err != nil { // before a file is kept for it
					return err
				}
				if err := i.On(f.on, again(c, args, i.Revision)); err != nil {
					return err
				}
				if receipt != "" {
					if n.Receipt, err = book.Attach(c.Context(), s.c, receipt); err != nil {
						return err
					}
				}
				return s.change(c.Context(), c, args, i, incident.NotifyForm, e, format.json())
			})
		},
	}
	f.addChange(c)
	c.Flags().StringVar(&at, "at", "", "when it was submitted; now by default")
	c.Flags().StringVar(&n.Reference, "reference", "", "the number under which it was received")
	c.Flags().StringVar(&n.To, "to", "", "who received it")
	c.Flags().StringVar(&n.Note, "note", "", "what else is to be known of it")
	c.Flags().StringVar(&receipt, "receipt", "", "a file that proves it, which the case keeps")
	format.add(c, "text", "json")
	return c
}

func incidentHoldCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	var authority wordFlag
	var h incident.Hold
	var from, until string
	c := &cobra.Command{
		Use:   "hold INCIDENT",
		Short: "Enter an authority's statement that notices must wait, or that they need no longer",
		Example: `  writ incident hold INC-2026-001 --case us.case --by counsel --authority law-enforcement --until 2026-12-20T00:00 \
    --statement "letter of the field office of 24 November, file 12"
  writ incident hold INC-2026-001 --case us.case --by counsel --lift --statement "call of the field office, noted by counsel"`,
		Args: incidentAnd(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, err := incident.Pick(s.all, args[0])
				if err != nil {
					return err
				}
				h.Authority, h.From = authority.value, d.now().UTC().Truncate(time.Second)
				for _, t := range []struct {
					to   *time.Time
					text string
					flag string
				}{{&h.From, from, "--from"}, {&h.Until, until, "--until"}} {
					if t.text == "" {
						continue
					}
					if *t.to, err = clock.Moment(t.text, i.Zone); err != nil {
						return kind.Mark(kind.Invalid, fmt.Errorf("%s: %w", t.flag, err))
					}
				}
				for _, l := range h.Laws {
					if err := s.vocabulary.Scope(l); err != nil {
						return fmt.Errorf("--law: %w", err)
					}
				}
				return s.change(c.Context(), c, args, i, incident.HoldForm, &incident.Entry{Hold: &h}, format.json())
			})
		},
	}
	f.addChange(c)
	authority.kind = "AUTHORITY"
	authority.add(c, "authority", strings.Join(incident.Authorities(), ", "), incident.Authorities()...)
	c.Flags().StringVar(&h.Statement, "statement", "", "what the statement is, by whom, and where it lies")
	c.Flags().StringVar(&from, "from", "", "when it was made; now by default")
	c.Flags().StringVar(&until, "until", "",
		"until when the notices must wait; without it until it is lifted, as far as the law lets it")
	c.Flags().BoolVar(&h.Oral, "oral", false, "it was made by word of mouth")
	c.Flags().BoolVar(&h.Lifted, "lift", false, "it ends the earlier holds of the authority")
	c.Flags().StringArrayVar(&h.Laws, "law", nil, "of this law or clock alone; may be given again")
	format.add(c, "text", "json")
	return c
}

func incidentCloseCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	var reason string
	var despite bool
	c := &cobra.Command{
		Use:   "close INCIDENT --reason WHY",
		Short: "End the work on an incident",
		Long: `End the work on an incident. It is refused while clocks run, or are late: --despite closes it all the
same, and they go on running. What is said of it later opens it again.`,
		Args: incidentAnd(0, 0, ""),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, err := incident.Pick(s.all, args[0])
				switch {
				case err != nil:
					return err
				case i.Closed != nil:
					return kind.Errorf(kind.Invalid, "incident %s is closed", i.ID)
				case strings.TrimSpace(reason) == "":
					return fmt.Errorf("why is it closed? --reason")
				}
				if !despite {
					l, err := s.list(c.Context(), i)
					if err != nil {
						return err
					}
					if open := pressing(l); len(open) > 0 {
						return kind.Errorf(kind.Invalid, "incident %s: %d clocks run or are late: %s; --despite closes it all the same",
							i.ID, len(open), strings.Join(open, ", "))
					}
				}
				e := &incident.Entry{Close: &incident.Closing{Reason: reason}}
				return s.change(c.Context(), c, args, i, incident.CloseForm, e, format.json())
			})
		},
	}
	f.addChange(c)
	c.Flags().StringVar(&reason, "reason", "", "why")
	c.Flags().BoolVar(&despite, "despite", false, "though clocks run, or are late")
	format.add(c, "text", "json")
	return c
}

// pressing names the clocks of binding laws that run, are late or are held.
func pressing(l *incident.List) (all []string) {
	for n := range l.Clocks {
		c := &l.Clocks[n]
		switch c.State {
		case incident.Running, incident.Late, incident.Suspended:
			if !c.Undetermined {
				all = append(all, c.Key)
			}
		}
	}
	return all
}
