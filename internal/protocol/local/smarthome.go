// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package local

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	smartHome    = "tplink-smarthome"
	smartHomeKey = 0xab // each byte's key is the byte before it in cipher; the first one's is this
	maxCommand   = 8 << 10
)

// veiled is {" under the cipher: every message begins so.
const veiled = "\xd0\xf2"

// unveil decodes a message. The cipher keeps nothing secret: it has no key.
func unveil(dst, p []byte) []byte {
	key := byte(smartHomeKey)
	for _, c := range p[:min(len(p), maxCommand)] {
		dst = append(dst, c^key)
		key = c
	}
	return dst
}

// isCommand says that p decodes to a JSON object of lower-case names: {"system":{"get_sysinfo":...
func isCommand(p []byte) bool {
	if !bytes.HasPrefix(p, []byte(veiled)) || len(p) < 8 {
		return false
	}
	var head [32]byte
	text := unveil(head[:0], p[:min(len(p), 32)])
	for i, c := range text[2:] {
		switch {
		case c == '"':
			return i >= 3
		case (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '.':
			return false
		}
	}
	return true
}

func readSmartHome(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if !isCommand(p) {
		return false
	}
	tellSmartHome(c, 0, d, unveil(nil, p))
	return true
}

// sysinfo is what a device says of itself. Its alias, place and identifiers are its owner's and are left.
type sysinfo struct {
	Model    string `json:"model"`
	Software string `json:"sw_ver"`
	Type     string `json:"type"`
	MicType  string `json:"mic_type"`
	Name     string `json:"dev_name"`
	Text     string `json:"description"`
}

// tellSmartHome tells which command was given (anyone may: there is no login) and what the device answered.
// Arguments may hold the key of the wireless network and are never told.
func tellSmartHome(c *protocol.Context, first uint32, d protocol.Direction, text []byte) {
	var m map[string]json.RawMessage
	if json.Unmarshal(text, &m) != nil {
		return
	}
	var system struct {
		Info sysinfo `json:"get_sysinfo"`
	}
	if json.Unmarshal(m["system"], &system) == nil && system.Info.Model != "" {
		b := identified(&system.Info)
		b.OfClient = d == protocol.ToServer
		c.Emit(first, b)
		return
	}
	if detail := command(m); d == protocol.ToServer && detail != "" {
		c.Emit(first, &observation.Session{Protocol: smartHome, Detail: detail})
	}
}

// command names the first module of a request and its first method, in the order of their names.
func command(m map[string]json.RawMessage) string {
	module := least(m)
	var methods map[string]json.RawMessage
	if json.Unmarshal(m[module], &methods) != nil || len(methods) == 0 {
		return octets.Text([]byte(module), 64)
	}
	return octets.Text([]byte(module+"."+least(methods)), 64)
}

func least(m map[string]json.RawMessage) string {
	best, any := "", false
	for k := range m {
		if !any || k < best {
			best, any = k, true
		}
	}
	return best
}

func identified(i *sysinfo) *observation.Identity {
	b := &observation.Identity{Protocol: smartHome, Vendor: "TP-Link", Model: octets.Text([]byte(i.Model), 64),
		Firmware: octets.Text([]byte(i.Software), 64), Text: octets.Text([]byte(i.Name+" "+i.Text), maxField)}
	switch {
	case i.Type == "IOT.SMARTPLUGSWITCH" || i.MicType == "IOT.SMARTPLUGSWITCH":
		b.Type = "plug"
	case i.Type == "IOT.SMARTBULB" || i.MicType == "IOT.SMARTBULB":
		b.Type = "light"
	}
	return b
}

// smartHomeTCP puts a length of four bytes before each message.
func smartHomeTCP() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: smartHome, Ports: []uint16{9999},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) == 0 {
				out = in
			}
			switch {
			case len(out) > 1 && out[0]|out[1] != 0:
				return protocol.No
			case len(out) < 12:
				return protocol.Maybe
			case isCommand(out[4:]) && commandSize(out) > 0:
				return protocol.Yes
			}
			return protocol.No
		},
		New: func() protocol.Stream {
			s := &smartHomeStream{}
			for d := range s.message {
				s.message[d] = octets.Records{Max: maxCommand, Size: commandSize}
			}
			return s
		}}
}

func commandSize(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	n := binary.BigEndian.Uint32(b)
	if n < 8 || n > 1<<16 {
		return -1
	}
	return 4 + int(n)
}

type smartHomeStream struct{ message [2]octets.Records }

func (s *smartHomeStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	for {
		rec, rest, ok := s.message[d].Next(p, c.Frame)
		if !ok {
			return !s.message[d].Lost
		}
		if p = rest; isCommand(rec[4:]) {
			tellSmartHome(c, s.message[d].First, d, unveil(nil, rec[4:]))
		}
	}
}

func (s *smartHomeStream) Gap(_ *protocol.Context, d protocol.Direction, n int) bool {
	return s.message[d].Gap(n)
}

func (s *smartHomeStream) Close(*protocol.Context) {}
