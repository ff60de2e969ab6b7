// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package inbox

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/writ-iot/writ/internal/mail"
)

// message is the media type of mail.
const message = "message/rfc822"

// look says by a thing's bytes what it is, and what a reader should know before opening it. The name is
// believed in nothing; where it promises something else that is said.
func look(name string, b []byte) (media string, notes []string) {
	media = sniff(b)
	switch media {
	case "application/zip":
		media, notes = packed(b)
	case "application/pdf":
		notes = inPDF(b)
	case "application/x-executable":
		notes = []string{"it is a program: kept as it is, never run"}
	case "text/html":
		notes = []string{"a web page: scripts and what it would fetch were not followed"}
	}
	if want, ok := promised[strings.ToLower(filepath.Ext(name))]; ok && !strings.HasPrefix(media, want) {
		notes = append(notes, fmt.Sprintf("its name says %s, its bytes say %s", filepath.Ext(name), media))
	}
	return media, notes
}

// promised is what the ends of names say; a beginning is enough.
var promised = map[string]string{".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg",
	".jpeg": "image/jpeg",
	".gif":  "image/gif", ".webp": "image/webp", ".tif": "image/tiff", ".tiff": "image/tiff", ".eml": message,
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml",
	".csv":  "text/", ".txt": "text/"}

// magic are how things begin that the standard table does not know.
var magic = []struct{ begins, media string }{
	{"\x7fELF", "application/x-executable"},
	{"MZ", "application/x-executable"},
	{"\xcf\xfa\xed\xfe", "application/x-executable"},
	{"\xca\xfe\xba\xbe", "application/x-executable"},
	{"#!", "application/x-executable"},
	{"II*\x00", "image/tiff"},
	{"MM\x00*", "image/tiff"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"},
	{"{\\rtf", "application/rtf"},
}

func sniff(b []byte) string {
	for _, m := range magic {
		if bytes.HasPrefix(b, []byte(m.begins)) {
			return m.media
		}
	}
	if len(b) > 12 && string(b[4:8]) == "ftyp" && strings.Contains("heic heix mif1 hevc", string(b[8:12])) {
		return "image/heic"
	}
	if isMail(b) {
		return message
	}
	media, _, _ := strings.Cut(http.DetectContentType(b), ";")
	if media == "text/plain" && !utf8.Valid(b[:min(len(b), 512)]) && bytes.IndexByte(b[:min(len(b), 512)], 0) >= 0 {
		return "application/octet-stream"
	}
	return media
}

// isMail says whether bytes begin with header lines, and are a message under them.
func isMail(b []byte) bool {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	name, _, ok := bytes.Cut(line, []byte(":"))
	if !ok || len(name) == 0 || len(name) > 60 || bytes.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' ||
			r > '~'
	}) {
		return false
	}
	_, err := mail.Read(b[:min(len(b), 512<<10)])
	return err == nil
}

// maxListed bounds the files of an archive whose names are looked at.
const maxListed = 10_000

// packed says what a zip file is by what it lists; it unpacks nothing.
func packed(b []byte) (media string, notes []string) {
	if bytes.Count(b, []byte("PK\x01\x02")) > maxListed {
		return "application/zip", []string{fmt.Sprintf("an archive of more than %d files: not looked into", maxListed)}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return "application/zip", []string{"an archive that is broken: " + err.Error()}
	}
	const office = "application/vnd.openxmlformats-officedocument."
	media = "application/zip"
	held := map[string]int{}
	for _, f := range z.File[:min(len(z.File), maxListed)] {
		switch {
		case f.Name == "xl/workbook.xml":
			media = office + "spreadsheetml.sheet"
		case f.Name == "word/document.xml":
			media = office + "wordprocessingml.document"
		case f.Name == "ppt/presentation.xml":
			media = office + "presentationml.presentation"
		case f.Name == "content.xml" && media == "application/zip":
			media = "application/vnd.oasis.opendocument"
		}
		for part, what := range map[string]string{"vbaProject.bin": "macros", "/externalLinks/": "links to other files",
			"/embeddings/": "embedded objects", "/activeX/": "ActiveX controls"} {
			if strings.Contains(f.Name, part) {
				held[what]++
			}
		}
	}
	if media == "application/zip" {
		notes = append(notes, fmt.Sprintf("an archive of %d files: not unpacked", len(z.File)))
	}
	for _, what := range []string{"macros", "links to other files", "embedded objects", "ActiveX controls"} {
		if held[what] > 0 {
			notes = append(notes, fmt.Sprintf("it holds %s (%d): not opened", what, held[what]))
		}
	}
	return media, notes
}

// inPDF names what in a PDF would act when it is opened. It reads names, no streams: what is packed in one stays
// unseen.
func inPDF(b []byte) (notes []string) {
	for _, n := range []struct{ name, what string }{{"/JavaScript", "scripts"}, {"/Launch",
		"commands to start programs"},
		{"/EmbeddedFile", "embedded files"}, {"/RichMedia", "embedded media"}, {"/SubmitForm",
			"a form that sends itself"}} {
		if bytes.Contains(b, []byte(n.name)) {
			notes = append(notes, "it holds "+n.what+": not opened")
		}
	}
	if bytes.Contains(b, []byte("/Encrypt")) {
		notes = append(notes, "it is encrypted, or restricted by its author")
	}
	return notes
}
