// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/writ-iot/writ/law"
)

// Item is one that the law asks a notice to hold.
type Item struct {
	ID, Title, Pinpoint string
	If                  string // when it is asked; "": always
}

// Content lists what the law asks a notice of a clock to hold.
func Content(c *law.Clock) []Item {
	all := make([]Item, 0, len(c.Items))
	for _, it := range c.Items {
		all = append(all, Item{cmp.Or(it.ID, slug(it.Title)), it.Title, cmp.Or(it.Pinpoint, c.Pinpoint), it.If})
	}
	return all
}

// slug makes an ID of a title.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
