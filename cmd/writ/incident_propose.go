// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/incident/show"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

func incidentProposeCommand(d *door) *cobra.Command {
	var f incidentFlags
	var format formatFlag
	c := &cobra.Command{
		Use:   "propose",
		Short: "List what the wire showed that a person should look at as an incident, with its evidence",
		Long: `List what the wire showed that a person should look at as an incident: which device, what was
seen, in which frames, and which facts of an incident that suggests. Nothing is an incident before a person opens it:
writ incident open --from PROPOSAL.`,
		Example: `  writ incident propose --case us.case
  writ incident open --case us.case --from botnet-0f3a12bc --zone Europe/Dublin --by "duty officer" hit.significant=yes`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				all, err := s.proposals(c.Context())
				if err != nil {
					return err
				}
				rows := make([]show.Proposal, 0, len(all))
				for n := range all {
					rows = append(rows, show.ProposalOf(&all[n], s.openedFrom(all[n].ID), s.input))
				}
				if format.json() {
					return d.json(rows)
				}
				return show.Proposals(d.out, d.width, rows, s.c.Dir(), f.zone.or(time.Local))
			})
		},
	}
	f.addRead(c)
	format.add(c, "text", "json")
	return c
}

// proposals are those of the case.
func (s *scene) proposals(ctx context.Context) ([]incident.Proposal, error) {
	if err := s.judge(ctx); err != nil {
		return nil, err
	}
	var things []incident.Thing
	for n := range s.assessment.Things {
		t := &s.assessment.Things[n]
		things = append(things, incident.Thing{Device: t.Subject, Product: t.Product, Name: t.Name, Model: s.model(t)})
	}
	return s.vocabulary.Propose(s.assessment.Facts, things), nil
}

// model is what a thing's product is called: as the profile has it, else as the wire showed it.
func (s *scene) model(t *assess.Thing) string {
	if name := s.assessment.Names[t.Product]; name != "" && name != t.Product.ID {
		return name
	}
	return strings.TrimSpace(t.Vendor + " " + t.Model)
}

// openedFrom names the incident that was opened from a proposal; "" for none.
func (s *scene) openedFrom(id string) string {
	for _, i := range s.all {
		if i.Proposal == id {
			return i.ID
		}
	}
	return ""
}

// input is what people call an artefact.
func (s *scene) input(sha string) string {
	for _, in := range s.assessment.Inputs {
		if in.SHA256 == sha && in.Path != "" {
			return in.Path
		}
	}
	return fmt.Sprintf("%.12s…", sha)
}

// from fills an opening with what a proposal suggests: whom it concerns, what it is about, and the facts that nobody
// gave. Who opens it is aware from then on, unless somebody says since when.
func (s *scene) from(ctx context.Context, o *opening, e *incident.Entry) error {
	p, err := s.proposed(ctx, o.from)
	if err != nil {
		return err
	}
	if id := s.openedFrom(p.ID); id != "" {
		return kind.Errorf(kind.Conflict, "proposal %s was opened as %s", p.ID, id)
	}
	maker, err := s.concerns(ctx, o, p)
	if err != nil {
		return err
	}
	e.Open.Proposal, e.Open.About = p.ID, append(e.Open.About, p.Thing.Device.String())
	if !p.Thing.Product.IsZero() {
		e.Open.About = append(e.Open.About, p.Thing.Product.String())
	}
	for _, shown := range p.Shown {
		if !slices.Contains(e.Open.Evidence, shown.Statement) {
			e.Open.Evidence = append(e.Open.Evidence, shown.Statement)
		}
	}
	if e.Open.Title == "" {
		e.Open.Title = p.Title
	}
	given := map[string]bool{}
	for _, f := range e.Facts {
		given[f.Key] = true
	}
	suggested := p.Says(maker)
	if !given["awareness"] {
		suggested = append(suggested, incident.Said{Key: "awareness",
			Value:  s.d.now().UTC().Truncate(time.Second).Format(time.RFC3339),
			Source: "the incident was opened then"})
	}
	for _, f := range suggested {
		if !given[f.Key] {
			f.Claimant = s.by
			e.Facts = append(e.Facts, f)
		}
	}
	return nil
}

func (s *scene) proposed(ctx context.Context, id string) (*incident.Proposal, error) {
	all, err := s.proposals(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for n := range all {
		if all[n].ID == id {
			return &all[n], nil
		}
		ids = append(ids, all[n].ID)
	}
	hint := "writ incident propose lists them"
	if near := law.Suggest(id, ids); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return nil, kind.Errorf(kind.NotFound, "the case proposes no incident %q: %s", id, hint)
}

// concerns finds whom a proposal concerns where nobody says: who runs the device, else who makes its product. It says
// whether it is as its maker.
func (s *scene) concerns(ctx context.Context, o *opening, p *incident.Proposal) (maker bool, err error) {
	all, err := journal.Everybody(ctx, s.c)
	if err != nil {
		return false, err
	}
	var runner, makes fact.Subject
	own := map[fact.Subject]bool{}
	for n := range all {
		switch m := &all[n]; m.Subject {
		case p.Thing.Device:
			runner = m.Runner
		case p.Thing.Product:
			makes = m.Maker
		}
		own[all[n].Subject] = all[n].Own
	}
	if o.person == "" {
		switch {
		case own[runner]:
			o.person = runner.String()
		case own[makes]:
			o.person = makes.String()
		}
	}
	who, _, err := journal.About(ctx, s.c, o.person)
	return who == makes && !makes.IsZero(), err
}
