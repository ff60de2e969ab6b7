// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/inbox"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/request"
	"github.com/writ-iot/writ/law"
)

func requestCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "request",
		Short: "What was asked of colleagues and suppliers, and what came of it: answers, refusals, silence",
		Long: `What was asked of colleagues and suppliers, and what came of it. Nothing of it is a fact: what an answer
says becomes known when somebody files it as a record.`,
		Example: `  writ request add --case hospital.case --of "Acme, product security" --supplier --about "Acme C1" \
    --fact product.sbom --due 2026-12-15 --by "procurement"
  writ request list --case hospital.case
  writ request answer 3f2a91c07d11 --case hospital.case --item 81c02f9ab344 --by "procurement"`,
	}
	c.AddCommand(requestAddCommand(d), requestListCommand(d), requestShowCommand(d),
		takesAnswersBack(d, replyCommand(d, "answer", "Enter an answer", request.Answer)), replyCommand(d, "refuse",
			"Enter that an answer is refused", request.Refuse),
		replyCommand(d, "close", "Say that nothing more is awaited, and why", request.Close))
	return c
}

func requestAddCommand(d *door) *cobra.Command {
	var dir string
	var a request.Asked
	var form formatFlag
	c := &cobra.Command{
		Use: "add", Short: "Enter what was asked of whom, and until when", Args: cobra.NoArgs,
		Example: `  writ request add --case hospital.case --of "IT operations" --record training --due 2026-12-15 --by "compliance office"`,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				if err := d.wanted(&a); err != nil {
					return err
				}
				about, err := journal.Us(c.Context(), cf)
				if a.About != "" {
					about, a.About, err = journal.About(c.Context(), cf, a.About)
				}
				if err != nil {
					return err
				}
				r, err := request.Add(c.Context(), cf, about, a, fact.DayOf(d.now()))
				if err != nil {
					return err
				}
				if form.json() {
					return d.json(asRequest(r, fact.DayOf(d.now())))
				}
				_, err = fmt.Fprintf(d.out, "%s  asked of %s, due %s\n", r.ID(), paper.Clean(r.Of), r.Due)
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "case", "", "the case")
	f.StringVar(&a.Of, "of", "", "of whom: a function, a name, a company")
	f.BoolVar(&a.Supplier, "supplier", false, "it is asked of a supplier")
	f.StringArrayVar(&a.Facts, "fact", nil, "a fact that is to be known; may be given again")
	f.StringArrayVar(&a.Records, "record", nil, "a kind of record that is wanted; may be given again")
	f.StringVar(&a.Words, "words", "", "what is asked, in words")
	f.StringVar(&a.About, "about", "", "about which device, product or person; us by default")
	f.StringVar(&a.Due, "due", "", "the day until whose end it is due (YYYY-MM-DD)")
	f.StringVar(&a.By, "by", "", "who asks: a function or a name")
	form.add(c, "text", "json")
	return c
}

// wanted makes sure that the facts that are asked for are some that the law asks for.
func (d *door) wanted(a *request.Asked) error {
	if len(a.Facts) == 0 {
		return nil
	}
	cat, err := d.law()
	if err != nil {
		return err
	}
	for _, name := range a.Facts {
		if _, ok := cat.Vocabulary.Lookup(fact.Name(name)); ok {
			continue
		}
		var known []string
		for _, n := range cat.Vocabulary.Names() {
			known = append(known, string(n))
		}
		hint := ""
		if near := law.Suggest(name, known); near != "" {
			hint = fmt.Sprintf(": did you mean %q?", near)
		}
		return kind.Errorf(kind.Invalid, "the law asks for no fact %q%s", name, hint)
	}
	return nil
}

// requestJSON is a request for programs.
type requestJSON struct {
	ID string `json:"id"`
	request.Asked
	Made    time.Time       `json:"made"`
	State   request.State   `json:"state"`
	Overdue int             `json:"days_overdue,omitempty"`
	Late    bool            `json:"late,omitempty"`
	Answers []request.Reply `json:"answers,omitempty"`
	Refusal *request.Reply  `json:"refusal,omitempty"`
	Closing *request.Reply  `json:"closing,omitempty"`
}

func asRequest(r *request.Request, today fact.Day) requestJSON {
	return requestJSON{r.ID(), r.Asked, r.Made, r.State(today), r.Days(today), r.Late(), r.Answers, r.Refusal, r.Closing}
}

func requestListCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	state := wordFlag{kind: "STATE"}
	c := &cobra.Command{
		Use: "list", Short: "List requests, what is due first before others; silence is shown", Args: cobra.NoArgs,
		Example: `  writ request list --case hospital.case --state silent
  writ request list --case hospital.case --state open --format xlsx > requests.xlsx`,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				all, err := request.List(c.Context(), cf)
				if err != nil {
					return err
				}
				if f.value == "xlsx" || f.value == "csv" {
					return d.requestsOut(all, state.value, f.value)
				}
				return d.requests(all, state.value, &f)
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	state.add(c, "state", "all, open, silent, answered, refused, closed", "all", "open", "silent", "answered", "refused",
		"closed")
	f.add(c, "text", "json", "csv", "xlsx")
	return c
}

func (d *door) requests(all []request.Request, state string, f *formatFlag) error {
	today := fact.DayOf(d.now())
	out := []requestJSON{}
	for i := range all {
		if s := all[i].State(today); state == "all" || string(s) == state {
			out = append(out, asRequest(&all[i], today))
		}
	}
	if f.json() {
		return d.json(out)
	}
	p := paper.New(d.out, d.width)
	if len(out) == 0 {
		p.F("nothing is asked\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width}
	g.Head("ID", "due", "state", "of", "what", "about")
	for i := range out {
		r := &out[i]
		s := string(r.State)
		if r.Overdue > 0 {
			s = fmt.Sprintf("silent for %d days", r.Overdue)
		}
		if r.Late {
			s += ", late"
		}
		g.Row(r.ID, r.Due, s, paper.Clean(r.Of), paper.Clean(what(&r.Asked)), paper.Clean(r.About))
		if r.State == request.Silent {
			g.Paint(2, paper.Warn)
		}
	}
	p.F("%s", g)
	return p.Err
}

// what is asked, in a line.
func what(a *request.Asked) string {
	var out []string
	if a.Words != "" {
		out = append(out, a.Words)
	}
	out = append(out, a.Facts...)
	for _, r := range a.Records {
		out = append(out, "a record: "+r)
	}
	return strings.Join(out, "; ")
}

func requestShowCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use: "show ID", Short: "Show a request and what came of it",
		Args: one("which request? name its ID: writ request list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				r, err := request.Find(c.Context(), cf, args[0])
				if err != nil {
					return err
				}
				if f.json() {
					return d.json(asRequest(r, fact.DayOf(d.now())))
				}
				return d.requestShown(r)
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}

func (d *door) requestShown(r *request.Request) error {
	p := paper.New(d.out, d.width)
	const wide = 9
	p.F("%s\n", r.ID())
	p.Field(wide, "asked of", paper.Clean(r.Of))
	p.Field(wide, "what", paper.Clean(what(&r.Asked)))
	if r.About != "" {
		p.Field(wide, "about", paper.Clean(r.About))
	}
	p.Field(wide, "due", r.Due+", asked on "+r.Made.Format(time.DateOnly)+" by "+paper.Clean(r.By))
	p.Field(wide, "state", string(r.State(fact.DayOf(d.now()))))
	say := func(how string, a *request.Reply) {
		text := a.Words
		if a.From != "" {
			text = a.From + ": " + text
		}
		for _, item := range a.Items {
			text += fmt.Sprintf(" (inbox item %.12s)", item)
		}
		p.Field(wide, how, paper.Clean(a.On+" "+text+", entered by "+a.By))
	}
	for i := range r.Answers {
		say("answer", &r.Answers[i])
	}
	if r.Refusal != nil {
		say("refused", r.Refusal)
	}
	if r.Closing != nil {
		say("closed", r.Closing)
	}
	return p.Err
}

// replyCommand is one of the ways in which a request ends.
func replyCommand(d *door, name, short string, enter func(context.Context, *casefile.Case, *request.Request,
	request.Reply) error) *cobra.Command {
	var dir string
	var a request.Reply
	var form formatFlag
	c := &cobra.Command{
		Use: name + " ID", Short: short, Args: one("which request? name its ID: writ request list shows them"),
		RunE: func(c *cobra.Command, args []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				r, err := request.Find(c.Context(), cf, args[0])
				if err != nil {
					return err
				}
				for i, id := range a.Items {
					h, err := inbox.Find(c.Context(), cf, id)
					if err != nil {
						return err
					}
					a.Items[i] = string(h.Digest)
				}
				if a.On == "" {
					a.On = fact.DayOf(d.now()).String()
				}
				if err := enter(c.Context(), cf, r, a); err != nil {
					return err
				}
				if r, err = request.Find(c.Context(), cf, r.ID()); err != nil {
					return err
				}
				today := fact.DayOf(d.now())
				if form.json() {
					return d.json(asRequest(r, today))
				}
				_, err = fmt.Fprintf(d.out, "%s  %s\n", r.ID(), r.State(today))
				return err
			})
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "case", "", "the case")
	if name == "close" {
		f.StringVar(&a.Words, "why", "", "the reason")
	} else {
		f.StringVar(&a.Words, "words", "", "what was said")
		f.StringVar(&a.From, "from", "", "who said it")
		f.StringVar(&a.On, "on", "", "the day on which it came (YYYY-MM-DD); today by default")
	}
	if name == "answer" {
		f.StringArrayVar(&a.Items, "item", nil, "the item of the inbox that it came as; may be given again")
	}
	f.StringVar(&a.By, "by", "", "who enters it")
	form.add(c, "text", "json")
	return c
}
