// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package kind_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/writ-iot/writ/internal/kind"
)

type foreign struct{}

func (foreign) Error() string     { return "leaf 7 is damaged" }
func (foreign) ErrorKind() string { return "corrupt" }

func TestKindSurvivesWrapping(t *testing.T) {
	cause := fs.ErrNotExist
	err := fmt.Errorf("opening case: %w", kind.Errorf(kind.NotFound, "reading key: %w", cause))
	if kind.Of(err) != kind.NotFound || !errors.Is(err, kind.NotFound) || !errors.Is(err, cause) {
		t.Errorf("kind %v, is %v, cause %v", kind.Of(err), errors.Is(err, kind.NotFound), errors.Is(err, cause))
	}
	if err.Error() != "opening case: reading key: file does not exist" {
		t.Errorf("the kind must not show in the text: %q", err)
	}
}

func TestOutermostKindWins(t *testing.T) {
	err := kind.Mark(kind.Corrupt, kind.Errorf(kind.NotFound, "no leaf 3"))
	if kind.Of(err) != kind.Corrupt {
		t.Errorf("kind %v", kind.Of(err))
	}
}

func TestExportedPackagesSpeakByWord(t *testing.T) {
	err := fmt.Errorf("verifying: %w", foreign{})
	if kind.Of(err) != kind.Corrupt || kind.Of(err).Exit() != 3 {
		t.Errorf("kind %v, exit %d", kind.Of(err), kind.Of(err).Exit())
	}
}

func TestUnmarkedErrorHasNoKindAndNilStaysNil(t *testing.T) {
	if kind.Of(errors.New("x")) != kind.Other || kind.Other.Exit() != 2 || kind.Mark(kind.Full, nil) != nil {
		t.Error("an unmarked error is other, exit 2; nil cannot be marked")
	}
}
