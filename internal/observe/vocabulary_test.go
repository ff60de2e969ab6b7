// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"reflect"
	"testing"

	"github.com/writ-iot/writ/catalogue"
	"github.com/writ-iot/writ/internal/check"
	"github.com/writ-iot/writ/law"
)

func TestTheLookKnowsItsFactsAsTheLawDoes(t *testing.T) {
	whole, err := law.Load(catalogue.FS)
	if err != nil {
		t.Fatal(err)
	}
	some, err := law.LoadFacts(catalogue.FS, check.Facts())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range check.Facts() {
		want, known := whole.Vocabulary.Lookup(name)
		if got, ok := some.Lookup(name); ok != known || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v to the look, %+v to the law", name, got, want)
		}
	}
}
