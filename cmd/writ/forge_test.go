// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/proof"
)

// forge DOSSIER OUT ENTRY OLD NEW [KEY] changes one entry of a dossier and puts the zip together again,
// canonical as it was. With the case's key file the manifest is made and signed again, as an insider would.
// OLD "-" takes the line out that holds NEW.
func forge(ts *testscript.TestScript, _ bool, args []string) {
	all := entries(ts, args[0])
	entry, from, to := args[2], args[3], args[4]
	lines := bytes.SplitAfter(all[entry], []byte("\n"))
	at := slices.IndexFunc(lines, func(l []byte) bool { return bytes.Contains(l, []byte(from)) })
	switch {
	case from == "-":
		lines = slices.DeleteFunc(lines, func(l []byte) bool { return bytes.Contains(l, []byte(to)) })
	case at >= 0:
		lines[at] = bytes.Replace(lines[at], []byte(from), []byte(to), 1)
	default:
		ts.Fatalf("%s does not hold %q", entry, from)
	}
	changed := bytes.Join(lines, nil)
	if bytes.Equal(changed, all[entry]) {
		ts.Fatalf("nothing changed in %s", entry)
	}
	all[entry] = changed
	if len(args) > 5 {
		resign(ts, all, strings.TrimSpace(ts.ReadFile(args[5])))
	}
	var contents []proof.Content
	for _, name := range slices.Sorted(maps.Keys(all)) {
		contents = append(contents, proof.Bytes(name, all[name]))
	}
	var out bytes.Buffer
	ts.Check(proof.WriteZip(&out, contents))
	write(ts, args[1], out.Bytes())
}

func entries(ts *testscript.TestScript, name string) map[string][]byte {
	b := read(ts, name)
	a, err := proof.OpenZip(bytes.NewReader(b), int64(len(b)))
	ts.Check(err)
	all := map[string][]byte{}
	for _, f := range a.Files {
		all[f.Name], err = a.Read(f.Name, 64<<20)
		ts.Check(err)
	}
	return all
}

// resign lists the entries anew and signs the list with the case's own key.
func resign(ts *testscript.TestScript, all map[string][]byte, key string) {
	signer, err := proof.ParseSigner(key)
	ts.Check(err)
	var m map[string]any
	ts.Check(json.Unmarshal(all["manifest.json"], &m))
	var refs []proof.EntryRef
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !strings.HasPrefix(name, "manifest.") {
			sum := sha256.Sum256(all[name])
			refs = append(refs, proof.EntryRef{Name: name, SHA256: hex.EncodeToString(sum[:]),
				Size: int64(len(all[name]))})
		}
	}
	m["entries"] = refs
	b, err := evidence.Marshal(m)
	ts.Check(err)
	sig := ed25519.Sign(signer.Private(), append([]byte("writ manifest v1\n"), b...))
	all["manifest.json"], all["manifest.sig"] = b, []byte(hex.EncodeToString(sig)+"\n")
}
