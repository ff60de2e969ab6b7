// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-iot/writ/fact"
)

const threeFacts = `# a file of facts
facts:
  - name: service.telnet
    subject: device
    type: bool
    meaning: telnet was spoken
    known: [passive]
    ttl: {passive: 24h}
    absence-hours: 24
    source: here
  - name: service.ftp
    subject: device
    type: bool
    meaning: FTP was spoken
    known: [passive]
    source: here
  - name: tls.used
    subject: device
    type: bool
    meaning: a handshake was completed
    known: [passive]
    source: here
`

func TestNamedFactsAreReadAsTheWholeCatalogueReadsThem(t *testing.T) {
	dashed := strings.ReplaceAll(threeFacts, "  - name", "- name")
	dashed = strings.ReplaceAll(dashed, "    ", "  ")
	for style, src := range map[string]string{"indented": threeFacts, "flush": dashed} {
		fsys := fstest.MapFS{"facts/wire.yaml": {Data: []byte(src)}, "facts/other.yaml": {Data: []byte("facts: broken")}}
		if style == "flush" {
			delete(fsys, "facts/other.yaml") // read whole where the style is another
		} else {
			fsys["facts/other.yaml"] = &fstest.MapFile{Data: []byte("facts:\n  - name: nobody.asks\n    broken: yes\n")}
		}
		v, err := LoadFacts(fsys, []fact.Name{"service.telnet", "tls.used", "not.there"})
		if err != nil {
			t.Fatalf("%s: %v", style, err)
		}
		if names := v.Names(); len(names) != 2 || names[0] != "service.telnet" || names[1] != "tls.used" {
			t.Errorf("%s: read %v, want the two that were named", style, names)
		}
		if d, ok := v.Lookup("service.telnet"); !ok || d.AbsenceHours != 24 || d.Meaning != "telnet was spoken" {
			t.Errorf("%s: service.telnet is %+v", style, d)
		}
	}
}

func TestAMistakeInANamedFactIsNamedWhereItStands(t *testing.T) {
	src := strings.Replace(threeFacts, "    meaning: a handshake was completed\n", "", 1)
	_, err := LoadFacts(fstest.MapFS{"facts/wire.yaml": {Data: []byte(src)}}, []fact.Name{"tls.used"})
	if err == nil || !strings.Contains(err.Error(), "facts/wire.yaml:17") {
		t.Errorf("said %v, want the place facts/wire.yaml:17", err)
	}
}
