// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package identify

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Types are the words for what a device is.
var Types = []string{
	"access-point", "alarm", "appliance", "battery", "building-controller", "camera", "coffee-machine", "computer",
	"dect-base", "display", "door-lock", "doorbell", "e-reader", "ev-charger", "game-console", "garage-door",
	"gateway",
	"heat-pump", "hmi", "hub", "infusion-pump", "intercom", "inverter", "ip-phone", "irrigation", "kettle", "kvm",
	"laboratory", "laptop", "light", "media-player", "medical-imaging", "meter", "motor-drive", "nas",
	"patient-monitor",
	"pet-feeder", "phone", "plc", "plug", "power-distribution", "printer", "projector", "remote-io", "robot",
	"router",
	"scale", "scanner", "sensor", "server", "set-top-box", "siren", "smoke-detector", "speaker", "storage", "switch",
	"tablet", "telematics", "thermostat", "time-server", "tv", "ups", "vacuum", "ventilation", "video-recorder",
	"virtual-machine", "voice-assistant", "washing-machine", "watch", "workstation",
}

// Signature is one pattern and what it says of a device that shows it.
type Signature struct {
	Signal   string   `yaml:"signal"`
	Match    string   `yaml:"match"`  // * stands for anything; upper and lower case are one
	Regexp   string   `yaml:"regexp"` // beside match: groups named model and firmware are taken over
	Vendor   string   `yaml:"vendor"`
	Type     string   `yaml:"type"`
	Model    string   `yaml:"model"`
	Models   []string `yaml:"models"` // one of these, it cannot be told which
	Firmware string   `yaml:"firmware"`
	Weight   float64  `yaml:"weight"` // log-odds; 0: the signal's own
	Example  string   `yaml:"example"`
	Not      []string `yaml:"not"` // must not match
	File     string   `yaml:"-"`

	signal Signal
	glob   glob
	re     func() *regexp.Regexp // compiled when first asked; nil: none
	fixed  []*Evidence           // what it says, where no group takes part
}

// file is one file of catalogue/devices.
type file struct {
	Vendors    []vendor    `yaml:"vendors"`
	Modules    []string    `yaml:"modules"`
	Signatures []Signature `yaml:"signatures"`
	name       string
}

type vendor struct {
	Name string   `yaml:"name"`
	Also []string `yaml:"also"`
}

// Set is all signatures and names. It is immutable once loaded.
type Set struct {
	Vendors    *Vendors
	Signatures []Signature
	contacts   map[string][]*Signature
	ports      map[string][]*Evidence
	index      [len(kinds)]index
}

// Carried is the signatures that the program carries: those of catalogue/devices, as go generate wrote them
// down. They are not checked again.
func Carried() (*Set, error) { return newSet(carried) }

// Load reads all *.yaml of a directory, and checks them.
func Load(fsys fs.FS, dir string) (*Set, error) {
	files, err := read(fsys, dir)
	if err != nil {
		return nil, err
	}
	return newSet(files)
}

func read(fsys fs.FS, dir string) ([]file, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, err
	}
	files := make([]file, len(names))
	for i, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		f := &files[i]
		f.name = name
		if err := yaml.UnmarshalWithOptions(b, f, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("reading device signatures %s: %w", name, err)
		}
		for n := range f.Signatures {
			if err := f.Signatures[n].check(); err != nil {
				return nil, fmt.Errorf("reading device signatures %s: signature %d (%s %q): %w", name, n+1,
					f.Signatures[n].Signal, f.Signatures[n].Match, err)
			}
		}
	}
	return files, nil
}

func newSet(files []file) (*Set, error) {
	s := &Set{Vendors: &Vendors{names: map[string]string{}, modules: map[string]bool{}}}
	n := 0
	for i := range files {
		n += len(files[i].Signatures)
	}
	s.Signatures = make([]Signature, 0, n)
	for i := range files {
		if err := s.add(&files[i]); err != nil {
			return nil, fmt.Errorf("reading device signatures %s: %w", files[i].name, err)
		}
	}
	s.compile()
	return s, nil
}

func (s *Set) add(f *file) error {
	for _, v := range f.Vendors {
		for _, also := range append(v.Also, v.Name) {
			key := strings.Join(fold(also), " ")
			if was, ok := s.Vendors.names[key]; ok && was != v.Name {
				return fmt.Errorf("the name %q stands for both %s and %s", also, was, v.Name)
			}
			s.Vendors.names[key] = v.Name
		}
	}
	for _, m := range f.Modules {
		s.Vendors.modules[strings.Join(fold(m), " ")] = true
	}
	for i := range f.Signatures {
		sig := f.Signatures[i]
		sig.File = f.name
		sig.prepare()
		s.Signatures = append(s.Signatures, sig)
	}
	return nil
}

// check says what is wrong with a signature as it was written.
func (g *Signature) check() error {
	if signal, ok := parseSignal(g.Signal); !ok || signal == AddressPrefix {
		return fmt.Errorf("no signal is called %q", g.Signal)
	}
	if g.Match == "" || g.Example == "" {
		return fmt.Errorf("match and example are needed")
	}
	if g.Type != "" && !slices.Contains(Types, g.Type) {
		return fmt.Errorf("no device type is called %q", g.Type)
	}
	if g.Regexp != "" {
		_, err := regexp.Compile(g.Regexp)
		return err
	}
	if g.Vendor+g.Type+g.Model+g.Firmware+strings.Join(g.Models, "") == "" {
		return fmt.Errorf("it says nothing of the device")
	}
	return nil
}

// prepare makes the matcher of a signature that was checked.
func (g *Signature) prepare() {
	g.signal, _ = parseSignal(g.Signal)
	if g.Weight == 0 {
		g.Weight = kinds[g.signal].weight
	}
	g.glob = newGlob(g.Match)
	if g.Regexp != "" {
		text := g.Regexp
		g.re = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
		return
	}
	for _, m := range append(g.Models, g.Model) {
		if m == "" && len(g.Models) > 0 {
			continue
		}
		g.fixed = append(g.fixed, g.evidence(m, g.Firmware))
	}
}

func (g *Signature) evidence(model, firmware string) *Evidence {
	return &Evidence{Signal: g.signal, What: g.Match, Weight: g.Weight,
		Tuple: Tuple{g.Vendor, g.Type, model, firmware}}
}

// say gives what the signature says of text (lower is text in lower case); nil when it does not match.
func (g *Signature) say(text, lower string) []*Evidence {
	if g.signal != Contact && !g.glob.match(lower) {
		return nil
	}
	if g.re == nil {
		return g.fixed
	}
	re := g.re()
	m := re.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	model, firmware := g.Model, g.Firmware
	for i, n := range re.SubexpNames() {
		switch {
		case n == "model" && m[i] != "":
			model = strings.Clone(m[i])
		case n == "firmware" && m[i] != "":
			firmware = strings.Clone(m[i])
		}
	}
	return []*Evidence{g.evidence(model, firmware)}
}
