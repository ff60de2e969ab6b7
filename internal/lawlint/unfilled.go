// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawlint

import (
	"io/fs"
	"path"
	"strings"

	"github.com/writ-iot/writ/law"
)

// unfilled lists what authors still have to put into the files that are read after the law itself: law
// tests and lists of pinpoints. The loader says the same of its own files, so that all stands together.
func unfilled(fsys fs.FS) law.Problems {
	var problems law.Problems
	for _, dir := range []string{"lawtests", "pinpoints"} {
		// A directory that cannot be walked is told by those who need it.
		_ = fs.WalkDir(fsys, dir, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := law.ReadFile(fsys, name)
			if err != nil || !strings.Contains(string(b), law.Fill) {
				return err
			}
			switch path.Ext(name) {
			case ".lawtest":
				if root, err := law.ParseYAML(name, b); err == nil {
					problems = append(problems, unfilledValues(root)...)
				}
			case ".txt":
				problems = append(problems, unfilledLines(name, string(b))...)
			}
			return nil
		})
	}
	return problems
}

func toFill(pos law.Pos, what, line string) *law.Problem {
	return &law.Problem{Pos: pos, What: law.Unfilled, Hint: what, Line: line}
}

// unfilledValues looks at keys, too: a law test names facts in them.
func unfilledValues(n *law.Node) law.Problems {
	var problems law.Problems
	if what, ok := law.ToFill(n.Text); ok && n.Kind == law.Scalar {
		problems = append(problems, toFill(n.Pos, what, ""))
	}
	for _, e := range n.Entries {
		if what, ok := law.ToFill(e.Key); ok {
			problems = append(problems, toFill(e.Pos, what, ""))
		}
		problems = append(problems, unfilledValues(e.Value)...)
	}
	for _, i := range n.Items {
		problems = append(problems, unfilledValues(i)...)
	}
	return problems
}

func unfilledLines(name, text string) law.Problems {
	var problems law.Problems
	for i, line := range strings.Split(text, "\n") {
		if what, ok := law.ToFill(line); ok {
			problems = append(problems, toFill(law.Pos{File: name, Line: i + 1, Col: 1}, strings.TrimSpace(what), line))
		}
	}
	return problems
}
