// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/writ-iot/writ/internal/browsertest"
	"github.com/writ-iot/writ/internal/report"
)

// mostPage is what the demo's page may weigh.
const mostPage = 2 << 20

// whole is what else holds of a page that is one file.
const whole = browsertest.Structure + `
for (const a of document.querySelectorAll('a[href]')) {
	const to = a.getAttribute('href');
	if (!to.startsWith('#') || !ids.has(to.slice(1))) bad.push('a link leads nowhere: ' + to);
}
if (document.scripts.length) bad.push('a script');
if (document.querySelectorAll('[style]').length) bad.push('a style attribute: the policy lets none through')`

// open writes a page to a file, and opens it.
func open(t *testing.T, page []byte) *browsertest.Browser {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	b := browsertest.Open(t, "file://"+file)
	b.Do(t, "opening", chromedp.Navigate("file://"+file))
	return b
}

// details opens every summary but the first, which a keyboard opened.
const details = `
const all = [...document.querySelectorAll('details')];
if (all.length < 100) bad.push('only ' + all.length + ' details');
if (!all[0].open) bad.push('the first does not open by keyboard');
for (const d of all.slice(1)) d.firstElementChild.click();
for (const d of all)
	if (!d.open || d.firstElementChild.tagName != 'SUMMARY' || d.lastElementChild.getBoundingClientRect().height < 10)
		bad.push('does not open: ' + d.textContent.slice(0, 60));
const wide = document.documentElement.scrollWidth;
if (wide > innerWidth) bad.push('opened, the page is ' + wide + ' wide')`

func TestThePageIsFitToHandOn(t *testing.T) {
	var page bytes.Buffer
	if err := report.HTML(&page, theHospital(t).a); err != nil {
		t.Fatal(err)
	}
	if page.Len() > mostPage {
		t.Errorf("the page weighs %d bytes, at most %d", page.Len(), mostPage)
	}
	b := open(t, page.Bytes())
	b.Faults(t, "structure", whole)
	for _, theme := range []string{"light", "dark"} {
		b.Theme(t, theme)
		b.Faults(t, theme, `if (getComputedStyle(document.body).backgroundColor == 'rgb(251, 250, 247)' != `+
			fmt.Sprint(theme == "light")+`) bad.push('the theme is not followed')`)
	}
	b.Narrow(t, "the page")
	b.Do(t, "opening a summary", chromedp.Steps(chromedp.Focus("summary"), chromedp.KeyEvent(kb.Enter)))
	b.Faults(t, "details", details)
	for _, theme := range []string{"light", "dark"} {
		b.Theme(t, theme)
		b.Faults(t, "contrast, "+theme, browsertest.Contrast(20))
	}
	b.Quiet(t)
}
