// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// Analysis is a document that a law asks for.
type Analysis struct {
	Law       law.InstrumentID
	Title     string
	Pinpoint  string
	Provision law.ProvisionID
	Elements  []Element
}

// Element is what the text of the law demands of it.
type Element struct {
	ID, Text, Pinpoint string
	Provision          law.ProvisionID // "" where the catalogue has no duty of its own for it
	From               string          // the part of the register that gives it; "" where only a person can
	Fact               fact.Name       // with from: record
	Human              string          // what a person must complete
}

// parts of the register that an element may come from.
var parts = []string{"scope", "threats", "weaknesses", "measures", "likelihood", "impact", "level", "criteria",
	"treatments", "owners",
	"suppliers", "record"}

func (d *Data) readAnalyses(r *law.Reader, root *law.Node) {
	r.Object(root, "a file of analyses", law.Need("analyses", r.List(func(n *law.Node) {
		var a Analysis
		var id, provision string
		r.Object(n, "an analysis", law.Need("law", r.Text(&id)), law.Need("title", r.Text(&a.Title)),
			law.Need("pinpoint", r.Text(&a.Pinpoint)), law.Need("provision", r.Text(&provision)),
			law.Need("elements", r.List(func(n *law.Node) {
				var e Element
				var f, p string
				r.Object(n, "an element", law.Need("id", r.Text(&e.ID)), law.Need("text", r.Text(&e.Text)),
					law.Need("pinpoint", r.Text(&e.Pinpoint)), law.Opt("provision", r.Text(&p)),
					law.Opt("from", law.Word(r, &e.From, "part of the register", parts)),
					law.Opt("fact", r.Text(&f)), law.Opt("human", r.Text(&e.Human)))
				e.Fact, e.Provision = fact.Name(f), law.ProvisionID(p)
				if e.From == "" && e.Human == "" || (e.From == "record") != (f != "") {
					r.Add(n.Pos, fmt.Sprintf("element %s says neither where it comes from nor what a person completes", e.ID),
						"from: record needs a fact, and only that")
				}
				a.Elements = append(a.Elements, e)
			})))
		a.Law, a.Provision = law.InstrumentID(id), law.ProvisionID(provision)
		d.Analyses = append(d.Analyses, a)
	})))
}
