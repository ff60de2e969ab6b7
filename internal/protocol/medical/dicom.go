// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package medical

import (
	"encoding/binary"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

// PDU types of the DICOM upper layer (PS3.8, section 9.3). A PDU is its type, a zero, and a length of
// four bytes, big-endian, of what follows.
const (
	pduRequest = 1
	pduAccept  = 2
	pduReject  = 3
	pduData    = 4
	pduAbort   = 7

	pduHead   = 6
	maxKept   = 16 << 10 // of a PDU: the patient module stands near the head of a data set
	maxPDU    = 1 << 28
	minOpen   = 68 // fixed part of an association PDU
	maxOpen   = 1 << 20
	fragments = 8 // of one P-DATA-TF that are looked into
)

func dicom() protocol.StreamProtocol {
	return protocol.StreamProtocol{Name: "dicom", Ports: []uint16{104, 11112, 4242, 2761, 2762},
		Recognise: func(_ *protocol.Context, out, in []byte) protocol.Guess {
			if len(out) > 0 {
				return isDICOM(out)
			}
			return isDICOM(in)
		},
		New: func() protocol.Stream {
			s := &dicomStream{}
			for d := range s.side {
				s.side[d].pdus = octets.Records{Size: pduSize, Max: maxKept}
			}
			return s
		}}
}

// isDICOM wants the head of an association, or of a data PDU whose first fragment agrees with it.
func isDICOM(b []byte) protocol.Guess {
	switch {
	case len(b) > 0 && b[0] != pduRequest && b[0] != pduAccept && b[0] != pduData, len(b) > 1 && b[1] != 0:
		return protocol.No
	case len(b) < 12:
		return protocol.Maybe
	}
	length := binary.BigEndian.Uint32(b[2:])
	if b[0] == pduData {
		fragment := binary.BigEndian.Uint32(b[6:])
		if length >= 8 && length < maxPDU && fragment >= 2 && fragment+4 <= length && b[10]&1 == 1 && b[11] <= 3 {
			return protocol.Yes
		}
		return protocol.No
	}
	// Protocol version: bit 0 is version 1; two reserved bytes follow.
	if length >= minOpen && length < maxOpen && b[7]&1 == 1 && b[8] == 0 && b[9] == 0 {
		return protocol.Yes
	}
	return protocol.No
}

func pduSize(head []byte) int {
	if len(head) < pduHead {
		return 0
	}
	n := binary.BigEndian.Uint32(head[2:])
	if head[0] < pduRequest || head[0] > pduAbort || n > maxPDU {
		return -1
	}
	return pduHead + int(n)
}

type dicomStream struct {
	side [2]dicomSide
	body observation.DICOM
	said observation.DICOM
	from uint32
}

type dicomSide struct {
	pdus octets.Records
	set  dataSet
}

func (s *dicomStream) Data(c *protocol.Context, d protocol.Direction, p []byte) bool {
	side := &s.side[d]
	for {
		pdu, rest, ok := side.pdus.Next(p, c.Frame)
		if !ok {
			return !side.pdus.Lost || !s.side[1-d].pdus.Lost
		}
		s.pdu(c, side, pdu)
		p = rest
	}
}

func (s *dicomStream) pdu(c *protocol.Context, side *dicomSide, pdu []byte) {
	if s.from == 0 {
		s.from = side.pdus.First
	}
	switch body := pdu[pduHead:]; pdu[0] {
	case pduRequest:
		s.associate(body)
	case pduAccept:
		s.body.Accepted = true
		s.say(c)
	case pduReject:
		s.say(c)
	case pduData:
		s.data(c, side, body)
	}
}

// associate reads the titles and who asks (PS3.8, tables 9-11 and 9-16; PS3.7, annex D.3.3.2).
func (s *dicomStream) associate(b []byte) {
	r := octets.NewReader(b)
	r.Skip(4)
	called, calling := r.Bytes(16), r.Bytes(16)
	r.Skip(32)
	if !r.OK() {
		return
	}
	s.body = observation.DICOM{CalledAE: octets.Text(called, 16), CallingAE: octets.Text(calling, 16)}
	items(r.Rest(), func(kind byte, v []byte) {
		if kind != 0x50 {
			return
		}
		items(v, func(kind byte, v []byte) {
			switch kind {
			case 0x52:
				s.body.ImplementationUID = octets.Text(v, 64)
			case 0x55:
				s.body.Version = octets.Text(v, 16)
			}
		})
	})
}

// items walks items of a type, a zero, a length of two bytes and a value.
func items(b []byte, visit func(kind byte, v []byte)) {
	r := octets.NewReader(b)
	for r.Len() >= 4 {
		kind := r.U8()
		r.Skip(1)
		v := r.Bytes(int(r.U16()))
		if !r.OK() {
			return
		}
		visit(kind, v)
	}
}

// data reads presentation data values: a length, a context, a control byte (bit 0: command, bit 1: last
// fragment), and a piece of a command or data set (PS3.8, annex E.2).
func (s *dicomStream) data(c *protocol.Context, side *dicomSide, b []byte) {
	s.body.Data = true
	for n := 0; len(b) >= pduHead && n < fragments; n++ {
		length := binary.BigEndian.Uint32(b)
		control := b[5]
		if length < 2 || control > 3 {
			return
		}
		piece := b[pduHead:]
		whole := uint64(length-2) <= uint64(len(piece))
		if whole {
			piece = piece[:length-2]
		}
		b = b[min(len(b), pduHead+len(piece)):]
		side.set.add(piece)
		last := whole && control&2 != 0
		if control&1 != 0 {
			s.body.Command = side.set.command()
			side.set.clear()
		} else if last || side.set.full() {
			side.set.read(&s.body)
			if last {
				side.set.clear()
			}
		}
	}
	s.say(c)
}

// say tells what is new.
func (s *dicomStream) say(c *protocol.Context) {
	if s.body != s.said {
		s.said = s.body
		c.Emit(s.from, &s.body)
	}
	s.from = 0
}

func (s *dicomStream) Gap(c *protocol.Context, d protocol.Direction, n int) bool {
	if s.side[d].pdus.Gap(n) {
		return true
	}
	return !s.side[1-d].pdus.Lost
}

func (s *dicomStream) Close(c *protocol.Context) {
	for d := range s.side {
		s.side[d].set.read(&s.body)
	}
	if s.body != (observation.DICOM{}) && s.body != s.said {
		s.say(c)
	}
}
