// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawbundle

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/prooftest"
	"github.com/writ-iot/writ/proof"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// tiny is a law of one provision; what lies beside a law goes along, what is none stays at home.
func tiny() fstest.MapFS {
	all := prooftest.Law()
	for name, text := range map[string]string{
		"catalogue.yaml":       "version: 2026.11.24\n",
		"instruments/README":   "no law\n",
		"lawtests/a.lawtest":   "# none\n",
		"pinpoints/xx/act.txt": "1\n",
		"embed.go":             "package catalogue\n",
	} {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func signer(t testing.TB, seed byte) *proof.Signer {
	t.Helper()
	s, err := proof.NewSigner("law.example.org", ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func made(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := Write(&b, tiny(), Options{signer(t, 1), noon, "writ test"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameLawGivesTheSameBundle(t *testing.T) {
	if !bytes.Equal(made(t), made(t)) {
		t.Error("two bundles of one law, key and time differ")
	}
	b, err := Open(made(t), signer(t, 1).ID())
	if err != nil {
		t.Fatal(err)
	}
	if b.Law.Version != "2026.11.24" || b.Manifest.MadeAt != noon || len(b.Manifest.Entries) != 6 {
		t.Errorf("read back as %+v", b.Manifest)
	}
	if _, err := fs.Stat(b.FS, "embed.go"); err == nil {
		t.Error("what is no law went along")
	}
}

func TestWhatACaseKeepsIsTheLawThatItIsJudgedBy(t *testing.T) {
	b, err := Pack(tiny())
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := Unpack(b)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names, " "); got != "catalogue.yaml controls/all.yaml facts/all.yaml instruments/xx/act.yaml" {
		t.Errorf("it keeps %s", got)
	}
	if _, err := Open(b, ""); kind.Of(err) != kind.Invalid {
		t.Errorf("a law that nobody signed passed for a bundle: %v", err)
	}
}

// resigned makes a bundle anew as a publisher would who lies: entries and manifest as change leaves them.
func resigned(t *testing.T, change func(m *Manifest, files map[string]string)) []byte {
	t.Helper()
	raw := made(t)
	a, err := proof.OpenZip(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range a.Files {
		b, err := a.Read(f.Name, MaxSize)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	m, err := decodeManifest([]byte(files[nameManifest]))
	if err != nil {
		t.Fatal(err)
	}
	delete(files, nameManifest)
	delete(files, nameSignature)
	change(m, files)
	b, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	files[nameManifest], files[nameSignature] = string(b), string(sign(b, signer(t, 1)))
	var contents []proof.Content
	for name, text := range files {
		contents = append(contents, proof.Bytes(name, []byte(text)))
	}
	var out bytes.Buffer
	if err := proof.WriteZip(&out, contents); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func list(m *Manifest, name, text string) {
	sum := sha256.Sum256([]byte(text))
	m.Entries = append(m.Entries, proof.EntryRef{Name: name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(text))})
	slices.SortFunc(m.Entries, func(a, b proof.EntryRef) int { return strings.Compare(a.Name, b.Name) })
}

func TestEachHostileBundleHasItsOwnWords(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create("catalogue/facts/all.yaml") // deflated
		w.Write(bytes.Repeat([]byte{'#'}, 16<<20))
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, c := range []struct {
		name string
		b    []byte
		key  string
		kind kind.Kind
		says string
	}{
		{"a newer engine", resigned(t, func(m *Manifest, _ map[string]string) { m.Engine = "writ-judge/99" }), "", kind.Invalid,
			"needs engine writ-judge/99, this program judges by writ-judge/2: use a newer one"},
		{"an engine of another name", resigned(t, func(m *Manifest, _ map[string]string) { m.Engine = "oracle/1" }), "", kind.Invalid,
			"needs engine oracle/1"},
		{"another key than the pinned one", made(t), signer(t, 2).ID(), kind.Corrupt, "not by the pinned key"},
		{"a file that is not listed", resigned(t, func(_ *Manifest, f map[string]string) { f["catalogue/facts/b.yaml"] = "facts: []\n" }),
			"", kind.Corrupt, "catalogue/facts/b.yaml: the manifest does not list it"},
		{"a file that is listed and missing", resigned(t, func(_ *Manifest, f map[string]string) { delete(f, "catalogue/facts/all.yaml") }),
			"", kind.Corrupt, "catalogue/facts/all.yaml: it is missing"},
		{"a file that is no law", resigned(t, func(m *Manifest, f map[string]string) { f["run.sh"] = "x"; list(m, "run.sh", "x") }),
			"", kind.Corrupt, "run.sh: the manifest does not list it as a file of the law"},
		{"a digest of other law", resigned(t, func(m *Manifest, _ map[string]string) { m.Digest = strings.Repeat("0", 64) }),
			"", kind.Corrupt, "the law inside is version 2026.11.24 with digest"},
		{"a version that the law does not say", resigned(t, func(m *Manifest, _ map[string]string) { m.Version = "2099" }),
			"", kind.Corrupt, "the manifest names 2099"},
		{"law that is none", resigned(t, func(m *Manifest, f map[string]string) {
			f["catalogue/controls/b.yaml"] = "controls: ["
			list(m, "catalogue/controls/b.yaml", "controls: [")
		}), "", kind.Invalid, "the law inside cannot be loaded: controls/b.yaml:"},
		{"a bomb", bomb(), "", kind.Corrupt, "not the one zip of its entries"},
		{"nothing", nil, "", kind.Invalid, "not a bundle: 0 bytes"},
		{"more than is read", make([]byte, MaxSize+1), "", kind.Invalid, "at most 67108864 are read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.b, c.key)
			if err == nil || kind.Of(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v (%v), want %q (%v)", err, kind.Of(err), c.says, c.kind)
			}
		})
	}
}

func TestAnyByteThatIsChangedIsFound(t *testing.T) {
	whole := made(t)
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 1
		if _, err := Open(b, ""); err == nil {
			t.Fatalf("byte %d was changed, and the bundle holds", i)
		}
	}
}

func TestVersionsAreOrderedAsPeopleReadThem(t *testing.T) {
	rising := []string{"2026.9", "2026.10", "2026.10.1", "2026.10-2", "2026.11.24", "2027.1", "small"}
	for i, a := range rising {
		for j, b := range rising {
			if got := Compare(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("Compare(%s, %s) = %d", a, b, got)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(made(f))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := Open(b, signer(t, 2).ID()); err == nil {
			t.Fatalf("a bundle of a key that never signed: %+v", got.Manifest)
		}
	})
}
