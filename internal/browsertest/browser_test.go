// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package browsertest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/writ-iot/writ/internal/browsertest"
)

// A page that breaks every rule: what looks at pages must tell.
func TestTheBrowserWouldTell(t *testing.T) {
	const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`
	const page = `<!doctype html><html><head>` + policy + `</head><body><p style="color:#777;background:#888;width:2000px">low</p>` +
		`<h3>late</h3><script>1</script><img src="http://127.0.0.1:9/x.png"></body></html>`
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	b := browsertest.Open(t, "file://"+file)
	b.Do(t, "opening", chromedp.Navigate("file://"+file))
	if said := strings.Join(b.Said(), "\n"); !strings.Contains(said, "Content Security Policy") {
		t.Errorf("a page that breaks its policy says nothing of it: %q", said)
	}
	for what, script := range map[string]string{"contrast": browsertest.Contrast(20), "structure": browsertest.Structure} {
		if found := b.Look(t, what, script); len(found) < 2 {
			t.Errorf("%s finds %q", what, found)
		}
	}
}
