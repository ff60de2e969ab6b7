// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

// Claim is a status from elsewhere, as the case keeps it.
type Claim struct {
	Said
	ID      string
	Subject fact.Subject
	Known   time.Time
}

// Claims gives the statuses that stand, oldest first. Of several about one provision and subject the newest counts.
func Claims(ctx context.Context, c *casefile.Case) ([]Claim, error) {
	kept, err := journal.Read(ctx, c, casefile.Query{Form: formClaim})
	if err != nil {
		return nil, err
	}
	at := map[[3]string]int{}
	var all []Claim
	for i := range kept {
		one := Claim{ID: kept[i].ID(), Subject: kept[i].Statement.Subject, Known: kept[i].KnownAt}
		if err := kept[i].Into(&one.Said); err != nil {
			return nil, err
		}
		place := one.Provision
		if place == "" {
			place = pin(one.Fields["law"] + " " + one.Fields["provision"])
		}
		key := [3]string{place, one.Subject.String(), plain(one.Fields["about"])}
		if n, ok := at[key]; ok {
			all[n] = one
			continue
		}
		at[key] = len(all)
		all = append(all, one)
	}
	return all, nil
}

// How a claim stands to what is computed.
type Standing string

// The standings, gravest first.
const (
	Contradicted Standing = "contradicted" // claimed to be so, and evidence shows the contrary
	Unsupported  Standing = "not shown"    // claimed to be met, and evidence does not show it
	Unclaimed    Standing = "otherwise"    // claimed not to be met, or not to apply, and computed otherwise
	Agrees       Standing = "agrees"
	Open         Standing = "open"    // claimed not or partly to be met, and not shown either way
	Nowhere      Standing = "nowhere" // no provision here is so called, or nobody is judged by it
)

var gravity = []Standing{Contradicted, Unsupported, Unclaimed, Open, Agrees, Nowhere}

// Compared is a claim beside what is computed: the gravest of its verdicts.
type Compared struct {
	Claim    *Claim
	Standing Standing
	Verdicts int // that it speaks of
	Worst    *judge.Verdict
}

// Compare holds claims beside verdicts; those that disagree come first. A claim changes no verdict.
func Compare(claims []Claim, r *judge.Result) []Compared {
	by := map[law.ProvisionID][]*judge.Verdict{}
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		by[v.Provision.ID] = append(by[v.Provision.ID], v)
	}
	out := make([]Compared, len(claims))
	for i := range claims {
		out[i] = compare(&claims[i], by[law.ProvisionID(claims[i].Provision)])
	}
	slices.SortStableFunc(out, func(a, b Compared) int { return cmp.Compare(grave(a.Standing), grave(b.Standing)) })
	return out
}

func grave(s Standing) int { return slices.Index(gravity, s) }

func compare(c *Claim, verdicts []*judge.Verdict) Compared {
	out := Compared{Claim: c, Standing: Nowhere}
	for _, v := range concerned(c, verdicts) {
		out.Verdicts++
		if s := stands(c.Stance, v); out.Worst == nil || grave(s) < grave(out.Standing) {
			out.Standing, out.Worst = s, v
		}
	}
	return out
}

// concerned are the verdicts that a claim speaks of: those about its subject or person, else those of our own
// duties, else all.
func concerned(c *Claim, verdicts []*judge.Verdict) []*judge.Verdict {
	only := func(keep func(*judge.Verdict) bool) (out []*judge.Verdict) {
		for _, v := range verdicts {
			if keep(v) {
				out = append(out, v)
			}
		}
		return out
	}
	if c.Fields["about"] != "" {
		if about := only(func(v *judge.Verdict) bool { return v.Subject == c.Subject }); len(about) > 0 {
			return about
		}
	}
	if own := only(func(v *judge.Verdict) bool { return v.Bearer == judge.Own }); len(own) > 0 {
		return own
	}
	return verdicts
}

// stands compares a claim with one verdict.
func stands(s Stance, v *judge.Verdict) Standing {
	against := v.Outcome == judge.Violated || v.Outcome == judge.NotShown && slices.Contains(v.Flags,
		judge.BreachIndicated)
	switch {
	case s == Met && against:
		return Contradicted
	case s == Met && v.Outcome == judge.NotShown:
		return Unsupported
	case s == NotApplicable && v.Outcome != judge.NotApplicable:
		if against {
			return Contradicted
		}
		return Unclaimed
	case s == NotApplicable || s == Met && v.Outcome == judge.Met || s == NotMet && v.Outcome == judge.Violated:
		return Agrees
	case s == Met || v.Outcome == judge.Met || v.Outcome == judge.NotApplicable:
		return Unclaimed
	case s == Partly && v.Outcome == judge.Violated:
		return Contradicted
	}
	return Open
}
