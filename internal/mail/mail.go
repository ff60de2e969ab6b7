// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package mail reads a message as it was kept (RFC 5322, MIME): its headers, its parts with their digests, and
// what its signatures show. It is bounded in every direction; it opens nothing, follows nothing and asks
// nobody. A message that is broken is read as far as it can be, and its faults are named.
package mail

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"

	"github.com/writ-iot/writ/internal/kind"
)

// Bounds of a message.
const (
	maxHeader  = 256 << 10
	maxParts   = 500
	maxDepth   = 10
	maxDecoded = 256 << 20
	maxValue   = 2000 // bytes of a header that is kept
	maxFaults  = 20
)

// Mail is a message.
type Mail struct {
	From      string   `json:"from,omitempty"`
	To        string   `json:"to,omitempty"`
	Subject   string   `json:"subject,omitempty"`
	Date      string   `json:"date,omitempty"` // as its sender wrote it
	MessageID string   `json:"message_id,omitempty"`
	Parts     []Part   `json:"parts"`
	DKIM      []DKIM   `json:"dkim,omitempty"`
	Signed    *Signed  `json:"smime,omitempty"`
	Faults    []string `json:"faults,omitempty"`

	raw []byte
}

// Part is one part of a message that holds no others.
type Part struct {
	Path   string `json:"path"` // 1.2: the second part of the first
	Media  string `json:"media"`
	Name   string `json:"name,omitempty"`
	Inline bool   `json:"inline,omitempty"` // its sender meant it to be shown, not to be opened
	Size   int64  `json:"size"`             // of its content
	SHA256 string `json:"sha256"`

	content []byte
}

// Content is the part's content, decoded.
func (p *Part) Content() []byte { return p.content }

// Attached says whether the part is a thing of its own: a file, or another message.
func (p *Part) Attached() bool {
	return p.Media == "message/rfc822" || p.Name != "" && !p.Inline ||
		!strings.HasPrefix(p.Media, "text/") && !p.Inline && !signature(p.Media)
}

// signature are the parts that only sign.
func signature(media string) bool {
	return media == "application/pkcs7-signature" || media == "application/x-pkcs7-signature" ||
		media == "application/pgp-signature"
}

// Read reads a message. Only one that has no header at all is refused.
func Read(raw []byte) (*Mail, error) {
	m := &Mail{raw: raw, Parts: []Part{}}
	h, body, err := header(raw)
	if err != nil {
		m.fault("%v", err)
	}
	m.From, m.To, m.Subject = clean(h.Get("From")), clean(h.Get("To")), clean(h.Get("Subject"))
	m.Date, m.MessageID = clean(h.Get("Date")), clean(h.Get("Message-Id"))
	if m.From == "" && m.Date == "" && m.MessageID == "" {
		return nil, kind.Errorf(kind.Invalid,
			"reading a message: it has neither sender nor date: it is no message%s", because(err))
	}
	if n := len(h["From"]); n > 1 {
		m.fault("it names its sender %d times", n)
	}
	r := &reader{m: m}
	r.part(h, body, "1", 0)
	return m, nil
}

func because(err error) string {
	if err == nil {
		return ""
	}
	return " (" + err.Error() + ")"
}

// Sender is the address of the sender; "" where it cannot be told.
func (m *Mail) Sender() string {
	a, err := mail.ParseAddress(m.From)
	if err != nil {
		return ""
	}
	return a.Address
}

func (m *Mail) fault(format string, args ...any) {
	if len(m.Faults) < maxFaults {
		m.Faults = append(m.Faults, fmt.Sprintf(format, args...))
	}
}

// header parts a message or a part into its header and its body.
func header(raw []byte) (textproto.MIMEHeader, []byte, error) {
	end, skip := headerEnd(raw)
	if end > maxHeader {
		return nil, nil, fmt.Errorf("a header of more than %d bytes", maxHeader)
	}
	// One empty line ends what is read: the header ends where it was cut.
	text := append(bytes.TrimRight(raw[:end:end], "\r\n"), "\r\n\r\n"...)
	h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(text))).ReadMIMEHeader()
	if err != nil {
		return h, raw[skip:], fmt.Errorf("its header: %w", err)
	}
	return h, raw[skip:], nil
}

// headerEnd finds the empty line that ends a header, and where the body begins.
func headerEnd(raw []byte) (end, body int) {
	if bytes.HasPrefix(raw, []byte("\r\n")) {
		return 0, 2
	}
	if bytes.HasPrefix(raw, []byte("\n")) {
		return 0, 1
	}
	lf, crlf := bytes.Index(raw, []byte("\n\n")), bytes.Index(raw, []byte("\n\r\n"))
	switch {
	case lf < 0 && crlf < 0:
		return len(raw), len(raw)
	case crlf < 0 || lf >= 0 && lf < crlf:
		return lf, lf + 2
	}
	return crlf, crlf + 3
}

// clean is a header's value as it is meant: encoded words are decoded where their character set is known.
func clean(v string) string {
	d := mime.WordDecoder{}
	if out, err := d.DecodeHeader(v); err == nil {
		v = out
	}
	if len(v) > maxValue {
		v = v[:maxValue] + "…"
	}
	return strings.ToValidUTF8(v, "�")
}

// reader reads parts within what is left to it.
type reader struct {
	m       *Mail
	decoded int64
	parts   int
}

// part reads a part and those in it.
func (r *reader) part(h textproto.MIMEHeader, body []byte, path string, depth int) {
	if r.parts++; r.parts > maxParts {
		if r.parts == maxParts+1 {
			r.m.fault("it has more than %d parts: what follows part %s is not read", maxParts, path)
		}
		return
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media == "" {
		if v := h.Get("Content-Type"); v != "" {
			r.m.fault("part %s: its type %.60q cannot be read", path, v)
		}
		if media == "" {
			media = "text/plain"
		}
	}
	if strings.HasPrefix(media, "multipart/") {
		r.several(media, params, body, path, depth)
		return
	}
	r.leaf(h, media, params, body, path)
}

// several reads the parts of a part.
func (r *reader) several(media string, params map[string]string, body []byte, path string, depth int) {
	if depth >= maxDepth {
		r.m.fault("part %s: parts lie in one another deeper than %d: not read", path, maxDepth)
		return
	}
	boundary := params["boundary"]
	if boundary == "" {
		r.m.fault("part %s has parts, and does not say what parts them", path)
		return
	}
	pieces, whole := split(body, boundary, maxParts+1)
	if !whole {
		r.m.fault("part %s breaks off before its end", path)
	}
	if media == "multipart/signed" && r.m.Signed == nil && len(pieces) == 2 {
		r.m.Signed = detached(params["protocol"], pieces)
	}
	for i, p := range pieces {
		where := fmt.Sprintf("%s.%d", path, i+1)
		h, inner, err := header(p)
		if err != nil {
			r.m.fault("part %s: %v", where, err)
		}
		r.part(h, inner, where, depth+1)
	}
}

// leaf reads a part that holds no others.
func (r *reader) leaf(h textproto.MIMEHeader, media string, params map[string]string, body []byte, path string) {
	content, err := decode(h.Get("Content-Transfer-Encoding"), body)
	if err != nil {
		r.m.fault("part %s: %v", path, err)
	}
	if r.decoded += int64(len(content)); r.decoded > maxDecoded {
		r.m.fault("part %s: its parts hold more than %d bytes: not read", path, maxDecoded)
		return
	}
	shown, names, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	name := names["filename"]
	if name == "" {
		name = params["name"]
	}
	sum := sha256.Sum256(content)
	p := Part{Path: path, Media: media, Name: base(clean(name)), Inline: shown == "inline", Size: int64(len(content)),
		SHA256: hex.EncodeToString(sum[:]), content: content}
	if r.m.Signed == nil && (media == "application/pkcs7-mime" || media == "application/x-pkcs7-mime") {
		r.m.Signed = opaque(params["smime-type"], content)
	}
	r.m.Parts = append(r.m.Parts, p)
}

// base is a name without the folders that its sender wrote before it.
func base(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	if name == "." || name == ".." {
		return ""
	}
	return name
}

// decode decodes a part's content as far as it can be.
func decode(encoding string, body []byte) ([]byte, error) {
	var r io.Reader
	switch e := strings.ToLower(strings.TrimSpace(encoding)); e {
	case "", "7bit", "8bit", "binary":
		return body, nil
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, bytes.NewReader(squeeze(body)))
	case "quoted-printable":
		r = quotedprintable.NewReader(bytes.NewReader(body))
	default:
		return body, fmt.Errorf("it is encoded as %.40q: kept as it came", e)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		return out, fmt.Errorf("it is not well encoded (%w): kept as far as it can be read", err)
	}
	return out, nil
}

// squeeze leaves the letters of base64 alone.
func squeeze(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, b)
}

// split parts a body at its boundary (RFC 2046 section 5.1.1). Each piece is as it was sent, without the line end
// that belongs to the boundary. whole says that the closing boundary is there.
func split(body []byte, boundary string, most int) (pieces [][]byte, whole bool) {
	mark := []byte("--" + boundary)
	start := -1
	for at := 0; at < len(body); {
		end := bytes.IndexByte(body[at:], '\n')
		next := len(body)
		if end >= 0 {
			next = at + end + 1
		}
		line := bytes.TrimRight(body[at:next], " \t\r\n")
		if bytes.HasPrefix(line, mark) {
			rest := line[len(mark):]
			if closing := bytes.Equal(rest, []byte("--")); len(rest) == 0 || closing {
				if start >= 0 {
					pieces = append(pieces, cut(body[start:at]))
				}
				if closing || len(pieces) >= most {
					return pieces, closing
				}
				start = next
			}
		}
		at = next
	}
	if start >= 0 {
		pieces = append(pieces, body[start:])
	}
	return pieces, false
}

// cut takes off the line end before a boundary.
func cut(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}
