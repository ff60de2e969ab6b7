// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package assess

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/observe"
)

// Draft is a statement to be made, with what it says with names in it; nil without.
type Draft struct {
	Statement evidence.Statement
	Payload   any
}

// nameBody is the payload of a membership: what people call a subject and how they find it. No fact's value
// lies in it, so erasing it changes no verdict.
type nameBody struct {
	Name       string    `json:"name"`
	Group      string    `json:"group,omitempty"` // of one of our persons: what holds them together
	MACs       []string  `json:"macs,omitempty"`
	IPs        []string  `json:"ips,omitempty"`
	Hostnames  []string  `json:"hostnames,omitempty"`
	Vendor     string    `json:"vendor,omitempty"`
	Type       string    `json:"type,omitempty"`
	Model      string    `json:"model,omitempty"`
	Firmware   string    `json:"firmware,omitempty"`
	Confidence float64   `json:"confidence,omitempty"`
	Signals    []string  `json:"signals,omitempty"`
	First      time.Time `json:"first,omitzero"`
	Last       time.Time `json:"last,omitzero"`
}

// inputBody is the payload of an artefact: where it lay, and what its ends said to each other.
type inputBody struct {
	Path     string `json:"path"`
	LinkType string `json:"link_type,omitempty"`
	Bytes    int64  `json:"bytes,omitempty"`
	Edges    []Edge `json:"edges,omitempty"`
}

// saidBody is the payload of what a person says.
type saidBody struct {
	By      string `json:"by"`
	Reasons string `json:"reasons,omitempty"`
}

// Collectors of a run: what the wire shows, and what people say.
const (
	wireCollector   = "writ observe"
	peopleCollector = "writ profile"
)

// maxEdges bounds the edges kept of an input: a picture, not a log of conversations.
const maxEdges = 2000

// drafts states the world: inputs, members, what was observed, what people say. The same world gives the
// same statements, whatever the order in which it was met.
func (w *world) drafts(s *observe.Seen, at time.Time) []Draft {
	var out []Draft
	for i := range s.Inputs {
		if !s.Inputs[i].Repeated {
			out = append(out, w.inputDraft(s, i, at))
		}
	}
	var members []fact.Member
	for _, sub := range slices.SortedFunc(maps.Keys(w.members), fact.Subject.Compare) {
		members = append(members, *w.members[sub])
	}
	for _, st := range evidence.Members(wireCollector, at, members) {
		out = append(out, Draft{st, w.bodies[st.Subject]})
	}
	for _, st := range evidence.State(wireCollector, at, w.claims) {
		out = append(out, Draft{st, nil})
	}
	return append(out, w.words(at)...)
}

// words states what people say: one statement for each subject and name, so that each can be taken back.
func (w *world) words(at time.Time) []Draft {
	by := map[saidBody][]fact.Claim{}
	for _, p := range w.people {
		k := saidBody{p.By, p.Reasons}
		if p.Method == fact.Declaration {
			k.Reasons = ""
		}
		by[k] = append(by[k], p.Claim)
	}
	var out []Draft
	for _, k := range slices.SortedFunc(maps.Keys(by), func(a, b saidBody) int {
		return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Reasons, b.Reasons))
	}) {
		for _, st := range evidence.State(peopleCollector, at, by[k]) {
			out = append(out, Draft{st, k})
		}
	}
	return out
}

// inputDraft states that an input was taken in. The first one's payload holds the picture of the network.
func (w *world) inputDraft(s *observe.Seen, n int, at time.Time) Draft {
	in := &s.Inputs[n]
	ref := &evidence.ArtefactRef{SHA256: in.SHA256, Media: in.Media, Size: in.Size, Packets: int64(in.Packets),
		First: in.First, Last: in.Last}
	if in.Notice != "" {
		ref.Notices = []string{strings.TrimPrefix(in.Notice, in.Path+": ")}
	}
	body := inputBody{Path: in.Path, LinkType: in.Link, Bytes: int64(in.Bytes)}
	if n == 0 {
		body.Edges = w.edges(s)
	}
	return Draft{evidence.Statement{Version: evidence.Version, Kind: evidence.Artefact,
		Collector: wireCollector, At: at, Artefact: ref}, body}
}

// edges names each end: a device by its subject, a peer by its name and address.
func (w *world) edges(s *observe.Seen) []Edge {
	names := map[string]string{}
	for _, p := range s.Peers {
		if p.Name != "" {
			names[p.Address] = p.Name + " " + p.Address
		}
	}
	for id, sub := range w.byID {
		names[id] = sub.ID
	}
	var out []Edge
	for _, e := range s.Edges[:min(len(s.Edges), maxEdges)] {
		out = append(out, Edge{From: cmp.Or(names[e.From], e.From), To: cmp.Or(names[e.To], e.To),
			Protocol: e.Protocol, Port: e.Port,
			Flows: e.Flows, Bytes: e.Bytes, Exposure: e.Exposure})
	}
	return out
}
