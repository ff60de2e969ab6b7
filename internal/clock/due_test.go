// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"strings"
	"testing"
	"time"

	_ "time/tzdata"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/law"
)

// A fixture is a case that a lawyer can count on a wall calendar. formal is "" where it equals due.
type fixture struct {
	law, from, zone, period string
	rule                    Rule
	holidays                string
	due, formal             string
}

const (
	berlin   = "Europe/Berlin"
	dublin   = "Europe/Dublin"
	london   = "Europe/London"
	paris    = "Europe/Paris"
	newYork  = "America/New_York"
	brussels = "Europe/Brussels"
)

var fixtures = []fixture{
	// Hours under Regulation 1182/71: the plain count is due; formally the event's own hour is left out.
	{"GDPR Art. 33(1), an ordinary Monday", "2026-11-23 10:20", berlin, "PT72H", EU, "de", "2026-11-26 10:20", "2026-11-26 11:00"},
	{"GDPR Art. 33(1), on the full hour", "2026-11-23 10:00", berlin, "PT72H", EU, "de", "2026-11-26 10:00", ""},
	{"GDPR Art. 33(1), over a weekend: hours know none", "2026-11-20 16:30", berlin, "PT72H", EU, "de", "2026-11-23 16:30", "2026-11-23 17:00"},
	{"GDPR Art. 33(1), over Easter", "2026-04-02 09:15", berlin, "PT72H", EU, "de", "2026-04-05 09:15", "2026-04-05 10:00"},
	{"GDPR Art. 33(1), clocks go forward: 72 hours stay 72 hours", "2026-03-28 12:00", berlin, "PT72H", EU, "de", "2026-03-31 13:00", ""},
	{"GDPR Art. 33(1), clocks go back", "2026-10-24 12:00", berlin, "PT72H", EU, "de", "2026-10-27 11:00", ""},
	{"GDPR Art. 33(1), over the leap day", "2028-02-28 08:05", berlin, "PT72H", EU, "de", "2028-03-02 08:05", "2028-03-02 09:00"},
	{"GDPR Art. 33(1), over no leap day", "2027-02-28 08:05", berlin, "PT72H", EU, "de", "2027-03-03 08:05", "2027-03-03 09:00"},
	{"GDPR Art. 33(1), over the year's end", "2026-12-30 23:59", berlin, "PT72H", EU, "de", "2027-01-02 23:59", "2027-01-03 00:00"},
	{"NIS2 Art. 23(4)(a), early warning", "2026-11-23 22:10", dublin, "PT24H", EU, "ie", "2026-11-24 22:10", "2026-11-24 23:00"},
	{"NIS2 Art. 23(4)(b), notification", "2026-11-23 22:10", dublin, "PT72H", EU, "ie", "2026-11-26 22:10", "2026-11-26 23:00"},
	{"NIS2 Art. 23(4)(a), into Christmas", "2026-12-24 15:00", dublin, "PT24H", EU, "ie", "2026-12-25 15:00", ""},
	{"CRA Art. 14(2)(a), early warning", "2026-09-11 00:01", brussels, "PT24H", EU, "eu-institutions", "2026-09-12 00:01", "2026-09-12 01:00"},
	{"CRA Art. 14(2)(b), notification", "2026-09-11 00:01", brussels, "PT72H", EU, "eu-institutions", "2026-09-14 00:01", "2026-09-14 01:00"},
	{"CRA Art. 14(2)(a), in the hour that comes twice", "2026-10-25 01:30", brussels, "PT24H", EU, "eu-institutions", "2026-10-26 00:30", "2026-10-26 01:00"},
	{"DORA, 4 hours from classification", "2026-11-27 17:45", dublin, "PT4H", EU, "ie", "2026-11-27 21:45", "2026-11-27 22:00"},
	{"DORA, 24 hours from awareness, over Saturday", "2026-11-27 17:45", dublin, "PT24H", EU, "ie", "2026-11-28 17:45", "2026-11-28 18:00"},

	// Days under Regulation 1182/71: the day of the event is not counted, a last day that is free moves on.
	{"CRA Art. 14(2)(c), 14 days from a fix", "2026-11-23 10:20", brussels, "P14D", EU, "eu-institutions", "2026-12-07 23:59:59", ""},
	{"CRA Art. 14(2)(c), the fourteenth day is a Saturday", "2026-11-21 10:20", brussels, "P14D", EU, "eu-institutions", "2026-12-07 23:59:59", ""},
	{"CRA Art. 14(2)(c), the fourteenth day is a Sunday", "2026-11-22 10:20", brussels, "P14D", EU, "eu-institutions", "2026-12-07 23:59:59", ""},
	{"CRA Art. 14(2)(c), into Christmas and the weekend behind it", "2026-12-11 10:20", brussels, "P14D", EU, "eu-institutions", "2026-12-28 23:59:59", ""},
	{"14 days into Good Friday, then to Tuesday after Easter", "2026-03-20 12:00", berlin, "P14D", EU, "de", "2026-04-07 23:59:59", ""},
	{"a day: tomorrow", "2026-11-23 10:20", berlin, "P1D", EU, "de", "2026-11-24 23:59:59", ""},
	{"a day from Friday: Monday", "2026-11-27 10:20", berlin, "P1D", EU, "de", "2026-11-30 23:59:59", ""},
	{"two days hold two working days: from Friday to Tuesday", "2026-11-27 10:20", berlin, "P2D", EU, "de", "2026-12-01 23:59:59", ""},
	{"two days from Thursday: Friday and Monday", "2026-11-26 10:20", berlin, "P2D", EU, "de", "2026-11-30 23:59:59", ""},
	{"three days from Thursday end on Monday after a rest", "2026-11-26 10:20", berlin, "P3D", EU, "de", "2026-11-30 23:59:59", ""},
	{"three days over Easter hold two working days", "2026-04-02 10:20", berlin, "P3D", EU, "de", "2026-04-08 23:59:59", ""},
	{"a week ends on the same weekday", "2026-11-24 10:20", berlin, "P1W", EU, "de", "2026-12-01 23:59:59", ""},
	{"at midnight the new day is the event's", "2026-11-24 00:00", berlin, "P1D", EU, "de", "2026-11-25 23:59:59", ""},
	{"an event in the last second of a day is that day's", "2026-11-23 23:59", berlin, "P1D", EU, "de", "2026-11-24 23:59:59", ""},

	// Months under Regulation 1182/71: the same date, or the month's last day; one month is not thirty days.
	{"NIS2 Art. 23(4)(d), a month from the submission", "2026-10-15 09:00", berlin, "P1M", EU, "de", "2026-11-16 23:59:59", ""},
	{"NIS2 Art. 23(4)(d), over a short month", "2027-01-31 09:00", berlin, "P1M", EU, "de", "2027-03-01 23:59:59", ""},
	{"NIS2 Art. 23(4)(d), from the end of January in a leap year", "2028-01-31 09:00", berlin, "P1M", EU, "de", "2028-02-29 23:59:59", ""},
	{"a month from the leap day", "2028-02-29 09:00", berlin, "P1M", EU, "de", "2028-03-29 23:59:59", ""},
	{"a month ends on a holiday: 3 October is a Saturday, too", "2026-09-03 09:00", berlin, "P1M", EU, "de", "2026-10-05 23:59:59", ""},
	{"a month into All Saints, a Sunday, in France", "2026-10-01 09:00", paris, "P1M", EU, "fr", "2026-11-02 23:59:59", ""},
	{"a month into Armistice Day in France", "2026-10-11 09:00", paris, "P1M", EU, "fr", "2026-11-12 23:59:59", ""},
	{"the same month in Ireland, where that day is a working day", "2026-10-11 09:00", dublin, "P1M", EU, "ie", "2026-11-11 23:59:59", ""},
	{"CRA severe incident, a month, into New Year's Day", "2026-12-01 09:00", brussels, "P1M", EU, "eu-institutions", "2027-01-04 23:59:59", ""},
	{"a year from the leap day", "2028-02-29 09:00", berlin, "P1Y", EU, "de", "2029-02-28 23:59:59", ""},
	{"a year that ends on a Sunday", "2026-11-28 09:00", berlin, "P1Y", EU, "de", "2027-11-29 23:59:59", ""},
	{"clocks go forward within a period of days: the day stays a day", "2026-03-20 23:30", berlin, "P10D", EU, "de", "2026-03-30 23:59:59", ""},

	// Calendar days in the US: no day is added where a statute says calendar days.
	{"HIPAA 164.404(b), 60 days from discovery", "2026-01-05 11:00", newYork, "P60D", US, "us-federal", "2026-03-06 23:59:59", ""},
	{"HIPAA 164.404(b), the sixtieth day is a Sunday", "2026-01-14 11:00", newYork, "P60D", US, "us-federal", "2026-03-15 23:59:59", ""},
	{"HIPAA 164.404(b), over a leap day", "2028-01-05 11:00", newYork, "P60D", US, "us-federal", "2028-03-05 23:59:59", ""},
	{"HIPAA 164.408(c), 60 days from the year's end", "2026-12-31 00:00", newYork, "P60D", US, "us-federal", "2027-03-01 23:59:59", ""},
	{"HIPAA 164.408(c), a leap year's end", "2027-12-31 00:00", newYork, "P60D", US, "us-federal", "2028-02-29 23:59:59", ""},
	{"GLBA 314.4(j), 30 days", "2026-06-01 09:00", newYork, "P30D", US, "us-federal", "2026-07-01 23:59:59", ""},
	{"California, 30 days into Thanksgiving", "2026-10-27 09:00", newYork, "P30D", US, "us-federal", "2026-11-26 23:59:59", ""},
	{"banks, 36 hours from the determination, over a weekend", "2026-11-27 18:00", newYork, "PT36H", US, "us-federal", "2026-11-29 06:00", ""},
	{"credit unions, 72 hours", "2026-11-27 18:10", newYork, "PT72H", US, "us-federal", "2026-11-30 18:10", ""},
	{"NYDFS 500.17(a), 72 hours, clocks go forward", "2026-03-07 12:00", newYork, "PT72H", US, "us-federal", "2026-03-10 13:00", ""},
	{"NYDFS 500.17(c), 24 hours from a payment, clocks go back", "2026-10-31 12:00", newYork, "PT24H", US, "us-federal", "2026-11-01 11:00", ""},

	// Business days.
	{"SEC 8-K Item 1.05, four business days from Monday", "2026-11-16 15:00", newYork, "P4BD", US, "us-federal", "2026-11-20 23:59:59", ""},
	{"SEC 8-K Item 1.05, over Thanksgiving", "2026-11-23 15:00", newYork, "P4BD", US, "us-federal", "2026-11-30 23:59:59", ""},
	{"SEC 8-K Item 1.05, determined on a Saturday", "2026-11-14 15:00", newYork, "P4BD", US, "us-federal", "2026-11-19 23:59:59", ""},
	{"SEC 8-K Item 1.05, over Independence Day observed on Friday", "2026-07-01 15:00", newYork, "P4BD", US, "us-federal", "2026-07-08 23:59:59", ""},
	{"SEC 8-K Item 1.05, New Year's Day 2028 is observed on 31 December 2027", "2027-12-29 15:00", newYork, "P4BD", US, "us-federal", "2028-01-05 23:59:59", ""},
	{"SEC 8-K Item 1.05, over Christmas observed on Monday", "2022-12-22 15:00", newYork, "P4BD", US, "us-federal", "2022-12-29 23:59:59", ""},
	{"SEC 8-K Item 1.05, over Juneteenth", "2026-06-16 15:00", newYork, "P4BD", US, "us-federal", "2026-06-23 23:59:59", ""},
	{"FTC HBNR of old, ten business days", "2026-02-06 15:00", newYork, "P10BD", US, "us-federal", "2026-02-23 23:59:59", ""},

	// The United Kingdom: hours as they stand; days without the event's own, and none is added.
	{"UK GDPR Art. 33(1), 72 hours over Christmas", "2026-12-24 17:30", london, "PT72H", UK, "uk-england", "2026-12-27 17:30", ""},
	{"UK NIS reg. 11, 72 hours, clocks go forward", "2026-03-28 12:00", london, "PT72H", UK, "uk-england", "2026-03-31 13:00", ""},
	{"UK, 14 days into Boxing Day", "2026-12-12 09:00", london, "P14D", UK, "uk-england", "2026-12-26 23:59:59", ""},
	{"UK, two business days over Christmas and its substitute", "2026-12-24 09:00", london, "P2BD", UK, "uk-england", "2026-12-30 23:59:59", ""},
	{"UK, New Year's Day 2028 falls on a Saturday", "2027-12-31 09:00", london, "P1BD", UK, "uk-england", "2028-01-04 23:59:59", ""},

	// National law: whether a free last day moves is contested here, so the earlier day is due and both are shown.
	{"national, ten days into a Sunday", "2026-11-19 09:00", berlin, "P10D", "national/DE", "de", "2026-11-29 23:59:59", "2026-11-30 23:59:59"},
	{"national, a month into Christmas", "2026-11-25 09:00", berlin, "P1M", "national/DE", "de", "2026-12-25 23:59:59", "2026-12-28 23:59:59"},
	{"national, 6 hours (CERT-In)", "2026-11-25 20:00", "Asia/Kolkata", "PT6H", "national/IN", "", "2026-11-26 02:00", ""},
	{"national, three business days (Brazil)", "2026-11-26 09:00", "America/Sao_Paulo", "P3BD", "national/BR", "", "2026-12-01 23:59:59", ""},
	{"national, three business days over Black Awareness Day (Brazil, LGPD)", "2026-11-18 09:00", "America/Sao_Paulo", "P3BD", "national/BR", "br", "2026-11-24 23:59:59", ""},
	{"no holidays known: weekends only", "2026-12-23 09:00", brussels, "P2D", EU, "", "2026-12-25 23:59:59", ""},
}

func TestDeadlines(t *testing.T) {
	all, err := law.LoadHolidays(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fixtures {
		t.Run(f.law, func(t *testing.T) {
			zone, err := time.LoadLocation(f.zone)
			if err != nil {
				t.Fatal(err)
			}
			var cal Calendar
			if f.holidays != "" {
				if all[f.holidays] == nil {
					t.Fatalf("no holidays of %s", f.holidays)
				}
				cal = Holidays(all[f.holidays])
			}
			p, err := ParsePeriod(f.period)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Due(moment(t, f.from, zone), p, f.rule, cal)
			if err != nil {
				t.Fatal(err)
			}
			formal := f.formal
			if formal == "" {
				formal = f.due
			}
			if want := moment(t, f.due, zone); !got.Due.Equal(want) {
				t.Errorf("due %s, want %s: %v", got.Due, want, got.Because)
			}
			if want := moment(t, formal, zone); !got.Formal.Equal(want) {
				t.Errorf("formally %s, want %s: %v", got.Formal, want, got.Because)
			}
			if len(got.Because) == 0 {
				t.Error("no reason is given")
			}
		})
	}
}

func TestWithoutACalendarTheDueTimeSaysSo(t *testing.T) {
	all, err := law.LoadHolidays(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 12, 22, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		period string
		rule   Rule
		of     string
	}{
		{"P4BD", US, "the United States"}, {"P3BD", "national/BR", "of BR"}, {"P15BD", "national/CO", "of CO"},
		{"P2BD", UK, "the United Kingdom"}, {"P3D", EU, "the Member State"}, {"P1M", "national/CL", "of CL"},
	} {
		p, err := ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		bare, err := Due(from, p, c.rule, nil)
		if said := strings.Join(bare.Because, "; "); err != nil || !strings.Contains(said, "weekends only") ||
			!strings.Contains(said, c.of) {
			t.Errorf("%s by %s without a calendar says %q, %v", c.period, c.rule, bare.Because, err)
		}
		for _, h := range all {
			known, err := Due(from, p, c.rule, Holidays(h))
			if err != nil || known.Due.Before(bare.Due) || strings.Contains(strings.Join(known.Because, ";"), "weekends only") {
				t.Errorf("%s by %s with %s: %v, %v; without %v", c.period, c.rule, h.ID, known, err, bare.Due)
			}
		}
	}
	if d, err := Due(from, Period{Hours: 72}, EU, nil); err != nil || strings.Contains(strings.Join(d.Because, ";"), "weekends") {
		t.Errorf("hours run through weekends: %v, %v", d.Because, err)
	}
}

func moment(t *testing.T, s string, zone *time.Location) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04"
	if strings.Count(s, ":") == 2 {
		layout += ":05"
	}
	at, err := time.ParseInLocation(layout, s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestFormalIsNeverBeforeDue(t *testing.T) {
	all, err := law.LoadHolidays(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	cal := Holidays(all["de"])
	start := time.Date(2026, 1, 1, 10, 20, 0, 0, time.UTC)
	for day := range 800 {
		for _, s := range []string{"PT24H", "P1D", "P2D", "P14D", "P1M", "P1Y", "P4BD"} {
			for _, r := range []Rule{EU, US, UK, "national/DE"} {
				p, _ := ParsePeriod(s)
				from := start.AddDate(0, 0, day)
				d, err := Due(from, p, r, cal)
				if err != nil || d.Formal.Before(d.Due) || !d.Due.After(from) {
					t.Fatalf("%s, %s by %s: due %s, formally %s, %v", from, s, r, d.Due, d.Formal, err)
				}
			}
		}
	}
}

func TestWhatIsNoPeriod(t *testing.T) {
	for _, s := range []string{"", "P", "PT", "24H", "P1H", "PT1D", "P1DT1H", "P4BD1D", "P0D", "PT999999999999H", "P1", "P-1D"} {
		if p, err := ParsePeriod(s); err == nil {
			t.Errorf("%q is read as %+v", s, p)
		}
	}
}

func TestNothingIsDueWithoutAnEvent(t *testing.T) {
	if _, err := Due(time.Time{}, Period{Hours: 72}, EU, nil); err == nil {
		t.Error("a period without an event is counted")
	}
	if _, err := Due(time.Now(), Period{}, EU, nil); err == nil {
		t.Error("an empty period is counted")
	}
	if _, err := Due(time.Now(), Period{Hours: 1}, "lunar", nil); err == nil {
		t.Error("an unknown rule counts")
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"PT72H", "P14D", "P1M", "P4BD", "P1Y2M3W4D", "PT1H30M"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParsePeriod(s); err == nil && !p.single() {
			t.Errorf("%q is read as %+v", s, p)
		}
	})
}
