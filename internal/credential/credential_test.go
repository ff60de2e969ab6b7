// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"strings"
	"testing"
)

func TestFactoryFindsEveryLineOfItsList(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(factory, "\n"), "\n")
	mirai := 0
	for i, line := range lines {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			t.Fatalf("line %d has %d columns, want user, password and list", i+1, len(f))
		}
		if i > 0 && lines[i-1] >= line {
			t.Errorf("line %d is not after line %d in byte order", i+1, i)
		}
		if got := Factory(f[0], f[1]); got != f[2] {
			t.Errorf("Factory(%q, %q) = %q, want %q", f[0], f[1], got, f[2])
		}
		if f[2] == Mirai {
			mirai++
		}
	}
	if mirai != 61 {
		t.Errorf("%d pairs of Mirai, want the 61 distinct ones", mirai)
	}
}

func TestFactoryKnowsTheFamous(t *testing.T) {
	for _, p := range [][2]string{{"root", "xc3511"}, {"root", "vizxv"}, {"root", ""}, {"admin", "1234"}, {"admin", "admin"},
		{"ubnt", "ubnt"}, {"666666", "666666"}, {"Administrator", "meinsm"}} {
		if Factory(p[0], p[1]) == "" {
			t.Errorf("%s:%s is in no list", p[0], p[1])
		}
	}
}

func TestFactoryKnowsNoOther(t *testing.T) {
	for _, p := range [][2]string{{"", ""}, {"root", "xc3512"}, {"Root", "xc3511"}, {"root\txc3511", ""}, {"zzz", "zzz~"},
		{"user", "pass"}, {"", "1234"}, {"root", "mirai-2016"}, {"admin", "\n"}} {
		if got := Factory(p[0], p[1]); got != "" {
			t.Errorf("Factory(%q, %q) = %q, want none", p[0], p[1], got)
		}
	}
}

func TestCommunity(t *testing.T) {
	if Community("public") != Communities || Community("private") != Communities {
		t.Error("public and private are the factory communities")
	}
	if Community("publicity") != "" || Community("") != "" {
		t.Error("a community of one's own is in no list")
	}
}

func FuzzFactory(f *testing.F) {
	f.Add("root", "xc3511")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, u, p string) {
		if strings.ContainsAny(u+p, "\t\n") {
			return
		}
		list := Factory(u, p)
		if (list != "") != (strings.HasPrefix(factory, u+"\t"+p+"\t") || strings.Contains(factory, "\n"+u+"\t"+p+"\t")) {
			t.Errorf("Factory(%q, %q) = %q against the file", u, p, list)
		}
	})
}
