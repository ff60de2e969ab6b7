// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/law"
)

var embedded = sync.OnceValues(func() (*law.Catalogue, error) { return law.Load(catalogue.FS) })

func vocabulary(t testing.TB) *fact.Vocabulary {
	t.Helper()
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return c.Vocabulary
}

// stage plays scenes to an inventory and the checks behind it.
type stage struct {
	inv   *inventory.Inventory
	run   *Run
	t     int64
	frame uint32
}

func newStage() *stage {
	s := &stage{inv: inventory.New(inventory.Options{}), t: exampleStart * second}
	s.run = New(s.inv)
	s.see(alone(router, &observation.Binding{IP: router.ip(), MAC: router.mac(), Via: "arp"}))
	for _, who := range []role{camera, panel} {
		s.see(alone(who, &observation.Host{IP: who.ip(), MAC: who.mac()}))
		s.see(tcp(who, stranger, 443, &observation.Flow{Protocol: "tls", PacketsOut: 9, PacketsIn: 9,
			BytesOut: 90, BytesIn: 90, Established: true}))
	}
	return s
}

func (s *stage) see(c scene) {
	s.t += c.wait * second
	s.frame++
	o := observation.Observation{Time: s.t, First: s.frame, Last: s.frame, ClientMAC: c.from.mac(),
		ServerMAC: c.to.mac(),
		Transport: c.transport, Body: c.body}
	if c.from != none && c.transport != observation.Link {
		o.Client = netip.AddrPortFrom(c.from.ip(), uint16(exampleAsker+s.frame%20000))
		if c.transport == observation.UDP {
			o.Client = netip.AddrPortFrom(c.from.ip(), exampleAsker)
		}
	}
	if c.to != none {
		o.Server = netip.AddrPortFrom(c.to.ip(), c.port)
	}
	if f, ok := c.body.(*observation.Flow); ok && f.FirstTime == 0 {
		g := *f
		g.FirstTime = s.t - second/2
		o.Body = &g
	}
	s.inv.Observe(&o)
	s.run.Observe(&o)
}

// watch has camera, panel and router seen at work for some hours.
func (s *stage) watch(hours int) {
	for range hours*12 + 1 {
		wait := int64(298)
		for _, c := range [][2]role{{camera, cloud}, {panel, cloud}, {camera, router}} {
			s.see(tcp(c[0], c[1], 443, &observation.Flow{Protocol: "tls", PacketsOut: 9, PacketsIn: 9,
				BytesOut: 90, BytesIn: 90,
				Established: true}).after(wait))
			wait = 1
		}
	}
}

func (s *stage) claims(t testing.TB, v *fact.Vocabulary, partial bool) []fact.Claim {
	c := Context{Vocabulary: v, Inputs: []Artefact{{SHA256: strings.Repeat("a", 64), Frames: int(s.frame)}},
		Partial: partial}
	return slices.Collect(s.run.Claims(c))
}

// of finds what is claimed of a role.
func of(s *stage, claims []fact.Claim, who role, name fact.Name) *fact.Claim {
	d := s.inv.Devices().At(s.t, who.ip(), who.mac())
	for i := range claims {
		if c := &claims[i]; d != nil && c.Subject == (fact.Subject{Kind: fact.Device, ID: d.ID}) && c.Fact == name {
			return c
		}
	}
	return nil
}

func TestEveryCheckKeepsItsExamples(t *testing.T) {
	v := vocabulary(t)
	for _, k := range all() {
		def, ok := v.Lookup(k.fact)
		if !ok {
			t.Errorf("%s stands in no vocabulary", k.fact)
			continue
		}
		for name, e := range map[string]example{"violated": k.violated, "met": k.met, "trap": k.trap} {
			t.Run(string(k.fact)+"/"+name, func(t *testing.T) {
				if e.role == none || len(e.scenes) == 0 {
					t.Fatal("the check has no such example")
				}
				s := newStage()
				if e.watched {
					s.watch(def.AbsenceHours)
				}
				for _, c := range e.scenes {
					s.see(c)
				}
				c := of(s, s.claims(t, v, false), e.role, k.fact)
				got := unsaid
				if c != nil {
					got = says(c.Value.String())
				}
				if got != e.says {
					t.Errorf("it says %q of the device, want %q", got, e.says)
				}
				if c != nil && (len(c.Sources) == 0 || len(c.Sources[0].Frames) == 0 || c.ObservedAt.IsZero()) {
					t.Errorf("the claim cites no frame: %+v", c)
				}
			})
		}
		if len(k.on) == 0 && k.tell == nil || k.note == "" {
			t.Errorf("%s looks at nothing, or has no note", k.fact)
		}
	}
}

// TestExamplesDiffer holds examples to their purpose: they do not all say the same.
func TestExamplesDiffer(t *testing.T) {
	for _, k := range all() {
		if k.violated.says == k.met.says {
			t.Errorf("%s: violated and met say the same", k.fact)
		}
	}
}

func TestTheVocabularyOfTheWireIsCovered(t *testing.T) {
	known := Facts()
	for _, n := range vocabulary(t).Names() {
		def, _ := vocabulary(t).Lookup(n)
		if def.Subject != fact.Device || !slices.Contains(def.Known, fact.Passive) {
			continue
		}
		if !slices.Contains(known, n) {
			t.Errorf("nothing shows %s, which can be known passively", n)
		}
	}
}

func TestSilenceShowsNothingWithoutCoverage(t *testing.T) {
	v := vocabulary(t)
	lossy := func(s *stage) {
		s.see(tcp(camera, cloud, 443, &observation.Flow{Protocol: "tls", PacketsOut: 9, PacketsIn: 9,
			Missing: 1 << 20, Established: true}))
	}
	for name, c := range map[string]struct {
		play    func(s *stage)
		partial bool
		want    bool
	}{
		"a whole day":            {func(s *stage) { s.watch(24) }, false, true},
		"an hour less":           {func(s *stage) { s.watch(22) }, false, false},
		"a view that is partial": {func(s *stage) { s.watch(24) }, true, false},
		"a loss of much":         {func(s *stage) { s.watch(24); lossy(s) }, false, false},
		"nothing but a look":     {func(*stage) {}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			c.play(s)
			got := of(s, s.claims(t, v, c.partial), camera, "service.telnet")
			if (got != nil) != c.want {
				t.Errorf("absence of telnet is claimed: %v, want %v", got != nil, c.want)
			}
		})
	}
}

func TestSilenceShowsNothingOfProtocolsThatCannotBeRead(t *testing.T) {
	s := newStage()
	s.watch(24)
	c := Context{Vocabulary: vocabulary(t), Inputs: []Artefact{{"a", 1}},
		Reads: func(p string) bool { return p != "telnet" }}
	for claim := range s.run.Claims(c) {
		if claim.Fact == "service.telnet" {
			t.Errorf("%+v", claim)
		}
	}
}

func TestSilenceShowsNothingWhereAConversationWasNotRecognised(t *testing.T) {
	v := vocabulary(t)
	s := newStage()
	s.watch(24)
	s.see(tcp(camera, cloud, 4433, &observation.Flow{PacketsOut: 9, PacketsIn: 9, BytesOut: 90, BytesIn: 90,
		Established: true}))
	claims := s.claims(t, v, false)
	for _, name := range []fact.Name{"data.internet_cleartext", "credentials.cleartext"} {
		if c := of(s, claims, camera, name); c != nil {
			t.Errorf("%s is said to be %v", name, c.Value)
		}
		if c := of(s, claims, panel, name); c == nil || !c.Value.IsFalse() {
			t.Errorf("%s is not denied of a device whose every conversation was read", name)
		}
	}
	if c := of(s, claims, camera, "service.telnet"); c == nil {
		t.Error("what is known by its first words is denied all the same")
	}
}

func TestAClaimCitesTheFirstFramesAndTheLatest(t *testing.T) {
	s := newStage()
	base := s.frame
	for range 9 {
		s.see(tcp(panel, camera, 23, &observation.Session{Protocol: "telnet"}))
	}
	c := of(s, s.claims(t, vocabulary(t), false), camera, "service.telnet")
	f := int(base)
	if want := [][2]int{{f + 1, f + 1}, {f + 2, f + 2}, {f + 9, f + 9}}; !slices.Equal(c.Sources[0].Frames, want) {
		t.Errorf("frames are %v, want %v", c.Sources[0].Frames, want)
	}
	if want := time.Unix(0, s.t).UTC(); c.ObservedAt != want {
		t.Errorf("observed at %v, want the latest: %v", c.ObservedAt, want)
	}
	if c.Coverage.Port != 23 {
		t.Errorf("the port is %d", c.Coverage.Port)
	}
}

func TestWhatPeersDoIsShownWhereNoDeviceSharesInIt(t *testing.T) {
	s := newStage()
	// the server's doing: a peer's
	s.see(tcp(camera, cloud, 23, &observation.Session{Protocol: "telnet"}))
	// both: the device's
	s.see(tcp(camera, cloud, 443, &observation.TLS{Version: "TLSv1.0", CipherName: "x", Established: true}))
	got := map[fact.Name]fact.SubjectKind{}
	for _, c := range s.claims(t, vocabulary(t), false) {
		got[c.Fact] = c.Subject.Kind
	}
	if got["service.telnet"] != fact.Peer || got["tls.obsolete_negotiated"] != fact.Device {
		t.Errorf("%v", got)
	}
}

func TestObservingAllocatesOnlyWhatIsKept(t *testing.T) {
	s := newStage()
	o := observation.Observation{Time: s.t, First: 1, Last: 1, Client: netip.AddrPortFrom(camera.ip(), 1),
		ClientMAC: camera.mac(),
		Server:    netip.AddrPortFrom(panel.ip(), 23), ServerMAC: panel.mac(), Transport: observation.TCP,
		Body: &observation.Session{Protocol: "telnet"}}
	if n := testing.AllocsPerRun(100, func() { s.run.Observe(&o) }); n > 0 {
		t.Errorf("%v allocations an observation", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	s := newStage()
	o := observation.Observation{Time: s.t, First: 1, Last: 1, Client: netip.AddrPortFrom(camera.ip(), 1),
		ClientMAC: camera.mac(),
		Server: netip.AddrPortFrom(panel.ip(),
			23), ServerMAC: panel.mac(), Transport: observation.TCP, Body: modern()}
	b.ReportAllocs()
	for b.Loop() {
		s.run.Observe(&o)
	}
}
