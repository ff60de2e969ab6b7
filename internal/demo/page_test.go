// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
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
	"github.com/chromedp/chromedp/kb"

	"github.com/writ-iot/writ/internal/report"
)

// mostPage is what the demo's page may weigh.
const mostPage = 2 << 20

// browser opens the page in Chromium and notes what it complains of and asks for.
type browser struct {
	ctx  context.Context
	mu   sync.Mutex
	said []string
}

func open(t *testing.T, page []byte) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: scripts/test-tools.sh installs it; nobody has looked at the page")
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.ExecPath(path))
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) note(ev any) {
	said := ""
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, "data:") && !strings.HasSuffix(u, "/page.html") {
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

func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.said {
		t.Error(s)
	}
}

func (b *browser) theme(t *testing.T, name string) {
	t.Helper()
	p := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p); err != nil {
		t.Fatal(err)
	}
}

// faults runs a script that lists what is wrong.
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

// contrast is WCAG 2.2's ratio of each text to what lies behind it, over every kind of text on the page.
const contrast = `
const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length < 4 || m[3] > 0 ? m.slice(0, 3) : null };
const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }); return 0.2126*r + 0.7152*g + 0.0722*b };
const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c } return [255, 255, 255] };
const seen = new Set();
for (const e of document.querySelectorAll('body *')) {
	if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim())) continue;
	const style = getComputedStyle(e), svg = e.namespaceURI.endsWith('svg');
	const k = e.tagName + ' ' + (e.getAttribute('class') || '') + ' ' + style.color + style.fill + behind(e);
	if (seen.has(k) || e.tagName == 'title') continue;
	seen.add(k);
	const a = lum(rgb(svg ? style.fill : style.color)), b = lum(behind(e));
	const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
	if (ratio < 4.5) bad.push(k + ': ' + ratio.toFixed(2));
}
if (seen.size < 20) bad.push('only ' + seen.size + ' kinds of text were looked at')`

// structure is what a keyboard and a screen reader hold on to.
const structure = `
let last = 0;
for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
	const n = Number(h.tagName[1]);
	if (n > last + 1 || (n == 1 && last)) bad.push('heading ' + h.textContent + ' has level ' + n + ' after ' + last);
	last = n;
}
for (const one of ['header', 'main', 'footer', 'h1', 'nav[aria-label]', 'html[lang]', 'title', 'meta[http-equiv=Content-Security-Policy]'])
	if (document.querySelectorAll(one).length < 1) bad.push('no ' + one);
const ids = new Set();
for (const e of document.querySelectorAll('[id]')) { if (ids.has(e.id)) bad.push('two of ' + e.id); ids.add(e.id) }
for (const a of document.querySelectorAll('a[href]')) {
	const to = a.getAttribute('href');
	if (!to.startsWith('#') || !ids.has(to.slice(1))) bad.push('a link leads nowhere: ' + to);
}
for (const e of document.querySelectorAll('[aria-labelledby]')) if (!ids.has(e.getAttribute('aria-labelledby'))) bad.push('no label ' + e.getAttribute('aria-labelledby'));
for (const t of document.querySelectorAll('table')) if (!t.caption) bad.push('a table without a caption: ' + t.textContent.slice(0, 60));
for (const t of document.querySelectorAll('th')) if (!t.scope) bad.push('a heading without a scope: ' + t.textContent);
for (const s of document.querySelectorAll('svg')) if (!s.closest('[aria-hidden]') && !s.getAttribute('aria-label')) bad.push('a picture without words');
for (const s of document.querySelectorAll('.scroll')) if (s.tabIndex != 0 || !s.getAttribute('aria-label')) bad.push('a keyboard cannot scroll ' + s.textContent.slice(0, 40));
if (document.scripts.length) bad.push('a script');
if (document.querySelectorAll('[style]').length) bad.push('a style attribute: the policy lets none through')`

func TestThePageIsFitToHandOn(t *testing.T) {
	var page bytes.Buffer
	if err := report.HTML(&page, theHospital(t).a); err != nil {
		t.Fatal(err)
	}
	if page.Len() > mostPage {
		t.Errorf("the page weighs %d bytes, at most %d", page.Len(), mostPage)
	}
	b := open(t, page.Bytes())
	b.faults(t, "structure", structure)
	for _, theme := range []string{"light", "dark"} {
		b.theme(t, theme)
		b.faults(t, theme, `if (getComputedStyle(document.body).backgroundColor == 'rgb(251, 250, 247)' != `+fmt.Sprint(theme == "light")+`) bad.push('the theme is not followed')`)
	}
	for _, width := range []int64{1280, 420} {
		if err := chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 900)); err != nil {
			t.Fatal(err)
		}
		b.faults(t, fmt.Sprint(width), `const w = document.documentElement.scrollWidth; if (w > innerWidth) bad.push('the page is ' + w + ' wide')`)
	}
	// The first summary opens by keyboard, every other by a click.
	keys := chromedp.Steps(chromedp.Focus("summary"), chromedp.KeyEvent(kb.Enter))
	if err := chromedp.Do(b.ctx, keys); err != nil {
		t.Fatal(err)
	}
	b.faults(t, "details", `
const all = [...document.querySelectorAll('details')];
if (all.length < 100) bad.push('only ' + all.length + ' details');
if (!all[0].open) bad.push('the first does not open by keyboard');
for (const d of all.slice(1)) d.firstElementChild.click();
for (const d of all) if (!d.open || d.firstElementChild.tagName != 'SUMMARY' || d.lastElementChild.getBoundingClientRect().height < 10) bad.push('does not open: ' + d.textContent.slice(0, 60));
if (document.documentElement.scrollWidth > innerWidth) bad.push('opened, the page is ' + document.documentElement.scrollWidth + ' wide')`)
	for _, theme := range []string{"light", "dark"} {
		b.theme(t, theme)
		b.faults(t, "contrast, "+theme, contrast)
	}
	b.quiet(t)
}

func TestTheBrowserWouldTell(t *testing.T) {
	b := open(t, []byte(`<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`+
		`</head><body><p style="color:#777;background:#888">low</p><h3>late</h3><script>1</script><img src="http://127.0.0.1:9/x.png"></body></html>`))
	b.mu.Lock()
	said := strings.Join(b.said, "\n")
	b.mu.Unlock()
	if !strings.Contains(said, "Content Security Policy") {
		t.Errorf("a page that breaks its policy says nothing of it: %q", said)
	}
	for what, script := range map[string]string{"contrast": contrast, "structure": structure} {
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string]("(() => {const bad = [];"+script+"; return bad})()"))
		if err != nil || len(found) < 2 {
			t.Errorf("%s finds %q, %v", what, found, err)
		}
	}
}
