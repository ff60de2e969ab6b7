// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package protocoltest

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/writ-iot/writ/internal/credential"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/secret"
)

// Turn is what one end says before the other answers.
type Turn struct {
	Dir   protocol.Direction
	Bytes string
}

// Out is said by the client.
func Out(s string) Turn { return Turn{protocol.ToServer, s} }

// In is said by the server.
func In(s string) Turn { return Turn{protocol.ToClient, s} }

// Lost is n bytes of a direction that were not captured, for Gaps.
func Lost(d protocol.Direction, n int) Turn { return Turn{d, string(make([]byte, n)) + lost} }

const lost = "\x00lost\x00"

// Gaps plays to one stream with its gaps, and returns what was said.
func Gaps(t *testing.T, s protocol.Stream, turns ...Turn) []observation.Body {
	t.Helper()
	c, met := context(4000, observation.TCP)
	for _, turn := range turns {
		c.Frame++
		more := true
		if head, ok := strings.CutSuffix(turn.Bytes, lost); ok {
			more = s.Gap(c, turn.Dir, len(head))
		} else {
			more = s.Data(c, turn.Dir, []byte(turn.Bytes))
		}
		if !more {
			break
		}
	}
	s.Close(c)
	return met.met
}

// Secret is what the tests' key makes of a secret.
func Secret(what, value string) observation.Secret { return keys().Secret(what, []byte(value)) }

func keys() *secret.Keyer { return secret.KeyerFrom([32]byte{1, 2, 3}) }

type collector struct{ met []observation.Body }

// Observe clones what the sink is lent.
func (s *collector) Observe(o *observation.Observation) { s.met = append(s.met, clone(o.Body)) }

func clone(b observation.Body) observation.Body {
	from := reflect.ValueOf(b).Elem()
	to := reflect.New(from.Type())
	to.Elem().Set(from)
	for i := range from.NumField() {
		if f := from.Field(i); f.Kind() == reflect.Slice && !f.IsNil() {
			c := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(c, f)
			to.Elem().Field(i).Set(c)
		}
	}
	return to.Interface().(observation.Body)
}

func context(port uint16, tr observation.Transport) (*protocol.Context, *collector) {
	met := &collector{}
	return &protocol.Context{
		Client:    netip.MustParseAddrPort("192.0.2.1:40001"),
		Server:    netip.AddrPortFrom(netip.MustParseAddr("192.0.2.2"), port),
		ClientMAC: observation.MAC{2, 0, 0, 0, 0, 1}, ServerMAC: observation.MAC{2, 0, 0, 0, 0, 2},
		Transport: tr, Keys: keys(), Factory: credential.Factory, Out: met, Time: 1,
	}, met
}

// Context is a conversation's context for a benchmark: what is said goes nowhere.
func Context(port uint16, tr observation.Transport) *protocol.Context {
	c, _ := context(port, tr)
	c.Out, c.Frame = nowhere{}, 1
	return c
}

type nowhere struct{}

func (nowhere) Observe(*observation.Observation) {}

func cut(turns []Turn, n int) []Turn {
	var out []Turn
	for _, t := range turns {
		for b := t.Bytes; len(b) > 0; {
			k := min(n, len(b))
			out = append(out, Turn{t.Dir, b[:k]})
			b = b[k:]
		}
	}
	return out
}

// recognised plays to the recogniser and says at which chunk it was sure, -1 for never.
func recognised(p protocol.StreamProtocol, c *protocol.Context, chunks []Turn) int {
	var said [2][]byte
	for i, t := range chunks {
		said[t.Dir] = append(said[t.Dir], t.Bytes...)
		switch p.Recognise(c, said[protocol.ToServer], said[protocol.ToClient]) {
		case protocol.Yes:
			return i
		case protocol.No:
			return -1
		}
	}
	return -1
}

func read(s protocol.Stream, c *protocol.Context, chunks []Turn) {
	for _, t := range chunks {
		c.Frame++
		if !s.Data(c, t.Dir, []byte(t.Bytes)) {
			break
		}
	}
	s.Close(c)
}

var sizes = []int{1 << 20, 1, 2, 3, 5, 8, 13, 64, 100}

// Stream plays a TCP conversation on a server port. The protocol must be recognised and say the same
// in every chunk size; what it says is returned.
func Stream(t *testing.T, p protocol.StreamProtocol, port uint16, turns ...Turn) []observation.Body {
	t.Helper()
	var first []observation.Body
	for _, n := range sizes {
		c, met := context(port, observation.TCP)
		chunks := cut(turns, n)
		if recognised(p, c, chunks) < 0 {
			t.Fatalf("%s is not recognised in chunks of %d", p.Name, n)
		}
		read(p.New(), c, chunks)
		if n == sizes[0] {
			first = met.met
		} else if d := diff(first, met.met); d != "" {
			t.Fatalf("%s says something else in chunks of %d (-whole +chunks):\n%s", p.Name, n, d)
		}
	}
	return first
}

// NotRecognised plays a TCP conversation of another protocol.
func NotRecognised(t *testing.T, p protocol.StreamProtocol, port uint16, turns ...Turn) {
	t.Helper()
	for _, n := range sizes {
		c, _ := context(port, observation.TCP)
		if recognised(p, c, cut(turns, n)) >= 0 {
			t.Fatalf("%s recognises what is not it, in chunks of %d: %q", p.Name, n, turns)
		}
	}
}

// Packets plays the datagrams of one conversation; each must be read.
func Packets(t *testing.T, p protocol.DatagramProtocol, port uint16, turns ...Turn) []observation.Body {
	t.Helper()
	c, met := context(port, observation.UDP)
	r, end := Reader(p)
	for _, d := range turns {
		c.Frame++
		if !r(c, d.Dir, []byte(d.Bytes)) {
			t.Fatalf("%s does not read %q", p.Name, d.Bytes)
		}
	}
	end(c)
	return met.met
}

// NotRead plays datagrams that a protocol must leave alone, saying nothing.
func NotRead(t *testing.T, p protocol.DatagramProtocol, port uint16, turns ...Turn) {
	t.Helper()
	for _, d := range turns {
		c, met := context(port, observation.UDP)
		r, end := Reader(p)
		if r(c, d.Dir, []byte(d.Bytes)) {
			t.Errorf("%s reads what is not it: %q", p.Name, d.Bytes)
		}
		end(c)
		if len(met.met) > 0 {
			t.Errorf("%s says %+v of what is not it", p.Name, met.met)
		}
	}
}

// Reader is a fresh reader of a datagram protocol, and its end.
func Reader(p protocol.DatagramProtocol) (protocol.Datagram, func(*protocol.Context)) {
	if p.New == nil {
		return p.Read, func(*protocol.Context) {}
	}
	r := p.New()
	return r.Read, r.Close
}

// Frame plays one frame.
func Frame(t *testing.T, p protocol.LinkProtocol, dst observation.MAC, payload string) []observation.Body {
	t.Helper()
	c, met := context(0, observation.Link)
	c.Frame = 1
	if p.Recognise != nil && !p.Recognise(dst, []byte(payload)) {
		t.Fatalf("%s does not recognise its frame", p.Name)
	}
	p.Read(c, c.ClientMAC, dst, []byte(payload))
	return met.met
}

// Want compares what was said.
func Want(t *testing.T, got []observation.Body, want ...observation.Body) {
	t.Helper()
	if d := diff(want, got); d != "" {
		t.Errorf("observations differ (-want +got):\n%s", d)
	}
}

func diff(a, b []observation.Body) string {
	return cmp.Diff(a, b, cmpopts.EquateEmpty(), cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{}))
}
