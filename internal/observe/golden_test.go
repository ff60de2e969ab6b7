// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/capture"
	"github.com/writ-iot/writ/internal/observation/jsonl"
	"github.com/writ-iot/writ/internal/secret"
)

var update = flag.Bool("update", false, "write the golden files")

// lines runs over captures and gives what was observed.
func lines(t testing.TB, paths ...string) (string, *Result, error) {
	t.Helper()
	var out bytes.Buffer
	enc := jsonl.New(&out)
	r, err := Run(context.Background(), paths, Options{Keys: secret.KeyerFrom([32]byte{1})}, enc)
	if e := enc.Flush(); e != nil {
		t.Fatal(e)
	}
	return out.String(), r, err
}

func TestASmallCaptureIsToldLineByLine(t *testing.T) {
	s := small(t)
	out, r, err := lines(t, put(t, s.pcap()))
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Counters; c.Frames != uint64(len(s.frames)) || c.Malformed != 1 || c.Partial || c.Evicted != 0 {
		t.Errorf("counted %+v of %d frames", c, len(s.frames))
	}
	for _, secret := range []string{"12345", "YWRtaW46YWRtaW4", "s3cret"} {
		if strings.Contains(out, secret) {
			t.Errorf("the secret %q stands in the output", secret)
		}
	}
	const golden = "testdata/small.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if out != string(want) {
		t.Errorf("told\n%s\nwant\n%s\n(-update writes %s anew)", out, want, golden)
	}
}

func TestTheSameCaptureIsToldTheSameTwice(t *testing.T) {
	path := put(t, small(t).pcap())
	first, _, _ := lines(t, path)
	second, _, _ := lines(t, path)
	if first != second {
		t.Error("two looks at one capture differ")
	}
}

func TestACutCaptureTellsOfItsWholeFrames(t *testing.T) {
	s := small(t)
	b := s.pcap()
	end, whole := 24, 0
	for n := 24; n <= len(b); n += 7 {
		for whole < len(s.frames) && end+16+len(s.frames[whole]) <= n {
			end += 16 + len(s.frames[whole])
			whole++
		}
		_, r, err := lines(t, put(t, b[:n]))
		in := r.Inputs[0]
		if err != nil || in.Packets != uint64(whole) || in.Truncated != (n != end) || in.Truncated != (in.Notice != "") {
			t.Fatalf("cut behind byte %d: %d frames, truncated %v, %q, %v; want %d", n, in.Packets, in.Truncated, in.Notice, err, whole)
		}
	}
}

func TestInputsAreToldApartAndReadOnce(t *testing.T) {
	s := small(t)
	a := put(t, s.pcap())
	s.frames = s.frames[:5]
	b := put(t, s.pcap())
	_, r, err := lines(t, a, b, a)
	if err != nil || len(r.Inputs) != 3 || r.Inputs[0].Repeated || !r.Inputs[2].Repeated || r.Inputs[2].Packets != 0 {
		t.Errorf("read %+v, %v", r.Inputs, err)
	}
	if r.Counters.Frames != r.Inputs[0].Packets+5 {
		t.Errorf("%d frames in all", r.Counters.Frames)
	}
	_, r, err = lines(t, a, put(t, []byte("no capture")))
	var bad *capture.FormatError
	if !errors.As(err, &bad) || len(r.Inputs) != 1 {
		t.Errorf("of what is no capture: %v, after %d inputs", err, len(r.Inputs))
	}
}

func TestALookThatIsStoppedSaysWhere(t *testing.T) {
	s := small(t)
	for len(s.frames) < every {
		s.frames = append(s.frames, s.frames...)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err := Run(ctx, []string{put(t, s.pcap())}, Options{})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "stopped after frame 16384") {
		t.Errorf("said %v", err)
	}
}
