// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/paper"
	"github.com/writ-iot/writ/internal/supplier"
)

func supplierCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "supplier",
		Short: "Write to the makers of what we run, and keep what they answer",
		Long: `Write to the makers of what we run, and keep what they answer. A notice holds what their product was
seen to do and nothing of our network. An answer is a declaration: it stands beside the verdict wherever that is
shown, and changes it in nothing. To recall evidence is one act, and lists everyone it was sent to.`,
		Example: `  writ supplier notice --case hospital.case --product "Acme C1" --reply-by 2026-12-31
  writ supplier answer --case hospital.case --notice 2026/1 --is fixed --version 2.4 --from "Acme PSIRT" --by "procurement"
  writ supplier recall 3f2a91c07d11 --case hospital.case --why "the probe stood on the wrong port" --by "security"`,
	}
	c.AddCommand(supplierNoticeCommand(d), supplierListCommand(d), supplierAnswerCommand(d), supplierSentCommand(d),
		supplierRecallCommand(d))
	return c
}

// replyDays is how long a maker is given where nobody says.
const replyDays = 30

func supplierNoticeCommand(d *door) *cobra.Command {
	var dir, product, to, by string
	var until dayFlag
	var f formatFlag
	c := &cobra.Command{
		Use:   "notice --product P --case DIR",
		Short: "Write a notice to the maker of a product: what was seen of it, our network masked",
		Long: `Write a notice to the maker of a product: what was seen of it that is held against the maker's duties,
with frames, version, the unit's state and how to repeat it, and a day for the reply. Our names and addresses are
replaced, always by the same words; a notice that would tell one is refused. It is a draft until --to and --by say that
it goes out: then it is numbered, kept as it is, and answers can name it.`,
		Example: `  writ supplier notice --case hospital.case --product "Acme C1"
  writ supplier notice --case hospital.case --product "Acme C1" --to "Acme PSIRT" --by "procurement" --format html > notice.html`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			day := fact.DayOf(d.now()) + replyDays
			if until.set {
				day = until.day
			}
			if (to == "") != (by == "") {
				return errors.New("--to and --by together say that the notice goes out")
			}
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				n, err := d.notice(c.Context(), cf, product, day)
				if err != nil {
					return err
				}
				if to != "" {
					if _, err := supplier.Keep(c.Context(), cf, n, to, by, noticeJSON); err != nil {
						return err
					}
				}
				return d.noticeOut(n, f.value)
			})
		},
	}
	fl := c.Flags()
	fl.StringVar(&dir, "case", "", "the case")
	fl.StringVar(&product, "product", "", "the product, or a device that is a unit of it")
	fl.Var(&until, "reply-by", "ask for a reply until the end of this day (YYYY-MM-DD); in 30 days by default")
	fl.StringVar(&to, "to", "", "it goes out to this maker, and is kept")
	fl.StringVar(&by, "by", "", "who sends it: a function or a name")
	f.add(c, "text", "html", "json")
	return c
}

func (d *door) notice(ctx context.Context, c *casefile.Case, product string, until fact.Day) (*supplier.Notice,
	error) {
	if product == "" {
		return nil, errors.New("about which product? name it with --product")
	}
	var q question
	a, _, err := d.ofCase(ctx, c, &q)
	if err != nil {
		return nil, err
	}
	s, err := productCalled(ctx, c, a, product)
	if err != nil {
		return nil, err
	}
	return supplier.Make(a, s, fact.DayOf(d.now()), until)
}

// productCalled is the product that a text names, by itself or by one of its units.
func productCalled(ctx context.Context, c *casefile.Case, a *assess.Assessment, text string) (fact.Subject, error) {
	s, name, err := journal.About(ctx, c, text)
	if err != nil {
		return s, err
	}
	if s.Kind == fact.Device && a != nil {
		for i := range a.Things {
			if a.Things[i].Subject == s && !a.Things[i].Product.IsZero() {
				return a.Things[i].Product, nil
			}
		}
	}
	if s.Kind != fact.Product {
		return s, kind.Errorf(kind.Invalid, "%s is a %s, and its product is not known", name, s.Kind)
	}
	return s, nil
}

func noticeJSON(n *supplier.Notice) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(n)
	return b.Bytes(), err
}

func (d *door) noticeOut(n *supplier.Notice, format string) error {
	switch format {
	case "json":
		return d.json(n)
	case "html":
		return n.HTML(d.raw)
	}
	return n.Text(d.out, d.width)
}

// supplierJSON is what went out and what came back, for programs.
type supplierJSON struct {
	Notices []noticeView `json:"notices"`
	Answers []answerView `json:"answers"`
}

type noticeView struct {
	ID string `json:"id"`
	supplier.Sent
	Made    string `json:"made"`
	Replies int    `json:"replies"`
	Silent  bool   `json:"silent"` // the day for the reply passed, and nothing came
}

type answerView struct {
	ID      string `json:"id"`
	Product string `json:"product"`
	supplier.Answer
}

func supplierListCommand(d *door) *cobra.Command {
	var dir string
	var f formatFlag
	c := &cobra.Command{
		Use: "list --case DIR", Short: "List notices and answers; silence is shown", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return d.inCase(c.Context(), dir, func(cf *casefile.Case) error {
				said, err := supplier.Said(c.Context(), cf)
				if err != nil {
					return err
				}
				all, err := journal.Everybody(c.Context(), cf)
				if err != nil {
					return err
				}
				return d.suppliers(said, all, f.json())
			})
		},
	}
	c.Flags().StringVar(&dir, "case", "", "the case")
	f.add(c, "text", "json")
	return c
}

func (d *door) suppliers(said *supplier.Answers, all []journal.Somebody, asJSON bool) error {
	out := supplierJSON{[]noticeView{}, []answerView{}}
	replies := map[string]int{}
	for i := range said.All {
		a := &said.All[i]
		replies[a.Notice]++
		out.Answers = append(out.Answers, answerView{a.ID, journal.NameOf(all, a.Product), *a})
	}
	today := fact.DayOf(d.now())
	for i := range said.Notices {
		n := &said.Notices[i]
		out.Notices = append(out.Notices, noticeView{string(n.Digest)[:12], *n, fact.DayOf(n.Made).String(),
			replies[n.Number],
			replies[n.Number] == 0 && n.Overdue(today)})
	}
	if asJSON {
		return d.json(out)
	}
	p := paper.New(d.out, d.width)
	if len(out.Notices)+len(out.Answers) == 0 {
		p.F("nothing went out to suppliers, and no answer came\n")
		return p.Err
	}
	g := &paper.Grid{Width: p.Width}
	g.Head("notice", "sent", "to", "about", "reply by", "reply")
	for i := range out.Notices {
		n := &out.Notices[i]
		reply := fmt.Sprintf("%d", n.Replies)
		if n.Silent {
			reply = "silence"
		} else if n.Replies == 0 {
			reply = "awaited"
		}
		g.Row(n.Number, n.Made, paper.Clean(n.To), paper.Clean(n.Product), n.ReplyBy, reply)
	}
	p.F("%s", g)
	for i := range out.Answers {
		a := &out.Answers[i]
		p.Text(0, paper.None, paper.Clean(fmt.Sprintf("%s  %s: %s", a.ID, a.Product, a.Line())))
	}
	return p.Err
}
