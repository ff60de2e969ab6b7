// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/writ-iot/writ/internal/browsertest"
)

// browser opens pages from the disk.
type browser struct {
	*browsertest.Browser
	root string
}

func open(t *testing.T) *browser {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	root := "file://" + dir + "/"
	b := &browser{browsertest.Open(t, root), root} // which skips the test, before it writes the pages
	if err := carried(t).Write(dir); err != nil {
		t.Fatal(err)
	}
	return b
}

// structure is what else holds of each page.
const structure = browsertest.Structure + `
if (document.querySelectorAll('a.skip').length < 1) bad.push('no a.skip');
if (getComputedStyle(document.body).marginTop != '0px') bad.push('the style sheet is not there')`

// opened is a page of each kind.
var opened = []string{"index.html", "uk/psti.html#schedule-1-1", "by-control/no-telnet.html", "by-fact/service.telnet.html",
	"by-control/index.html", "calendar.html", "clocks.html", "about.html", "search.html"}

// TestPagesWorkFromTheDisk opens them as files: they can be read, and the search finds.
func TestPagesWorkFromTheDisk(t *testing.T) {
	b := open(t)
	t.Run("fit to read", b.read)
	t.Run("search", b.search)
	b.Quiet(t)
}

func (b *browser) read(t *testing.T) {
	for _, name := range opened {
		b.Do(t, name, chromedp.Navigate(b.root+name))
		b.Faults(t, name, structure)
		b.Narrow(t, name)
		for _, theme := range []string{"light", "dark"} {
			b.Theme(t, theme)
			b.Faults(t, name+", contrast, "+theme, browsertest.Contrast(10))
		}
	}
}

// search types into the page, and comes to it from the start page's form.
func (b *browser) search(t *testing.T) {
	b.Do(t, "typing", chromedp.Navigate(b.root+"search.html"), chromedp.SendKeys("#q", "164.312(e)(2)(ii)"))
	b.Faults(t, "search", `
const first = document.querySelector('#results a');
if (!first || first.getAttribute('href') != 'us/hipaa-security.html#164.312-e-2-ii') bad.push('the first is ' + (first && first.href));
if (!/hold/.test(document.getElementById('status').textContent)) bad.push('the status says ' + document.getElementById('status').textContent);
if (!document.getElementById('plain').hidden) bad.push('the index still stands below')`)
	b.Do(t, "nothing", chromedp.Navigate(b.root+"search.html?q=no+such+words+anywhere"))
	b.Faults(t, "nothing", `
if (document.querySelectorAll('#results li').length) bad.push('something was found');
if (document.getElementById('status').textContent != 'Nothing holds all of these words.') bad.push(document.getElementById('status').textContent)`)
	b.Do(t, "the start page", chromedp.Navigate(b.root+"index.html"), chromedp.SendKeys("#q", "telnet\r"), chromedp.WaitVisible("#results a"))
	b.Faults(t, "the start page", "if (document.querySelectorAll('#results li').length < 3) bad.push('little was found')")
	b.Do(t, "a result", chromedp.Click("#results a"), chromedp.WaitVisible("h1"))
}
