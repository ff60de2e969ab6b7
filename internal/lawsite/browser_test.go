// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawsite

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser opens pages from the disk, and notes what it complains of and asks for.
type browser struct {
	ctx  context.Context
	root string
	mu   sync.Mutex
	said []string
}

func open(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: scripts/test-tools.sh installs it; nobody has looked at the pages")
	}
	dir := filepath.Join(t.TempDir(), "site")
	if err := carried(t).Write(dir); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ExecPath(path))
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx, root: "file://" + dir + "/"}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) note(ev any) {
	said := ""
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, b.root) {
			said = "request: " + u
		}
	case *log.EventEntryAdded:
		said = "log: " + e.Entry.Text
	case *runtime.EventConsoleAPICalled:
		said = fmt.Sprintf("console: %v", e.Type)
	case *runtime.EventExceptionThrown:
		said = "exception: " + e.ExceptionDetails.Text
	}
	if said != "" {
		b.mu.Lock()
		b.said = append(b.said, said)
		b.mu.Unlock()
	}
}

func (b *browser) do(t *testing.T, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func (b *browser) faults(t *testing.T, what, script string) {
	t.Helper()
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string]("(() => {const bad = [];"+script+"; return bad.slice(0, 20)})()"))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, f := range found {
		t.Errorf("%s: %s", what, f)
	}
}

// contrast is WCAG 2.2's ratio of each kind of text to what lies behind it.
const contrast = `
const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length < 4 || m[3] > 0 ? m.slice(0, 3) : null };
const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }); return 0.2126*r + 0.7152*g + 0.0722*b };
const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c } return [255, 255, 255] };
const seen = new Set();
for (const e of document.querySelectorAll('body *')) {
	if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) || e.tagName == 'title' || e.closest('noscript')) continue;
	const style = getComputedStyle(e), svg = e.namespaceURI.endsWith('svg');
	const k = e.tagName + ' ' + (e.getAttribute('class') || '') + ' ' + style.color + style.fill + behind(e);
	if (seen.has(k)) continue;
	seen.add(k);
	const a = lum(rgb(svg ? style.fill : style.color)), b = lum(behind(e));
	const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	if (ratio < 4.5) bad.push(k + ': ' + ratio.toFixed(2));
}
if (seen.size < 10) bad.push('only ' + seen.size + ' kinds of text were looked at')`

// structure is what a keyboard and a screen reader hold on to.
const structure = `
let last = 0;
for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
	const n = Number(h.tagName[1]);
	if (n > last + 1 || (n == 1 && last)) bad.push('heading ' + h.textContent + ' has level ' + n + ' after ' + last);
	last = n;
}
for (const one of ['header', 'main', 'footer', 'h1', 'nav[aria-label]', 'html[lang]', 'title', 'meta[http-equiv=Content-Security-Policy]', 'a.skip'])
	if (document.querySelectorAll(one).length < 1) bad.push('no ' + one);
for (const t of document.querySelectorAll('table')) if (!t.caption) bad.push('a table without a caption: ' + t.textContent.slice(0, 60));
for (const t of document.querySelectorAll('th')) if (!t.scope) bad.push('a heading without a scope: ' + t.textContent);
for (const s of document.querySelectorAll('svg')) if (!s.getAttribute('aria-label')) bad.push('a picture without words');
for (const s of document.querySelectorAll('.scroll')) if (s.tabIndex != 0 || !s.getAttribute('aria-label')) bad.push('a keyboard cannot scroll ' + s.textContent.slice(0, 40));
for (const i of document.querySelectorAll('input')) if (!i.labels.length) bad.push('a field without a label');
for (const e of document.querySelectorAll('[aria-labelledby]')) if (!document.getElementById(e.getAttribute('aria-labelledby'))) bad.push('no label ' + e.getAttribute('aria-labelledby'));
if (getComputedStyle(document.body).marginTop != '0px') bad.push('the style sheet is not there')`

// opened is a page of each kind.
var opened = []string{"index.html", "uk/psti.html#schedule-1-1", "by-control/no-telnet.html", "by-fact/service.telnet.html",
	"by-control/index.html", "calendar.html", "clocks.html", "about.html", "search.html"}

// TestPagesWorkFromTheDisk opens them as files: they can be read, and the search finds.
func TestPagesWorkFromTheDisk(t *testing.T) {
	b := open(t)
	t.Run("fit to read", b.read)
	t.Run("search", b.search)
	b.quiet(t)
}

func (b *browser) read(t *testing.T) {
	for _, name := range opened {
		b.do(t, name, chromedp.Navigate(b.root+name))
		b.faults(t, name, structure)
		for _, width := range []int64{1280, 420} {
			b.do(t, name, chromedp.EmulateViewport(width, 900))
			b.faults(t, fmt.Sprintf("%s at %d", name, width),
				"const w = document.documentElement.scrollWidth; if (w > innerWidth) bad.push('the page is ' + w + ' wide')")
		}
		for _, theme := range []string{"light", "dark"} {
			p := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}}
			if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p); err != nil {
				t.Fatal(err)
			}
			b.faults(t, name+", contrast, "+theme, contrast)
		}
	}
}

func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		t.Error(s)
	}
}

// search types into the page, and comes to it from the start page's form.
func (b *browser) search(t *testing.T) {
	b.do(t, "typing", chromedp.Navigate(b.root+"search.html"), chromedp.SendKeys("#q", "164.312(e)(2)(ii)"))
	b.faults(t, "search", `
const first = document.querySelector('#results a');
if (!first || first.getAttribute('href') != 'us/hipaa-security.html#164.312-e-2-ii') bad.push('the first is ' + (first && first.href));
if (!/hold/.test(document.getElementById('status').textContent)) bad.push('the status says ' + document.getElementById('status').textContent);
if (!document.getElementById('plain').hidden) bad.push('the index still stands below')`)
	b.do(t, "nothing", chromedp.Navigate(b.root+"search.html?q=no+such+words+anywhere"))
	b.faults(t, "nothing", `
if (document.querySelectorAll('#results li').length) bad.push('something was found');
if (document.getElementById('status').textContent != 'Nothing holds all of these words.') bad.push(document.getElementById('status').textContent)`)
	b.do(t, "the start page", chromedp.Navigate(b.root+"index.html"), chromedp.SendKeys("#q", "telnet\r"), chromedp.WaitVisible("#results a"))
	b.faults(t, "the start page", "if (document.querySelectorAll('#results li').length < 3) bad.push('little was found')")
	b.do(t, "a result", chromedp.Click("#results a"), chromedp.WaitVisible("h1"))
}
