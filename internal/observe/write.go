// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/observation/jsonl"
)

type inputJSON struct {
	Path      string     `json:"path"`
	SHA256    string     `json:"sha256"`
	Packets   uint64     `json:"packets"`
	Bytes     uint64     `json:"bytes"`
	LinkType  string     `json:"link_type"`
	First     *time.Time `json:"first"`
	Last      *time.Time `json:"last"`
	Truncated bool       `json:"truncated"`
	Notice    string     `json:"notice,omitempty"`
	Repeated  bool       `json:"repeated,omitempty"`
}

type candidateJSON struct {
	Vendor     string  `json:"vendor"`
	Type       string  `json:"type"`
	Model      string  `json:"model"`
	Firmware   string  `json:"firmware,omitempty"`
	Confidence float64 `json:"confidence"`
}

type signalJSON struct {
	Signal string `json:"signal"`
	What   string `json:"what"`
	Vendor string `json:"vendor,omitempty"`
	Type   string `json:"type,omitempty"`
	Model  string `json:"model,omitempty"`
	Input  string `json:"input,omitempty"`
	Frame  uint32 `json:"frame,omitempty"`
}

type deviceJSON struct {
	ID         string          `json:"id"`
	MACs       []string        `json:"macs"`
	IPs        []string        `json:"ips"`
	Hostnames  []string        `json:"hostnames"`
	Vendor     string          `json:"vendor"`
	Type       string          `json:"type"`
	Model      string          `json:"model"`
	Firmware   string          `json:"firmware"`
	Confidence float64         `json:"confidence"`
	Certain    bool            `json:"certain"`
	Candidates []candidateJSON `json:"candidates"`
	Signals    []signalJSON    `json:"signals"`
	Registered string          `json:"registered,omitempty"`
	Randomised bool            `json:"randomised,omitempty"`
	Gateway    bool            `json:"gateway,omitempty"`
	First      time.Time       `json:"first"`
	Last       time.Time       `json:"last"`
}

type serviceJSON struct {
	Device    string `json:"device"`
	IP        string `json:"ip"`
	Port      uint16 `json:"port"`
	Transport string `json:"transport"`
	Protocol  string `json:"protocol"`
	TLS       bool   `json:"tls"`
}

type countersJSON struct {
	Frames    uint64 `json:"frames"`
	Decoded   uint64 `json:"decoded"`
	Malformed uint64 `json:"malformed"`
	Flows     uint64 `json:"flows"`
	Gaps      uint64 `json:"gaps"`
	Evicted   uint64 `json:"evicted"`
	Partial   bool   `json:"partial"`
}

// JSON looks at the inputs and writes what was seen to w as one object. The object tells no edges, so none
// are made; more sinks may look on.
func JSON(ctx context.Context, w io.Writer, paths []string, o Options, more ...observation.Sink) (*Seen, error) {
	s, err := look(ctx, paths, o, nil, more...)
	if e := s.WriteJSON(w); err == nil {
		err = e
	}
	return s, err
}

// WriteJSON writes the look as one object. Lists are written as they come, so that a fleet of devices
// takes no memory of its own.
func (s *Seen) WriteJSON(w io.Writer) error {
	b := bufio.NewWriterSize(w, 64<<10)
	o := object{w: b}
	o.open("inputs")
	for i := range s.Inputs {
		o.item(inputOf(&s.Inputs[i]))
	}
	o.open("devices")
	for i := range s.Devices {
		o.item(s.deviceOf(&s.Devices[i]))
	}
	o.open("services")
	for i := range s.Devices {
		d := &s.Devices[i]
		for _, v := range d.Services {
			o.item(serviceJSON{d.ID, v.IP.String(), v.Port, transportName(v.Transport), v.Protocol, v.TLS})
		}
	}
	o.open("facts")
	for c := range s.Claims() {
		if o.fact(&c, s.Until(&c).Expires); o.err != nil {
			break
		}
	}
	c := &s.Counters
	o.close("counters", countersJSON{c.Frames, c.Decoded, c.Malformed, c.Flows, c.Gaps, c.Evicted, c.Partial})
	if o.err == nil {
		o.err = b.Flush()
	}
	return o.err
}

// object writes an object of lists, one item a line.
type object struct {
	w     *bufio.Writer
	lists int
	items int
	err   error

	scratch []byte
}

func (o *object) open(name string) {
	sep := "{\n"
	if o.lists++; o.lists > 1 {
		sep = "\n],\n"
	}
	o.items = 0
	o.put(fmt.Sprintf("%s%q: [", sep, name))
}

func (o *object) item(v any) {
	b, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.separate()
	o.put(string(b))
}

func (o *object) fact(c *fact.Claim, until time.Time) {
	o.separate()
	o.scratch = jsonl.AppendFact(o.scratch[:0], c, until)
	o.put(string(o.scratch))
}

func (o *object) separate() {
	sep := ",\n"
	if o.items++; o.items == 1 {
		sep = "\n"
	}
	o.put(sep)
}

func (o *object) close(name string, v any) {
	b, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.put(fmt.Sprintf("\n],\n%q: %s\n}\n", name, b))
}

func (o *object) put(s string) {
	if o.err == nil {
		_, o.err = o.w.WriteString(s)
	}
}

func inputOf(in *Input) inputJSON {
	j := inputJSON{Path: in.Path, SHA256: in.SHA256, Packets: in.Packets, Bytes: in.Bytes, LinkType: in.Link,
		Truncated: in.Truncated, Notice: in.Notice, Repeated: in.Repeated}
	if in.Packets > 0 {
		j.First, j.Last = &in.First, &in.Last
	}
	return j
}

func (s *Seen) deviceOf(d *inventory.Device) deviceJSON {
	id := &d.Identity
	j := deviceJSON{ID: d.ID, MACs: []string{}, IPs: []string{}, Hostnames: append([]string{}, d.Hostnames...),
		Vendor: id.Vendor,
		Type:   id.Type, Model: id.Model, Firmware: id.Firmware, Confidence: rounded(id.Confidence),
		Certain:    id.Certain,
		Candidates: []candidateJSON{}, Signals: []signalJSON{}, Registered: d.Registered, Randomised: d.Randomised,
		Gateway: d.Gateway, First: time.Unix(0, d.First).UTC(), Last: time.Unix(0, d.Last).UTC()}
	for _, m := range d.MACs {
		j.MACs = append(j.MACs, macText(m))
	}
	for _, a := range d.IPs {
		j.IPs = append(j.IPs, a.String())
	}
	for _, c := range id.Candidates {
		j.Candidates = append(j.Candidates, candidateJSON{c.Vendor, c.Type, c.Model, c.Firmware,
			rounded(c.Confidence)})
	}
	for _, g := range d.Signals {
		x := signalJSON{Signal: g.Name, What: g.What, Vendor: g.Says.Vendor, Type: g.Says.Type,
			Model: g.Says.Model, Frame: g.Frame}
		if g.Frame != 0 && g.Input < len(s.Inputs) {
			x.Input = s.Inputs[g.Input].SHA256
		}
		j.Signals = append(j.Signals, x)
	}
	return j
}

// rounded keeps three decimals: more would be false precision.
func rounded(p float64) float64 { return float64(int64(p*1000+0.5)) / 1000 }

func macText(m observation.MAC) string {
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

func transportName(t observation.Transport) string {
	switch t {
	case observation.TCP:
		return "tcp"
	case observation.UDP:
		return "udp"
	case observation.ICMP:
		return "icmp"
	case observation.Link:
		return "link"
	}
	return "ip"
}
