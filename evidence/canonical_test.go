// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// TestNumbersOfRFC8785 holds the table of RFC 8785 Appendix B.
func TestNumbersOfRFC8785(t *testing.T) {
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0",
		0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992",
		0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23",
		0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000",
		0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555554: "333333333.33333325",
		0x41b3de4355555555: "333333333.3333333", 0x41b3de4355555556: "333333333.3333334",
		0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		if got := string(appendNumber(nil, math.Float64frombits(bits))); got != want {
			t.Errorf("%016x = %s, want %s", bits, got, want)
		}
	}
}

// TestNumbersOfThePublishedSequence makes the first lines of the reference implementation's number
// file (its generator is public, so is the digest of its first lines) and compares the digest.
func TestNumbersOfThePublishedSequence(t *testing.T) {
	want := map[int]string{
		1_000:   "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687",
		10_000:  "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892",
		100_000: "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7",
	}
	next := numberSequence(t)
	h := sha256.New()
	for i := 1; i <= 100_000; i++ {
		f := next()
		fmt.Fprintf(h, "%x,%s\n", math.Float64bits(f), appendNumber(nil, f))
		if w := want[i]; w != "" && hex.EncodeToString(h.Sum(nil)) != w {
			t.Fatalf("the first %d numbers are written differently", i)
		}
	}
}

// numberSequence is the published sequence: fixed values, 2,000 in a row from the least normal
// number, then the words of repeated SHA-256.
func numberSequence(t *testing.T) func() float64 {
	t.Helper()
	var queue []uint64
	for _, word := range strings.Fields(fixedNumbers) {
		b, err := hex.DecodeString(word)
		if err != nil {
			t.Fatal(err)
		}
		queue = append(queue, binary.BigEndian.Uint64(b))
	}
	for i := range uint64(2000) {
		queue = append(queue, 0x0010000000000000+i)
	}
	n, fixed := 0, len(queue)
	var block [32]byte
	return func() float64 {
		for {
			if len(queue) == 0 {
				block = sha256.Sum256(block[:])
				for i := 0; i < 32; i += 8 {
					queue = append(queue, binary.LittleEndian.Uint64(block[i:]))
				}
			}
			f := math.Float64frombits(queue[0])
			queue = queue[1:]
			n++
			if n <= fixed || f != 0 && finite(f) {
				return f
			}
		}
	}
}

// fixedNumbers begin the published sequence.
const fixedNumbers = `
0000000000000000 8000000000000000 0000000000000001 8000000000000001 c46696695dbd1cc3 c43211ede4974a35
c3fce97ca0f21056 c3c7213080c1a6ac c39280f39a348556 c35d9b1f5d20d557 c327af4c4a80aaac c2f2f2a36ecd5556
c2be51057e155558 c28840d131aaaaac c253670dc1555557 c21f0b4935555557 c1e8d5d42aaaaaac c1b3de4355555556
c17fca0555555556 c1496e6aaaaaaaab c114585555555555 c0e046aaaaaaaaab c0aa0aaaaaaaaaaa c074d55555555555
c040aaaaaaaaaaab c00aaaaaaaaaaaab bfd5555555555555 bfa1111111111111 bf6b4e81b4e81b4f bf35d867c3ece2a5
bf0179ec9cbd821e becbf647612f3696 be965e9f80f29212 be61e54c672874db be2ca213d840baf8 bdf6e80fe033c8c6
bdc2533fe68fd3d2 bd8d51ffd74c861c bd5774ccac3d3817 bd22c3d6f030f9ac bcee0624b3818f79 bcb804ea293472c7
bc833721ba905bd3 bc4ebe9c5db3c61e bc18987d17c304e5 bbe3ad30dfcf371d bbaf7b816618582f bb792f9ab81379bf
bb442615600f9499 bb101e77800c76e1 bad9ca58cce0be35 baa4a1e0a3e6fe90 ba708180831f320d ba3a68cd9e985016
446696695dbd1cc3 443211ede4974a35 43fce97ca0f21056 43c7213080c1a6ac 439280f39a348556 435d9b1f5d20d557
4327af4c4a80aaac 42f2f2a36ecd5556 42be51057e155558 428840d131aaaaac 4253670dc1555557 421f0b4935555557
41e8d5d42aaaaaac 41b3de4355555556 417fca0555555556 41496e6aaaaaaaab 4114585555555555 40e046aaaaaaaaab
40aa0aaaaaaaaaaa 4074d55555555555 4040aaaaaaaaaaab 400aaaaaaaaaaaab 3fd5555555555555 3fa1111111111111
3f6b4e81b4e81b4f 3f35d867c3ece2a5 3f0179ec9cbd821e 3ecbf647612f3696 3e965e9f80f29212 3e61e54c672874db
3e2ca213d840baf8 3df6e80fe033c8c6 3dc2533fe68fd3d2 3d8d51ffd74c861c 3d5774ccac3d3817 3d22c3d6f030f9ac
3cee0624b3818f79 3cb804ea293472c7 3c833721ba905bd3 3c4ebe9c5db3c61e 3c18987d17c304e5 3be3ad30dfcf371d
3baf7b816618582f 3b792f9ab81379bf 3b442615600f9499 3b101e77800c76e1 3ad9ca58cce0be35 3aa4a1e0a3e6fe90
3a708180831f320d 3a3a68cd9e985016 4024000000000000 4014000000000000 3fe0000000000000 3fa999999999999a
3f747ae147ae147b 3f40624dd2f1a9fc 3f0a36e2eb1c432d 3ed4f8b588e368f1 3ea0c6f7a0b5ed8d 3e6ad7f29abcaf48
3e35798ee2308c3a 3ed539223589fa95 3ed4ff26cd5a7781 3ed4f95a762283ff 3ed4f8c60703520c 3ed4f8b72f19cd0d
3ed4f8b5b31c0c8d 3ed4f8b58d1c461a 3ed4f8b5894f7f0e 3ed4f8b588ee37f3 3ed4f8b588e47da4 3ed4f8b588e3849c
3ed4f8b588e36bb5 3ed4f8b588e36937 3ed4f8b588e368f8 3ed4f8b588e368f1 3ff0000000000000 bff0000000000000
bfeffffffffffffa bfeffffffffffffb 3feffffffffffffa 3feffffffffffffb 3feffffffffffffc 3feffffffffffffe
bfefffffffffffff bfefffffffffffff 3fefffffffffffff 3fefffffffffffff 3fd3333333333332 3fd3333333333333
3fd3333333333334 0010000000000000 000ffffffffffffd 000fffffffffffff 7fefffffffffffff ffefffffffffffff
4340000000000000 c340000000000000 4430000000000000 44b52d02c7e14af5 44b52d02c7e14af6 44b52d02c7e14af7
444b1ae4d6e2ef4e 444b1ae4d6e2ef4f 444b1ae4d6e2ef50 3eb0c6f7a0b5ed8c 3eb0c6f7a0b5ed8d 41b3de4355555553
41b3de4355555554 41b3de4355555555 41b3de4355555556 41b3de4355555557 becbf647612f3696 43143ff3c1cb0959`

// TestStructuresOfRFC8785 holds the examples of RFC 8785 sections 3.2.2 to 3.2.4 and the reference
// implementation's files.
func TestStructuresOfRFC8785(t *testing.T) {
	for in, want := range map[string]string{
		`{ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
		   "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }`: `` +
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
			`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
		  "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`: `` +
			"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\"," +
			"\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\"," +
			"\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
		`{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ { } ], "A": { }}`: `` +
			`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}`,
		`{"peach": "a", "péché": "b", "pêche": "c", "sin": "d"}`: `{"peach":"a","péché":"b","pêche":"c","sin":"d"}`,
		` [ 56, { "d": true, "10": null, "1": [ ] } ] `:          `[56,{"1":[],"10":null,"d":true}]`,
		`{"Unnormalized Unicode":"A\u030a"}`:                     "{\"Unnormalized Unicode\":\"A\u030a\"}",
		`"</script>\u007f"`:                                      "\"</script>\x7f\"",
	} {
		got, err := Canonicalize([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s\n got %s (%v)\nwant %s", in, got, err, want)
		}
		if err := CheckCanonical([]byte(want)); err != nil {
			t.Errorf("%s is canonical, yet: %v", want, err)
		}
		if err := CheckCanonical([]byte(in)); !errors.Is(err, ErrNotCanonical) {
			t.Errorf("%s is not canonical, yet: %v", in, err)
		}
	}
}

func TestWhatIsNotIJSONIsRefused(t *testing.T) {
	for _, in := range []string{
		``, ` `, `{`, `[`, `[1,]`, `{"a":1,}`, `{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{a:1}`, `{"a" 1}`, `[1 2]`,
		`01`, `1.`, `.5`, `-`, `1e`, `1e400`, `-1e400`, `+1`, `NaN`, `Infinity`, `nul`, `truefalse`, `1 2`,
		`"`, `"\"`, `"\x"`, `"\u12"`, `"\ud800"`, `"\udc00\ud800"`, `"\ud800\u0041"`, "\"\xff\"", "\"\n\"", "\"\\n\n\"",
		"\"\\n\xc3\"", "\xef\xbb\xbf1", strings.Repeat("[", 66) + strings.Repeat("]", 66),
	} {
		if got, err := Canonicalize([]byte(in)); err == nil {
			t.Errorf("%q was taken as %q", in, got)
		}
	}
}

func FuzzCanonicalize(f *testing.F) {
	for _, s := range []string{`{"b":1,"a":[true,null,-0.0,1e21,"\ud83d\ude00"]}`, `"\u0000"`, `[[[[]]]]`, `{"":{}}`, `1e-7`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, err := Canonicalize(in)
		if err != nil {
			return
		}
		if !json.Valid(in) {
			t.Fatalf("%q is not JSON, yet was taken", in)
		}
		again, err := Canonicalize(got)
		if err != nil || !bytes.Equal(got, again) {
			t.Fatalf("%q: canonical form %q becomes %q (%v)", in, got, again, err)
		}
		var a, b any
		if err := errors.Join(json.Unmarshal(in, &a), json.Unmarshal(got, &b)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) { // zero equals minus zero here, as RFC 8785 wants
			t.Fatalf("%q says %v, its canonical form %v", in, a, b)
		}
	})
}
