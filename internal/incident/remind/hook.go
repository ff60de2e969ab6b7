// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remind

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/writ-iot/writ/internal/kind"
)

// Headers of what a webhook is sent: the time in seconds, and "sha256=" with the HMAC-SHA-256, in hex, under the
// secret of both over the time, a full stop and the body. A receiver refuses old times, and what it has had.
const (
	TimeHeader      = "X-Writ-Time"
	SignatureHeader = "X-Writ-Signature"
	IDHeader        = "X-Writ-Id"
)

// Hook is a way to a web service.
type Hook struct {
	URL    string
	Secret []byte
	Now    func() time.Time
}

// minSecret is the fewest bytes of a secret.
const minSecret = 16

// Check refuses what cannot be sent to, before anything is.
func (h *Hook) Check() error {
	u, err := url.Parse(h.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		return kind.Errorf(kind.Invalid, "the webhook's address is none: want https://host/path, without credentials in it")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return kind.Errorf(kind.Invalid, "webhook %s: without TLS only this machine is sent to", u.Host)
	}
	if len(h.Secret) < minSecret {
		return kind.Errorf(kind.Invalid,
			"webhook %s: the secret by which it knows who sends holds %d bytes, and at least %d are wanted", u.Host, len(h.Secret), minSecret)
	}
	return nil
}

// Send posts a document, and returns after the service took it. It follows no redirect: the secret speaks to one
// place alone.
func (h *Hook) Send(ctx context.Context, id string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	host := "webhook"
	if u, err := url.Parse(h.URL); err == nil {
		host += " " + u.Host
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return kind.Errorf(kind.Invalid, "%s: its address is none", host)
	}
	at := strconv.FormatInt(h.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "writ")
	req.Header.Set(IDHeader, id)
	req.Header.Set(TimeHeader, at)
	req.Header.Set(SignatureHeader, Sign(h.Secret, at, body))
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request,
		[]*http.Request) error {
		return http.ErrUseLastResponse
	}}
	resp, err := client.Do(req)
	if err != nil {
		var inner *url.Error // its address may hold a token
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return kind.Errorf(kind.Unavailable, "%s: %v", host, err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)); err != nil {
		return kind.Errorf(kind.Unavailable, "%s: reading its answer: %v", host, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return kind.Errorf(kind.Unavailable, "%s: it answered %d", host, resp.StatusCode)
	}
	return nil
}

// Sign is the signature of a body sent at a time.
func Sign(secret []byte, at string, body []byte) string {
	m := hmac.New(sha256.New, secret)
	fmt.Fprintf(m, "%s.", at)
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}
