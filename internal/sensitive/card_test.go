// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package sensitive

import (
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/secret"
)

func TestCardNumbersAreFoundWhereSomethingSpeaksForThem(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{"card=4111111111111111&cvc=1", "4111111111111111"},
		{`{"pan":"5555555555554444"}`, "5555555555554444"},
		{"pay with 4111 1111 1111 1111 please", "4111111111111111"},
		{"pay with 3782-8224-6310-005", ""}, // not this network's groups
		{"amex cardNumber: 378282246310005", "378282246310005"},
		{"id=4111111111111111", ""},                     // nothing says that it is a card
		{"card=4111111111111112", ""},                   // check digit
		{"card=9111111111111111", ""},                   // no network
		{"card=41111111111111111111111", ""},            // longer than any
		{"card=a4111111111111111", ""},                  // part of a word
		{"card: 4111111111111111.5", ""},                // part of a number
		{"card 0000 0000 0000 0000", ""},                // filler
		{"2026-11-02 10:00:00 card reader ready 1", ""}, // dates
		{strings.Repeat("x", 500) + " card 4012888888881881 ", "4012888888881881"},
	} {
		for pad := range 13 { // whatever its place, every thirteenth byte meets it
			var digits [maxDigits]byte
			n := findCard([]byte(strings.Repeat("~", pad)+c.text), &digits)
			if got := string(digits[:n]); got != c.want {
				t.Fatalf("%q behind %d bytes: found %q, want %q", c.text, pad, got, c.want)
			}
		}
	}
}

type kept struct{ all []observation.Sensitive }

func (k *kept) Observe(o *observation.Observation) {
	k.all = append(k.all, *o.Body.(*observation.Sensitive))
}

func TestACardNumberIsDigestedAndNeverKept(t *testing.T) {
	k := &kept{}
	c := &protocol.Context{Keys: secret.KeyerFrom([32]byte{7}), Out: k, Frame: 3}
	new(Cards).Watch(c, protocol.ToServer, []byte("card=4111111111111111"))
	if len(k.all) != 1 || k.all[0].Secret.Length != 16 || k.all[0].Secret.Digest == "" {
		t.Fatalf("said %+v, want one card number of 16 digits with a digest", k.all)
	}
	if strings.Contains(fmt.Sprintf("%+v", k.all), "4111") {
		t.Error("a card number left the package")
	}
}

func FuzzFindCard(f *testing.F) {
	f.Add([]byte("card=4111111111111111"))
	f.Add([]byte("- - - - - - - - - - - - -"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var digits [maxDigits]byte
		if n := findCard(b, &digits); n > 0 && (n < minDigits || !luhn(digits[:n])) {
			t.Errorf("%q is no card number", digits[:n])
		}
	})
}

func BenchmarkWatch(b *testing.B) {
	p := []byte(strings.Repeat(`{"temperature":21.5,"unit":"C"} `, 40))
	c, w := &protocol.Context{}, new(Cards)
	b.SetBytes(int64(len(p)))
	b.ReportAllocs()
	for b.Loop() {
		w.Watch(c, protocol.ToServer, p)
	}
}
