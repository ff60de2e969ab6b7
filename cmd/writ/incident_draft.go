// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/incident/show"
)

func incidentDraftCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	c := &cobra.Command{
		Use:   "draft INCIDENT CLOCK",
		Short: "Write a notice filled from the case; what is missing is marked",
		Long: `Write a notice filled from the case. It holds every item that the law asks of it, with its pinpoint:
answered, or marked MISSING with the fact that would answer it. say.ITEM@CLOCK=… answers an item in other words.`,
		Example: `  writ incident draft INC-2026-001 eu/cra/vulnerability-early-warning --case maker.case
  writ incident draft INC-2026-001 eu/gdpr/authority --case us.case --format html > notice.html`,
		Args: incidentAnd(1, 1, "which notice? name its clock, such as eu/gdpr/authority"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				i, _, k, err := s.pick(c, args)
				if err != nil {
					return err
				}
				w, err := s.world(c.Context(), i)
				if err != nil {
					return err
				}
				draft := s.vocabulary.Draft(i, w, k, s.name(i))
				zone := f.zone.or(time.Local)
				switch format.value {
				case "json":
					return d.json(show.DraftOf(draft, zone))
				case "html":
					return show.DraftHTML(d.raw, draft, zone)
				}
				return show.DraftText(d.out, d.width, draft, zone)
			})
		},
	}
	f.addRead(c)
	format.add(c, "text", "json", "html")
	return c
}
