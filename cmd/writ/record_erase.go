// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

func recordEraseCommand(d *door) *cobra.Command {
	var dir string
	var g register.Erasing
	var f formatFlag
	c := &cobra.Command{
		Use:   "erase PERSON --case DIR --by WHO",
		Short: "Erase the words of everything that names a person; the proofs stay whole",
		Long: `Erase the words of everything that names a person; the proofs stay whole.

Every payload of the case is looked through: records, decisions, what else people entered, what the profile
says. What was made known stays; its words, and the salts of their digests, are overwritten. A legal hold
refuses it, and so does a law that asks to keep, unless --despite says why. Attached files are never opened:
whether they name the person is for people to see. Copies that were handed over are beyond its reach.`,
		Example: `  writ record erase "A. Nurse" --case hospital.case --dry-run
  writ record erase "A. Nurse" --case hospital.case --by "data protection officer" --despite "left in 2015; request of 3 May"`,
		Args: one("whose data? name the person"),
		RunE: func(c *cobra.Command, args []string) error {
			g.Person = args[0]
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				held, err := heldBy(c.Context(), desk)
				if err != nil {
					return err
				}
				out, err := desk.Erase(c.Context(), g, held)
				if out == nil {
					return err
				}
				if e := d.erased(out, f.json()); e != nil {
					return e
				}
				return err
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&g.By, "by", "", "who erases: a function or a name")
	fl.StringVar(&g.Despite, "despite", "", "why, though a law asks to keep some of it")
	fl.BoolVar(&g.DryRun, "dry-run", false, "show what names the person, and erase nothing")
	f.add(c, "text", "json")
	return c
}

// namingView is a statement that names a person, for programs.
type namingView struct {
	ID       string              `json:"id"`
	What     string              `json:"what"`
	Where    []string            `json:"where"`
	Attached []register.Attached `json:"attached"`
	Duties   []register.Duty     `json:"retention"`
	Held     []string            `json:"holds"`
}

func (d *door) erased(e *register.Erasure, asJSON bool) error {
	if asJSON {
		all := []namingView{}
		for i := range e.Found {
			n := &e.Found[i]
			all = append(all, namingView{n.ID, n.What, n.Where, orNone(n.Attached), orNone(n.Duties), orNone(n.Held)})
		}
		return d.json(map[string]any{"found": all, "held": e.Held, "conflicts": e.Conflicts, "erased": e.Done})
	}
	p := paper.New(d.out, d.width)
	for i := range e.Found {
		n := &e.Found[i]
		p.F("%s  %s: %s\n", n.ID, n.What, strings.Join(n.Where, ", "))
		for _, h := range n.Held {
			p.Text(4, paper.Bad, paper.Clean(h))
		}
		for j := range n.Duties {
			label, text := dutyText(&n.Duties[j])
			p.Text(4, paper.Warn, label+" "+text)
		}
		for _, a := range n.Attached {
			p.Text(4, paper.None, fmt.Sprintf("attached %s is kept and was not opened: see whether it names the person (artefacts/%s)",
				paper.Clean(a.Name), a.SHA256))
		}
	}
	switch {
	case e.Done:
		p.F("erased: the words of all that names the person (statements: %d); what they made known stays\n", len(e.Found))
	default:
		p.F("nothing is erased; statements that name the person: %d, of them under a hold: %d, to be kept by a law: %d\n", len(e.Found), e.Held,
			e.Conflicts)
	}
	return p.Err
}

func recordHoldCommand(d *door) *cobra.Command {
	c := &cobra.Command{Use: "hold", Short: "Place or lift a legal hold: nothing in its scope is erased while it stands"}
	c.AddCommand(holdAddCommand(d), holdLiftCommand(d), holdListCommand(d))
	return c
}

func holdAddCommand(d *door) *cobra.Command {
	var dir string
	var h register.Hold
	var f formatFlag
	c := &cobra.Command{
		Use: "add --case DIR --by WHO --reasons WHY", Short: "Place a hold, on everything or within a scope",
		Example: `  writ record hold add --case hospital.case --kind training --by "legal office" --reasons "claim 2026/17"`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				placed, err := desk.Place(c.Context(), h)
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(map[string]any{"holds": []*register.Hold{placed}})
				}
				p := paper.New(d.out, d.width)
				p.F("%s\n", paper.Clean(placed.String()))
				return p.Err
			})
		},
	}
	f.add(c, "text", "json")
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&h.Kind, "kind", "", "records of this kind alone")
	fl.StringVar(&h.About, "about", "", "what is about this person, device or product alone")
	fl.StringVar(&h.Person, "person", "", "what names this person alone")
	fl.StringVar(&h.By, "by", "", "who places it: a function or a name")
	fl.StringVar(&h.Reasons, "reasons", "", "why")
	return c
}

func holdLiftCommand(d *door) *cobra.Command {
	var dir, by, why string
	var f formatFlag
	c := &cobra.Command{
		Use: "lift ID --case DIR --by WHO --reasons WHY", Short: "Lift a hold",
		Args: one("which hold? writ record hold list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				if err := desk.Lift(c.Context(), args[0], by, why); err != nil {
					return err
				}
				if f.json() {
					return d.json(map[string]string{"lifted": args[0]})
				}
				p := paper.New(d.out, d.width)
				p.F("lifted\n")
				return p.Err
			})
		},
	}
	f.add(c, "text", "json")
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&by, "by", "", "who lifts it: a function or a name")
	fl.StringVar(&why, "reasons", "", "why")
	return c
}

func holdListCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use: "list --case DIR", Short: "List the holds that stand", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inDesk(c.Context(), dir, func(desk *register.Desk) error {
				all, err := desk.HoldsPlaced(c.Context())
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(map[string]any{"holds": orNone(all)})
				}
				p := paper.New(d.out, d.width)
				if len(all) == 0 {
					p.F("no hold stands\n")
				}
				for i := range all {
					p.F("%s\n", paper.Clean(all[i].String()))
				}
				return p.Err
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}
