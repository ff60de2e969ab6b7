// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"strings"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// The directories of controls and facts hold a hyphen, which no jurisdiction's name does.
const (
	controlDir = "by-control/"
	factDir    = "by-fact/"
)

// rootOf leads from a page back to the start: "" or "../".
func rootOf(path string) string { return strings.Repeat("../", strings.Count(path, "/")) }

func instrumentPath(id law.InstrumentID) string { return string(id) + ".html" }

func controlPath(id law.ControlID) string { return controlDir + string(id) + ".html" }

func factPath(n fact.Name) string { return factDir + string(n) + ".html" }

// anchors gives each provision of an instrument its fragment: annex-1/1/2/d is annex-1-1-2-d. Where two
// would be the same, the later in the text keeps its slashes.
func anchors(i *law.Instrument, to map[law.ProvisionID]string) {
	taken := make(map[string]bool, len(i.Provisions))
	for _, p := range i.Provisions {
		a := strings.ReplaceAll(p.Local(), "/", "-")
		if taken[a] {
			a = p.Local()
		}
		taken[a] = true
		to[p.ID] = a
	}
}

// slug makes a fragment of words; it begins with a mark that no provision's does.
func slug(prefix, words string) string {
	return "_" + prefix + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, words)
}

func (x *crossing) provisionPath(p *law.Provision) string {
	return instrumentPath(p.Instrument.ID) + "#" + x.anchor[p.ID]
}

// link is a name that leads somewhere.
type link struct{ Text, Href, Note string }

func (x *crossing) provisionLink(root string, p *law.Provision) link {
	return link{Text: p.Pinpoint, Href: root + x.provisionPath(p), Note: p.Text}
}

// instrumentLink is a law by its short name; its bare ID where the catalogue does not hold it.
func (x *crossing) instrumentLink(root string, id law.InstrumentID) link {
	if i, ok := x.instrument[id]; ok {
		return link{Text: i.Short, Href: root + instrumentPath(id), Note: i.Title}
	}
	return link{Text: string(id)}
}

func (x *crossing) controlLink(root string, id law.ControlID) link {
	return link{Text: x.cat.Controls[id].Title, Href: root + controlPath(id)}
}

func (x *crossing) factLink(root string, n fact.Name) link {
	l := link{Text: string(n), Href: root + factPath(n)}
	if d, ok := x.cat.Vocabulary.Lookup(n); ok {
		l.Note = d.Meaning
	}
	return l
}
