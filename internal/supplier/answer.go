// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package supplier

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Kind of an answer.
type Kind string

// The kinds. Silence is what is said where the day for the reply passed and nothing came; nobody enters it.
const (
	Fixed         Kind = "fixed"
	NotAffected   Kind = "not-affected"
	Configuration Kind = "configuration" // due to how the operator set it up
	Disputed      Kind = "disputed"
	None          Kind = "none" // the maker answers nothing, and says so
	Silence       Kind = "silence"
)

// kinds are those that can be entered.
var kinds = []Kind{Fixed, NotAffected, Configuration, Disputed, None}

// Answer is what a maker says of its product. It is a declaration: it stands beside the verdict wherever that is
// shown,
// and changes it in nothing.
type Answer struct {
	Kind       Kind     `json:"kind"`
	Notice     string   `json:"notice,omitempty"`     // the number of the notice that it answers
	Provisions []string `json:"provisions,omitempty"` // of which it speaks; none: of all about the product
	Version    string   `json:"version,omitempty"`    // in which it is fixed
	Words      string   `json:"words,omitempty"`
	From       string   `json:"from"`
	On         string   `json:"on"`
	VEX        *VEX     `json:"vex,omitempty"`
	Items      []string `json:"items,omitempty"` // of the inbox
	By         string   `json:"by"`

	ID      string       `json:"-"`
	Product fact.Subject `json:"-"`
	Known   time.Time    `json:"-"`
}

// Enter enters an answer; vex is the file that it rests on, nil without one, and is kept.
func Enter(ctx context.Context, c *casefile.Case, product fact.Subject, a Answer, vex []byte) (*Answer, error) {
	if err := a.check(product, vex); err != nil {
		return nil, err
	}
	if vex != nil {
		ref, err := c.Keep(ctx, bytes.NewReader(vex))
		if err != nil {
			return nil, err
		}
		a.VEX.SHA256 = ref.SHA256
	}
	r, err := journal.Write(ctx, c, journal.Entry{Form: formAnswer, Subject: product, Body: a})
	if err != nil {
		return nil, err
	}
	a.ID, a.Product, a.Known = string(r[0].Statement)[:12], product, r[0].KnownAt
	return &a, nil
}

func (a *Answer) check(product fact.Subject, vex []byte) error {
	_, err := fact.ParseDay(a.On)
	switch {
	case product.Kind != fact.Product:
		return kind.Errorf(kind.Invalid, "an answer is about a product, and this is a %s", product.Kind)
	case !slices.Contains(kinds, a.Kind):
		return kind.Errorf(kind.Invalid, "an answer is one of fixed, not-affected, configuration, disputed, none: not %q",
			a.Kind)
	case strings.TrimSpace(a.From) == "":
		return kind.Errorf(kind.Invalid, "whose answer is it? give --from")
	case strings.TrimSpace(a.By) == "":
		return kind.Errorf(kind.Invalid, "who enters the answer? give --by")
	case err != nil:
		return kind.Errorf(kind.Invalid, "on which day did the answer come? %q is none: want YYYY-MM-DD", a.On)
	case a.Kind == Fixed && strings.TrimSpace(a.Version) == "":
		return kind.Errorf(kind.Invalid, "fixed in which version? give --version")
	case a.Kind == NotAffected && vex == nil:
		return kind.Errorf(kind.Invalid,
			"not affected: on which file does it rest? give --vex with a CSAF or OpenVEX file; without one it is disputed")
	case (a.Kind == Configuration || a.Kind == Disputed) && strings.TrimSpace(a.Words) == "":
		return kind.Errorf(kind.Invalid, "an answer of that kind has words: give --words")
	case (vex == nil) != (a.VEX == nil):
		return kind.Errorf(kind.Invalid, "a VEX file without what it says")
	}
	return nil
}

// Answers are what makers said, oldest first, and what they were asked.
type Answers struct {
	All     []Answer
	Notices []Sent
}

// Said reads all answers and notices of a case.
func Said(ctx context.Context, c *casefile.Case) (*Answers, error) {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: formAnswer})
	if err != nil {
		return nil, err
	}
	out := &Answers{All: make([]Answer, len(kept))}
	for i := range kept {
		a := &out.All[i]
		if err := kept[i].Into(a); err != nil {
			return nil, err
		}
		a.ID, a.Product, a.Known = kept[i].ID(), kept[i].Statement.Subject, kept[i].KnownAt
	}
	out.Notices, err = Notices(ctx, c)
	return out, err
}

// Of gives the answers that stand beside a verdict on a provision about a product, oldest first. Where a notice that
// named the provision was answered by nothing when its day passed, silence is the last of them.
func (s *Answers) Of(product fact.Subject, provision law.ProvisionID, today fact.Day) []Answer {
	var out []Answer
	answered := map[string]bool{}
	for i := range s.All {
		a := &s.All[i]
		if a.Product != product {
			continue
		}
		answered[a.Notice] = true
		if len(a.Provisions) == 0 || slices.Contains(a.Provisions, string(provision)) {
			out = append(out, *a)
		}
	}
	for i := range s.Notices {
		n := &s.Notices[i]
		if n.Subject == product && slices.Contains(n.Provisions, string(provision)) && !answered[n.Number] &&
			n.Overdue(today) {
			out = append(out, Answer{Kind: Silence, Notice: n.Number, On: n.ReplyBy, Product: product})
		}
	}
	return out
}

// Beside gives the answers that stand beside a verdict: of a duty of others about a product, or about a unit of one.
func (s *Answers) Beside(a *assess.Assessment, v *judge.Verdict, today fact.Day) []Answer {
	if v.Bearer != judge.Supplier {
		return nil
	}
	product := v.Subject
	for i := range a.Things {
		if t := &a.Things[i]; t.Subject == v.Subject {
			product = t.Product
		}
	}
	return s.Of(product, v.Provision.ID, today)
}

// Overdue says whether the day for the reply has passed.
func (n *Sent) Overdue(today fact.Day) bool {
	due, err := fact.ParseDay(n.ReplyBy)
	return err == nil && today > due
}

// Line is an answer in a line, as it stands beside a verdict.
func (a *Answer) Line() string {
	who := "its maker"
	if a.From != "" {
		who = a.From
	}
	switch a.Kind {
	case Silence:
		return "asked of its maker in notice " + a.Notice + "; no reply by " + a.On
	case Fixed:
		return who + " on " + a.On + ": fixed in version " + a.Version + said(a.Words)
	case NotAffected:
		return who + " on " + a.On + ": not affected (" + a.VEX.Format + " " + a.VEX.ID + ")" + said(a.Words)
	case Configuration:
		return who + " on " + a.On + ": due to the operator's configuration" + said(a.Words)
	case Disputed:
		return who + " on " + a.On + ": disputed" + said(a.Words)
	}
	return who + " on " + a.On + ": no answer is given" + said(a.Words)
}

func said(words string) string {
	if words == "" {
		return ""
	}
	return ": " + words
}
