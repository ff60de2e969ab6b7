// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/internal/durable"
	"github.com/writ-iot/writ/internal/incident"
	"github.com/writ-iot/writ/internal/incident/book"
	"github.com/writ-iot/writ/internal/incident/remind"
	"github.com/writ-iot/writ/internal/incident/show"
	"github.com/writ-iot/writ/internal/kind"
)

// leads are how long before a due time somebody is reminded.
func leads(c *cobra.Command, to *[]time.Duration) {
	c.Flags().DurationSliceVar(to, "lead", []time.Duration{24 * time.Hour, 4 * time.Hour, time.Hour},
		"how long before each due time")
}

func incidentICSCommand(d *door) *cobra.Command {
	var f incidentFlags
	var before []time.Duration
	var format formatFlag
	c := &cobra.Command{
		Use:     "ics [INCIDENT]",
		Short:   "Write the due times for a calendar program, with alarms before each",
		Example: "  writ incident ics INC-2026-001 --case us.case --lead 24h,1h > clocks.ics",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return d.incidents(c.Context(), &f, func(s *scene) error {
				lists, err := s.lists(c.Context(), args)
				if err != nil {
					return err
				}
				if format.json() {
					return d.json(show.Events(lists, before))
				}
				return show.Calendar(d.raw, lists, before, f.now(d))
			})
		},
	}
	f.addRead(c)
	leads(c, &before)
	format.add(c, "ics", "json")
	return c
}

// lists are the clocks of one incident, or of all that are open.
func (s *scene) lists(ctx context.Context, args []string) (all []*incident.List, err error) {
	some := s.all
	if len(args) == 1 {
		i, err := incident.Pick(s.all, args[0])
		if err != nil {
			return nil, err
		}
		some = []*incident.Incident{i}
	}
	for _, i := range some {
		if i.Closed != nil && len(args) == 0 {
			continue
		}
		l, err := s.list(ctx, i)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// ways are those by which reminders are sent.
type ways struct {
	mail                           remind.Mail
	hook                           remind.Hook
	tls                            wordFlag
	roots, mailSecrets, hookSecret string
}

func incidentRemindCommand(d *door) *cobra.Command {
	var f incidentFlags
	var before []time.Duration
	var w ways
	var format formatFlag
	c := &cobra.Command{
		Use:   "remind [INCIDENT]",
		Short: "Send the reminders that are due, each once, by mail and to a webhook; without either, list them",
		Long: `Send the reminders that are due: of each clock that runs, or waits for a fact, once at each lead before its due
time, and once when it is late. What was sent is recorded in the case, so that running it again, every few minutes, sends nothing twice.

Credentials come from WRIT_SMTP_USER and WRIT_SMTP_PASSWORD, or from a file with both on a line each (--smtp-credentials);
the webhook's secret from WRIT_WEBHOOK_SECRET, or from a file (--webhook-secret). A webhook is sent JSON, signed with
HMAC-SHA-256 (docs/incidents.md).`,
		Example: `  writ incident remind --case us.case
  writ incident remind --case us.case --smtp mail.example.org:587 --mail-from writ@example.org --mail-to duty@example.org`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			w.mail.TLS, w.hook.Now = w.tls.value, d.now
			if err := w.ready(); err != nil {
				return err
			}
			return d.incidents(c.Context(), &f, func(s *scene) error {
				return s.remind(c.Context(), args, before, &w,
					format.json())
			})
		},
	}
	f.addRead(c)
	leads(c, &before)
	c.Flags().StringVar(&w.mail.Server, "smtp", "", "the mail server, HOST:PORT")
	w.tls.kind = "HOW"
	w.tls.add(c, "smtp-tls", "starttls, tls, none (this machine's own server alone)", "starttls", "tls", "none")
	c.Flags().StringVar(&w.roots, "smtp-ca", "", "trust the certificates of this file (PEM), not the system's")
	c.Flags().StringVar(&w.mailSecrets, "smtp-credentials", "", "a file with user and password, a line each")
	c.Flags().StringVar(&w.mail.From, "mail-from", "", "the sender's address")
	c.Flags().StringArrayVar(&w.mail.To, "mail-to", nil, "whom to remind; may be given again")
	c.Flags().StringVar(&w.hook.URL, "webhook", "", "the address of a web service")
	c.Flags().StringVar(&w.hookSecret, "webhook-secret", "", "a file with the secret shared with it")
	format.add(c, "text", "json")
	return c
}

// ready reads secrets, and refuses what cannot be sent by.
func (w *ways) ready() error {
	if w.mail.Server != "" {
		w.mail.User, w.mail.Password = os.Getenv("WRIT_SMTP_USER"), os.Getenv("WRIT_SMTP_PASSWORD")
		if w.mailSecrets != "" {
			b, err := durable.ReadFile(w.mailSecrets, 4096)
			if err != nil {
				return err
			}
			user, password, ok := strings.Cut(strings.TrimRight(string(b), "\r\n"), "\n")
			if !ok {
				return kind.Errorf(kind.Invalid, "%s: want the user on the first line and the password on the second", w.mailSecrets)
			}
			w.mail.User, w.mail.Password = strings.TrimSpace(user), strings.TrimSpace(password)
		}
		if err := w.trust(); err != nil {
			return err
		}
		if err := w.mail.Check(); err != nil {
			return err
		}
	} else if len(w.mail.To) > 0 {
		return kind.Errorf(kind.Invalid, "by which server? --smtp HOST:PORT")
	}
	if w.hook.URL == "" {
		return nil
	}
	w.hook.Secret = []byte(os.Getenv("WRIT_WEBHOOK_SECRET"))
	if w.hookSecret != "" {
		b, err := durable.ReadFile(w.hookSecret, 4096)
		if err != nil {
			return err
		}
		w.hook.Secret = bytes.TrimSpace(b)
	}
	return w.hook.Check()
}

func (w *ways) trust() error {
	if w.roots == "" {
		return nil
	}
	b, err := durable.ReadFile(w.roots, 1<<20)
	if err != nil {
		return err
	}
	w.mail.Roots = x509.NewCertPool()
	if !w.mail.Roots.AppendCertsFromPEM(b) {
		return kind.Errorf(kind.Invalid, "%s holds no certificate (PEM)", w.roots)
	}
	return nil
}

// sent is a reminder as the result lists it.
type sent struct {
	show.Reminder
	Subject string   `json:"subject"`
	Ways    []string `json:"ways"` // by which it was sent now
}

// remind sends what is due, and records each way by which it went. What could not be sent is tried again next time.
func (s *scene) remind(ctx context.Context, args []string, before []time.Duration, w *ways, asJSON bool) error {
	lists, err := s.lists(ctx, args)
	if err != nil {
		return err
	}
	out, failed := []sent{}, []error{}
	for _, l := range lists {
		for _, due := range incident.Reminders(l, before) {
			one, err := s.send(ctx, &due, w)
			failed = append(failed, err)
			if one != nil {
				out = append(out, *one)
			}
		}
	}
	if err := s.reminded(out, asJSON); err != nil {
		return err
	}
	return errors.Join(failed...)
}

func (s *scene) reminded(all []sent, asJSON bool) error {
	if asJSON {
		return s.d.json(all)
	}
	for _, one := range all {
		how := ""
		if len(one.Ways) > 0 {
			how = " (sent: " + strings.Join(one.Ways, ", ") + ")"
		}
		fmt.Fprintln(s.d.out, one.Subject+how)
	}
	if len(all) == 0 {
		fmt.Fprintln(s.d.out, "no reminder is due")
	}
	return nil
}

// send sends one reminder by each way by which it was not sent before; nil where there was none left.
func (s *scene) send(ctx context.Context, due *incident.Due, w *ways) (*sent, error) {
	zone := s.zone.or(due.Incident.Zone)
	name := s.name(due.Incident)
	subject, text := show.ReminderText(due, name, zone)
	one := &sent{Reminder: show.ReminderOf(due, name, zone), Subject: subject, Ways: []string{}}
	if w.mail.Server == "" && w.hook.URL == "" {
		return one, nil
	}
	var failed []error
	for _, way := range []struct {
		name string
		on   bool
		send func(id string) error
	}{
		{"mail", w.mail.Server != "", func(id string) error { return w.mail.Send(ctx, id+"@writ", subject, text) }},
		{"webhook", w.hook.URL != "", func(id string) error {
			body, err := json.Marshal(one.Reminder)
			if err != nil {
				return err
			}
			return w.hook.Send(ctx, id, body)
		}},
	} {
		key := due.Key(way.name)
		if _, before := due.Incident.Sent[key]; before || !way.on {
			continue
		}
		sum := sha256.Sum256([]byte(due.Incident.ID + " " + due.Incident.Entries[0].ID + " " + key))
		if err := way.send(hex.EncodeToString(sum[:16])); err != nil {
			failed = append(failed, fmt.Errorf("reminding of %s: %w", due.Clock.Key, err))
			continue
		}
		e := &incident.Entry{Incident: due.Incident.ID, By: "writ incident remind", At: s.d.now().UTC(),
			Reminder: &incident.Reminder{Key: key, At: s.d.now().UTC()}}
		if _, err := book.Add(ctx, s.c, incident.ReminderForm, due.Incident.Person, e); err != nil {
			return one, err
		}
		one.Ways = append(one.Ways, way.name)
	}
	if len(one.Ways) == 0 {
		one = nil
	}
	return one, errors.Join(failed...)
}
