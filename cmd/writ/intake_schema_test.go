// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/writ-iot/writ/examples"
	"github.com/writ-iot/writ/internal/demo"
)

// What comes in and goes out is given to programs as docs/inbox.schema.json, request, lists and supplier say.
func TestTheJSONOfWhatComesInAndGoesOutIsAsDocumented(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	is := func(file, part, out string) {
		t.Helper()
		s, err := c.Compile("../../docs/" + file + ".schema.json#/$defs/" + part)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out[strings.IndexAny(out, "{["):]))
		if err == nil {
			err = s.Validate(v)
		}
		if err != nil {
			t.Errorf("%s %s: %v\n%.2000s", file, part, err, out)
		}
	}
	w := newWard(t)
	js := func(args ...string) string {
		t.Helper()
		status, out, errs := writ(t, append(args, "--case", w.dir, "--format", "json")...)
		if status != 0 {
			t.Fatalf("writ %s: status %d\n%s%s", strings.Join(args, " "), status, out, errs)
		}
		return out
	}
	mail := w.file("a.eml",
		"From: a@b.example\nDate: Wed, 25 Nov 2026 10:00:00 +0100\nDKIM-Signature: v=1; a=rsa-sha256; d=b.example; s=s; h=from; bh=x; b=y\n"+
			"Content-Type: multipart/signed; boundary=b; protocol=\"application/pkcs7-signature\"\n\n--b\nContent-Type: application/pdf; name=r.pdf\n\n%PDF-1.7\n"+
			"--b\nContent-Type: application/pkcs7-signature\n\nx\n--b--\n")
	is("inbox", "added", js("inbox", "add", mail, "--by", "reception"))
	list := js("inbox", "list")
	is("inbox", "list", list)
	id := regexp.MustCompile(`"id": "([0-9a-f]{12})"`).FindStringSubmatch(list)[1]
	is("inbox", "item", js("inbox", "show", id))
	is("inbox", "filed", js("inbox", "file", id, "--as", "policy", "--topic", "security", "--says", "x", "--day",
		"2026-01-02", "--by", "y"))
	is("inbox", "item", js("inbox", "show", id))
	id = regexp.MustCompile(`"id": "([0-9a-f]{12})"`).FindStringSubmatch(js("inbox", "list"))[1]
	is("inbox", "item", js("inbox", "drop", id, "--why", "x", "--by", "y"))

	is("request", "request", js("request", "add", "--of", "IT", "--words", "the list", "--due", "2999-01-01", "--by",
		"office"))
	list = js("request", "list")
	is("request", "list", list)
	id = regexp.MustCompile(`"id": "([0-9a-f]{12})"`).FindStringSubmatch(list)[1]
	is("request", "request", js("request", "answer", id, "--words", "here", "--by", "office"))
	is("request", "request", js("request", "close", id, "--why", "all is here", "--by", "office"))
	is("request", "request", js("request", "show", id))

	is("lists", "mapped", js("record", "import", "--map", w.file("s.csv",
		"Requirement,Status\n164.308(a)(5)(i),done\nx,odd\n")))
	is("lists", "mapped", js("record", "import", "--map", w.file("t.csv", "Name,Course,Date\nEva,Phishing,2026-01-02\n"),
		"--apply", "--by", "office"))
	is("lists", "mapped", js("record", "import", "--map", w.file("s.csv", "Requirement,Status\n164.308(a)(5)(i),done\n"),
		"--apply", "--by", "office"))
	is("lists", "claims", js("record", "claims", "--all"))
	out := filepath.Join(filepath.Dir(w.dir), "out.csv")
	is("lists", "exported", js("record", "export", "--out", out))
	is("lists", "returned", js("record", "import", "--back", out))
	is("supplier", "list", js("supplier", "list"))
}

// A notice, its answer and a recall are given to programs as docs/supplier.schema.json says.
func TestTheJSONOfANoticeIsAsDocumented(t *testing.T) {
	c := jsonschema.NewCompiler()
	dir := filepath.Join(t.TempDir(), "x.case")
	w := &ward{t, dir, ""}
	profile, err := examples.FS.ReadFile("hospital.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := demo.Capture(&b); err != nil {
		t.Fatal(err)
	}
	w.does(1, "assess", "--case", dir, "--profile", w.file("hospital.yaml", string(profile)), w.file("hospital.pcap",
		b.String()))
	is := func(part string, args ...string) string {
		t.Helper()
		_, out, _ := writ(t, append(args, "--case", dir, "--format", "json")...)
		s, err := c.Compile("../../docs/supplier.schema.json#/$defs/" + part)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
		if err == nil {
			err = s.Validate(v)
		}
		if err != nil {
			t.Errorf("%s: %v\n%.2000s", part, err, out)
		}
		return out
	}
	notice := is("notice", "supplier", "notice", "--product", "Example Cameras IPC-3060", "--to", "Maker", "--by",
		"procurement")
	statement := regexp.MustCompile(`"statement": "([0-9a-f]{64})"`).FindStringSubmatch(notice)[1]
	is("answer", "supplier", "answer", "--product", "Example Cameras IPC-3060", "--is", "none", "--from", "Maker",
		"--by", "procurement")
	zip := filepath.Join(t.TempDir(), "x.zip")
	w.does(0, "dossier", "--case", dir, "--out", zip)
	is("handed", "supplier", "sent", zip, "--to", "the auditor", "--by", "office")
	is("list", "supplier", "list")
	is("recalled", "supplier", "recall", statement, "--why", "wrong port", "--by", "security")
}
