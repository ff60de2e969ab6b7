// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package jsonl writes observations as JSON, one a line. The fields are a contract: docs and scripts
// rely on their names. Strings that others wrote are made harmless on the way: control and format
// characters, line separators and bytes that are no UTF-8 become U+FFFD.
package jsonl

import (
	"io"
	"net/netip"

	"github.com/writ-iot/writ/internal/observation"
)

// flushAt is how many bytes are gathered before they are written.
const flushAt = 64 << 10

// Encoder is a sink that writes lines. Not for concurrent use.
type Encoder struct {
	w      io.Writer
	inputs []string // SHA-256 by number
	l      line
	err    error
}

// New makes an encoder that writes to w.
func New(w io.Writer) *Encoder { return &Encoder{w: w} }

// Input names the artefact of the observations that bear number n.
func (e *Encoder) Input(n int, sha256 string) {
	for len(e.inputs) <= n {
		e.inputs = append(e.inputs, "")
	}
	e.inputs[n] = sha256
}

// Observe writes one line. The first error is kept for Flush.
func (e *Encoder) Observe(o *observation.Observation) {
	l := &e.l
	l.b = append(l.b, `{"kind":"`...)
	l.b = append(l.b, o.Body.Kind()...)
	l.b = append(l.b, `","time":"`...)
	l.time(o.Time)
	l.b = append(l.b, `","input":"`...)
	if o.Input < len(e.inputs) {
		l.b = append(l.b, e.inputs[o.Input]...)
	}
	l.b = append(l.b, `","frames":[`...)
	l.uint(uint64(o.First))
	l.b = append(l.b, ',')
	l.uint(uint64(o.Last))
	l.b = append(l.b, ']')
	ends(l, o)
	fields(l, o)
	l.b = append(l.b, "}\n"...)
	if len(l.b) >= flushAt {
		e.write()
	}
}

func (e *Encoder) write() {
	if e.err == nil {
		_, e.err = e.w.Write(e.l.b)
	}
	e.l.b = e.l.b[:0]
}

// Flush writes what is left and gives the first error met.
func (e *Encoder) Flush() error {
	e.write()
	return e.err
}

// ends writes who spoke with whom.
func ends(l *line, o *observation.Observation) {
	l.addrPort("client", "client_port", o.Client)
	l.addrPort("server", "port", o.Server)
	if o.Transport != observation.Link || o.Client.IsValid() {
		l.str("transport", transports[o.Transport])
	}
}

var transports = [...]string{observation.Link: "link", observation.TCP: "tcp", observation.UDP: "udp",
	observation.ICMP: "icmp", observation.OtherIP: "ip"}

func (l *line) addrPort(addr, port string, a netip.AddrPort) {
	if !a.IsValid() {
		return
	}
	l.addr(addr, a.Addr())
	if a.Port() != 0 {
		l.num(port, int64(a.Port()))
	}
}
