// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package packet

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"github.com/writ-iot/writ/internal/capture"
)

// TestDecodeAgreesWithAnotherDecoder compares every frame of the shared captures with gopacket's view of
// it, where that view is plain: one network layer, no fragment, no complaint.
func TestDecodeAgreesWithAnotherDecoder(t *testing.T) {
	const shared = "../../../shared/captures"
	var paths []string
	filepath.WalkDir(shared, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && (strings.HasSuffix(p, ".pcap") || strings.HasSuffix(p, ".pcapng")) {
			paths = append(paths, p)
		}
		return nil
	})
	if len(paths) == 0 {
		t.Skip("skipped: no shared captures beside the checkout")
	}
	if testing.Short() {
		paths = paths[:min(len(paths), 20)]
	}
	compared := 0
	for _, p := range paths {
		s, err := capture.Open(p, nil)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		n, err := agree(s, 3000)
		s.Close()
		if err != nil {
			t.Errorf("%s: %v", p, err)
		}
		compared += n
	}
	t.Logf("%d frames of %d captures compared", compared, len(paths))
	if compared == 0 {
		t.Error("nothing could be compared")
	}
}

// agree compares the first frames of a capture and says how many could be.
func agree(s *capture.Source, most int) (compared int, err error) {
	var d Decoder
	var f capture.Frame
	var p Packet
	for number := 1; number <= most && s.Next(&f) == nil; number++ {
		d.Decode(&f, &p)
		want, ok := plain(&f)
		if !ok {
			continue
		}
		compared++
		if got := brief(&p); got != want {
			return compared, fmt.Errorf("frame %d: %s, gopacket says %s", number, got, want)
		}
	}
	return compared, nil
}

func brief(p *Packet) string {
	return fmt.Sprintf("%s:%d > %s:%d proto %d, %d bytes", p.Src.IP(), p.SrcPort, p.Dst.IP(), p.DstPort, p.Proto, len(p.Payload))
}

// plain is gopacket's view of a frame.
func plain(f *capture.Frame) (string, bool) {
	link := layers.LinkType(f.Link)
	if f.Link == capture.Raw {
		link = layers.LinkTypeRaw
	}
	k := gopacket.NewPacket(f.Data, link, gopacket.DecodeOptions{NoCopy: true})
	var src, dst, proto string
	var size int
	networks := 0
	for _, l := range k.Layers() {
		switch l := l.(type) {
		case *layers.IPv4:
			if l.Flags&layers.IPv4MoreFragments != 0 || l.FragOffset != 0 || l.Length == 0 {
				return "", false
			}
			networks++
			src, dst = l.SrcIP.String(), l.DstIP.String()
		case *layers.IPv6:
			networks++
			src, dst = l.SrcIP.String(), l.DstIP.String()
		case *layers.IPv6Fragment, *gopacket.DecodeFailure, *layers.VXLAN, *layers.GRE:
			return "", false
		case *layers.TCP:
			if l.SrcPort == 0 && l.DstPort == 0 {
				return "", false
			}
			proto, size = fmt.Sprintf(":%d > %%s:%d proto 6", l.SrcPort, l.DstPort), len(l.Payload)
		case *layers.UDP:
			if int(l.Length) < 8 {
				return "", false
			}
			proto, size = fmt.Sprintf(":%d > %%s:%d proto 17", l.SrcPort, l.DstPort), len(l.Payload)
		}
	}
	if networks != 1 || proto == "" {
		return "", false
	}
	return src + fmt.Sprintf(proto, dst) + fmt.Sprintf(", %d bytes", size), true
}
