// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package register

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/proof"
)

// Naming is a statement that names a person.
type Naming struct {
	ID       string
	What     string   // the form, or the kind of a statement without one
	Where    []string // in its payload: fields.person
	Attached []Attached
	Duties   []Duty   // that ask to keep it on this day
	Held     []string // holds that keep it from being erased
	digest   evidence.Digest
}

// Erasure is what erasing a person's data would do, or did.
type Erasure struct {
	Found     []Naming
	Held      int // of them, kept by a hold
	Conflicts int // of them, that a law asks to keep
	Done      bool
}

// Erasing says whose data are to be erased.
type Erasing struct {
	Person  string
	By      string
	Despite string // why, though a law asks to keep; "": not then
	DryRun  bool
}

// minName is how long a name must be: a shorter one stands in too many words.
const minName = 3

// Erase erases the words of every statement that names a person: records, decisions, what else people entered, what
// the profile says. What was made known stays, and every proof of before holds. It refuses under a hold, and where a
// law asks to keep unless reasons say why not.
func (d *Desk) Erase(ctx context.Context, g Erasing, holds Holds) (*Erasure, error) {
	g.Person, g.By, g.Despite = strings.TrimSpace(g.Person), strings.TrimSpace(g.By), strings.TrimSpace(g.Despite)
	if utf8.RuneCountInString(g.Person) < minName {
		return nil, fmt.Errorf("%q is too short to name a person: want %d letters or more", g.Person, minName)
	}
	if g.By == "" && !g.DryRun {
		return nil, fmt.Errorf("who erases? name a function or a person with --by, or look first with --dry-run")
	}
	out, err := d.naming(ctx, g.Person, holds)
	if err != nil || g.DryRun {
		return out, err
	}
	switch {
	case len(out.Found) == 0:
		return out, kind.Errorf(kind.NotFound, "nothing in the case names %q", g.Person)
	case out.Held > 0:
		return out, kind.Errorf(kind.Denied, "%d of %d entries are under a legal hold, and nothing was erased", out.Held, len(out.Found))
	case out.Conflicts > 0 && g.Despite == "":
		return out, kind.Errorf(kind.Denied, "a law asks to keep %d of %d entries, and nothing was erased: say with --despite why they are "+
			"to be erased all the same", out.Conflicts, len(out.Found))
	}
	return out, d.erase(ctx, g, out)
}

// erase says who erases and why, without whom, and does it.
func (d *Desk) erase(ctx context.Context, g Erasing, out *Erasure) error {
	var digests []evidence.Digest
	var ids []string
	for i := range out.Found {
		digests, ids = append(digests, out.Found[i].digest), append(ids, out.Found[i].ID)
	}
	us, _, err := journal.About(ctx, d.Case, "")
	if err != nil {
		us, err = d.anyOfUs(ctx)
	}
	if err != nil {
		return err
	}
	_, err = journal.Write(ctx, d.Case, journal.Entry{Form: "erasure.reasons", Subject: us,
		Body: map[string]any{"by": g.By, "despite": g.Despite, "entries": ids, "day": d.today().String()}})
	if err != nil {
		return err
	}
	if _, err = d.Case.Erase(ctx, digests, false, "a person's data, on request"); err == nil {
		out.Done = true
	}
	return err
}

// anyOfUs is the first of several persons of ours: an erasure speaks of the case, not of one of them.
func (d *Desk) anyOfUs(ctx context.Context) (fact.Subject, error) {
	all, err := journal.Everybody(ctx, d.Case)
	if err != nil || len(all) == 0 {
		return fact.Subject{}, err
	}
	return all[0].Subject, nil
}

// naming looks through every payload of the case.
func (d *Desk) naming(ctx context.Context, person string, holds Holds) (*Erasure, error) {
	book, err := d.Case.Read(ctx)
	if err != nil {
		return nil, err
	}
	placed, err := d.HoldsPlaced(ctx)
	if err != nil {
		return nil, err
	}
	out := &Erasure{}
	word := strings.ToLower(person)
	for i := range book.Entries {
		e := &book.Entries[i]
		if e.Payload == nil {
			continue
		}
		var body any
		if err := json.Unmarshal(e.Payload.Body, &body); err != nil {
			return nil, kind.Errorf(kind.Corrupt, "the payload of statement %.12s…: %v", e.Digest, err)
		}
		n := Naming{ID: short(e.Digest), What: what(e), digest: e.Digest}
		if n.look("", body, word); len(n.Where) == 0 {
			continue
		}
		if err := d.bears(&n, e, person, placed, holds); err != nil {
			return nil, err
		}
		out.Found = append(out.Found, n)
		if len(n.Held) > 0 {
			out.Held++
		}
		if len(n.Duties) > 0 {
			out.Conflicts++
		}
	}
	return out, nil
}

func what(e *proof.Entry) string {
	if f := e.Statement.Form; f != "" {
		return f
	}
	return string(e.Statement.Kind)
}

// look finds where in a payload a word stands by itself.
func (n *Naming) look(at string, v any, word string) {
	switch v := v.(type) {
	case string:
		if standsIn(strings.ToLower(v), word) {
			n.Where = append(n.Where, strings.TrimPrefix(at, "."))
		}
	case map[string]any:
		for k, inner := range v {
			n.look(at+"."+k, inner, word)
		}
		slices.Sort(n.Where)
	case []any:
		for i, inner := range v {
			n.look(at+"."+strconv.Itoa(i), inner, word)
		}
	}
}

// standsIn says whether a word stands in a text with no letter or digit beside it.
func standsIn(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(word):])
		if !inWord(before) && !inWord(after) {
			return true
		}
		from = i + 1
	}
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// bears says which holds and which laws speak against erasing an entry.
func (d *Desk) bears(n *Naming, e *proof.Entry, person string, placed []Hold, holds Holds) error {
	for i := range placed {
		if placed[i].covers(e.Statement.Form, e.Statement.Subject, person) {
			n.Held = append(n.Held, placed[i].String())
		}
	}
	form, name, _ := strings.Cut(e.Statement.Form, ".")
	if form != "record" && form != "decision" {
		return nil
	}
	it := &Item{Subject: e.Statement.Subject, Kind: d.Kinds.byName[name]}
	if err := json.Unmarshal(e.Payload.Body, &it.Body); err != nil {
		return kind.Errorf(kind.Corrupt, "entry %s: %v", n.ID, err)
	}
	n.Attached = it.Body.Attached
	for _, u := range d.Duties(it, holds) {
		if u.running(d.today()) {
			n.Duties = append(n.Duties, u)
		}
	}
	return nil
}
