// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

func recordTemplateCommand(d *door) *cobra.Command {
	var q question
	var f formatFlag
	c := &cobra.Command{
		Use:   "template [KIND [TOPIC]]",
		Short: "Write the outline of a policy or plan, filled from a profile or a case; without a name list them",
		Long: `Write the outline of a policy or plan, filled from a profile or a case; without a name list them.

What a person must complete stands in bold brackets. The laws that ask for the document are named with their
pinpoints: those that bind the organisation, or, where nothing is known of it, all.`,
		Example: `  writ record template policy access-control --case hospital.case > access-control.md
  writ record template risk-analysis --profile us.yaml > risk-analysis.md`,
		RunE: func(c *cobra.Command, args []string) error {
			all, err := register.Templates(catalogue.FS)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return d.templates(all, f.json())
			}
			t, err := register.TemplateOf(all, args...)
			if err != nil {
				return err
			}
			return d.template(c.Context(), t, &q, f.json())
		},
	}
	c.Flags().StringVar(&q.profile, "profile", "", "fill it from this profile")
	c.Flags().StringVar(&q.caseDir, "case", "", "fill it from this case")
	f.add(c, "text", "json")
	return c
}

func (d *door) templates(all []register.Template, asJSON bool) error {
	if asJSON {
		type view struct {
			Name  string `json:"name"`
			Title string `json:"title"`
			Kind  string `json:"kind"`
			Topic string `json:"topic"`
		}
		out := []view{}
		for i := range all {
			t := &all[i]
			out = append(out, view{t.Name, t.Title, t.Kind, t.Topic})
		}
		return d.json(map[string]any{"templates": out})
	}
	p := paper.New(d.out, d.width)
	g := &paper.Grid{Width: p.Width}
	g.Head("template", "what it is", "becomes the record")
	for i := range all {
		t := &all[i]
		g.Row(t.Name, t.Title, strings.TrimSpace(t.Kind+" "+t.Topic))
	}
	p.F("%s", g)
	return p.Err
}

// template fills one.
func (d *door) template(ctx context.Context, t *register.Template, q *question, asJSON bool) error {
	own, err := d.ownLaw()
	if err != nil {
		return err
	}
	kinds, err := register.LoadKinds(catalogue.FS, own)
	if err != nil {
		return err
	}
	w := &register.World{Day: fact.DayOf(d.now()).String()}
	if q.caseDir != "" || q.profile != "" {
		if err := d.world(ctx, q, w); err != nil {
			return err
		}
	}
	var text strings.Builder
	if err := register.NewDesk(nil, own, kinds, d.now).Fill(&text, t, w); err != nil {
		return err
	}
	if asJSON {
		return d.json(map[string]string{"template": t.Name, "text": text.String()})
	}
	_, err = d.raw.Write([]byte(text.String()))
	return err
}

// world is what a profile or a case says of us.
func (d *door) world(ctx context.Context, q *question, w *register.World) error {
	a, err := d.judged(ctx, nil, q)
	if err != nil {
		return err
	}
	w.Organisation, w.Holds = a.Profile, register.HoldsOf(a.Result)
	for i := range a.Result.Persons {
		if len(a.Result.Persons) > 1 {
			w.Persons = append(w.Persons, a.Name(a.Result.Persons[i].Person))
		}
	}
	seen := map[fact.Subject]bool{}
	for i := range a.Things {
		t := &a.Things[i]
		w.Devices = append(w.Devices, register.Thing{Name: t.Name, Type: t.Type, Vendor: t.Vendor, Model: t.Model,
			Where: strings.Join(t.IPs, ", ")})
		if !t.Product.IsZero() && !seen[t.Product] {
			seen[t.Product] = true
			w.Products = append(w.Products, register.Thing{Name: cmp.Or(a.Name(t.Product), t.Product.ID), Vendor: t.Vendor, Model: t.Model})
		}
	}
	return nil
}
