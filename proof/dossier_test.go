// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/prooftest"
	"github.com/writ-iot/writ/judge"
	"github.com/writ-iot/writ/law"
)

var smallLaw = func() fstest.MapFS {
	all := prooftest.Law()
	all["instruments/README.md"] = &fstest.MapFile{Data: []byte("not law")}
	return all
}()

var ours = fact.Subject{Kind: fact.Organisation, ID: "org"}

// hospital is a log of one organisation, its camera, and Telnet on it.
func hospital(t testing.TB) *book {
	b := &book{t: t}
	b.add(evidence.Statement{Kind: evidence.Membership, Subject: ours, Member: &fact.Member{Subject: ours, Own: true}})
	b.add(evidence.Statement{Kind: evidence.Membership, Subject: camera, Member: &fact.Member{Subject: camera, Runner: ours, Seen: noon}})
	b.claim("s1", true)
	b.add(evidence.Statement{Kind: evidence.Artefact, Artefact: &evidence.ArtefactRef{SHA256: strings.Repeat("ab", 32), Media: "m", Size: 1}})
	return b
}

// book gives the leaves their statements. The camera's comes with a name.
func (b *book) book(s *Signer) *Book {
	b.t.Helper()
	all := &Book{}
	for _, e := range b.entries {
		var p *evidence.Payload
		if e.Statement.Subject == camera && e.Statement.Kind == evidence.Membership {
			var err error
			if p, err = evidence.NewPayload(map[string]string{"name": "door"}, strings.NewReader(strings.Repeat("s", 32))); err != nil {
				b.t.Fatal(err)
			}
		}
		signed, err := evidence.Sign(e.Statement, p, s.Private())
		if err != nil {
			b.t.Fatal(err)
		}
		e.Signed = signed
		l, err := LeafOf(&e.Signed, e.KnownAt)
		if err != nil {
			b.t.Fatal(err)
		}
		leaf, err := l.Encode()
		if err != nil {
			b.t.Fatal(err)
		}
		all.Leaves, all.Entries = append(all.Leaves, leaf), append(all.Entries, e)
	}
	return all
}

// noteOf signs the checkpoint of a book's first leaves.
func noteOf(t testing.TB, b *Book, size int, s *Signer) []byte {
	t.Helper()
	var tree Tree
	for _, l := range b.Leaves[:size] {
		tree.Append(LeafHash(l))
	}
	n, err := SignCheckpoint(Checkpoint{s.Origin, tree.Size(), tree.Root()}, s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func judged(t testing.TB, b *Book, q Question) []byte {
	t.Helper()
	c, err := law.Load(smallLaw)
	if err != nil {
		t.Fatal(err)
	}
	r, err := judge.Judge(c, Input(b.Entries, b.Stubs, q))
	if err != nil {
		t.Fatal(err)
	}
	v, err := EncodeVerdicts(r)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const emptySHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// sealed makes the dossier of a book.
func sealed(t testing.TB, b *Book, s *Signer) []byte {
	t.Helper()
	q := Question{Day: fact.DayOf(noon), At: noon.Add(10 * time.Hour)}
	d := Dossier{Book: b, Checkpoint: noteOf(t, b, len(b.Leaves), s), Catalogue: smallLaw, Question: q, Verdicts: judged(t, b, q),
		Program: "writ test", MadeAt: noon.Add(11 * time.Hour), Attachments: []Content{
			Bytes("report/report.html", []byte("<p>one page</p>")), Bytes("report/report.json", []byte("{}")), Bytes(dirArtefacts+emptySHA, nil)}}
	var out bytes.Buffer
	if err := d.Write(&out, s); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func verify(b []byte, o Options) (*Verification, error) {
	return Verify(bytes.NewReader(b), int64(len(b)), o)
}

func TestADossierIsProvedFromItsBytesAlone(t *testing.T) {
	s := testSigner(t, 1)
	b := hospital(t).book(s)
	zip := sealed(t, b, s)
	v, err := verify(zip, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Statements != 4 || v.Withheld != 0 || v.Payloads != 1 || v.PayloadsKept != 0 || v.Own.Violated != 1 || v.Verdicts != 1 || len(v.Attachments) != 3 {
		t.Errorf("%+v", v)
	}
	if v.KeyPinned || v.OwnLaw || len(v.Pinned) != 0 || len(v.Unproved()) < 4 {
		t.Errorf("nothing was pinned, and not proved is only %q", v.Unproved())
	}
	if !bytes.Equal(sealed(t, b, s), zip) {
		t.Error("made again, the dossier has other bytes")
	}
	v, err = verify(zip, Options{Key: s.Key.ID(), Checkpoints: [][]byte{noteOf(t, b, 2, s), noteOf(t, b, 4, s), noteOf(t, b, 0, s)}, Catalogue: v.Manifest.Catalogue.Digest})
	if err != nil {
		t.Fatal(err)
	}
	if !v.KeyPinned || !v.OwnLaw || len(v.Pinned) != 3 || v.Pinned[0].Size != 2 {
		t.Errorf("%+v", v)
	}
	for _, want := range []string{s.Key.String(), "violated"} {
		if want == s.Key.String() && !strings.Contains(v.String(), want) {
			t.Errorf("the words lack %q:\n%s", want, v)
		}
	}
}

func TestWithheldStatementsLeaveStubsAndNoVerdict(t *testing.T) {
	s := testSigner(t, 1)
	full := hospital(t).book(s)
	less, err := full.Withhold(func(e *Entry) bool { return e.Statement.Kind == evidence.Observation })
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify(sealed(t, less.WithoutPayloads(), s), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Statements != 3 || v.Withheld != 1 || v.Payloads != 0 || v.PayloadsKept != 1 || v.Own.NotShown != 1 || v.Own.Violated != 0 {
		t.Errorf("%+v", v)
	}
	if r := v.Result.Verdicts[0].Reasons; len(r) != 1 || r[0] != judge.Withheld {
		t.Errorf("reasons %v", r)
	}
	if _, err := full.Withhold(func(e *Entry) bool { return e.Statement.Kind == evidence.Membership }); err == nil {
		t.Error("a membership was withheld")
	}
}

// A stub that lied would let a verdict stand on which the withheld statement bears.
func TestAStubThatHidesItsFactIsRefused(t *testing.T) {
	s := testSigner(t, 1)
	full := hospital(t)
	full.withdraw(full.entries[2].Digest)
	whole := full.book(s)
	for what, lie := range map[string]func(*Stub){
		"silent about its fact":           func(s *Stub) { s.Claims = nil },
		"of another fact":                 func(s *Stub) { s.Claims[0].Fact = "telnet.seen" },
		"about another":                   func(s *Stub) { s.Subject.ID = "other" },
		"of another time":                 func(s *Stub) { s.Claims[0].ObservedAt = noon },
		"a withdrawal called a record":    nil,
		"a withdrawal called what it was": nil,
	} {
		less := &Book{Leaves: whole.Leaves}
		for i := range whole.Entries {
			e := &whole.Entries[i]
			hide := lie != nil && i == 2 || lie == nil && e.Statement.Kind == evidence.Withdrawal
			if !hide {
				less.Entries = append(less.Entries, *e)
				continue
			}
			stub := StubOf(e)
			if lie != nil {
				lie(&stub)
			} else if what == "a withdrawal called a record" {
				stub.Kind = evidence.RecordKind
			}
			less.Stubs = append(less.Stubs, stub)
		}
		var r *Refusal
		if _, err := verify(sealed(t, less, s), Options{}); !errors.As(err, &r) || r.Cause != StatementFalse {
			t.Errorf("a stub %s: %v", what, err)
		}
	}
}

// entriesOf takes a dossier apart.
func entriesOf(t testing.TB, zip []byte) map[string][]byte {
	t.Helper()
	a, err := open(zip)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range a.Files {
		if all[f.Name], err = a.Read(f.Name, 1<<20); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// zipOf puts entries together again, as a forger without the key would.
func zipOf(t testing.TB, all map[string][]byte) []byte {
	t.Helper()
	var contents []Content
	for name, b := range all {
		contents = append(contents, Bytes(name, b))
	}
	var out bytes.Buffer
	if err := WriteZip(&out, contents); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// resign lists and signs entries anew, as an insider with the key would.
func resign(t testing.TB, all map[string][]byte, s *Signer, change func(*Manifest)) {
	t.Helper()
	m, err := decodeManifest(all[nameManifest])
	if err != nil {
		t.Fatal(err)
	}
	m.Entries = nil
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if name == nameManifest || name == nameSignature {
			continue
		}
		ref, err := refer(name, bytes.NewReader(all[name]))
		if err != nil {
			t.Fatal(err)
		}
		m.Entries = append(m.Entries, ref)
	}
	if change != nil {
		change(m)
	}
	b, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	all[nameManifest], all[nameSignature] = b, signManifest(b, s)
}

func cut(b []byte, line int) []byte {
	lines := bytes.SplitAfter(b, []byte("\n"))
	return bytes.Join(slices.Delete(lines, line, line+1), nil)
}

func TestEachKindOfTamperingHasItsOwnWord(t *testing.T) {
	s, other := testSigner(t, 1), testSigner(t, 2)
	b := hospital(t).book(s)
	whole := sealed(t, b, s)
	fork := hospital(t)
	fork.entries[2].Statement.Collector = "s2"
	for _, c := range []struct {
		what   string
		change func(map[string][]byte)
		o      Options
		cause  Cause
		entry  string
		leaf   int64
	}{
		{"a statement removed", func(m map[string][]byte) { m[nameStatements] = cut(m[nameStatements], 2) }, Options{}, StatementGone, "", 2},
		{"a statement changed", func(m map[string][]byte) {
			m[nameStatements] = bytes.Replace(m[nameStatements], []byte(`{"bool":true}`), []byte(`{"bool":false}`), 1)
		}, Options{}, StatementFalse, "", 2},
		{"a statement added", func(m map[string][]byte) {
			m[nameStatements] = append(m[nameStatements], bytes.Replace(b.Entries[2].Bytes, []byte("s1"), []byte("s3"), 1)...)
			m[nameStatements] = append(m[nameStatements], '\n')
		}, Options{}, StatementFalse, nameStatements, -1},
		{"a statement said twice", func(m map[string][]byte) {
			m[nameStatements] = append(m[nameStatements], append(b.Entries[2].Bytes, '\n')...)
		}, Options{}, StatementFalse, "", 2},
		{"a leaf removed with its statement", func(m map[string][]byte) {
			m[nameStatements], m[nameLeaves] = cut(m[nameStatements], 2), cut(m[nameLeaves], 2)
			resign(t, m, s, nil)
		}, Options{}, LeafChanged, nameLeaves, -1},
		{"a leaf of another key", func(m map[string][]byte) {
			m[nameLeaves] = bytes.Replace(m[nameLeaves], []byte(s.Key.ID()), []byte(other.Key.ID()), 1)
		}, Options{}, LeafChanged, "", 0},
		{"a verdict changed", func(m map[string][]byte) {
			m[nameVerdicts] = bytes.Replace(m[nameVerdicts], []byte(`"violated"`), []byte(`"met"`), 1)
		}, Options{}, VerdictChanged, nameVerdicts, -1},
		{"a verdict changed by an insider", func(m map[string][]byte) {
			m[nameVerdicts] = bytes.Replace(m[nameVerdicts], []byte(`"violated"`), []byte(`"met"`), 1)
			resign(t, m, s, nil)
		}, Options{}, VerdictChanged, nameVerdicts, -1},
		{"the question changed by an insider", func(m map[string][]byte) {
			resign(t, m, s, func(m *Manifest) { m.Question.KnownSize = 2 })
		}, Options{}, VerdictChanged, nameVerdicts, -1},
		{"the checkpoint swapped for an older one", func(m map[string][]byte) { m[nameCheckpoint] = noteOf(t, b, 2, s) }, Options{},
			OtherCheckpoint, nameCheckpoint, -1},
		{"the checkpoint swapped for one of another key", func(m map[string][]byte) { m[nameCheckpoint] = noteOf(t, b, 4, other) }, Options{},
			OtherKey, "", -1},
		{"the checkpoint's signature broken", func(m map[string][]byte) {
			m[nameCheckpoint] = bytes.Replace(m[nameCheckpoint], []byte("\n4\n"), []byte("\n3\n"), 1)
		}, Options{}, BadCheckpoint, "", -1},
		{"another key than the pinned one", func(map[string][]byte) {}, Options{Key: other.Key.ID()}, OtherKey, "", -1},
		{"a fork", func(map[string][]byte) {}, Options{Checkpoints: [][]byte{noteOf(t, fork.book(s), 3, s)}}, Forked, "", -1},
		{"a checkpoint held outside that is of another key", func(map[string][]byte) {}, Options{Checkpoints: [][]byte{noteOf(t, b, 3, other)}},
			OtherKey, "", -1},
		{"a checkpoint held outside that was changed", func(map[string][]byte) {}, Options{Checkpoints: [][]byte{
			bytes.Replace(noteOf(t, b, 3, s), []byte("\n3\n"), []byte("\n4\n"), 1)}}, BadPin, "", -1},
		{"a checkpoint held outside that is none", func(map[string][]byte) {}, Options{Checkpoints: [][]byte{[]byte("a page\n")}}, BadPin, "", -1},
		{"a dossier older than the checkpoint held outside", func(m map[string][]byte) {
			maps.Copy(m, entriesOf(t, sealed(t, (&book{t: t, entries: hospital(t).entries[:3]}).book(s), s)))
		}, Options{Checkpoints: [][]byte{noteOf(t, b, 4, s)}}, OtherCheckpoint, "", -1},
		{"the report changed", func(m map[string][]byte) { m["report/report.html"][4] ^= 1 }, Options{}, EntryChanged, "report/report.html", -1},
		{"the report removed", func(m map[string][]byte) { delete(m, "report/report.json") }, Options{}, EntryChanged, "report/report.json", -1},
		{"an entry added", func(m map[string][]byte) { m["report/more.html"] = nil }, Options{}, EntryChanged, "report/more.html", -1},
		{"an artefact under another's name", func(m map[string][]byte) {
			m[dirArtefacts+emptySHA] = []byte("x")
			resign(t, m, s, nil)
		}, Options{}, EntryChanged, dirArtefacts + emptySHA, -1},
		{"a payload changed", func(m map[string][]byte) {
			m[namePayloads] = bytes.Replace(m[namePayloads], []byte("door"), []byte("gate"), 1)
		}, Options{}, EntryChanged, namePayloads, -1},
		{"the law changed", func(m map[string][]byte) {
			m["catalogue/instruments/xx/act.yaml"] = bytes.Replace(m["catalogue/instruments/xx/act.yaml"], []byte("force: must"), []byte("force: should"), 1)
		}, Options{}, EntryChanged, "catalogue", -1},
		{"the law made unreadable", func(m map[string][]byte) { m["catalogue/facts/all.yaml"] = []byte("facts: [") }, Options{}, LawUnreadable, "catalogue", -1},
		{"the manifest changed", func(m map[string][]byte) {
			m[nameManifest] = bytes.Replace(m[nameManifest], []byte("writ test"), []byte("writ best"), 1)
		}, Options{}, BadManifest, nameManifest, -1},
		{"the manifest spelled otherwise", func(m map[string][]byte) { m[nameManifest] = append(m[nameManifest], '\n') }, Options{}, BadManifest, nameManifest, -1},
		{"signed by another key", func(m map[string][]byte) {
			resign(t, m, other, nil)
		}, Options{}, BadManifest, nameManifest, -1},
		{"no manifest", func(m map[string][]byte) { delete(m, nameManifest) }, Options{}, NotADossier, "", -1},
	} {
		all := entriesOf(t, whole)
		c.change(all)
		_, err := verify(zipOf(t, all), c.o)
		var r *Refusal
		if !errors.As(err, &r) || r.Cause != c.cause || r.Entry != c.entry || r.Leaf != c.leaf {
			t.Errorf("%s: refused as %+v (%v)", c.what, r, err)
		}
	}
}

func TestAnotherEnginesWordIsComparedAndNamed(t *testing.T) {
	s := testSigner(t, 1)
	all := entriesOf(t, sealed(t, hospital(t).book(s), s))
	line, rest, _ := bytes.Cut(all[nameVerdicts], []byte("\n"))
	_, after, _ := bytes.Cut(line, []byte(`"replay_key":"`))
	_, after, _ = bytes.Cut(after, []byte(`"`))
	before, _, _ := bytes.Cut(line, []byte(`"replay_key":"`))
	all[nameVerdicts] = append(append([]byte(string(before)+`"replay_key":"of another"`+string(after)), '\n'), rest...)
	resign(t, all, s, func(m *Manifest) { m.Engine = "engine/0" })
	v, err := verify(zipOf(t, all), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(v.String(), "engine/0") {
		t.Errorf("the other engine is not named:\n%s", v)
	}
}

// Another engine may judge otherwise: that is said as what it is, after all else was found to hold, and it is
// neither tampering nor proof. Who changes its verdicts is found as ever.
func TestAnotherEnginesOtherWordIsNoTampering(t *testing.T) {
	s := testSigner(t, 1)
	all := entriesOf(t, sealed(t, hospital(t).book(s), s))
	resign(t, all, s, func(m *Manifest) { m.Engine = "engine/0" })
	all[nameVerdicts] = bytes.Replace(all[nameVerdicts], []byte(`"verdict":"violated"`),
		[]byte(`"verdict":"met"`), 1)
	var r *Refusal
	if _, err := verify(zipOf(t, all), Options{}); !errors.As(err, &r) || r.Cause != EntryChanged || r.ErrorKind() != "corrupt" {
		t.Errorf("changed and not signed: %v", err)
	}
	resign(t, all, s, func(m *Manifest) { m.Engine = "engine/0" })
	_, err := verify(zipOf(t, all), Options{})
	if !errors.As(err, &r) || r.Cause != OtherEngine || r.ErrorKind() != "invalid" {
		t.Fatal(err)
	}
	for _, said := range []string{`by engine "engine/0"`, `judges by "` + judge.Version, "1 otherwise", `"met", judged again "violated"`,
		"0 stand on one side only", "Everything else in the dossier holds"} {
		if !strings.Contains(r.Text, said) {
			t.Errorf("it does not say %s: %s", said, r.Text)
		}
	}
}

// Statements, leaves and law are held before the judge is asked, so one answer serves every flip.
func answerOnce(t testing.TB, b *Book) judgeFunc {
	t.Helper()
	c, err := law.Load(smallLaw)
	if err != nil {
		t.Fatal(err)
	}
	r, err := judge.Judge(c, Input(b.Entries, b.Stubs, Question{Day: fact.DayOf(noon), At: noon.Add(10 * time.Hour)}))
	if err != nil {
		t.Fatal(err)
	}
	return func(*law.Catalogue, judge.Input) (*judge.Result, error) { return r, nil }
}

func TestEveryFlippedByteIsFound(t *testing.T) {
	s := testSigner(t, 1)
	b := hospital(t).book(s)
	zip := sealed(t, b, s)
	o := Options{judge: answerOnce(t, b)}
	if _, err := verify(zip, o); err != nil {
		t.Fatal(err)
	}
	for i := range zip {
		zip[i] ^= 1 << (i % 8)
		if _, err := verify(zip, o); err == nil {
			t.Fatalf("byte %d: not found", i)
		}
		zip[i] ^= 1 << (i % 8)
	}
	t.Logf("%d of %d flips found", len(zip), len(zip))
}

// A forger fits the zip's checksums to what he changed. What the law stands before in the order of steps
// is flipped at every 29th byte only: loading a law takes a while.
func TestEveryFlippedByteOfAnEntryIsFound(t *testing.T) {
	s := testSigner(t, 1)
	b := hospital(t).book(s)
	all := entriesOf(t, sealed(t, b, s))
	o, n := Options{judge: answerOnce(t, b)}, 0
	for name, content := range all {
		step := 29
		if name == nameCheckpoint || name == nameLeaves || name == nameStatements || name == namePayloads {
			step = 1
		}
		for i := 0; i < len(content); i += step {
			content[i] ^= 1 << (i % 8)
			if _, err := verify(zipOf(t, all), o); err == nil {
				t.Fatalf("%s: byte %d: not found", name, i)
			}
			content[i] ^= 1 << (i % 8)
			n++
		}
	}
	t.Logf("%d of %d flips found", n, n)
}

func FuzzDecodeManifest(f *testing.F) {
	s := testSigner(f, 1)
	f.Add(entriesOf(f, sealed(f, hospital(f).book(s), s))[nameManifest])
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decodeManifest(b)
		if err != nil {
			return
		}
		if again, err := m.encode(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q comes back as %q", b, again)
		}
	})
}

func FuzzDecodeStub(f *testing.F) {
	stub := StubOf(hospital(f).claim("c", true))
	b, err := stub.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := DecodeStub(b)
		if err != nil {
			return
		}
		if again, err := s.Encode(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q comes back as %q", b, again)
		}
	})
}

// FuzzVerify flips its way through a dossier whose checksums are fitted: nothing may pass, or panic.
func FuzzVerify(f *testing.F) {
	s := testSigner(f, 1)
	b := hospital(f).book(s)
	all := entriesOf(f, sealed(f, b, s))
	names, o := slices.Sorted(maps.Keys(all)), Options{judge: answerOnce(f, b)}
	f.Add(0, []byte("{}"))
	f.Add(5, []byte("{}\n"))
	f.Fuzz(func(t *testing.T, which int, content []byte) {
		if which < 0 {
			return
		}
		name := names[which%len(names)]
		changed := maps.Clone(all)
		changed[name] = content
		if _, err := verify(zipOf(t, changed), o); err == nil && !bytes.Equal(content, all[name]) {
			t.Fatalf("%s was changed and passes", name)
		}
	})
}
