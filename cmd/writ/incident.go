// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	_ "time/tzdata" // zones are read by name, on machines that have none

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/incident/book"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

func incidentCommand(d *door) *cobra.Command {
	c := &cobra.Command{
		Use:   "incident",
		Short: "One incident: what is known of it, every statutory clock that it starts, and drafts of the notices",
		Long: `Keep an incident in a case, and see every statutory clock that it starts.

What is known of an incident changes as it is understood: each fact is entered with who says so, and never edited. The
clocks of all laws that bind the person concerned follow from it, in order of due time. What is not known keeps a
clock open and never stops one.`,
		Example: `  writ incident open --case us.case --zone Europe/Dublin --by "duty officer" --title "camera entered" awareness=2026-11-24T10:20
  writ incident fact INC-2026-001 --case us.case --by "duty officer" data.personal=yes people.ie=40
  writ incident propose --case us.case
  writ incident clocks INC-2026-001 --case us.case
  writ incident draft INC-2026-001 eu/gdpr/authority --case us.case --format html > notice.html
  writ incident notify INC-2026-001 eu/gdpr/authority --case us.case --by counsel --reference 4711 --receipt receipt.pdf`,
	}
	c.AddCommand(incidentOpenCommand(d), incidentListCommand(d), incidentShowCommand(d), incidentFactCommand(d),
		incidentFactsCommand(d),
		incidentClocksCommand(d), incidentClockCommand(d), incidentNotifyCommand(d), incidentHoldCommand(d),
		incidentCloseCommand(d), incidentDraftCommand(d),
		incidentICSCommand(d), incidentRemindCommand(d), incidentProposeCommand(d))
	return c
}

// incidentVocabulary is what can be said of incidents under a law: as its catalogue has it, else as the program does, for
// the law that a case keeps holds what verdicts rest on alone.
func (d *door) incidentVocabulary(cat *law.Catalogue) (*incident.Vocabulary, error) {
	if d.holds(incident.Dir) {
		return incident.Load(d.lawFS, cat)
	}
	return incident.LoadBeside(catalogue.FS, cat)
}

// holds says whether the door's catalogue has files in a directory.
func (d *door) holds(dir string) bool {
	found, err := fs.Glob(d.lawFS, dir+"/*.yaml")
	return err == nil && len(found) > 0
}

// recipients are those who take notices under a law: as its catalogue has them, else as the program does.
func (d *door) recipients(cat *law.Catalogue) ([]*law.Recipient, error) {
	if d.holds("recipients") {
		return law.LoadRecipients(d.lawFS, cat)
	}
	all, err := law.LoadRecipients(catalogue.FS, cat)
	if err != nil {
		d.warn("who takes the notices is not shown: the recipients that the program knows speak of another law than the case's")
		return nil, nil
	}
	return all, nil
}

// holidays are the public holidays by which working days are counted.
func (d *door) holidays() (map[string]*law.Holidays, error) {
	if d.holds("holidays") {
		return law.LoadHolidays(d.lawFS)
	}
	return law.LoadHolidays(catalogue.FS)
}

// incidentFlags are those of every command about incidents of a case.
type incidentFlags struct {
	caseDir string
	zone    zoneFlag
	at      timeFlag
	day     dayFlag
	by      string
	on      int
}

func (f *incidentFlags) addCase(c *cobra.Command) {
	c.Flags().StringVar(&f.caseDir, "case", "", "the case")
}

func (f *incidentFlags) addRead(c *cobra.Command) {
	f.addCase(c)
	c.Flags().Var(&f.zone, "zone", "show times by the clocks of this zone (tz database); the machine's by default")
	c.Flags().Var(&f.at, "at", "count from this time, with all that is known now; from now by default")
	f.day.add(c)
}

func (f *incidentFlags) addWrite(c *cobra.Command) {
	f.addCase(c)
	c.Flags().StringVar(&f.by, "by", "", "who enters it: a function or a name")
}

func (f *incidentFlags) addChange(c *cobra.Command) {
	f.addWrite(c)
	c.Flags().IntVar(&f.on, "on", 0, "the revision that the change was made on; refused when the incident has moved on")
}

func (f *incidentFlags) now(d *door) time.Time {
	if !f.at.at.IsZero() {
		return f.at.at
	}
	return d.now()
}

// zoneFlag is a zone of the tz database.
type zoneFlag struct{ zone *time.Location }

// Set, String and Type make it a flag.
func (f *zoneFlag) Set(s string) error {
	zone, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return fmt.Errorf("want a zone of the tz database, such as Europe/Berlin or America/New_York")
	}
	f.zone = zone
	return nil
}

func (f *zoneFlag) String() string {
	if f.zone == nil {
		return ""
	}
	return f.zone.String()
}

// Type names the value in the help.
func (f *zoneFlag) Type() string { return "ZONE" }

func (f *zoneFlag) or(other *time.Location) *time.Location {
	if f.zone != nil {
		return f.zone
	}
	return other
}

// scene is a case with its incidents, as a command looks at them.
type scene struct {
	*incidentFlags
	d          *door
	c          *casefile.Case
	all        []*incident.Incident
	vocabulary *incident.Vocabulary
	cat        *law.Catalogue
	assessment *assess.Assessment
	facts      *fact.Snapshot
}

// incidents opens a case and reads its incidents.
func (d *door) incidents(ctx context.Context, f *incidentFlags, do func(*scene) error) error {
	return d.inCase(ctx, f.caseDir, func(c *casefile.Case) error {
		s := &scene{incidentFlags: f, d: d, c: c}
		var q question
		q.caseDir, q.day = f.caseDir, f.day
		pin, err := q.pin(ctx, d, c)
		if err != nil {
			return err
		}
		if s.cat, err = d.lawOf(c, pin); err != nil {
			return err
		}
		if s.vocabulary, err = d.incidentVocabulary(s.cat); err != nil {
			return err
		}
		if s.all, err = book.Read(ctx, c); err != nil {
			return err
		}
		return do(s)
	})
}

// judge judges the case, once.
func (s *scene) judge(ctx context.Context) error {
	if s.assessment != nil {
		return nil
	}
	q := question{caseDir: s.caseDir, day: s.day}
	a, _, err := s.d.ofCase(ctx, s.c, &q)
	if err != nil {
		return err
	}
	s.assessment = a
	s.facts = fact.Resolve(a.Catalogue.Vocabulary, a.Facts, fact.Moment{At: a.At})
	return nil
}

// world gives what the clocks of an incident are held against.
func (s *scene) world(ctx context.Context, i *incident.Incident) (*incident.World, error) {
	if err := s.judge(ctx); err != nil {
		return nil, err
	}
	a := s.assessment
	w := &incident.World{State: s.facts.State, Day: a.Day, Now: s.now(s.d)}
	found := false
	for _, p := range a.Result.Persons {
		if p.Person == i.Person {
			w.Laws, found = p.Instruments, true
		}
	}
	if !found {
		return nil, kind.Errorf(kind.Invalid,
			"incident %s concerns %s, of whom the case knows no answers: writ assess --case %s --profile … says who we are",
			i.ID, s.name(i), s.c.Dir())
	}
	var err error
	if w.Recipients, err = s.d.recipients(s.cat); err != nil {
		return nil, err
	}
	w.Holidays, err = s.d.holidays()
	return w, err
}

// name is what people call whom an incident concerns.
func (s *scene) name(i *incident.Incident) string {
	if s.assessment != nil && s.assessment.Names[i.Person] != "" {
		return s.assessment.Names[i.Person]
	}
	if i.Calls != "" {
		return i.Calls
	}
	return i.Person.String()
}

// list is every clock of an incident.
func (s *scene) list(ctx context.Context, i *incident.Incident) (*incident.List, error) {
	w, err := s.world(ctx, i)
	if err != nil {
		return nil, err
	}
	return s.vocabulary.Clocks(i, w), nil
}

// change enters something about an incident that is there: checked, and only on the revision that it was made on.
func (s *scene) change(ctx context.Context, c *cobra.Command, args []string, i *incident.Incident, form string,
	e *incident.Entry, asJSON bool) error {
	e.Incident, e.By, e.At = i.ID, strings.TrimSpace(s.by), s.d.now().UTC()
	if err := i.On(s.on, again(c, args, i.Revision)); err != nil {
		return err
	}
	if err := s.vocabulary.Check(i, e, s.d.now()); err != nil {
		return err
	}
	r, err := book.Add(ctx, s.c, form, i.Person, e)
	if err != nil {
		return err
	}
	entered := map[string]any{"incident": i.ID, "revision": i.Revision + 1, "entry": string(r.Statement)}
	if asJSON {
		return s.d.json(entered)
	}
	_, err = fmt.Fprintf(s.d.out, "incident %s: revision %d (entry %.12s)\n", i.ID, i.Revision+1, r.Statement)
	return err
}

// again is the command that enters the same on another revision.
func again(c *cobra.Command, args []string, revision int) string {
	parts := []string{c.CommandPath()}
	for _, a := range args {
		parts = append(parts, shellWord(a))
	}
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name == "on" {
			return
		}
		if s, ok := f.Value.(pflag.SliceValue); ok {
			for _, v := range s.GetSlice() {
				parts = append(parts, "--"+f.Name+" "+shellWord(v))
			}
			return
		}
		if f.NoOptDefVal != "" {
			parts = append(parts, "--"+f.Name+"="+f.Value.String())
			return
		}
		parts = append(parts, "--"+f.Name+" "+shellWord(f.Value.String()))
	})
	return strings.Join(append(parts, fmt.Sprintf("--on %d", revision)), " ")
}

// shellWord is an argument as a shell takes it.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:@,+") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// incidentAnd takes an incident's ID, and so many further arguments.
func incidentAnd(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return fmt.Errorf("which incident? writ incident list --case … names them (see %s --help)", c.CommandPath())
		case len(args) < 1+least:
			return fmt.Errorf("%s (see %s --help)", what, c.CommandPath())
		case most >= 0 && len(args) > 1+most:
			return fmt.Errorf("%q is too much (see %s --help)", args[1+most], c.CommandPath())
		}
		return nil
	}
}
