// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package supplier speaks with those who make what we run: a notice of what their product was seen to do, with our
// network masked and a day for the reply; their answer, which stands beside the verdict and changes none; and
// the recall of evidence, with everyone it was sent to.
package supplier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/plan"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Wording of what a notice says: about a supplier nothing stronger is said.
const (
	notInLine = "observed behaviour not in line with"
	toClarify = "observations to be clarified under"
)

// Disclaimer stands once on every notice.
const Disclaimer = "What recorded evidence shows under a paraphrase of the law on the stated day; no legal advice, no finding by an authority."

// Notice is what is written to a maker about its product, and about nothing else.
type Notice struct {
	Number   string    `json:"number,omitempty"` // of its entry; "" before it is kept
	Product  Product   `json:"product"`
	Made     string    `json:"made"`     // the day
	ReplyBy  string    `json:"reply_by"` // the day until whose end a reply is asked for
	Law      string    `json:"law"`      // the version of the law that is judged by
	Day      string    `json:"law_day"`
	Findings []Finding `json:"findings"`
	Notes    []string  `json:"notes"`
	Says     string    `json:"says"` // the disclaimer

	statements []evidence.Digest
	subject    fact.Subject
	provisions []string
}

// Product is what the notice is about.
type Product struct {
	Name  string `json:"name"` // vendor and model
	Units []Unit `json:"units"`
}

// Unit is one that was seen.
type Unit struct {
	Name    string `json:"name"` // unit A
	Version string `json:"version"`
	State   string `json:"state"` // factory-default, set-up, altered, not recorded
	// SeenAs is what the unit shows of itself: whether it is one of the product is the maker's to say, too.
	SeenAs  string   `json:"seen_as"`
	Signals []string `json:"signals"` // masked
}

// Finding is one behaviour, with what it is held against.
type Finding struct {
	Seen     string   `json:"seen"` // what the fact means
	Fact     string   `json:"fact"`
	Value    string   `json:"value"`
	Against  []Duty   `json:"against"`
	Evidence []Shown  `json:"evidence"`
	Repeat   []string `json:"repeat"`
	Remedy   []string `json:"remedy,omitempty"`
}

// Duty is one of the maker's that a behaviour is held against.
type Duty struct {
	Wording  string `json:"wording"`
	Law      string `json:"law"`
	Pinpoint string `json:"pinpoint"`
	Text     string `json:"text"` // our paraphrase
	id       string
}

// rank puts what is not in line before what is to be clarified.
func (d *Duty) rank() int {
	if d.Wording == notInLine {
		return 0
	}
	return 1
}

// Shown is a piece of evidence.
type Shown struct {
	Unit      string    `json:"unit"`
	At        time.Time `json:"at"`
	Method    string    `json:"method"`
	Capture   string    `json:"capture,omitempty"` // SHA-256
	Frames    [][2]int  `json:"frames,omitempty"`
	What      string    `json:"what,omitempty"` // masked
	Statement string    `json:"statement"`
}

// Make writes a notice about a product from an assessment. It is refused where nothing that was seen is held against
// a duty of its maker, and where anything of our network would be told.
func Make(a *assess.Assessment, product fact.Subject, made, replyBy fact.Day) (*Notice, error) {
	if product.Kind != fact.Product {
		return nil, kind.Errorf(kind.Invalid, "a notice is about a product, and this is a %s", product.Kind)
	}
	if replyBy <= made {
		return nil, kind.Errorf(kind.Invalid, "a reply until %s, and today is %s: give a day ahead with --reply-by",
			replyBy, made)
	}
	b := &maker{a: a, product: product, units: map[fact.Subject]string{}, at: map[string]int{}}
	b.n = &Notice{Made: made.String(), ReplyBy: replyBy.String(), Law: a.Catalogue.Version, Day: a.Day.String(),
		Says: Disclaimer, subject: product}
	if err := b.identify(); err != nil {
		return nil, err
	}
	b.mask = newMask(a, b.units, b.n.Product.Name)
	for i := range b.n.Product.Units {
		u := &b.n.Product.Units[i]
		signals := u.Signals
		u.Signals = []string{}
		for _, text := range signals {
			u.Signals = append(u.Signals, b.mask.text(text))
		}
	}
	b.findings()
	if len(b.n.Findings) == 0 {
		return nil, kind.Errorf(kind.NotFound,
			"nothing that was seen of %s is held against a duty of its maker: there is nothing to write", b.n.Product.Name)
	}
	b.finish()
	return b.n, b.check()
}

// maker makes a notice.
type maker struct {
	a       *assess.Assessment
	product fact.Subject
	units   map[fact.Subject]string
	mask    *mask
	n       *Notice
	at      map[string]int // findings by fact
}

// unknownProduct ends the name of what stands for all units whose make or model nobody knows.
const unknownProduct = "not yet known"

// maxSignals is how many signs of what a unit is are told.
const maxSignals = 6

// identify names the product and its units.
func (b *maker) identify() error {
	p := &b.n.Product
	if p.Name = b.a.Name(b.product); strings.HasSuffix(p.Name, unknownProduct) || p.Name == b.product.ID {
		return kind.Errorf(kind.Invalid,
			"which product it is, is not known (%s): nobody can be written to; the profile ties a unit to its product", p.Name)
	}
	states := map[fact.Subject]string{}
	for i := range b.a.Facts {
		if c := &b.a.Facts[i]; c.Fact == "unit.state" && c.Withdrawn.IsZero() && !c.Withheld {
			states[c.Subject] = c.Value.String()
		}
	}
	for i := range b.a.Things {
		t := &b.a.Things[i]
		if t.Product != b.product {
			continue
		}
		u := Unit{Name: "unit " + letters(len(p.Units)), Version: cmp.Or(t.Firmware, "not seen"),
			State:  cmp.Or(states[t.Subject], "not recorded"),
			SeenAs: strings.TrimSpace(t.Vendor + " " + t.Model + " " + t.Type), Signals: t.Signals[:min(len(t.Signals),
				maxSignals)]}
		p.Units = append(p.Units, u)
		b.units[t.Subject] = u.Name
	}
	return nil
}

func letters(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return letters(n/26-1) + letters(n%26)
}

// findings gathers what was seen of the product that is held against its maker's duties.
func (b *maker) findings() {
	blamer := plan.NewBlamer(b.a.Catalogue, b.a.Day, fact.DayOf(b.a.At))
	bound := map[*law.Instrument]bool{}
	for i := range b.a.Result.Instruments {
		in := &b.a.Result.Instruments[i]
		bound[in.Instrument] = in.Bound == "own" || in.Bound == "supplier"
	}
	for i := range b.a.Result.Verdicts {
		v := &b.a.Result.Verdicts[i]
		indicated := v.Outcome == judge.NotShown && slices.Contains(v.Flags, judge.BreachIndicated)
		if v.Bearer != judge.Supplier || v.Provision.Force != law.Must || v.Outcome != judge.Violated && !indicated ||
			!b.concerns(v) ||
			!bound[v.Provision.Instrument] {
			continue
		}
		for _, control := range blamer.Controls(v) {
			for _, f := range blamer.Facts(control) {
				b.take(v, control, f)
			}
		}
	}
}

// concerns says whether a verdict is about the product, or about a unit of it.
func (b *maker) concerns(v *judge.Verdict) bool {
	_, unit := b.units[v.Subject]
	return v.Subject == b.product || unit
}

func (b *maker) take(v *judge.Verdict, control, n *judge.Because) {
	if n.Fact == nil || n.Fact.State != fact.Known {
		return
	}
	i, ok := b.at[n.ID]
	if !ok {
		f := Finding{Fact: n.ID, Value: n.Fact.Value.String(), Seen: n.ID}
		if def, ok := b.a.Catalogue.Vocabulary.Lookup(fact.Name(n.ID)); ok {
			f.Seen = def.Meaning
		}
		i = len(b.n.Findings)
		b.at[n.ID] = i
		b.n.Findings = append(b.n.Findings, f)
	}
	f := &b.n.Findings[i]
	d := Duty{Wording: toClarify, Law: v.Provision.Instrument.Short, Pinpoint: v.Provision.Pinpoint,
		Text: v.Provision.Text, id: string(v.Provision.ID)}
	if v.Outcome == judge.Violated {
		d.Wording = notInLine
	}
	if !slices.ContainsFunc(f.Against, func(o Duty) bool { return o.id == d.id }) {
		f.Against = append(f.Against, d)
		b.n.provisions = append(b.n.provisions, d.id)
	}
	if c := b.a.Catalogue.Controls[law.ControlID(control.ID)]; c != nil && c.Remedy != "" && !slices.Contains(f.Remedy,
		c.Remedy) {
		f.Remedy = append(f.Remedy, c.Remedy)
	}
	for _, c := range n.Fact.Support {
		b.show(f, c)
	}
}

// show adds a piece of evidence, of units of the product alone.
func (b *maker) show(f *Finding, c *fact.Claim) {
	unit, ok := b.units[c.Subject]
	if c.Subject == b.product {
		unit, ok = "the product", true
	}
	if !ok {
		return
	}
	e := Shown{Unit: unit, At: c.ObservedAt, Method: string(c.Method), Statement: c.Statement}
	places := c.Sources
	if len(places) == 0 {
		places = []fact.Source{{}}
	}
	for _, s := range places {
		e.Capture, e.Frames, e.What = s.Input, s.Frames, b.mask.text(s.Note)
		if !slices.ContainsFunc(f.Evidence, func(o Shown) bool {
			return o.Unit == e.Unit && o.Statement == e.Statement && o.Capture == e.Capture && o.What == e.What
		}) {
			f.Evidence = append(f.Evidence, e)
		}
	}
	if c.Statement != "" && !slices.Contains(b.n.statements, evidence.Digest(c.Statement)) {
		b.n.statements = append(b.n.statements, evidence.Digest(c.Statement))
	}
	for _, step := range repeat(c) {
		if !slices.Contains(f.Repeat, step) {
			f.Repeat = append(f.Repeat, step)
		}
	}
}

// repeat says how what a claim shows can be seen again.
func repeat(c *fact.Claim) []string {
	switch c.Method {
	case fact.Passive:
		return []string{"Run a unit of the version above in the state above, in its ordinary use, and record its traffic at the switch port in both directions.",
			"Look in the recording for what is described under the evidence."}
	case fact.Active:
		where := "from a host that reaches the unit"
		if c.Coverage.Port > 0 {
			where += fmt.Sprintf(", at port %d", c.Coverage.Port)
		}
		return []string{"Run a unit of the version above in the state above, and test it " + where + ".",
			"Look for what is described under the evidence."}
	}
	return []string{"Compare what is said here with the documents of the product."}
}

// finish orders the findings and says what was masked.
func (b *maker) finish() {
	n := b.n
	for i := range n.Findings {
		slices.SortStableFunc(n.Findings[i].Against, func(x, y Duty) int { return cmp.Compare(x.rank(), y.rank()) })
	}
	slices.SortStableFunc(n.Findings, func(x, y Finding) int {
		return cmp.Or(cmp.Compare(x.Against[0].rank(), y.Against[0].rank()), cmp.Compare(len(y.Against), len(x.Against)))
	})
	slices.Sort(n.provisions)
	n.provisions = slices.Compact(n.provisions)
	slices.Sort(n.statements)
	n.Notes = []string{
		"Names, addresses and everything else of the operator's network are replaced, always by the same words.",
		"Frames are those of captures that the operator holds; each is named by its SHA-256, and can be shown on request.",
		"Every reply is recorded and stands beside the verdict wherever that is shown: fixed in a version, not affected (with a CSAF VEX or OpenVEX file), " +
			"due to the operator's configuration, or disputed. No reply is recorded too.",
	}
}

// check refuses a notice that tells something of ours. All in it but what was noted of the evidence is the
// catalogue's,
// the product's, or a digest.
func (b *maker) check() error {
	for i := range b.n.Product.Units {
		if err := b.mask.leaks(strings.Join(b.n.Product.Units[i].Signals, " ")); err != nil {
			return err
		}
	}
	for i := range b.n.Findings {
		for _, e := range b.n.Findings[i].Evidence {
			if err := b.mask.leaks(e.What); err != nil {
				return err
			}
		}
	}
	return nil
}
