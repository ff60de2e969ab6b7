// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/writ-iot/writ/law"
)

// recipients reads those who take notices, and holds each clock against them: somebody takes its notice, or it says
// why nobody of them does. A catalogue that has none, such as one law laid over another, is not asked.
func (l *linter) recipients() {
	names, err := fs.Glob(l.fsys, "recipients/*.yaml")
	if err != nil || len(names) == 0 {
		return
	}
	all, err := law.LoadRecipients(l.fsys, l.cat)
	if err != nil {
		l.problems = append(l.problems, asProblems(err)...)
		return
	}
	for _, i := range l.cat.Instruments {
		for k := range i.Clocks {
			l.addressed(i, &i.Clocks[k], all)
		}
	}
}

func (l *linter) addressed(i *law.Instrument, c *law.Clock, all []*law.Recipient) {
	var ids, takers []string
	for _, r := range all {
		ids = append(ids, r.ID)
		if takes(r, i.ID, c.ID) {
			takers = append(takers, r.ID)
		}
	}
	for _, name := range c.Recipients {
		switch {
		case !slices.Contains(ids, name):
			l.add(c.Pos, fmt.Sprintf("clock %s names the recipient %q, which is none", c.ID, name), law.DidYouMean(name, ids))
		case !slices.Contains(takers, name):
			l.add(c.Pos, fmt.Sprintf("clock %s names %s, which does not take it", c.ID, name),
				fmt.Sprintf("add {instrument: %s, clocks: [%s]} to what it takes", i.ID, c.ID))
		}
	}
	switch {
	case len(takers) > 0 && c.NoRecipient != "":
		l.add(c.Pos, fmt.Sprintf("clock %s says that it has no recipient, and %s takes it", c.ID,
			strings.Join(takers, ", ")), "")
	case len(takers) == 0 && c.NoRecipient == "":
		l.warn(c.Pos, fmt.Sprintf("clock %s: no recipient takes what goes to %q", c.ID, c.Recipient),
			"let one of recipients/ take it, or say why none does with no-recipient:")
	}
}

func takes(r *law.Recipient, instrument law.InstrumentID, clock string) bool {
	return slices.ContainsFunc(r.Takes, func(t law.Taking) bool {
		return t.Instrument == instrument && slices.Contains(t.Clocks, clock)
	})
}

// calendars holds each period in business days against the holidays of its territory, without which it is counted
// by weekends alone.
func (l *linter) calendars() {
	names, err := fs.Glob(l.fsys, "holidays/*.yaml")
	if err != nil || len(names) == 0 {
		return
	}
	all, err := law.LoadHolidays(l.fsys)
	if err != nil {
		l.problems = append(l.problems, asProblems(err)...)
		return
	}
	of := map[string]string{"us-calendar": "US", "uk": "UK"}
	known := map[string]bool{}
	for _, h := range all {
		known[h.Territory] = true
	}
	for _, i := range l.cat.Instruments {
		for _, c := range i.Clocks {
			territory := of[c.PeriodRule]
			if territory == "" {
				territory = strings.TrimPrefix(c.PeriodRule, "national/")
			}
			if strings.HasSuffix(c.Offset, "BD") && territory != "eu-1182-71" && !known[territory] {
				l.warn(c.Pos, fmt.Sprintf("clock %s counts business days, and the holidays of %s are not known", c.ID, territory),
					"its due time is counted by weekends alone and says so; write holidays/"+strings.ToLower(territory)+".yaml")
			}
		}
	}
}
