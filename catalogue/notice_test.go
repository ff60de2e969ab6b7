// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/law"
)

// TestNoticesSayWhatTheirArticlesAsk: each row is a notice of an incident and, in the order of the text, what it
// must say. Drafts are written from these lists.
func TestNoticesSayWhatTheirArticlesAsk(t *testing.T) {
	c := load(t)
	general := "submission-type entity submitter aggregated contacts parent currency "
	for _, row := range []struct{ instrument, clock, items string }{
		{"eu/gdpr", "authority", "nature people records contact consequences measures lateness"},
		{"eu/gdpr", "people", "nature contact consequences measures"},
		{"eu/nis2", "early-warning", "suspected-act cross-border"},
		{"eu/nis2", "notification", "update assessment indicators"},
		{"eu/nis2", "final-report", "description cause mitigation cross-border"},
		{"eu/nis2", "late-final-report", "progress description cause mitigation cross-border"},
		{"eu/cra", "vulnerability-early-warning", "exploited member-states"},
		{"eu/cra", "vulnerability-notification", "product exploit vulnerability measures user-measures sensitivity"},
		{"eu/cra", "vulnerability-final-report", "description actor fix"},
		{"eu/cra", "incident-early-warning", "suspected-act member-states"},
		{"eu/cra", "incident-notification", "nature assessment measures user-measures sensitivity"},
		{"eu/cra", "incident-final-report", "description cause mitigation"},
		{"eu/dora", "initial", general +
			"reference times description criteria member-states discovery origin continuity reclassified other"},
		{"eu/dora", "intermediate", general + "reference occurrence recovered criteria type techniques functions " +
			"infrastructure clients authorities recovery indicators"},
		{"eu/dora", "final", general + "causes resolved resolution resolution-authorities costs recurring"},
		{"us/hipaa-breach", "hipaa-individual", "what types steps doing contact"},
		{"us/hipaa-breach", "hipaa-media", "what types steps doing contact"},
		{"us/hipaa-breach", "hipaa-hhs-500", "report-type covered-entity business-associate dates number breach-type " +
			"location types what safeguards notices actions attestation"},
		{"us/glba-safeguards", "glba-ftc", "institution types dates number description delay"},
		{"us/bank-36h", "bank-36h", "incident"},
		{"us/sec-8k-105", "sec-8k", "nature scope timing impact missing"},
		{"usca/breach", "ca-residents", "what dates delay types doing offer steps agencies contact"},
		{"usny/shield", "ny-residents", "contact agencies types elements"},
		{"uk/psti", "maker", "failure risks steps"},
		{"in/cert-in", "six-hours", "contact type time systems symptoms technical actions"},
		{"ca/pipeda-breach", "pipeda-commissioner", "circumstances when data number steps notices contact"},
		{"uk/nis", "oes", "who time duration nature cross-border other"},
		{"us/nerc-cip", "cip008-1h", "impact vector intrusion"},
		{"us/reg-s-p", "regsp-30d", "incident date contact accounts fraud-alert reports free-report guidance"},
		{"us/circia", "circia-72h", "description vulnerabilities actor data entity contact"},
		{"us/circia", "circia-24h", "attack vulnerabilities actor entity contact date demand instructions amount"},
		{"br/lgpd", "lgpd-anpd", "nature number safeguards risks lateness measures dates officer controller processor what total"},
		{"au/cyber-security-act-2024", "ransom", "entity incident demand payment communications"},
	} {
		i := instrument(t, c, law.InstrumentID(row.instrument))
		k := slices.IndexFunc(i.Clocks, func(k law.Clock) bool { return k.ID == row.clock })
		if k < 0 {
			t.Errorf("%s has no clock %s", row.instrument, row.clock)
			continue
		}
		var ids []string
		for _, item := range i.Clocks[k].Items {
			ids = append(ids, item.ID)
			if item.Pinpoint == "" {
				t.Errorf("%s %s: item %s has no pinpoint", row.instrument, row.clock, item.ID)
			}
		}
		if got := strings.Join(ids, " "); got != row.items {
			t.Errorf("%s %s asks for %s, want %s", row.instrument, row.clock, got, row.items)
		}
	}
}

// TestEveryNoticeHasAnAddress: somebody of recipients/ takes each notice, or the clock says why nobody does.
func TestEveryNoticeHasAnAddress(t *testing.T) {
	c := load(t)
	all, err := law.LoadRecipients(catalogue.FS, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range c.Instruments {
		for _, k := range i.Clocks {
			taken := slices.ContainsFunc(all, func(r *law.Recipient) bool {
				return slices.ContainsFunc(r.Takes, func(g law.Taking) bool {
					return g.Instrument == i.ID && slices.Contains(g.Clocks, k.ID)
				})
			})
			if taken == (k.NoRecipient != "") {
				t.Errorf("%s %s: taken %v, and no recipient because %q", i.ID, k.ID, taken, k.NoRecipient)
			}
		}
	}
}
