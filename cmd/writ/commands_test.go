// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

const commandsHead = `# Commands

Made from the program by ` + "`go test ./cmd/writ -run TestTheCommandsPageIsTheProgram -update`" + `; a test holds it true.
The first format is the default. ` + "`--format json`" + ` is for programs: what it writes is held to the schema beside it
(JSON Schema 2020-12, in ` + "`docs/schema/`" + `). Results go to standard output, all else to standard error; an error has no
result. [architecture.md](architecture.md) has the exit statuses, ` + "`writ COMMAND --help`" + ` the flags and examples.

| command | what it does | formats | schema |
|---|---|---|---|
`

// commandsPage is docs/commands.md.
func commandsPage() string {
	var b strings.Builder
	b.WriteString(commandsHead)
	for _, c := range runnable() {
		schema := ""
		if name := nameOfCommand(c); slices.Contains(formats(c), "json") {
			schema = fmt.Sprintf("[%[1]s](schema/%[1]s.schema.json)", name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", use(c), strings.ReplaceAll(c.Short, "|", "\\|"),
			strings.Join(formats(c), ", "), schema)
	}
	if len(inOneForm) == 0 {
		return b.String()
	}
	b.WriteString("\nIn one form alone:\n\n")
	for _, c := range runnable() {
		if why := inOneForm[nameOfCommand(c)]; why != "" {
			fmt.Fprintf(&b, "- `%s`: %s\n", c.CommandPath(), why)
		}
	}
	return b.String()
}

// use is a command's words with what it works on.
func use(c *cobra.Command) string {
	_, rest, _ := strings.Cut(c.Use, " ")
	return strings.ReplaceAll(strings.TrimSpace(c.CommandPath()+" "+rest), "|", "\\|")
}

func TestTheCommandsPageIsTheProgram(t *testing.T) {
	const path = "../../docs/commands.md"
	page := commandsPage()
	if *update {
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(b) != page {
		t.Errorf("docs/commands.md is not what the program is; run with -update\n%s", difference(string(b), page))
	}
}

func TestEveryCommandSaysWhatItIsFor(t *testing.T) {
	for _, c := range runnable() {
		if c.Short == "" || strings.HasSuffix(c.Short, ".") || len(c.Short) > 110 {
			t.Errorf("%s: want one line without a stop: %q", c.CommandPath(), c.Short)
		}
	}
}
