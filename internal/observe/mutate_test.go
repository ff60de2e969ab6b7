// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/writ-iot/writ/internal/capture"
	"github.com/writ-iot/writ/internal/check"
	"github.com/writ-iot/writ/internal/credential"
	"github.com/writ-iot/writ/internal/inventory"
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/observation/jsonl"
	"github.com/writ-iot/writ/internal/secret"
)

// house is the pipeline with all that stands behind it.
func house(o Options) *pipeline {
	inv := inventory.New(inventory.Options{})
	g := new(edges)
	g.init(inv)
	o.Keys, o.Factory = secret.NewKeyer(), credential.Factory
	p := newPipeline(o, []observation.Sink{inv, check.New(inv), g, jsonl.New(io.Discard)})
	p.begin(0)
	return p
}

// sample is a frame to be mutated.
type sample struct {
	link capture.Link
	data []byte
}

// samples are the frames of the small capture and, where they are, the first ones of each shared capture.
func samples(t testing.TB) (all []sample) {
	for _, f := range small(t).frames {
		all = append(all, sample{capture.Ethernet, f})
	}
	filepath.WalkDir("../../../shared/captures/dev", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(path, ".pcap") || strings.HasSuffix(path, ".json") {
			return nil
		}
		s, err := capture.Open(path, nil)
		if err != nil {
			return nil
		}
		defer s.Close()
		var f capture.Frame
		for n := 0; n < 60 && s.Next(&f) == nil; n++ {
			all = append(all, sample{f.Link, append([]byte{}, f.Data...)})
		}
		return nil
	})
	return all
}

// mutate changes a few bytes, cuts, or splices two frames.
func mutate(r *rand.Rand, all []sample, buf []byte) (capture.Link, []byte) {
	s := &all[r.IntN(len(all))]
	buf = append(buf[:0], s.data...)
	switch r.IntN(8) {
	case 0:
		buf = buf[:r.IntN(len(buf)+1)]
	case 1:
		o := all[r.IntN(len(all))].data
		at := r.IntN(min(len(buf), len(o)) + 1)
		buf = append(buf[:at], o[at:]...)
	case 2: // as it was: conversations must come about
		return s.link, buf
	}
	if len(buf) > 0 {
		for range 1 + r.IntN(4) {
			at := r.IntN(len(buf))
			if r.IntN(2) == 0 { // headers, mostly
				at = r.IntN(min(len(buf), 80))
			}
			buf[at] = []byte{byte(r.Uint32()), 0, 0xff, buf[at] + 1, buf[at] ^ 1<<r.IntN(8)}[r.IntN(5)]
		}
	}
	return s.link, buf
}

// TestMutatedFramesNeitherPanicNorHangNorGrow runs WRIT_FRAMES frames (a short form without it) through
// the whole house.
func TestMutatedFramesNeitherPanicNorHangNorGrow(t *testing.T) {
	n := 100_000
	if v, err := strconv.Atoi(os.Getenv("WRIT_FRAMES")); err == nil {
		n = v
	}
	all := samples(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d frames out of %d samples, seed %d", n, len(all), seed)
	r := rand.New(rand.NewPCG(seed, 0))
	p := house(Options{MaxFlows: 20_000, MaxBuffer: 1 << 20})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	buf := make([]byte, 0, 1<<18)
	now, began := int64(1e18), time.Now()
	for i := range n {
		link, data := mutate(r, all, buf)
		now += int64(r.IntN(2_000_000))
		p.frame(&capture.Frame{Time: now, Data: data, Length: uint32(len(data)), Link: link}, uint32(i+1))
		if took := time.Since(began); took > 100*time.Millisecond {
			if took > time.Second || i%1000 != 0 { // the machine may be busy: look again
				t.Logf("frame %d took %v: %x", i+1, took, data)
			}
			if again := repeat(p, link, data, now, uint32(i+1)); again > 100*time.Millisecond {
				t.Fatalf("frame %d hangs for %v: %x", i+1, again, data)
			}
		}
		began = time.Now()
	}
	p.end()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if per := (after.TotalAlloc - before.TotalAlloc) / uint64(n); per > 64<<10 {
		t.Errorf("%d bytes allocated a frame", per)
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 400<<20 {
		t.Errorf("%d MiB are held after %d frames", grown>>20, n)
	}
	t.Logf("counted %+v, %d bytes a frame, %d MiB held", p.result.Counters, (after.TotalAlloc-before.TotalAlloc)/uint64(n),
		(int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
}

// repeat gives a frame again and says how long it took.
func repeat(p *pipeline, link capture.Link, data []byte, now int64, frame uint32) time.Duration {
	began := time.Now()
	p.frame(&capture.Frame{Time: now, Data: data, Length: uint32(len(data)), Link: link}, frame)
	return time.Since(began)
}

// FuzzPipeline feeds one house: what it finds may rest on the frames before.
func FuzzPipeline(f *testing.F) {
	for _, s := range small(f).frames {
		f.Add(s, uint16(capture.Ethernet))
	}
	p := house(Options{MaxFlows: 1000, MaxBuffer: 1 << 20})
	n := uint32(0)
	f.Fuzz(func(t *testing.T, b []byte, link uint16) {
		n++
		p.frame(&capture.Frame{Time: int64(n) * 1e6, Data: b, Length: uint32(len(b)), Link: capture.Link(link)}, n)
	})
}
