// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/kind"
)

// Check refuses an entry that cannot be: made by nobody, of the future, before the incident began.
func (v *Vocabulary) Check(i *Incident, e *Entry, now time.Time) error {
	if strings.TrimSpace(e.By) == "" {
		return kind.Errorf(kind.Invalid, "nobody enters it: --by says who, by function or name")
	}
	for n := range e.Facts {
		if err := v.checkSaid(i, &e.Facts[n], e, now); err != nil {
			return err
		}
	}
	if n := e.Notice; n != nil {
		if err := v.checkNotice(i, n, now); err != nil {
			return err
		}
	}
	if h := e.Hold; h != nil {
		return checkHold(h, now)
	}
	return nil
}

func (v *Vocabulary) checkSaid(i *Incident, s *Said, e *Entry, now time.Time) error {
	d := v.define(s.Key)
	if d == nil {
		return nil
	}
	if d.Reasons && s.Value == "yes" && strings.TrimSpace(s.Reasons) == "" {
		return kind.Errorf(kind.Invalid, "%s: %s: it excuses from a notice, so --reasons must say why", s.Key, d.Title)
	}
	if _, err := time.LoadLocation(s.Value); s.Key == zoneKey && err != nil {
		return kind.Errorf(kind.Invalid, "zone: %q is no zone of the tz database: want one like Europe/Berlin", s.Value)
	}
	if d.Sort != Time || s.Value == Unknown {
		return nil
	}
	t, err := time.Parse(time.RFC3339, s.Value)
	if err != nil {
		return err
	}
	if t.After(now) {
		return kind.Errorf(kind.Invalid, "%s: %s lies in the future: it is %s now", s.Key, s.Value,
			now.In(t.Location()).Format(time.RFC3339))
	}
	began := i.began(e)
	if s.Key != "occurrence" && !began.IsZero() && t.Before(began) {
		return kind.Errorf(kind.Invalid,
			"%s: %s lies before the incident began, at %s (occurrence): correct the one or the other",
			s.Key, s.Value, began.Format(time.RFC3339))
	}
	return nil
}

// began is when the incident did, with what an entry says of that.
func (i *Incident) began(e *Entry) time.Time {
	if e != nil {
		for _, s := range e.Facts {
			if t, err := time.Parse(time.RFC3339, s.Value); s.Key == "occurrence" && err == nil {
				return t
			}
		}
	}
	if i == nil {
		return time.Time{}
	}
	if all := i.times("occurrence", ""); len(all) > 0 {
		return all[0].at
	}
	return time.Time{}
}

func (v *Vocabulary) checkNotice(i *Incident, n *Notice, now time.Time) error {
	if _, _, err := v.Clock(n.Clock); err != nil {
		return err
	}
	if n.At.After(now) {
		return kind.Errorf(kind.Invalid, "notice %s: it was submitted in the future, at %s: it is %s now",
			n.Clock, n.At.Format(time.RFC3339), now.In(n.At.Location()).Format(time.RFC3339))
	}
	first, what := i.began(nil), "occurrence"
	for _, d := range v.Facts {
		if d.Anchor == "" || d.ID == "occurrence" {
			continue
		}
		for _, scope := range []string{"", n.Clock} {
			if all := i.times(d.ID, scope); len(all) > 0 && (first.IsZero() || all[0].at.Before(first)) {
				first, what = all[0].at, d.ID
			}
		}
	}
	if !first.IsZero() && n.At.Before(first) {
		return kind.Errorf(kind.Invalid, "notice %s: it was submitted at %s, before the incident (%s %s)",
			n.Clock, n.At.Format(time.RFC3339), what, first.Format(time.RFC3339))
	}
	return nil
}

func checkHold(h *Hold, now time.Time) error {
	switch {
	case strings.TrimSpace(h.Statement) == "":
		return kind.Errorf(kind.Invalid, "a hold rests on a statement: --statement says what it is, by whom and where it lies")
	case h.From.After(now):
		return kind.Errorf(kind.Invalid, "the hold begins in the future, at %s", h.From.Format(time.RFC3339))
	case !h.Until.IsZero() && !h.Until.After(h.From):
		return kind.Errorf(kind.Invalid, "the hold ends at %s, not after it begins (%s)", h.Until.Format(time.RFC3339),
			h.From.Format(time.RFC3339))
	}
	return nil
}

// On refuses a change that was made on an older revision, and says what came between.
func (i *Incident) On(revision int, refused string) error {
	if revision == 0 || revision == i.Revision {
		return nil
	}
	if revision > i.Revision {
		return kind.Errorf(kind.Invalid, "incident %s has no revision %d yet: it stands at %d", i.ID, revision, i.Revision)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "incident %s stands at revision %d, and the change was made on %d. Nothing was entered. What came between:\n",
		i.ID, i.Revision, revision)
	for _, e := range i.Since(revision) {
		if e.Reminder == nil {
			fmt.Fprintf(&b, "  revision %d, %s, by %s: %s\n", e.Revision, e.At.UTC().Format("2006-01-02 15:04Z"), e.By, e.Says())
		}
	}
	fmt.Fprintf(&b, "To enter it all the same:\n  %s", refused)
	return kind.Errorf(kind.Conflict, "%s", b.String())
}

// Says puts an entry in a few words.
func (e *Entry) Says() string {
	var parts []string
	switch {
	case e.Open != nil:
		parts = append(parts, "opened: "+e.Open.Title)
	case e.Notice != nil:
		parts = append(parts, fmt.Sprintf("notice %s submitted %s", e.Notice.Clock, e.Notice.At.Format(time.RFC3339)))
	case e.Hold != nil && e.Hold.Lifted:
		parts = append(parts, "hold of "+e.Hold.Authority+" lifted")
	case e.Hold != nil:
		parts = append(parts, "hold of "+e.Hold.Authority)
	case e.Close != nil:
		parts = append(parts, "closed: "+e.Close.Reason)
	case e.Reminder != nil:
		parts = append(parts, "reminder sent")
	}
	for _, s := range e.Facts {
		name := s.Key
		if s.For != "" {
			name += "@" + s.For
		}
		if s.Claimant != "" && s.Claimant != e.By {
			name += " (" + s.Claimant + ")"
		}
		parts = append(parts, name+"="+short(s.Value))
	}
	return cmp.Or(strings.Join(parts, "; "), "nothing that is left")
}

func short(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
