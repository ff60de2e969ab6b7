// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func ssh() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "ssh", Ports: []uint16{22, 2222}, Recognise: recogniseSSH,
		New: func() protocol.Stream { return newSSH() }}
}

// recogniseSSH looks for an identification string, SSH-protoversion-softwareversion (RFC 4253, 4.2).
func recogniseSSH(_ *protocol.Context, out, in []byte) protocol.Guess {
	return max(prefixGuess(out, "SSH-1."), prefixGuess(out, "SSH-2."), prefixGuess(in, "SSH-1."),
		prefixGuess(in, "SSH-2."))
}

// prefixGuess is Yes when b begins with want, Maybe while it still could.
func prefixGuess(b []byte, want string) protocol.Guess {
	switch {
	case len(b) >= len(want) && string(b[:len(want)]) == want:
		return protocol.Yes
	case len(b) < len(want) && want[:len(b)] == string(b):
		return protocol.Maybe
	}
	return protocol.No
}

// sshMessages (RFC 4253, 12; RFC 4419, 5).
const (
	sshKexInit  = 20
	sshNewKeys  = 21
	sshKexReply = 31 // KEXDH_REPLY, KEX_ECDH_REPLY; KEX_DH_GEX_GROUP carries no host key here
	sshGexReply = 33
)

const maxSSHPacket = 8192 // more than any KEXINIT; the transport allows 35,000

// sshStream reads both greetings, both KEXINITs and the host key, says them once and stops: the rest is
// encrypted.
type sshStream struct {
	side  [2]sshSide
	body  observation.SSH
	kex   [2][]string // HASSH inputs: kex, ciphers, MACs, compressions
	first uint32
	said  bool
}

type sshSide struct {
	lines   octets.Lines
	packets octets.Records
	greeted bool
	keyed   bool // NEWKEYS seen
}

func newSSH() *sshStream {
	s := &sshStream{}
	for d := range s.side {
		s.side[d].packets = octets.Records{Max: maxSSHPacket, Size: sshPacketSize}
	}
	return s
}

func sshPacketSize(b []byte) int {
	if len(b) < 6 {
		return 0
	}
	r := octets.NewReader(b)
	n, pad := int(r.U32()), int(r.U8())
	if n < 5 || n > 256<<10 || pad+1 > n {
		return -1
	}
	return 4 + n
}

func (s *sshStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	if s.first == 0 {
		s.first = c.Frame
	}
	side := &s.side[d]
	for !side.greeted {
		line, rest, ok := side.lines.Next(p, c.Frame)
		if !ok {
			return true
		}
		p = rest
		if bytes.HasPrefix(line, []byte("SSH-")) { // a server may say other lines before
			side.greeted = true
			s.greet(d, line)
		}
	}
	for !side.keyed {
		rec, rest, ok := side.packets.Next(p, c.Frame)
		if !ok {
			break
		}
		p = rest
		s.packet(d, rec)
	}
	if s.side[0].done() && s.side[1].done() {
		s.say(c)
		return false
	}
	return true
}

func (side *sshSide) done() bool { return side.keyed || side.packets.Lost }

func (s *sshStream) greet(d protocol.Direction, line []byte) {
	if text := octets.Text(line, 255); d == protocol.ToServer {
		s.body.ClientBanner = text
	} else {
		s.body.ServerBanner = text
	}
}

func (s *sshStream) packet(d protocol.Direction, rec []byte) {
	r := octets.NewReader(rec)
	r.Skip(5)
	switch kind := r.U8(); {
	case kind == sshKexInit:
		s.negotiate(d, &r)
	case kind == sshNewKeys:
		s.side[d].keyed = true
	case (kind == sshKexReply || kind == sshGexReply) && d == protocol.ToClient:
		if key := r.Bytes(int(r.U32())); isHostKey(key) {
			sum := sha256.Sum256(key)
			s.body.HostKeyDigest = hex.EncodeToString(sum[:])
		}
	}
}

// isHostKey says that a blob begins with the name of a public key format (RFC 4253, 6.6): what type 31
// carries depends on the exchange, and a group's prime is no key.
func isHostKey(blob []byte) bool {
	r := octets.NewReader(blob)
	name := r.Bytes(int(r.U32()))
	for _, p := range []string{"ssh-", "ecdsa-", "sk-", "rsa-", "x509v3-", "webauthn-"} {
		if strings.HasPrefix(string(name), p) {
			return true
		}
	}
	return false
}

// negotiate reads the ten name-lists of a KEXINIT (RFC 4253, 7.1).
func (s *sshStream) negotiate(d protocol.Direction, r *octets.Reader) {
	r.Skip(16)
	var lists [10]string
	for i := range lists {
		lists[i] = string(r.Bytes(int(r.U32())))
	}
	if !r.OK() || s.kex[d] != nil {
		return
	}
	if d == protocol.ToServer {
		s.body.ClientKex, s.body.ClientCiphers = names(lists[0]), names(lists[2])
		s.kex[d] = []string{lists[0], lists[2], lists[4], lists[6]}
		return
	}
	s.body.ServerKex, s.body.ServerHostKeys = names(lists[0]), names(lists[1])
	s.body.ServerCiphers, s.body.ServerMACs = names(lists[3]), names(lists[5])
	s.kex[d] = []string{lists[0], lists[3], lists[5], lists[7]}
}

func names(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(octets.Text([]byte(list), maxSSHPacket), ",")
}

// say emits once. HASSHS holds HASSH of the client and of the server; "" for the one not seen.
func (s *sshStream) say(c *protocol.Context) {
	if s.said || s.body.ClientBanner == "" && s.body.ServerBanner == "" {
		return
	}
	s.said = true
	if s.kex[0] != nil || s.kex[1] != nil {
		s.body.HASSHS = []string{hassh(s.kex[0]), hassh(s.kex[1])}
	}
	c.Emit(s.first, &s.body)
}

func hassh(lists []string) string {
	if lists == nil {
		return ""
	}
	sum := md5.Sum([]byte(strings.Join(lists, ";")))
	return hex.EncodeToString(sum[:])
}

func (s *sshStream) Gap(c *protocol.Context, d protocol.Direction, n int) bool {
	side := &s.side[d]
	if !side.greeted {
		side.lines.Gap()
		return true
	}
	if !side.keyed {
		side.packets.Gap(n)
	}
	return !s.side[0].done() || !s.side[1].done()
}

func (s *sshStream) Close(c *protocol.Context) { s.say(c) }
