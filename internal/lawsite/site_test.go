// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

var update = flag.Bool("update", false, "write the golden files anew")

func day(t *testing.T, s string) fact.Day {
	t.Helper()
	d, err := fact.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func made(t *testing.T, fsys fs.FS) *Site {
	t.Helper()
	cat, err := law.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Make(cat, day(t, "2026-11-24"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var whole struct {
	once sync.Once
	site *Site
	took time.Duration
}

// carried is the site of the catalogue that the program carries, made once.
func carried(t *testing.T) *Site {
	t.Helper()
	whole.once.Do(func() {
		start := time.Now()
		whole.site = made(t, catalogue.FS)
		whole.took = time.Since(start)
	})
	if whole.site == nil {
		t.Fatal("the catalogue has no site")
	}
	return whole.site
}

// page is what a check of pages needs of one.
type page struct {
	ids   map[string]bool
	links []string
	said  string
}

// read walks a page, and reports what our policy would refuse.
func read(t *testing.T, name string, b []byte) page {
	t.Helper()
	p := page{ids: map[string]bool{}}
	root, err := html.ParseWithOptions(bytes.NewReader(b), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for n := range root.Descendants() {
		p.node(t, name, n)
	}
	return p
}

// wellFormed reports what a parser would have to mend in a page: tags that it adds, drops or moves.
func wellFormed(t *testing.T, name string, b []byte) {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(b), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var mended bytes.Buffer
	if err := html.Render(&mended, root); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	written, parsed := tags(b), tags(mended.Bytes())
	for k := range min(len(written), len(parsed)) {
		if written[k] != parsed[k] {
			t.Errorf("%s: tag %d is %s, and a parser reads %s", name, k, strings.Join(written[max(0, k-3):k+1], " "), parsed[k])
			break
		}
	}
	if len(written) != len(parsed) {
		t.Errorf("%s: %d tags, and a parser reads %d", name, len(written), len(parsed))
	}
}

func (p *page) node(t *testing.T, name string, n *html.Node) {
	if n.Type == html.TextNode {
		p.said += n.Data
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "id" && p.ids[a.Val]:
			t.Errorf("%s: two of id %s", name, a.Val)
		case a.Key == "id":
			p.ids[a.Val] = true
		case a.Key == "href" || a.Key == "src" || a.Key == "action":
			p.links = append(p.links, a.Val)
			if n.Data != "a" && strings.Contains(a.Val, "//") {
				t.Errorf("%s: %s asks for %s", name, n.Data, a.Val)
			}
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			t.Errorf("%s: attribute %s, which the policy does not let through", name, a.Key)
		}
	}
}

var void = map[string]bool{"meta": true, "link": true, "br": true, "input": true}

func tags(b []byte) []string {
	var all []string
	z := html.NewTokenizer(bytes.NewReader(b))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return all
		case html.StartTagToken:
			name, _ := z.TagName()
			all = append(all, "<"+string(name)+">")
		case html.SelfClosingTagToken: // of SVG, and as a void element is rendered
			name, _ := z.TagName()
			all = append(all, "<"+string(name)+">")
			if !void[string(name)] {
				all = append(all, "</"+string(name)+">")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			all = append(all, "</"+string(name)+">")
		}
	}
}

// TestNoLinkIsBroken follows every link of every page to its file and its fragment.
func TestNoLinkIsBroken(t *testing.T) {
	s := carried(t)
	pages := map[string]page{}
	for _, name := range s.Names() {
		if path.Ext(name) == ".html" {
			pages[name] = read(t, name, s.Files[name])
		}
		// Controls are drawn alike, and so are facts: one in thirty is enough of them.
		if path.Ext(name) == ".html" && (!strings.HasPrefix(name, "by-") || len(pages)%30 == 0) {
			wellFormed(t, name, s.Files[name])
		}
	}
	links := 0
	for name, p := range pages {
		if strings.Count(p.said, Disclaimer) != 1 {
			t.Errorf("%s says %d times what it is", name, strings.Count(p.said, Disclaimer))
		}
		for _, l := range p.links {
			if strings.HasPrefix(l, "https://") || strings.HasPrefix(l, "http://") || l == "data:," {
				continue
			}
			links++
			file, fragment, _ := strings.Cut(l, "#")
			to := name
			if file != "" {
				to = path.Join(path.Dir(name), file)
			}
			if s.Files[to] == nil {
				t.Errorf("%s leads to %s, which is not there", name, l)
			} else if fragment != "" && !pages[to].ids[fragment] {
				t.Errorf("%s leads to %s, where %s has no such place", name, l, to)
			}
		}
	}
	if links < 10_000 {
		t.Errorf("only %d links were followed", links)
	}
	if !pages["eu/cra.html"].ids["annex-1-1-2-d"] {
		t.Error("eu/cra.html#annex-1-1-2-d is a stable address, and gone")
	}
}

func TestTheSiteIsSmallAndQuick(t *testing.T) {
	s := carried(t)
	size := 0
	for _, b := range s.Files {
		size += len(b)
	}
	if size > 30<<20 {
		t.Errorf("the site weighs %d bytes", size)
	}
	if whole.took > 5*time.Second { // once more: others may have had the machine
		start := time.Now()
		made(t, catalogue.FS)
		whole.took = min(whole.took, time.Since(start))
	}
	if whole.took > 5*time.Second {
		t.Errorf("it took %s", whole.took)
	}
	t.Logf("%d files, %d bytes, %s", len(s.Files), size, whole.took.Round(time.Millisecond))
}

func TestOnePageInFull(t *testing.T) {
	s := made(t, os.DirFS("../lawtool/testdata/catalogue"))
	for _, name := range []string{"xx/sample.html", "index.html"} {
		file := filepath.Join("testdata", filepath.Base(name))
		if *update {
			if err := os.WriteFile(file, s.Files[name], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.Files[name], want) {
			t.Errorf("%s differs; got\n%s", file, s.Files[name])
		}
	}
}

// TestTheSameBytes: the site of a catalogue and a day does not depend on when it is made.
func TestTheSameBytes(t *testing.T) {
	a, b := made(t, os.DirFS("../lawtool/testdata/catalogue")), made(t, os.DirFS("../lawtool/testdata/catalogue"))
	for name := range a.Files {
		if !bytes.Equal(a.Files[name], b.Files[name]) {
			t.Errorf("%s differs", name)
		}
	}
}

func TestDoubtIsShown(t *testing.T) {
	page := string(made(t, os.DirFS("../lawtool/testdata/catalogue")).Files["xx/sample.html"])
	for _, want := range []string{"planned amendment <span class=\"mark doubt\"", "breach of a duty <span class=\"mark doubt\""} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// TestHostileLawStaysText: what a catalogue says is never markup.
func TestHostileLawStaysText(t *testing.T) {
	base := os.DirFS("../lawtool/testdata/catalogue")
	b, err := fs.ReadFile(base, "instruments/xx/sample.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spoilt := strings.NewReplacer("title: Sample Act", "title: '<script>alert(1)</script>'",
		"{name: Office of Nowhere, territory: XX}", "{name: Office, url: 'javascript:alert(1)'}").Replace(string(b))
	s := made(t, law.Overlay(base, oneFile{"instruments/xx/sample.yaml", spoilt}))
	for name, page := range s.Files {
		if path.Ext(name) == ".html" && (bytes.Contains(page, []byte("<script>")) || bytes.Contains(page, []byte("href=\"javascript"))) {
			t.Errorf("%s holds a script of the catalogue's", name)
		}
		if name == "search-index.js" && bytes.Contains(page, []byte("<script>")) {
			t.Errorf("%s is not escaped", name)
		}
	}
}
