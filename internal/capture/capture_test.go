// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package capture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

var orders = map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian}

func TestPcapIsReadInEveryByteOrderAndUnit(t *testing.T) {
	for name, order := range orders {
		for _, c := range []struct {
			magic uint32
			unit  uint32
		}{{magicMicro, 1e6}, {magicNano, 1e9}, {magicModified, 1e6}} {
			t.Run(fmt.Sprintf("%s %x", name, c.magic), func(t *testing.T) {
				// The upper half of the link field holds the length of a check sequence.
				b, _ := classic(order, c.magic, 4<<28|uint32(LinuxSLL), samples(c.unit))
				all, notice, err := read(t, b)
				want := []got{{1e9 + 5*int64(1e9/c.unit), "first frame", 11, LinuxSLL},
					{1_700_000_000e9 + 1e9 - int64(1e9/c.unit), "cut", 1500, LinuxSLL}, {4_000_000_000e9, "", 0, LinuxSLL}}
				if err != nil || notice != "" || !slices.Equal(all, want) {
					t.Errorf("read %v (%v, %q), want %v", all, err, notice, want)
				}
			})
		}
	}
}

func TestPcapngIsReadInEveryByteOrder(t *testing.T) {
	want := []got{{1_000_005_000, "first frame", 11, Ethernet}, {1_700_000_000_000_999_999, "cut", 1500, LinuxSLL2},
		{4_000_000_000e9, "", 0, Ethernet}}
	for name, order := range orders {
		b, _ := modern(order)
		all, notice, err := read(t, b)
		if err != nil || notice != "" || !slices.Equal(all, want) {
			t.Errorf("%s: read %v (%v, %q), want %v", name, all, err, notice, want)
		}
	}
}

func TestSectionsOfAFileMayDifferInByteOrder(t *testing.T) {
	little, _ := modern(binary.LittleEndian)
	big, _ := modern(binary.BigEndian)
	all, notice, err := read(t, slices.Concat(little, big, little))
	if err != nil || notice != "" || len(all) != 9 {
		t.Errorf("read %d frames (%v, %q), want 9", len(all), err, notice)
	}
}

func TestPcapngTimesFollowTheInterface(t *testing.T) {
	for _, c := range []struct {
		name    string
		options func(f *file)
		stamp   uint64
		want    int64
	}{
		{"default", func(*file) {}, 1_000_001, 1_000_001_000},
		{"milliseconds", func(f *file) { f.option(9, 3) }, 1001, 1_001_000_000},
		{"picoseconds", func(f *file) { f.option(9, 12) }, 1_000_000_001_999, 1_000_000_001},
		{"binary", func(f *file) { f.option(9, 0x80|10) }, 1024 + 512, 1_500_000_000},
		{"binary, fine", func(f *file) { f.option(9, 0x80|32) }, 1<<32 | 1<<31, 1_500_000_000},
		{"binary, absurd", func(f *file) { f.option(9, 0x80|100) }, 1 << 60, 0},
		{"decimal, absurd", func(f *file) { f.option(9, 100) }, 1 << 60, 0},
		{"offset", func(f *file) { f.option(14, f.order.AppendUint64(nil, 86400)...) }, 1_000_000, 86_401_000_000_000},
	} {
		for name, order := range orders {
			f := file{order: order}
			f.section()
			f.nic(1, 0, func() { c.options(&f) })
			f.frame(0, c.stamp, "x", 1)
			all, _, err := read(t, f.b)
			if err != nil || len(all) != 1 || all[0].time != c.want {
				t.Errorf("%s, %s: read %v (%v), want the time %d", c.name, name, all, err, c.want)
			}
		}
	}
}

func TestOldAndSimplePacketBlocksAreRead(t *testing.T) {
	f := file{order: binary.BigEndian}
	f.section()
	f.nic(uint16(Raw), 4)
	f.block(blockOldPacket, func() {
		f.u16(0)
		f.u16(0xffff)
		f.u32(0, 7, 3, 9)
		f.b = append(f.b, "old"...)
	})
	f.block(blockSimple, func() {
		f.u32(10)
		f.b = append(f.b, "simple"...)
	})
	all, notice, err := read(t, f.b)
	want := []got{{7000, "old", 9, Raw}, {0, "simp", 10, Raw}} // the interface's snap length holds
	if err != nil || notice != "" || !slices.Equal(all, want) {
		t.Errorf("read %v (%v, %q), want %v", all, err, notice, want)
	}
}

func TestTheSameBytesAreTheSameCaptureHoweverTheyCome(t *testing.T) {
	plain, _ := classic(binary.LittleEndian, magicMicro, 1, samples(1e6))
	ng, _ := modern(binary.BigEndian)
	for name, b := range map[string][]byte{"pcap": plain, "pcapng": ng, "pcap.gz": zip(t, plain), "pcapng.gz": zip(t, ng),
		"two members": slices.Concat(zip(t, plain[:30]), zip(t, plain[30:]))} {
		fromFile, err := Open(put(t, b), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fromStdin, err := Open(Stdin, bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sum := sha256.Sum256(b)
		for _, s := range []*Source{fromFile, fromStdin} {
			if s.SHA256 != hex.EncodeToString(sum[:]) || s.Size != int64(len(b)) {
				t.Errorf("%s: digest %s of %d bytes, want %x of %d", name, s.SHA256, s.Size, sum, len(b))
			}
			if n := len(drain(t, s)); n != 3 || s.Notice() != "" {
				t.Errorf("%s: %d frames, %q; want 3", name, n, s.Notice())
			}
			s.Close()
		}
	}
}

func TestACaptureCutAnywhereKeepsItsWholeFrames(t *testing.T) {
	for _, order := range orders {
		for _, magic := range []uint32{magicMicro, magicModified} {
			b, ends := classic(order, magic, 1, samples(1e6))
			cutEverywhere(t, b, ends, 24)
		}
		b, ends := modern(order)
		cutEverywhere(t, b, ends, 0)
	}
}

// cutEverywhere cuts a capture behind each of its bytes. head is the length after which an end is clean; 0
// for that of a first block.
func cutEverywhere(t *testing.T, b []byte, ends []int, head int) {
	t.Helper()
	for n := 4; n < len(b); n++ {
		all, notice, err := read(t, b[:n])
		whole := 0
		for whole < len(ends) && ends[whole] <= n {
			whole++
		}
		if n < headLength(b, head) {
			var bad *FormatError
			if !errors.As(err, &bad) || bad.Found != "a capture that is cut short within its header" {
				t.Fatalf("cut behind byte %d: %v", n, err)
			}
			continue
		}
		if err != nil || len(all) != whole {
			t.Fatalf("cut behind byte %d: %d frames (%v), want %d", n, len(all), err, whole)
		}
		if clean := n == head || head > 0 && slices.Contains(ends, n); clean != (notice == "") && head > 0 {
			t.Fatalf("cut behind byte %d: the notice is %q", n, notice)
		}
		if notice != "" && (!strings.Contains(notice, "offset") || !strings.Contains(notice, fmt.Sprintf("%d whole frames", whole))) {
			t.Fatalf("cut behind byte %d: %q does not say where and how much is kept", n, notice)
		}
	}
}

// headLength is how many bytes of a capture come before what could hold a frame.
func headLength(b []byte, head int) int {
	if head > 0 {
		return head
	}
	if binary.LittleEndian.Uint32(b[8:]) == byteOrder {
		return int(binary.LittleEndian.Uint32(b[4:]))
	}
	return int(binary.BigEndian.Uint32(b[4:]))
}

func TestAGzipCutAnywhereKeepsWhatCanBeUnpacked(t *testing.T) {
	b, _ := classic(binary.LittleEndian, magicMicro, 1, slices.Repeat(samples(1e6), 50))
	z := zip(t, b)
	before := 0
	for n := 11; n < len(z); n++ {
		all, notice, err := read(t, z[:n])
		if err != nil {
			if len(all) > 0 || before > 0 {
				t.Fatalf("cut behind byte %d: %v, though frames could be read", n, err)
			}
			continue
		}
		if len(all) < before || notice == "" {
			t.Fatalf("cut behind byte %d: %d frames, before %d; %q", n, len(all), before, notice)
		}
		before = len(all)
	}
	if before == 0 {
		t.Error("no cut left a frame")
	}
}

func TestLinkTypesHaveNames(t *testing.T) {
	for link, want := range map[Link]string{Ethernet: "ethernet", LinuxSLL: "linux-sll", LinuxSLL2: "linux-sll2", Raw: "raw",
		RawBSD: "raw", Null: "null", Loop: "loop", IPv4: "ipv4", 105: "ieee802.11", 9999: "link-9999"} {
		if link.String() != want {
			t.Errorf("%d is called %s, want %s", link, link, want)
		}
	}
}
