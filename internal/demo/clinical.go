// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"encoding/binary"
	"fmt"
	"time"
)

// hl7 wraps a version 2 message in its MLLP frame. The patient is as made up as the hospital.
func hl7(segments ...string) []byte {
	b := []byte{0x0b}
	for _, s := range segments {
		b = append(b, s...)
		b = append(b, '\r')
	}
	return append(b, 0x1c, '\r')
}

// infusion reports one pump's status to the integration engine in clear HL7 (IHE PCD-01).
func (w *wire) infusion(at time.Time, pump, engine station, n int) {
	stamp := at.UTC().Format("20060102150405")
	id := fmt.Sprintf("%s-%d", pump.name, n)
	w.converse(at, pump, engine, 2575,
		sent(hl7("MSH|^~\\&|MEDUSA^INFUSION|"+pump.name+"|ENGINE|WARD3|"+stamp+"||ORU^R01^ORU_R01|"+id+"|P|2.6",
			"PID|1||000000^^^DEMO^MR||EXAMPLE^PATIENT||19700101|U",
			"OBR|1|||69986^MDC_DEV_PUMP_INFUS_VMD^MDC",
			"OBX|1|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1|12.5|265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R")),
		answered(hl7("MSH|^~\\&|ENGINE|WARD3|MEDUSA^INFUSION|"+pump.name+"|"+stamp+"||ACK^R01|A"+id+"|P|2.6",
			"MSA|AA|"+id)))
}

// pdu frames a DICOM upper-layer PDU (PS3.8 section 9.3).
func pdu(kind byte, body []byte) []byte {
	return join([]byte{kind, 0}, u32(len(body)), body)
}

func item(kind byte, body []byte) []byte { return join([]byte{kind, 0}, u16(len(body)), body) }

func aeTitle(s string) []byte { return fmt.Appendf(nil, "%-16s", s) }

// association is an A-ASSOCIATE-RQ (kind 1) or -AC (kind 2).
func association(kind byte, calling, called string) []byte {
	const (
		appContext = "1.2.840.10008.3.1.1.1"
		ctStorage  = "1.2.840.10008.5.1.4.1.1.2"
		implicitLE = "1.2.840.10008.1.2"
	)
	syntaxes := item(0x40, []byte(implicitLE))
	ctx := byte(0x20)
	if kind == 1 {
		syntaxes = join(item(0x30, []byte(ctStorage)), syntaxes)
	} else {
		ctx = 0x21
	}
	user := join(item(0x51, u32(16384)), item(0x52, []byte("1.2.826.0.1.3680043.8.498.1")),
		item(0x55, []byte("CTNODE_2_1")))
	return pdu(kind, join(u16(1), u16(0), aeTitle(called), aeTitle(calling), make([]byte, 32),
		item(0x10, []byte(appContext)), item(ctx, join([]byte{1, 0, 0, 0}, syntaxes)), item(0x50, user)))
}

// element is a data element in implicit VR little endian.
func element(group, number uint16, value string) []byte {
	if len(value)%2 == 1 {
		value += " "
	}
	b := binary.LittleEndian.AppendUint16(nil, group)
	b = binary.LittleEndian.AppendUint16(b, number)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

func pdata(command bool, body []byte) []byte {
	control := byte(2)
	if command {
		control = 3
	}
	return pdu(4, join(u32(len(body)+2), []byte{1, control}, body))
}

func short(n uint16) string { return string(binary.LittleEndian.AppendUint16(nil, n)) }

// study stores one image from the scanner in the archive, in clear.
func (w *wire) study(at time.Time, scanner, archive station) {
	command := join(element(0, 2, "1.2.840.10008.5.1.4.1.1.2"), element(0, 0x100, short(1)),
		element(0, 0x110, short(1)), element(0, 0x800, short(0x0102)))
	image := join(element(0x0008, 0x0060, "CT"), element(0x0008, 0x0070, "Tomaris Imaging"),
		element(0x0008, 0x1090, "TX-64"), element(0x0010, 0x0010, "EXAMPLE^PATIENT"), element(0x0010, 0x0020, "000000"),
		element(0x0018, 0x1020, "2.1.4"), element(0x7fe0, 0x0010, string(make([]byte, 6000))))
	done := join(element(0, 0x100, short(0x8001)), element(0, 0x120, short(1)), element(0, 0x800, short(0x0101)),
		element(0, 0x900, short(0)))
	w.converse(at, scanner, archive, 11112,
		sent(association(1, "CT01", "ARCHIVE")), answered(association(2, "CT01", "ARCHIVE")),
		sent(pdata(true, command)), sent(pdata(false, image)), answered(pdata(true, done)),
		sent(pdu(5, make([]byte, 4))), answered(pdu(6, make([]byte, 4))))
}
