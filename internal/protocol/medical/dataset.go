// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package medical

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// dataSet gathers the head of a command or data set from its fragments.
type dataSet struct{ head []byte }

// maxSet holds the modules that describe patient, study and equipment; pixels come behind them.
const maxSet = 8 << 10

func (s *dataSet) add(b []byte) { s.head = append(s.head, b[:min(len(b), maxSet-len(s.head))]...) }

func (s *dataSet) full() bool { return len(s.head) == maxSet }

func (s *dataSet) clear() { s.head = s.head[:0] }

// Tags that are read (PS3.6): group and element.
const (
	tagCommand      = 0x0000_0100
	tagModality     = 0x0008_0060
	tagManufacturer = 0x0008_0070
	tagInstitution  = 0x0008_0080
	tagModel        = 0x0008_1090
	tagPatientName  = 0x0010_0010
	tagPatientID    = 0x0010_0020
	tagBirthDate    = 0x0010_0030
	tagSoftware     = 0x0018_1020
)

// command names what a command set asks for (PS3.7, annex E.1); responses have bit 15 set.
func (s *dataSet) command() string {
	name := ""
	elements(s.head, func(tag uint32, v []byte) bool {
		if tag == tagCommand && len(v) == 2 {
			name = commandName(binary.LittleEndian.Uint16(v))
		}
		return tag < tagCommand
	})
	return name
}

func commandName(n uint16) string {
	switch n &^ 0x8000 {
	case 0x0001:
		return "C-STORE"
	case 0x0010:
		return "C-GET"
	case 0x0020:
		return "C-FIND"
	case 0x0021:
		return "C-MOVE"
	case 0x0030:
		return "C-ECHO"
	case 0x0100:
		return "N-EVENT-REPORT"
	case 0x0110:
		return "N-GET"
	case 0x0120:
		return "N-SET"
	case 0x0130:
		return "N-ACTION"
	case 0x0140:
		return "N-CREATE"
	}
	return ""
}

// read takes from a data set what describes the equipment, and that a patient is named; never who.
func (s *dataSet) read(to *observation.DICOM) {
	elements(s.head, func(tag uint32, v []byte) bool {
		text := func(limit int) string { return octets.Text(v, limit) }
		switch tag {
		case tagModality:
			to.Modality = text(16)
		case tagManufacturer:
			to.Manufacturer = text(64)
		case tagModel:
			to.Model = text(64)
		case tagSoftware:
			to.SoftwareVersions = text(64)
		case tagInstitution:
			if text(1) != "" {
				to.InstitutionSet = "yes"
			}
		case tagPatientName, tagPatientID, tagBirthDate:
			to.Patient = to.Patient || text(1) != ""
		}
		return tag < tagSoftware
	})
}

// element is the head of a data element.
type element struct {
	tag  uint32
	size uint32 // undefined: until its delimiter
}

const (
	undefined   = 0xffff_ffff
	tagItem     = 0xfffe_e000
	tagItemEnd  = 0xfffe_e00d
	tagSeqEnd   = 0xfffe_e0dd
	maxNesting  = 8
	elementHead = 8
)

// next reads an element's head, in implicit or explicit VR, little-endian (PS3.5, section 7.1).
func next(b []byte, explicit bool) (e element, body []byte, ok bool) {
	if len(b) < elementHead {
		return e, nil, false
	}
	e.tag = uint32(binary.LittleEndian.Uint16(b))<<16 | uint32(binary.LittleEndian.Uint16(b[2:]))
	e.size = binary.LittleEndian.Uint32(b[4:])
	switch {
	case !explicit || e.tag>>16 == 0xfffe:
	case !isVR(b[4:6]):
		return e, nil, false
	case !longVR(b[4:6]):
		e.size = uint32(binary.LittleEndian.Uint16(b[6:]))
	case len(b) < 12:
		return e, nil, false
	default:
		e.size = binary.LittleEndian.Uint32(b[8:])
		return e, b[12:], true
	}
	return e, b[elementHead:], true
}

// elements walks data elements until visit returns false. They stand in the order of their tags (PS3.5,
// section 7.1), so a step back ends the walk: what follows is no data set, or was deflated.
func elements(b []byte, visit func(tag uint32, v []byte) bool) {
	explicit := len(b) >= 6 && isVR(b[4:6])
	for last := uint32(0); ; {
		e, body, ok := next(b, explicit)
		if !ok || e.tag < last {
			return
		}
		last = e.tag
		if e.size == undefined {
			if b, ok = skip(body, explicit, tagSeqEnd, 0); !ok {
				return
			}
			continue
		}
		if uint64(e.size) > uint64(len(body)) || !visit(e.tag, body[:e.size]) {
			return
		}
		b = body[e.size:]
	}
}

// skip passes over a sequence or item of undefined length, to behind its delimiter.
func skip(b []byte, explicit bool, end uint32, depth int) (rest []byte, ok bool) {
	for depth < maxNesting {
		e, body, ok := next(b, explicit)
		switch {
		case !ok:
			return nil, false
		case e.tag == end:
			return body, true
		case e.size == undefined:
			inner := uint32(tagSeqEnd)
			if e.tag == tagItem {
				inner = tagItemEnd
			}
			if b, ok = skip(body, explicit, inner, depth+1); !ok {
				return nil, false
			}
		case uint64(e.size) > uint64(len(body)):
			return nil, false
		default:
			b = body[e.size:]
		}
	}
	return nil, false
}

func isVR(b []byte) bool { return 'A' <= b[0] && b[0] <= 'Z' && 'A' <= b[1] && b[1] <= 'Z' }

// longVR names the value representations whose length is four bytes behind two reserved ones (PS3.5,
// table 7.1-1).
func longVR(b []byte) bool {
	switch string(b) {
	case "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV":
		return true
	}
	return false
}
