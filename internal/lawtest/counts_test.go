// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/lawtest"
	"github.com/writ-iot/writ/internal/lawtool"
)

// TestTheLawInFiguresStandsInTheDocs holds the page's table against what the command counts; the digest of the
// catalogue, which turns with every comment, is left to the page.
func TestTheLawInFiguresStandsInTheDocs(t *testing.T) {
	const page = "../../docs/law-counts.md"
	cat, _ := lawtest.Whole(t)
	var b bytes.Buffer
	if err := lawtool.WriteCounts(&b, lawtool.CountAll(cat)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(kept), "\n")
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.HasPrefix(line, "|") && !slices.Contains(lines, line) {
			t.Errorf("docs/law-counts.md does not say (writ law list --counts > docs/law-counts.md):\n%s", line)
		}
	}
}
