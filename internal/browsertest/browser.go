// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package browsertest opens pages in Chromium for tests, and says what is wrong with them.
package browsertest

import (
	"context"
	"fmt"
	"os/exec"
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

// Browser notes what a page complains of, and what it asks for beyond its own files.
type Browser struct {
	ctx  context.Context
	own  string
	mu   sync.Mutex
	said []string
}

// Open starts a browser for pages whose addresses begin with own. Without Chromium the test is skipped.
func Open(t *testing.T, own string) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: scripts/test-tools.sh installs it; nobody has looked at the pages")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.ExecPath(path))
	ctx, cancel = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &Browser{ctx: ctx, own: own}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *Browser) note(ev any) {
	said := ""
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, b.own) {
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

// Said is what was noted.
func (b *Browser) Said() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.said...)
}

// Quiet fails the test for each thing that was noted.
func (b *Browser) Quiet(t *testing.T) {
	t.Helper()
	for _, s := range b.Said() {
		t.Error(s)
	}
}

// Do acts; what names the act where it fails.
func (b *Browser) Do(t *testing.T, what string, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// Theme sets whether the reader prefers light or dark.
func (b *Browser) Theme(t *testing.T, name string) {
	t.Helper()
	p := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme",
		Value: name}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p); err != nil {
		t.Fatal(err)
	}
}

// Look runs a script on the page that pushes on bad what is wrong, and gives the first of that.
func (b *Browser) Look(t *testing.T, what, script string) []string {
	t.Helper()
	found, err := chromedp.Run(b.ctx,
		chromedp.Evaluate[[]string]("(() => {const bad = [];"+script+"; return bad.slice(0, 20)})()"))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return found
}

// Faults fails the test for each thing that Look finds.
func (b *Browser) Faults(t *testing.T, what, script string) {
	t.Helper()
	for _, f := range b.Look(t, what, script) {
		t.Errorf("%s: %s", what, f)
	}
}

// Narrow fails the test where the page is wider than the window, at the width of a desk and of a telephone.
func (b *Browser) Narrow(t *testing.T, what string) {
	t.Helper()
	for _, width := range []int64{1280, 420} {
		b.Do(t, what, chromedp.EmulateViewport(width, 900))
		b.Faults(t, fmt.Sprintf("%s at %d", what, width),
			"const w = document.documentElement.scrollWidth;"+
				"if (w > innerWidth) bad.push('the page is ' + w + ' wide')")
	}
}
