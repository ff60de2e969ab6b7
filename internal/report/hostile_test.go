// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/colorprofile"
	"golang.org/x/net/html"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/assess"
	"github.com/writ-iot/writ/internal/report"
)

// hostile are names that a device can give itself: markup, scripts, terminal sequences, text that runs
// backwards, line ends, formulas, bytes that are no text.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' autofocus onfocus='alert(1)`, `</title><svg onload=alert(1)>`,
	`</style><style>*{display:none}</style>`, `--><!-- x`, `]]><x>`, `javascript:alert(1)`, `&lt;b&gt;`, `<a href="//evil.example">x</a>`,
	`{{.Profile}}`, `${7*7}`, "</text></svg><iframe src=//evil.example>", "</pre></details><form action=//evil.example><input>",
	"\x1b]0;title\x07", "\x1b[2J\x1b[1;31mred", "\x9b31m", "\u009b2J", "bell\a", "over\rwritten", "two\nlines", "crlf\r\nSet-Cookie: x=1", "nul\x00byte",
	"\u202egnp.exe", "\u2066isolate\u2069", "zero\u200bwidth", "soft\u00adhyphen", "\ufeffbom", "line\u2028sep", "para\u2029sep", "tag\U000e0041",
	`=HYPERLINK("http://evil.example")`, "@SUM(1)", "+1", "-1", "\t=1", "\xff\xfe\xc0\x80", "..\\..\\x", "%s%n%d", strings.Repeat("long", 2000), strings.Repeat("e\u0301", 300),
}

// named gives every subject and every free text of the assessment a hostile name.
func named(t *testing.T, bad string) *assess.Assessment {
	names := map[fact.Subject]string{}
	for i, s := range []fact.Subject{clinic, maker, pump, camera, pumps, eyes} {
		names[s] = fmt.Sprintf("%s %d", bad, i)
	}
	names[pumps] = "the make of " + names[pumps]
	a := small(t, names)
	a.Inputs[0].Path = bad
	a.Notices = []string{bad}
	for i := range a.Things {
		th := &a.Things[i]
		th.Vendor, th.Type, th.Model, th.Firmware, th.Hostnames, th.Signals = bad, bad, bad, bad, []string{bad}, []string{bad}
	}
	for i := range a.Edges {
		if strings.Contains(a.Edges[i].To, ".example") {
			a.Edges[i].To = strings.ReplaceAll(bad, " ", "_") + " 192.0.2.7"
		}
		a.Edges[i].Protocol += strings.Repeat(bad, i%2)
	}
	for i := range a.Result.Verdicts {
		for _, b := range a.Result.Verdicts[i].Because() {
			for k := range b.Children {
				if r := b.Children[k].Fact; r != nil {
					for _, c := range r.Support {
						for j := range c.Sources {
							c.Sources[j].Note = bad
						}
					}
				}
			}
		}
	}
	return a
}

// shape counts the elements of a page, and the attributes of each.
func shape(t *testing.T, page []byte) map[string]int {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			count[n.Data]++
			for _, a := range n.Attr {
				count[n.Data+" "+a.Key]++
			}
		case html.CommentNode:
			count["<!--"]++
		}
	}
	return count
}

func TestHostileNamesAddNoElementAndNoAttribute(t *testing.T) {
	page := func(a *assess.Assessment) []byte {
		return plainText(t, func(w io.Writer) error { return report.HTML(w, a) })
	}
	want := shape(t, page(named(t, "harmless")))
	for _, bad := range hostile {
		got := shape(t, page(named(t, bad)))
		if !maps.Equal(got, want) {
			for k := range maps.Keys(got) {
				if got[k] != want[k] {
					t.Errorf("%.60q: %d of %q, harmless names give %d", bad, got[k], k, want[k])
				}
			}
		}
	}
	for k := range want {
		if _, attr, _ := strings.Cut(k, " "); strings.HasPrefix(attr, "on") || slices.Contains([]string{"script", "iframe", "form", "object", "<!--"}, k) {
			t.Errorf("the page has %q", k)
		}
	}
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestHostileNamesDoNotReachATerminal(t *testing.T) {
	for _, bad := range hostile {
		a := named(t, bad)
		doors := map[string]func(io.Writer) error{
			"text": func(w io.Writer) error { return report.Text(w, a, 80) },
			"seen": func(w io.Writer) error { return report.Seen(w, seenOf(bad, bad), 80) },
			"list": func(w io.Writer) error { return report.Verdicts(w, report.Find(a, "xx/"), 40) },
		}
		for _, v := range report.Find(a, "xx/") {
			doors["why "+v.ID()] = func(w io.Writer) error { return report.Why(w, a, v) }
		}
		for door, write := range doors {
			for _, profile := range []colorprofile.Profile{colorprofile.NoTTY, colorprofile.TrueColor} {
				var b bytes.Buffer
				if err := write(&colorprofile.Writer{Forward: &b, Profile: profile}); err != nil {
					t.Fatal(err)
				}
				for _, r := range colour.ReplaceAllString(b.String(), "") {
					if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
						t.Errorf("%s: %.60q lets %U through", door, bad, r)
						break
					}
				}
			}
		}
	}
}

func TestHostileNamesStayJSON(t *testing.T) {
	for _, bad := range hostile {
		a := named(t, bad)
		var b bytes.Buffer
		if err := report.JSON(&b, a, true); err != nil {
			t.Fatal(err)
		}
		var back struct{ Profile string }
		if err := json.Unmarshal(b.Bytes(), &back); err != nil {
			t.Errorf("%.60q: %v", bad, err)
		}
		if want := strings.ToValidUTF8(a.Profile, "\ufffd"); len(bad) < 100 && strings.Count(back.Profile, "\ufffd") == 0 && back.Profile != want {
			t.Errorf("%.60q comes back as %.60q", bad, back.Profile)
		}
	}
}
