// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"strings"
	"testing"

	"github.com/writ-iot/writ/evidence"
	"github.com/writ-iot/writ/law"
)

func adopt(b *book, digest string) {
	b.add(evidence.Statement{Kind: evidence.Adoption, Law: &evidence.LawRef{Version: "test", Digest: digest,
		Bundle: strings.Repeat("ab", 32), Size: 1}})
}

func TestADossierByAnotherLawThanTheCasesIsRefused(t *testing.T) {
	s := testSigner(t, 1)
	c, err := law.Load(smallLaw)
	if err != nil {
		t.Fatal(err)
	}
	theirs := hospital(t)
	adopt(theirs, c.Digest)
	v, err := verify(sealed(t, theirs.book(s), s), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Adopted == nil || !strings.Contains(v.String(), "The law inside is the one that the case had adopted") {
		t.Errorf("it does not say that the law is the case's:\n%s", v)
	}
	adopt(theirs, strings.Repeat("cd", 32))
	_, err = verify(sealed(t, theirs.book(s), s), Options{})
	var r *Refusal
	if !errors.As(err, &r) || r.Cause != OtherLaw {
		t.Errorf("want a refusal for another law, got %v", err)
	}
}

func TestTheLawOfACaseIsThatOfTheKnowledgePoint(t *testing.T) {
	b := hospital(t)
	first, second := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	n := int64(len(b.entries))
	adopt(b, first)
	adopt(b, second)
	for size, want := range map[int64]string{0: second, 1: first, n + 1: first, n + 2: second} {
		if got := Adopted(b.entries, Question{KnownSize: size}).Statement.Law.Digest; got != want {
			t.Errorf("of the first %d leaves: %.4s, want %.4s", size, got, want)
		}
	}
	if Adopted(hospital(t).entries, Question{}) != nil {
		t.Error("a case that adopted nothing has a law")
	}
}

func TestAnAdoptionCannotBeWithheld(t *testing.T) {
	b := hospital(t)
	adopt(b, strings.Repeat("ab", 32))
	_, err := b.book(testSigner(t, 1)).Withhold(func(e *Entry) bool { return e.Statement.Kind == evidence.Adoption })
	if err == nil {
		t.Error("a case without its law would be judged by any")
	}
}
