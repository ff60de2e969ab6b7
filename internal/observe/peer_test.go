// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
)

// pairsOf is a sink that keeps which ends spoke over TCP and UDP.
type pairsOf struct{ tcp, udp map[string]bool }

func (s *pairsOf) Observe(o *observation.Observation) {
	if _, ok := o.Body.(*observation.Flow); !ok {
		return
	}
	switch o.Transport {
	case observation.TCP:
		s.tcp[pair(o.Client.String(), o.Server.String())] = true
	case observation.UDP:
		s.udp[pair(o.Client.String(), o.Server.String())] = true
	}
}

func pair(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + " " + b
}

// tshark's line of a conversation: 10.0.0.1:40000 <-> 10.0.0.2:80 …, or with the words of an IPv6 address.
var conversation = regexp.MustCompile(`^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s`)

// tshark gives the ends of the conversations that it sees, over TCP and over UDP.
func tshark(t *testing.T, path string) *pairsOf {
	t.Helper()
	out, err := exec.Command("tshark", "-n", "-r", path, "-q", "-z", "conv,tcp", "-z", "conv,udp").Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("tshark on %s: %v", path, err)
	}
	all := &pairsOf{map[string]bool{}, map[string]bool{}}
	into := all.tcp
	for line := range strings.SplitSeq(string(out), "\n") {
		switch {
		case strings.HasPrefix(line, "TCP Conv"):
			into = all.tcp
		case strings.HasPrefix(line, "UDP Conv"):
			into = all.udp
		}
		if m := conversation.FindStringSubmatch(line); m != nil {
			into[pair(join(m[1], m[2]), join(m[3], m[4]))] = true
		}
	}
	return all
}

func join(addr, port string) string {
	if strings.Contains(addr, ":") {
		addr = "[" + addr + "]"
	}
	return addr + ":" + port
}

// TestConversationsAreThosePeersSee holds the ends of all TCP and UDP conversations of the shared captures
// (a few of them; all, and WRIT_CAPTURE, where that is set) against tshark's.
func TestConversationsAreThosePeersSee(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("skipped: no tshark here")
	}
	var paths []string
	filepath.WalkDir("../../../shared/captures/dev", func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && (strings.HasSuffix(p, ".pcap") || strings.HasSuffix(p, ".pcapng")) {
			paths = append(paths, p)
		}
		return nil
	})
	if len(paths) == 0 {
		t.Skip("skipped: no shared captures beside the checkout")
	}
	if own := os.Getenv("WRIT_CAPTURE"); own != "" {
		paths = append(paths, own)
	} else { // tshark takes a third of a second each: a spread of them
		some := paths[:0:0]
		for i := 0; i < len(paths); i += 30 {
			some = append(some, paths[i])
		}
		paths = some
	}
	total := 0
	for _, p := range paths {
		s := &pairsOf{map[string]bool{}, map[string]bool{}}
		if _, err := Run(context.Background(), []string{p}, Options{}, s); err != nil {
			t.Errorf("%v", err)
			continue
		}
		peer := tshark(t, p)
		alike(t, p+", TCP", s.tcp, peer.tcp)
		alike(t, p+", UDP", s.udp, peer.udp)
		total += len(s.tcp) + len(s.udp)
	}
	t.Logf("%d conversations of %d captures compared", total, len(paths))
	if total == 0 {
		t.Error("nothing was compared")
	}
}

func alike(t *testing.T, what string, ours, theirs map[string]bool) {
	t.Helper()
	if !maps.Equal(ours, theirs) {
		t.Errorf("%s: %d conversations, tshark sees %d; ours alone %v, theirs alone %v", what, len(ours), len(theirs),
			without(ours, theirs), without(theirs, ours))
	}
}

// without lists a few of a that are not in b.
func without(a, b map[string]bool) (some []string) {
	for k := range a {
		if !b[k] {
			some = append(some, k)
		}
	}
	slices.Sort(some)
	return some[:min(len(some), 4)]
}
