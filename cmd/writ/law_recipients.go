// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/lawtool"
	"github.com/writ-iot/writ/law"
)

func lawRecipientsCommand(d *door) *cobra.Command {
	var f formatFlag
	var instrument string
	c := &cobra.Command{
		Use:     "recipients",
		Short:   "Name who takes notices and applications: portal, form, languages, what may be incomplete",
		Args:    cobra.NoArgs,
		Example: "  writ law recipients --for eu/cra",
		RunE: func(*cobra.Command, []string) error {
			cat, err := d.law()
			if err != nil {
				return err
			}
			all, err := law.LoadRecipients(d.lawFS, cat)
			if err != nil {
				return err
			}
			if _, ok := cat.Instrument(law.InstrumentID(instrument)); instrument != "" && !ok {
				var ids []string
				for _, i := range cat.Instruments {
					ids = append(ids, string(i.ID))
				}
				return fmt.Errorf("the catalogue has no instrument %q; %s", instrument,
					cmp.Or(law.DidYouMean(instrument, ids), "writ law list names all"))
			}
			of := lawtool.Recipients(all, law.InstrumentID(instrument))
			if f.json() {
				return d.json(of)
			}
			if len(of) == 0 {
				fmt.Fprintln(d.out, "no recipient is known: the instrument's own text names it (writ law show)")
				return nil
			}
			return lawtool.WriteRecipients(d.out, of)
		},
	}
	c.Flags().StringVar(&instrument, "for", "", "of this instrument alone")
	f.add(c, "text", "json")
	return c
}
