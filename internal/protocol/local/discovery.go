// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// actions of WS-Discovery 1.1, in the order in which they are looked for.
var actions = []string{"ProbeMatches", "ResolveMatches", "Probe", "Resolve", "Hello", "Bye"}

// readDiscovery reads WS-Discovery: SOAP in one datagram. Cameras (ONVIF Core, 7.3) and printers name
// their model in the scopes. The XML is searched, not parsed: namespaces and prefixes vary, the words do not.
func readDiscovery(c *protocol.Context, d protocol.Direction, p []byte) bool {
	head := bytes.TrimLeft(p[:min(len(p), 16)], "\xef\xbb\xbf \r\n\t")
	if !bytes.HasPrefix(head, []byte("<")) || !bytes.Contains(p, []byte("/discovery/")) ||
		!bytes.Contains(p, []byte("Envelope")) {
		return false
	}
	action := ""
	for _, a := range actions {
		if bytes.Contains(p, []byte("/discovery/"+a)) {
			action = a
			break
		}
	}
	if action == "" {
		return false
	}
	if scopes := element(p, "Scopes"); len(scopes) > 0 && action != "Probe" {
		speak(c, d, described(scopes))
		return true
	}
	c.Emit(0, &observation.Session{Protocol: "ws-discovery", Detail: action})
	return true
}

// described makes an identity of scopes such as onvif://www.onvif.org/hardware/X1.
func described(scopes []byte) *observation.Identity {
	b := &observation.Identity{Protocol: "ws-discovery", Text: octets.Text(scopes, maxField), OfClient: true}
	for s := range strings.FieldsSeq(b.Text) {
		rest, ok := strings.CutPrefix(s, "onvif://www.onvif.org/")
		if !ok {
			continue
		}
		kind, value, _ := strings.Cut(rest, "/")
		if v, err := url.PathUnescape(value); err == nil {
			value = octets.Text([]byte(v), maxField)
		}
		switch kind {
		case "hardware":
			b.Model = value
		case "type":
			if value == "NetworkVideoTransmitter" || value == "video_encoder" {
				b.Type = "camera"
			}
		}
	}
	return b
}

// element is the text of the first element with a local name, whatever its prefix.
func element(p []byte, name string) []byte {
	for {
		i := bytes.Index(p, []byte(name))
		if i < 0 {
			return nil
		}
		opened := i > 0 && (p[i-1] == '<' || p[i-1] == ':')
		if p = p[i+len(name):]; !opened || len(p) == 0 || p[0] != '>' && p[0] != ' ' {
			continue
		}
		_, text, ok := bytes.Cut(p, []byte{'>'})
		end := bytes.IndexByte(text, '<')
		if !ok || end < 0 {
			return nil
		}
		return bytes.TrimSpace(text[:end])
	}
}
