// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inbox

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/internal/casefile"
	"github.com/writ-iot/writ/internal/journal"
	"github.com/writ-iot/writ/internal/kind"
)

func newCase(t testing.TB) *casefile.Case {
	t.Helper()
	c, err := casefile.Create(t.Context(), filepath.Join(t.TempDir(), "a.case"), casefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(t.Context()) })
	return c
}

const mailed = "From: psirt@maker.example\r\nDate: Wed, 25 Nov 2026 10:00:00 +0100\r\nSubject: Your question\r\n" +
	"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the report.\r\n--b\r\n" +
	"Content-Type: application/pdf; name=report.pdf\r\nContent-Disposition: attachment\r\n\r\n%PDF-1.7 /JavaScript\r\n--b--\r\n"

func add(t testing.TB, c *casefile.Case, name, content string) []Taken {
	t.Helper()
	all, err := Add(t.Context(), c, name, []byte(content), "reception", Trust{})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func list(t testing.TB, c *casefile.Case) []Held {
	t.Helper()
	all, err := List(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAMessageComesInWithWhatIsAttachedAndItsBytesStay(t *testing.T) {
	c := newCase(t)
	taken := add(t, c, "mail.eml", mailed)
	if len(taken) != 2 || taken[0].Media != message || taken[1].Name != "report.pdf" || taken[1].In != taken[0].SHA256 ||
		taken[1].Part != "1.2" {
		t.Fatalf("%+v", taken)
	}
	if got := strings.Join(taken[1].Notes, ""); got != "it holds scripts: not opened" {
		t.Errorf("notes: %s", got)
	}
	if d := taken[0].Mail.DKIM; len(d) != 0 {
		t.Errorf("a mail that is not signed: %+v", d)
	}
	r, err := Open(c, &taken[0].Item)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); err != nil || string(b) != mailed {
		t.Errorf("%v %q", err, b)
	}
	if again := add(t, c, "other name.eml", mailed); !again[0].Already || again[0].Digest != taken[0].Digest ||
		len(list(t, c)) != 2 {
		t.Errorf("the same bytes came in twice: %+v", again)
	}
}

// Nothing that comes in makes anything known.
func TestNothingInTheInboxIsAFact(t *testing.T) {
	c := newCase(t)
	taken := add(t, c, "mail.eml", mailed)
	if err := Discard(t.Context(), c, &Held{Digest: taken[1].Digest, State: Waiting}, "a leaflet",
		"reception"); err != nil {
		t.Fatal(err)
	}
	book, err := c.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range book.Entries {
		if len(e.Statement.Claims) != 0 || strings.Contains(string(e.Bytes), "maker") {
			t.Errorf("leaf %d: %s", e.Index, e.Bytes)
		}
	}
}

func TestAnItemWaitsUntilItIsFiledOrDropped(t *testing.T) {
	c := newCase(t)
	taken := add(t, c, "mail.eml", mailed)
	us, err := journal.Us(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	record, err := journal.Write(t.Context(), c, journal.Entry{Form: "record.assessment", Subject: us,
		Body: map[string]string{"by": "x"}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := Find(t.Context(), c, string(taken[1].Digest)[:12])
	if err != nil || h.State != Waiting {
		t.Fatalf("%+v %v", h, err)
	}
	if err := File(t.Context(), c, h, record[0].Statement, "assessment", "officer"); err != nil {
		t.Fatal(err)
	}
	state := func() (out string) {
		for _, h := range list(t, c) {
			out += string(h.State) + " "
		}
		return out
	}
	if got := state(); got != "waiting filed " {
		t.Errorf("filed: %s", got)
	}
	if _, err := journal.Withdraw(t.Context(), c, "wrong", nil, record[0].Statement); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != "waiting waiting " {
		t.Errorf("its record was taken back: %s", got)
	}
	for _, bad := range []struct{ why, by string }{{"", "x"}, {"x", ""}} {
		if err := Discard(t.Context(), c, h, bad.why, bad.by); kind.Of(err) != kind.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestMailInMailIsTakenApartWithinBounds(t *testing.T) {
	c := newCase(t)
	raw := mailed
	for i := range 8 {
		raw = fmt.Sprintf("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%[1]d\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--n%[1]d--\r\n", i, raw)
	}
	if taken := add(t, c, "deep.eml", raw); len(taken) != 4 {
		t.Errorf("%d things of messages in messages", len(taken))
	}
	many := "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
	for i := range 400 {
		many += fmt.Sprintf("--m\r\nContent-Type: image/png\r\n\r\nnumber %d\r\n", i)
	}
	taken := add(t, c, "many.eml", many+"--m--\r\n")
	if len(taken) != maxItems || !strings.Contains(strings.Join(taken[0].Notes, ""), "more than 200 things") {
		t.Errorf("%d things, %v", len(taken), taken[0].Notes)
	}
}

func TestAThingIsWhatItsBytesSay(t *testing.T) {
	var z bytes.Buffer
	w := zip.NewWriter(&z)
	for _, name := range []string{"xl/workbook.xml", "xl/vbaProject.bin"} {
		if _, err := w.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	for name, c := range map[string]struct{ b, media, notes string }{
		"a.pdf": {"MZ\x90\x00", "application/x-executable",
			"it is a program: kept as it is, never run; its name says .pdf, its bytes say application/x-executable"},
		"b.xlsx": {z.String(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
			"it holds macros (1): not opened"},
		"c.csv":  {"a;b\n1;2\n", "text/plain", ""},
		"d.png":  {"\x89PNG\r\n\x1a\n", "image/png", ""},
		"e.tif":  {"II*\x00", "image/tiff", ""},
		"f.heic": {"\x00\x00\x00\x18ftypheic\x00", "image/heic", ""},
		"g.eml":  {mailed, message, ""},
		"h.txt":  {"Note: this is no mail\n", "text/plain", ""},
		"i.zip":  {"PK\x03\x04", "application/zip", "an archive that is broken: zip: not a valid zip file"},
		"k.zip":  {"PK\x03\x04" + strings.Repeat("PK\x01\x02", 20_000), "application/zip", "an archive of more than 10000 files: not looked into"},
		"j.html": {"<html><script>", "text/html", "a web page: scripts and what it would fetch were not followed"},
	} {
		media, notes := look(name, []byte(c.b))
		if media != c.media || strings.Join(notes, "; ") != c.notes {
			t.Errorf("%s: %s %q", name, media, notes)
		}
	}
}

func TestWhatIsTooLargeIsRefusedBeforeItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.pdf")
	if err := os.WriteFile(path, []byte("%PDF"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 2<<30); err != nil { // takes no room: it is a hole
		t.Fatal(err)
	}
	from := time.Now()
	if _, err := ReadFile(path, MaxItem); kind.Of(err) != kind.Invalid || !strings.Contains(err.Error(), "2048 MiB") {
		t.Errorf("%v", err)
	}
	if d := time.Since(from); d > time.Second {
		t.Errorf("refused after %v", d)
	}
}

func TestAFolderGivesOnlyWhatIsWhole(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	f := &Folder{Dir: dir, Settle: 5 * time.Second}
	look := func(after time.Duration, want string) {
		t.Helper()
		now = now.Add(after)
		got, err := f.Ready(now)
		for i := range got {
			got[i] = filepath.Base(got[i])
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%v %v; want %q", got, err, want)
		}
	}
	for _, name := range []string{"a.pdf", ".hidden", "b.part", "~$c.xlsx"} {
		write(name, "one")
	}
	write("empty", "")
	look(0, "")
	look(4*time.Second, "")
	write("a.pdf", "one and more") // still being written
	look(4*time.Second, "")
	look(5*time.Second, "a.pdf")
	if f.Waiting() != 1 {
		t.Errorf("%d files wait", f.Waiting())
	}
	if f.Done(filepath.Join(dir, "a.pdf")); f.Waiting() != 0 {
		t.Errorf("%d files wait", f.Waiting())
	}
	look(time.Minute, "")
	write("a.pdf", "changed after all")
	look(time.Second, "")
	look(5*time.Second, "a.pdf")
	write("a.pdf", "and while it was read")
	if f.Same(filepath.Join(dir, "a.pdf")) {
		t.Error("a file that changed while it was read was let go")
	}
	to := t.TempDir()
	for range 2 {
		write("m.pdf", "x")
		if err := Move(filepath.Join(dir, "m.pdf"), to); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(to, "m (2).pdf")); err != nil {
		t.Error(err)
	}
	if _, err := (&Folder{Dir: filepath.Join(dir, "none")}).Ready(now); kind.Of(err) != kind.NotFound {
		t.Errorf("no folder: %v", err)
	}
}

func FuzzLook(f *testing.F) {
	f.Add("a.pdf", []byte("%PDF"))
	f.Add("a.xlsx", []byte("PK\x03\x04"))
	f.Add("a.eml", []byte(mailed))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		a := &adder{by: "x"}
		a.thing(name, b, 0, "", "")
		if len(a.items) > maxItems {
			t.Fatalf("%d items", len(a.items))
		}
	})
}
