// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"fmt"

	"github.com/writ-iot/writ/law"
)

// provisionView is one duty on its instrument's page.
type provisionView struct {
	*law.Provision
	Anchor, Local, Days, Whose, Mark string
	Source                           link
	Conditions                       []condition
	Decides                          []decideView
	Deemed                           []deemedView
	Past, Future                     bool // on the day of the site
}

type decideView struct {
	Title    string
	Controls []controlUse
}

// controlUse is a control where a provision rests on it.
type controlUse struct {
	link
	Facts   []link
	Also    []link // other laws
	AlsoOf  int    // their provisions
	AlsoAll string // the control's page
}

type deemedView struct {
	law.Deemed
	ByLink     link
	Words      phrase
	Provisions []link
	FromDay    string
	Source     link
}

func (x *crossing) provisionView(root string, p *law.Provision) provisionView {
	v := provisionView{Provision: p, Anchor: x.anchor[p.ID], Local: p.Local(), Days: daysOf(p),
		Whose: bearerWords[p.Bearer], Mark: doubt(p.Confidence), Source: sourceLink(p.Instrument, p.Source),
		Conditions: x.conditionsOf(root, p.Applies, p.Displaced),
		Past:       p.Until != nil && *p.Until <= x.day, Future: p.From != nil && *p.From > x.day}
	for _, d := range decides(p) {
		dv := decideView{Title: d.title}
		for _, id := range d.ids {
			dv.Controls = append(dv.Controls, x.controlUse(root, p, id))
		}
		v.Decides = append(v.Decides, dv)
	}
	for _, d := range p.Deemed {
		v.Deemed = append(v.Deemed, x.deemedView(root, p, d))
	}
	return v
}

// mostAlso is how many other laws a provision names beside one of its controls.
const mostAlso = 5

func (x *crossing) controlUse(root string, p *law.Provision, id law.ControlID) controlUse {
	u := controlUse{link: x.controlLink(root, id)}
	for _, n := range x.factsOf[id] {
		u.Facts = append(u.Facts, x.factLink(root, n))
	}
	var others []law.InstrumentID
	for _, o := range x.uses[id] {
		if o.provision.Instrument != p.Instrument {
			others = once(others, o.provision.Instrument.ID)
			u.AlsoOf++
		}
	}
	for _, o := range others[:min(mostAlso, len(others))] {
		u.Also = append(u.Also, x.instrumentLink(root, o))
	}
	if more := len(others) - mostAlso; more > 0 {
		u.AlsoAll = fmt.Sprintf("%s more", count(more, "law", "laws"))
	}
	return u
}

func (x *crossing) deemedView(root string, p *law.Provision, d law.Deemed) deemedView {
	v := deemedView{Deemed: d, Words: x.words(root, d.When), Source: sourceLink(p.Instrument, d.Source)}
	if d.By != "" {
		v.ByLink = x.instrumentLink(root, d.By)
	}
	if d.From != nil {
		v.FromDay = d.From.String()
	}
	for _, local := range d.Provisions {
		id := law.ProvisionID(string(d.By) + "/" + local)
		if q := x.cat.Provisions[id]; q != nil {
			v.Provisions = append(v.Provisions, x.provisionLink(root, q))
		} else {
			v.Provisions = append(v.Provisions, link{Text: local})
		}
	}
	return v
}
