// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/profile"
)

func TestTheExamplesAreRead(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d examples, %v: want a hospital, a bank and a maker", len(files), err)
	}
	for _, f := range files {
		if _, err := profile.Load(f, theLaw(t)); err != nil {
			t.Errorf("%v", err)
		}
	}
}

// The page that documents the profile shows one, and it is read.
func TestTheDocumentedProfileIsRead(t *testing.T) {
	b, err := os.ReadFile("../../docs/profile.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```yaml\n")
	text, rest, ok := strings.Cut(rest, "```\n")
	if !ok {
		t.Fatal("docs/profile.md shows no profile")
	}
	p, err := profile.Parse("docs/profile.md", []byte(text), theLaw(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Records) != 3 || len(p.Devices) != 1 || len(p.Products) != 1 || len(p.Networks) != 2 ||
		len(p.Organisation.Facts) != 3 {
		t.Errorf("%+v", p)
	}
	_, shown, _ := strings.Cut(rest, "\n    group: ")
	shown, _, _ = strings.Cut("group: "+shown, "\n\n")
	g, err := profile.Parse("docs/profile.md", []byte("version: 1\n"+strings.ReplaceAll(shown, "\n    ", "\n")), theLaw(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Persons) != 3 || len(g.Sites) != 2 || len(g.Services) != 2 || g.Products[0].Maker != "archive" {
		t.Errorf("%+v", g)
	}
}
