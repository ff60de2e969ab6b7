// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/register"
)

func recordKindsCommand(d *door) *cobra.Command {
	var f formatFlag
	c := &cobra.Command{
		Use: "kinds [KIND]", Short: "List the kinds of records, or say what one holds and makes known",
		Example: "  writ record kinds training",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return one("")(c, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			own, err := d.ownLaw()
			if err != nil {
				return err
			}
			kinds, err := register.LoadKinds(catalogue.FS, own)
			if err != nil {
				return err
			}
			all := kinds.All()
			if len(args) > 0 {
				k, err := kinds.Of(args[0])
				if err != nil {
					return err
				}
				all = []*register.Kind{k}
			}
			if f.json() {
				return d.json(map[string]any{"kinds": kindViews(all)})
			}
			if len(args) > 0 {
				return d.kind(all[0])
			}
			return d.kinds(all)
		},
	}
	f.add(c, "text", "json")
	return c
}

func (d *door) kinds(all []*register.Kind) error {
	p := paper.New(d.out, d.width)
	g := &paper.Grid{Width: p.Width}
	g.Head("kind", "what it says")
	for _, k := range all {
		g.Row(k.Name, k.Meaning)
	}
	p.F("%s\nwrit record kinds KIND says what one holds and makes known\n", g)
	return p.Err
}

// kind says all of one kind.
func (d *door) kind(k *register.Kind) error {
	p := paper.New(d.out, d.width)
	p.F("%s: %s\n", paper.Bold.Render(k.Name), k.Meaning)
	g := &paper.Grid{Width: p.Width}
	g.Head("", "", "headings of a roster")
	g.Row("--day", k.Day.Means+" (required)", strings.Join(append([]string{"day"}, k.Day.Headings...), ", "))
	if k.Until.Means != "" {
		g.Row("--until", k.Until.Means+required(k.Until.Required), strings.Join(append([]string{"until"}, k.Until.Headings...), ", "))
	}
	fields(g, k.Fields)
	p.F("%s", g)
	for i := range k.Topics {
		t := &k.Topics[i]
		p.F("topic %s: %s%s\n", t.Name, t.Title, sets(t.Sets))
		inner := &paper.Grid{Width: p.Width}
		if fields(inner, t.Fields); len(t.Fields) > 0 {
			p.F("%s", inner)
		}
	}
	if s := sets(k.Sets); s != "" {
		p.F("makes known%s\n", s)
	}
	if s := sets(k.Absent); s != "" {
		p.F("closed, and without a valid record, it shows%s\n", s)
	}
	return p.Err
}

func required(yes bool) string {
	if yes {
		return " (required)"
	}
	return ""
}

func fields(g *paper.Grid, all []register.Field) {
	for i := range all {
		f := &all[i]
		means := f.Means + required(f.Required)
		if len(f.Words) > 0 {
			means += ": " + strings.Join(f.Words, ", ")
		}
		if f.Fact != "" {
			means += "; makes known " + string(f.Fact)
		}
		g.Row("--field "+f.Name+"=", means, strings.Join(append([]string{f.Name}, f.Headings...), ", "))
	}
}

func sets(all []register.Set) string {
	var out []string
	for i := range all {
		s := &all[i]
		v := s.Value
		if s.From != "" {
			v = "its " + s.From
		}
		out = append(out, fmt.Sprintf("%s = %s", s.Fact, v))
	}
	if out == nil {
		return ""
	}
	return ": " + strings.Join(out, ", ")
}

// kindView is a kind of record, for programs.
type kindView struct {
	Kind     string      `json:"kind"`
	Title    string      `json:"title"`
	Meaning  string      `json:"meaning"`
	Subjects []string    `json:"subjects"`
	Fields   []fieldView `json:"fields"`
	Topics   []topicView `json:"topics"`
	Sets     []setView   `json:"sets"`
}

type fieldView struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Means    string   `json:"means"`
	Required bool     `json:"required"`
	Personal bool     `json:"personal"`
	Fact     string   `json:"fact"`
	Words    []string `json:"words"`
}

type topicView struct {
	Topic  string      `json:"topic"`
	Title  string      `json:"title"`
	Fields []fieldView `json:"fields"`
	Sets   []setView   `json:"sets"`
}

type setView struct {
	Fact  string `json:"fact"`
	Value string `json:"value"` // "": From says which day
	From  string `json:"from"`
}

func kindViews(all []*register.Kind) []kindView {
	out := []kindView{}
	for _, k := range all {
		v := kindView{k.Name, k.Title, k.Meaning, []string{}, fieldViews(k.Fields), []topicView{}, setViews(k.Sets)}
		for _, s := range k.Subjects {
			v.Subjects = append(v.Subjects, string(s))
		}
		for i := range k.Topics {
			t := &k.Topics[i]
			v.Topics = append(v.Topics, topicView{t.Name, t.Title, fieldViews(t.Fields), setViews(t.Sets)})
		}
		out = append(out, v)
	}
	return out
}

func fieldViews(all []register.Field) []fieldView {
	out := []fieldView{}
	for i := range all {
		f := &all[i]
		out = append(out, fieldView{f.Name, f.Type, f.Means, f.Required, f.Personal, string(f.Fact), orNone(f.Words)})
	}
	return out
}

func setViews(all []register.Set) []setView {
	out := []setView{}
	for i := range all {
		out = append(out, setView{string(all[i].Fact), all[i].Value, all[i].From})
	}
	return out
}
