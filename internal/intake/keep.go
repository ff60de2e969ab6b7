// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/sheet"
)

// The forms. None makes anything known.
const (
	formMap   = "intake.map"
	formFile  = "intake.file"
	formClaim = "intake.claim"
	formAsset = "intake.asset"
	formRisk  = "intake.risk"
)

// formOf is the form of what a list says.
var formOf = map[string]string{"status": formClaim, "asset": formAsset, "risk": formRisk}

// Memory is what a case remembers of a list: the next file with the same headings needs nothing.
type Memory struct {
	List     string            `json:"list"`
	Headings []string          `json:"headings"` // plain and sorted
	Columns  map[string]string `json:"columns"`  // plain heading → field; "" is not read
	Fixed    map[string]string `json:"fixed,omitempty"`
	Statuses map[string]Stance `json:"statuses,omitempty"`
	By       string            `json:"by"`
}

func sorted(headings []string) []string {
	var out []string
	for _, h := range headings {
		if h = plain(h); h != "" {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return out
}

// Recall gives what the case remembers of a list with these headings; nil when it met none.
func Recall(ctx context.Context, c *casefile.Case, headings []string) (*Memory, error) {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: formMap, Newest: true})
	if err != nil {
		return nil, err
	}
	want := sorted(headings)
	for i := range kept {
		var m Memory
		if err := kept[i].Into(&m); err != nil {
			return nil, err
		}
		if slices.Equal(m.Headings, want) {
			return &m, nil
		}
	}
	return nil, nil
}

// Apply takes the columns for what they were taken for before.
func (m *Memory) Apply(l *Lists, t *sheet.Table) (*Mapping, error) {
	list, err := l.Of(m.List)
	if err != nil {
		return nil, err
	}
	out := &Mapping{List: list, Known: true}
	for i, h := range t.Headings {
		if h == "" {
			continue
		}
		c := Column{Heading: h, Letter: sheet.Letters(i), at: i, Field: m.Columns[plain(h)], Why: "as before"}
		if f := list.field(c.Field); f != nil {
			c.Means = f.Means
		} else {
			c.Field = ""
		}
		out.Columns = append(out.Columns, c)
	}
	return out, nil
}

// Memory is what is to be remembered of a mapping.
func (m *Mapping) Memory(how *How) *Memory {
	out := &Memory{List: m.List.Name, Headings: sorted(m.headings()), Columns: map[string]string{}, Fixed: how.Fixed,
		Statuses: how.Statuses,
		By:       how.By}
	for _, c := range m.Columns {
		out.Columns[plain(c.Heading)] = c.Field
	}
	return out
}

// same says whether two memories say the same, whoever told them.
func (m *Memory) same(o *Memory) bool {
	return o != nil && m.List == o.List && maps.Equal(m.Columns, o.Columns) && maps.Equal(m.Fixed, o.Fixed) &&
		maps.Equal(m.Statuses, o.Statuses)
}

// FileEntry says that a list was taken in. Its bytes are kept.
type FileEntry struct {
	Name   string `json:"name"`
	Sheet  string `json:"sheet,omitempty"`
	SHA256 string `json:"sha256"`
	List   string `json:"list"`
	Rows   int    `json:"rows"`
	New    int    `json:"new"`
	By     string `json:"by"`
}

// Kept is what became of what others say.
type Kept struct {
	New, Repeated int
	Strangers     int // rows about somebody whom the case does not know
}

// Keep keeps what rows say that make nothing known. Rows about somebody whom the case does not know are about us:
// what
// they say of whom stays in their words.
func Keep(ctx context.Context, c *casefile.Case, said []Said, dry bool) (*Kept, error) {
	us, err := journal.Us(ctx, c)
	if err != nil {
		return nil, err
	}
	who, err := everybody(ctx, c)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for form := range formsOf(said) {
		if err := heldOf(ctx, c, form, held); err != nil {
			return nil, err
		}
	}
	out := &Kept{}
	var entries []journal.Entry
	for i := range said {
		s := &said[i]
		e := journal.Entry{Form: formOf[s.List], Subject: us, Body: s}
		if one := who.of(s); one != nil {
			e.Subject = one.Subject
		} else if s.Fields["about"] != "" || s.List == "asset" {
			out.Strangers++
		}
		if k := key(e.Form, e.Subject, s); held[k] {
			out.Repeated++
		} else {
			held[k] = true
			entries = append(entries, e)
		}
	}
	if out.New = len(entries); out.New > 0 && !dry {
		_, err = journal.Write(ctx, c, entries...)
	}
	return out, err
}

func formsOf(said []Said) map[string]bool {
	forms := map[string]bool{}
	for i := range said {
		forms[formOf[said[i].List]] = true
	}
	return forms
}

// key is what makes two rows say the same, whoever took them in.
func key(form string, about fact.Subject, s *Said) string {
	c := *s
	c.By = ""
	b, err := json.Marshal(&c) // maps in the order of their keys
	if err != nil {
		return "" // texts are always written
	}
	return form + about.String() + string(b)
}

func heldOf(ctx context.Context, c *casefile.Case, form string, held map[string]bool) error {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: form})
	for i := range kept {
		var s Said
		if err := kept[i].Into(&s); err != nil {
			return err
		}
		held[key(form, kept[i].Statement.Subject, &s)] = true
	}
	return err
}

// known finds somebody by what people call them.
type known struct {
	all []journal.Somebody
	at  map[string][]int // by name
}

func everybody(ctx context.Context, c *casefile.Case) (*known, error) {
	all, err := journal.Everybody(ctx, c)
	k := &known{all, map[string][]int{}}
	for i := range all {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(all[i].Names))) {
			key := strings.ToLower(name)
			k.at[key] = append(k.at[key], i)
		}
	}
	return k, err
}

// of gives whom a row is about, where exactly one is so called.
func (k *known) of(s *Said) *journal.Somebody {
	for _, field := range []string{"mac", "about", "hostname", "name", "ip"} {
		word := strings.ToLower(strings.TrimSpace(s.Fields[field]))
		if mac, err := net.ParseMAC(word); err == nil {
			word = mac.String()
		}
		if found := k.at[word]; word != "" && len(found) == 1 {
			return &k.all[found[0]]
		}
	}
	return nil
}

// Remember keeps the file, what was taken for what, and that it was taken in.
func Remember(ctx context.Context, c *casefile.Case, m *Memory, before *Memory, f FileEntry, content []byte) error {
	us, err := journal.Us(ctx, c)
	if err != nil {
		return err
	}
	ref, err := c.Keep(ctx, bytes.NewReader(content))
	if err != nil {
		return err
	}
	f.SHA256 = ref.SHA256
	entries := []journal.Entry{{Form: formFile, Subject: us, Body: f}}
	if !m.same(before) {
		entries = append(entries, journal.Entry{Form: formMap, Subject: us, Body: m})
	}
	_, err = journal.Write(ctx, c, entries...)
	return err
}

// Named makes sure that somebody answers for what is kept.
func Named(by string) error {
	if strings.TrimSpace(by) == "" {
		return kind.Errorf(kind.Invalid, "who takes the list in? say so with --by")
	}
	return nil
}
