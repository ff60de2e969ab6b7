// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package remind sends reminders, by mail and to webhooks. Credentials come from the environment or from a file, never
// from a command line, and stand in no log and no error.
package remind

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/writ-iot/writ/internal/kind"
)

// patience is how long a server may take.
const patience = 20 * time.Second

// Mail is a way by SMTP.
type Mail struct {
	Server         string // host:port
	TLS            string // starttls, tls, none
	Roots          *x509.CertPool
	From           string
	To             []string
	User, Password string // "": without
}

// Check refuses what cannot be sent by, before anything is.
func (m *Mail) Check() error {
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil || host == "" {
		return kind.Errorf(kind.Invalid, "mail server %q: want HOST:PORT, such as mail.example.org:587", m.Server)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return kind.Errorf(kind.Invalid, "mail server %q: %q is no port", m.Server, port)
	}
	for _, a := range append([]string{m.From}, m.To...) {
		if _, err := mail.ParseAddress(a); err != nil {
			return kind.Errorf(kind.Invalid, "%q is no mail address", a)
		}
	}
	if len(m.To) == 0 {
		return kind.Errorf(kind.Invalid, "nobody is to be reminded by mail: --mail-to")
	}
	if m.TLS == "none" && !loopback(host) {
		return kind.Errorf(kind.Invalid, "mail server %q: without TLS only this machine's own is used", m.Server)
	}
	if m.TLS == "none" && m.User != "" {
		return kind.Errorf(kind.Invalid, "mail server %q: credentials are not sent without TLS", m.Server)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send sends a message to all, and returns after the server took it.
func (m *Mail) Send(ctx context.Context, id, subject, text string) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(m.From); err != nil {
		return fmt.Errorf("mail from %s: %w", m.From, err)
	}
	if err := msg.To(m.To...); err != nil {
		return fmt.Errorf("mail to %s: %w", strings.Join(m.To, ", "), err)
	}
	msg.Subject(subject)
	msg.SetMessageIDWithValue(id)
	msg.SetBodyString(gomail.TypeTextPlain, text)
	c, err := m.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		return kind.Errorf(kind.Unavailable, "mail by %s: %s", m.Server, m.hidden(err))
	}
	return nil
}

func (m *Mail) client() (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(m.Server)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	opts := []gomail.Option{gomail.WithPort(n), gomail.WithTimeout(patience),
		gomail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: m.Roots, MinVersion: tls.VersionTLS12})}
	switch m.TLS {
	case "tls":
		opts = append(opts, gomail.WithSSL())
	case "none":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if m.User != "" {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(m.User),
			gomail.WithPassword(m.Password))
	}
	c, err := gomail.NewClient(host, opts...)
	if err != nil {
		return nil, fmt.Errorf("mail by %s: %w", m.Server, err)
	}
	return c, nil
}

// hidden is an error's text without the password, should a server have echoed it.
func (m *Mail) hidden(err error) string {
	s := err.Error()
	if m.Password != "" {
		s = strings.ReplaceAll(s, m.Password, "•••")
	}
	return s
}
