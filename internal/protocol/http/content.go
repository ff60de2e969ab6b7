// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"encoding/binary"
	"html"
	"math/bits"
	"strings"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

const (
	maxTitle = 120
)

// magics are the first bytes of firmware, programs and archives.
var magics = []struct{ name, head string }{
	{"elf", "\x7fELF"}, {"uimage", "\x27\x05\x19\x56"}, {"fit", "\xd0\x0d\xfe\xed"}, {"squashfs", "hsqs"},
	{"squashfs", "sqsh"}, {"ubi", "UBI#"}, {"ubifs", "\x31\x18\x10\x06"}, {"jffs2", "\x85\x19\x03\x20"},
	{"jffs2", "\x19\x85\x20\x03"}, {"cramfs", "\x45\x3d\xcd\x28"}, {"trx", "HDR0"},
	{"android-boot", "ANDROID!"}, {"android-sparse", "\x3a\xff\x26\xed"}, {"zip", "PK\x03\x04"},
	{"gzip", "\x1f\x8b\x08"}, {"xz", "\xfd7zXZ\x00"}, {"bzip2", "BZh"}, {"lzma", "\x5d\x00\x00"},
	{"zstd", "\x28\xb5\x2f\xfd"}, {"7z", "7z\xbc\xaf\x27\x1c"}, {"cpio", "070701"},
	{"rpm", "\xed\xab\xee\xdb"}, {"deb", "!<arch>\ndebian"}, {"pe", "MZ\x90\x00"}, {"dex", "dex\n03"},
	{"ihex", ":020000"}, {"script", "#!/"}, {"pdf", "%PDF-"},
}

// magic names what a body begins with; "" for what is not known.
func magic(b []byte) string {
	for _, m := range magics {
		if len(b) >= len(m.head) && string(b[:len(m.head)]) == m.head {
			return m.name
		}
	}
	return ""
}

// beginningOf is how much of a body of this type is looked at.
func beginningOf(contentType string) int {
	t := []byte(contentType)
	for _, w := range []string{"html", "xml", "ipp", "form-urlencoded", "json"} {
		if octets.HasFold(t, w) {
			return beginningText
		}
	}
	return beginning
}

// describe reads the beginning of an answer's body.
func (s *stream) describe(c *protocol.Context) {
	b := &s.now.body
	if len(s.text) == 0 || s.side[protocol.ToClient].coded {
		return
	}
	if m := magic(s.text); m != "" {
		b.BodyMagic = m
	}
	kind := []byte(b.ContentType)
	switch {
	case octets.HasFold(kind, "html"):
		if title := element(s.text, "title"); title != nil {
			b.Title = octets.Text([]byte(html.UnescapeString(string(title))), maxTitle)
		}
	case octets.HasFold(kind, "xml"):
		s.description(c)
	case octets.HasFold(kind, "application/ipp"):
		printer(c, s.now.first, s.text)
	}
}

// description reads a UPnP description (UPnP Device Architecture 2.0, 2.3) or an ONVIF GetDeviceInformation.
func (s *stream) description(c *protocol.Context) {
	b, text := &s.now.body, s.text
	value := func(name string) string {
		return octets.Text([]byte(html.UnescapeString(string(element(text, name)))), maxTitle)
	}
	switch {
	case bytes.Contains(text, []byte("urn:schemas-upnp-org:device")):
		b.Manufacturer, b.Model = value("manufacturer"), value("modelname")
		if n := value("modelnumber"); n != "" && !strings.Contains(b.Model, n) {
			b.Model = strings.TrimSpace(b.Model + " " + n)
		}
		b.Firmware = value("firmwareversion")
	case bytes.Contains(text, []byte("GetDeviceInformationResponse")):
		b.Manufacturer, b.Model, b.Firmware = value("manufacturer"), value("model"), value("firmwareversion")
		c.Emit(s.now.first, &observation.Identity{Protocol: "onvif", Vendor: b.Manufacturer, Model: b.Model,
			Firmware: b.Firmware})
	}
}

// element is the text of the first element of a lower-case local name, whatever its prefix; nil without one.
func element(b []byte, name string) []byte {
	begin := opening(b, name)
	if begin < 0 {
		return nil
	}
	_, b, ok := bytes.Cut(b[begin:], []byte(">"))
	if !ok {
		return nil
	}
	text, _, ok := bytes.Cut(b, []byte("<"))
	if !ok {
		return nil
	}
	return text
}

// opening is where the first tag begins that opens an element of a local name; -1 without one.
func opening(b []byte, name string) int {
	for at := leading(b, 0, name[0]); at >= 0; at = leading(b, at+1, name[0]) {
		end := at + 1 + len(name)
		if b[at] != '<' && b[at] != ':' || end > len(b) || !octets.EqualFold(b[at+1:end], name) ||
			end < len(b) && inName(b[end]) {
			continue
		}
		begin := at
		for begin > 0 && inName(b[begin]) {
			begin-- // over a prefix
		}
		if b[begin] == '<' && b[begin+1] != '/' {
			return begin
		}
	}
	return -1
}

// inName says that a byte belongs to the name of a tag.
func inName(c byte) bool { return c > ' ' && c != '<' && c != '>' }

// leading finds the first place from at on where a local name may begin: < or : before its first letter, in either
// case; -1 without one. Pages are full of tags, so it looks at eight places at once; some it gives are none.
func leading(b []byte, at int, letter byte) int {
	for ; at+9 <= len(b); at += 8 {
		x, next := binary.LittleEndian.Uint64(b[at:]), binary.LittleEndian.Uint64(b[at+1:])
		if m := (equal(x, '<') | equal(x, ':')) & equal(next|ones*0x20, letter); m != 0 {
			return at + bits.TrailingZeros64(m)/8
		}
	}
	for ; at+1 < len(b); at++ {
		if (b[at] == '<' || b[at] == ':') && b[at+1]|0x20 == letter {
			return at
		}
	}
	return -1
}

// ones has a one in each of eight bytes.
const ones = 0x0101010101010101

// equal sets the top bit of each byte of x that is c; of bytes above such a one perhaps, too.
func equal(x uint64, c byte) uint64 {
	x ^= ones * uint64(c)
	return (x - ones) &^ x & (ones * 0x80)
}

// printer says what an IPP answer says of the printer: attributes are name and value, each behind its
// 16-bit length (RFC 8010, 3.1.4).
func printer(c *protocol.Context, first uint32, b []byte) {
	model, name := attribute(b, "printer-make-and-model"), attribute(b, "printer-dns-sd-name")
	if model == "" && name == "" {
		return
	}
	c.Emit(first, &observation.Identity{Protocol: "ipp", Type: "printer", Model: model, Text: name,
		Firmware: attribute(b, "printer-firmware-string-version")})
}

func attribute(b []byte, name string) string {
	_, rest, ok := bytes.Cut(b, []byte(string([]byte{0, byte(len(name))})+name))
	if !ok {
		return ""
	}
	r := octets.NewReader(rest)
	return octets.Text(r.Bytes(int(r.U16())), maxTitle)
}
