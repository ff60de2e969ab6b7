// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package law_test

import (
	"strings"
	"testing"

	"github.com/writ-iot/writ/law"
)

// withContent is the act whose one clock asks for this.
func withContent(content string) func(map[string]string) {
	return func(all map[string]string) {
		all["instruments/uk/example.yaml"] = strings.Replace(instrument,
			"    recipient: the Secretary of State\n", "    recipient: the Secretary of State\n    content:\n"+content, 1)
	}
}

func TestTheContentOfANoticeIsReadWithItsPlaces(t *testing.T) {
	c, err := law.Load(files(withContent(`      - words alone
      - {id: root-cause, title: the cause, pinpoint: s. 9(2), if: where known, confidence: doubtful}
`)))
	if err != nil {
		t.Fatal(err)
	}
	k := c.Instruments[0].Clocks[0]
	if len(k.Content) != 2 || k.Content[0] != "words alone" || k.Content[1] != "the cause" {
		t.Errorf("the titles are %q", k.Content)
	}
	words, cause := k.Items[0], k.Items[1]
	if words.ID != "" || words.Title != "words alone" || words.Confidence != law.Verified || words.Source != "act" {
		t.Errorf("words alone are read as %+v", words)
	}
	if cause.ID != "root-cause" || cause.Pinpoint != "s. 9(2)" || cause.If != "where known" || cause.Confidence != law.Doubtful {
		t.Errorf("an item is read as %+v", cause)
	}
}

func TestFaultsOfContentAreNamed(t *testing.T) {
	for content, want := range map[string]string{
		"      - {title: the cause}\n":                                               `an item of a notice lacks the key "id"`,
		"      - {id: Root Cause, title: the cause}\n":                               `is no name of an item`,
		"      - {id: a, title: the cause}\n      - {id: a, title: the effect}\n":    `item "a" stands twice`,
		"      - {id: a, title: the cause, pinpont: s. 9}\n":                         `did you mean "pinpoint"?`,
		"      - {id: a, title: the cause, pinpoint: s. 9, source: the newspaper}\n": `the newspaper`,
	} {
		if _, err := law.Load(files(withContent(content))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, want %s", content, err, want)
		}
	}
}
