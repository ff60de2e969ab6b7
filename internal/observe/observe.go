// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package observe is the wire's pipeline: inputs are opened and digested, frames decoded, conversations
// followed, and what the parsers meet goes to the sinks, with the counters that say how complete the
// look was.
package observe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/capture"
	"github.com/writ-iot/writ/internal/credential"
	"github.com/writ-iot/writ/internal/flow"
	"github.com/writ-iot/writ/internal/identify"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/packet"
	"github.com/writ-iot/writ/internal/secret"
)

// Options of a run. The zero value is ready: a random key, the published factory credentials, no progress.
type Options struct {
	Stdin   io.Reader // what "-" reads
	Keys    *secret.Keyer
	Factory func(user, password string) string
	// Networks are the profile's own: an address inside one is a device wherever it was met.
	Networks []netip.Prefix
	// Name gives a known device its ID; "" leaves it its number. It may be nil.
	Name func(d *inventory.Device) string
	// Vocabulary and Signatures are those that the program carries where they are nil.
	Vocabulary *fact.Vocabulary
	Signatures *identify.Set
	// MaxFlows and MaxBuffer are flow.Config's budgets.
	MaxFlows, MaxBuffer int
	// Progress is told now and then how far an input was read.
	Progress func(path string, done, size int64)
}

// Input is what a run says of one input.
type Input struct {
	Path        string
	SHA256      string
	Media       string // of the capture
	Size        int64  // of the file
	Packets     uint64
	Bytes       uint64 // captured
	Link        string
	First, Last time.Time // of its frames; zero without any
	Truncated   bool
	Notice      string // what was wrong with it, where it ended early
	Repeated    bool   // the same bytes came before: it was not read again
}

// Counters of a run.
type Counters struct {
	Frames    uint64
	Decoded   uint64 // as far as an address or a link protocol
	Malformed uint64
	Flows     uint64
	Evicted   uint64 // conversations, hosts and fragments given up for want of room
	Gaps      uint64
	Partial   bool // a budget was hit: the view is incomplete
}

// Result is what a run did.
type Result struct {
	Inputs   []Input
	Counters Counters
}

// InputSink is a sink that wants to know the inputs before their observations come.
type InputSink interface{ Input(n int, sha256 string) }

// Run reads the captures at paths one after another and tells the sinks what was met. A capture that ends
// early is no error. What is no capture is a *capture.FormatError: the result then holds what came before.
func Run(ctx context.Context, paths []string, o Options, sinks ...observation.Sink) (*Result, error) {
	if o.Keys == nil {
		o.Keys = secret.NewKeyer()
	}
	if o.Factory == nil {
		o.Factory = credential.Factory
	}
	p := newPipeline(o, sinks)
	seen := map[string]bool{}
	for _, path := range paths {
		if err := p.input(ctx, path, seen); err != nil {
			return &p.result, err
		}
	}
	return &p.result, nil
}

// input reads one capture.
func (p *pipeline) input(ctx context.Context, path string, seen map[string]bool) error {
	s, err := capture.Open(path, p.o.Stdin)
	if err != nil {
		return err
	}
	defer s.Close()
	n := len(p.result.Inputs)
	p.result.Inputs = append(p.result.Inputs, Input{Path: path, SHA256: s.SHA256, Size: s.Size, Media: s.Media})
	in := &p.result.Inputs[n]
	if in.Repeated = seen[s.SHA256]; in.Repeated {
		return nil
	}
	seen[s.SHA256] = true
	for _, sink := range p.sinks {
		if i, ok := sink.(InputSink); ok {
			i.Input(n, s.SHA256)
		}
	}
	p.begin(n)
	if err := p.frames(ctx, s, in); err != nil {
		return err
	}
	p.end()
	in.Notice = s.Notice()
	in.Truncated = in.Notice != ""
	return nil
}

// every is how many frames pass between looks at the context and the progress.
const every = 1 << 14

func (p *pipeline) frames(ctx context.Context, s *capture.Source, in *Input) error {
	var f capture.Frame
	var first, last int64
	for {
		err := s.Next(&f)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", in.Path, err)
		}
		if in.Packets == 0 {
			first, last = f.Time, f.Time
			in.Link = f.Link.String()
		}
		first, last = min(first, f.Time), max(last, f.Time)
		in.Packets++
		in.Bytes += uint64(len(f.Data))
		p.frame(&f, uint32(in.Packets))
		if in.Packets%every == 0 {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("reading %s: stopped after frame %d: %w", in.Path, in.Packets, err)
			}
			if p.o.Progress != nil {
				p.o.Progress(in.Path, s.Position(), s.Size)
			}
		}
	}
	if in.Packets > 0 {
		in.First, in.Last = time.Unix(0, first).UTC(), time.Unix(0, last).UTC()
	}
	return nil
}

// counters gathers what the parts counted.
func (p *pipeline) counters(e flow.Counters, d *packet.Decoder) {
	c := &p.result.Counters
	c.Flows, c.Gaps = e.Flows, e.Gaps
	c.Evicted = e.Evicted + d.Dropped() + p.hosts.dropped
	c.Partial = e.Evicted > 0 || p.hosts.dropped > 0
}
