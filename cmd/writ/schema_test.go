// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/cobra"
)

// Every command answers programs, in a shape that docs/schema holds, and people; testdata/answers has a script for
// each, testdata/golden what it wrote.

// inOneForm are the commands that answer in one form alone, and why.
var inOneForm = map[string]string{}

// tree is every command, as run puts them together.
func tree() *cobra.Command {
	root := &cobra.Command{Use: "writ"}
	root.AddCommand(commands(newDoor(nil, io.Discard, io.Discard))...)
	return root
}

// runnable are the commands that do something, by their words, in the tree's order.
func runnable() (all []*cobra.Command) {
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Runnable() && !c.Hidden {
			all = append(all, c)
		}
		for _, s := range c.Commands() {
			walk(s)
		}
	}
	walk(tree())
	return all
}

// nameOfCommand is a command's words, joined by hyphens: the name of its schema.
func nameOfCommand(c *cobra.Command) string {
	return strings.Join(strings.Fields(c.CommandPath())[1:], "-")
}

// formats are those that a command writes, the first by default; none: it has no such flag.
func formats(c *cobra.Command) []string {
	f := c.Flags().Lookup("format")
	if f == nil {
		return nil
	}
	return f.Value.(*wordFlag).known
}

// named finds the command that arguments name: words until one is no command.
func named(args []string) *cobra.Command {
	c := tree()
words:
	for _, a := range args {
		for _, s := range c.Commands() {
			if s.Name() == a {
				c = s
				continue words
			}
		}
		break
	}
	return c
}

func TestEveryCommandAnswersPrograms(t *testing.T) {
	told := answered(t)
	seen := map[string]bool{"common": true}
	for _, c := range runnable() {
		name := nameOfCommand(c)
		if why, ok := inOneForm[name]; ok {
			if why == "" || slices.Contains(formats(c), "json") {
				t.Errorf("writ %s: is it in one form alone?", strings.ReplaceAll(name, "-", " "))
			}
			continue
		}
		seen[name] = true
		if !slices.Contains(formats(c), "json") {
			t.Errorf("%s has no --format json", c.CommandPath())
		}
		if _, err := os.Stat("../../docs/schema/" + name + ".schema.json"); err != nil {
			t.Errorf("%s has no schema: %v", c.CommandPath(), err)
		}
		if !told[name] {
			t.Errorf("no script of testdata/answers holds %s to its schema", c.CommandPath())
		}
	}
	files, err := filepath.Glob("../../docs/schema/*.schema.json")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := strings.TrimSuffix(filepath.Base(f), ".schema.json"); !seen[name] {
			t.Errorf("%s is no command's", f)
		}
	}
}

// answered are the commands that scripts hold to their schema.
func answered(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	files, err := filepath.Glob("testdata/answers/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			w := strings.Fields(line)
			if len(w) < 4 || w[0] != "answers" && w[0] != "says" && w[0] != "fits" {
				continue
			}
			name := nameOfCommand(named(w[3:]))
			if w[0] != "says" {
				all[name] = true
			}
			golden := w[0] + " " + w[1] + " " + name
			if w[0] != "fits" && all[golden] {
				t.Errorf("%s: two answers have one golden file: %s", f, golden)
			}
			all[golden] = true
		}
	}
	return all
}

// schemas compiles each schema once.
var schemas = struct {
	sync.Mutex
	of map[string]*jsonschema.Schema
}{of: map[string]*jsonschema.Schema{}}

func schemaOf(name string) (*jsonschema.Schema, error) {
	schemas.Lock()
	defer schemas.Unlock()
	if s := schemas.of[name]; s != nil {
		return s, nil
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile("../../docs/schema/" + name + ".schema.json")
	if err == nil {
		schemas.of[name] = s
	}
	return s, err
}

// TestSchemasAreClosedAndSayWhatTheyMean: a drift is found, and a reader needs no source.
func TestSchemasAreClosedAndSayWhatTheyMean(t *testing.T) {
	files, err := filepath.Glob("../../docs/schema/*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := filepath.Glob("../../docs/*.schema.json") // to which those refer
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, parts...) {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		name := strings.TrimSuffix(filepath.Base(f), ".schema.json")
		if _, err := jsonschema.NewCompiler().Compile(f); err != nil {
			t.Error(err)
		}
		if doc["title"] == nil || doc["description"] == nil {
			t.Errorf("%s: want a title and a description", f)
		}
		wordless(t, name, doc)
	}
}

// wordless reports objects that are open, and properties that say nothing of themselves.
func wordless(t *testing.T, at string, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			wordless(t, at, e)
		}
	case map[string]any:
		of, object := v["properties"].(map[string]any)
		object = object && v["type"] == "object"
		if object && v["additionalProperties"] != false {
			t.Errorf("%s: an object that takes any key", at)
		}
		for k, p := range of {
			if p, ok := p.(map[string]any); ok && object && p["description"] == nil && p["$ref"] == nil {
				t.Errorf("%s: %s says nothing of itself", at, k)
			}
		}
		for k, e := range v {
			wordless(t, at+"/"+k, e)
		}
	}
}
