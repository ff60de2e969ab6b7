// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package medical

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	pt "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

const (
	order = "\x0bMSH|^~\\&|PUMP^INFUSION|WARD3|ENGINE||20261102||ORU^R01^ORU_R01|17|P|2.6\rPID|1||000^^^DEMO||EXAMPLE^PATIENT\rOBX|1|NM|1\r\x1c\r"
	ack   = "\x0bMSH|^~\\&|ENGINE||PUMP|WARD3|20261102||ACK^R01|A17|P|2.6\rMSA|AA|17\r\x1c\r"
)

func TestHL7SaysThatAPatientIsNamedAndNeverWho(t *testing.T) {
	got := pt.Stream(t, hl7(), 2575, pt.Out(order), pt.In(ack))
	pt.Want(t, got,
		&observation.HL7{MessageType: "ORU^R01^ORU_R01", SendingApplication: "PUMP^INFUSION", SendingFacility: "WARD3", Patient: true, Version: "2.6"},
		&observation.HL7{MessageType: "ACK^R01", SendingApplication: "ENGINE", Version: "2.6"})
	if strings.Contains(fmt.Sprintf("%+v", got), "EXAMPLE") {
		t.Error("a patient's name left the parser")
	}
}

func TestHL7WithoutMLLPAndWithoutAnEnd(t *testing.T) {
	got := pt.Stream(t, hl7(), 9999, pt.Out("MSH|^~\\&|LAB|H|||1||ADT^A01|1|P|2.3\rPID|1||7"))
	pt.Want(t, got, &observation.HL7{MessageType: "ADT^A01", SendingApplication: "LAB", SendingFacility: "H", Patient: true, Version: "2.3"})
}

func TestWhatIsNoHL7(t *testing.T) {
	for _, s := range []string{"MSHxyz|^~\\&|", "\x0bMSH 1234567890", "GET / HTTP/1.1\r\n", "MSG|^~\\&|A"} {
		pt.NotRecognised(t, hl7(), 2575, pt.Out(s))
	}
}

func pdu(kind byte, body string) string {
	return string([]byte{kind, 0}) + string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + body
}

func item(kind byte, body string) string {
	return string([]byte{kind, 0, byte(len(body) >> 8), byte(len(body))}) + body
}

func association(kind byte, called, calling string) string {
	return pdu(kind, "\x00\x01\x00\x00"+fmt.Sprintf("%-16s%-16s", called, calling)+strings.Repeat("\x00", 32)+
		item(0x10, "1.2.840.10008.3.1.1.1")+item(0x50, item(0x51, "\x00\x00\x40\x00")+item(0x52, "1.2.3.4")+item(0x55, "NODE_1")))
}

func pdv(control byte, body string) string {
	return pdu(4, string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+2)))+string([]byte{1, control})+body)
}

func implicit(group, number uint16, v string) string {
	b := binary.LittleEndian.AppendUint16(nil, group)
	b = binary.LittleEndian.AppendUint16(b, number)
	return string(binary.LittleEndian.AppendUint32(b, uint32(len(v)))) + v
}

func explicit(group, number uint16, vr, v string) string {
	b := binary.LittleEndian.AppendUint16(nil, group)
	b = append(binary.LittleEndian.AppendUint16(b, number), vr...)
	return string(binary.LittleEndian.AppendUint16(b, uint16(len(v)))) + v
}

const storeRequest = "\x01\x00"

func conversation(image string) []pt.Turn {
	return []pt.Turn{pt.Out(association(1, "ARCHIVE", "CT01")), pt.In(association(2, "ARCHIVE", "CT01")),
		pt.Out(pdv(3, implicit(0, 2, "1.2.840.10008.5.1.4.1.1.2")+implicit(0, 0x100, storeRequest))),
		pt.Out(pdv(2, image)), pt.Out(pdu(5, "\x00\x00\x00\x00"))}
}

func stored() *observation.DICOM {
	return &observation.DICOM{CallingAE: "CT01", CalledAE: "ARCHIVE", ImplementationUID: "1.2.3.4", Version: "NODE_1",
		Accepted: true, Data: true, Command: "C-STORE", Patient: true, Manufacturer: "Tomaris", Model: "TX-64", Modality: "CT"}
}

func TestDICOMReadsImplicitAndExplicitDataSets(t *testing.T) {
	sequence := "\x08\x00\x40\x11\xff\xff\xff\xff" + "\xfe\xff\x00\xe0\xff\xff\xff\xff" + implicit(8, 0x1150, "1.2.") +
		"\xfe\xff\x0d\xe0\x00\x00\x00\x00" + "\xfe\xff\xdd\xe0\x00\x00\x00\x00"
	for name, image := range map[string]string{
		"implicit": implicit(8, 0x60, "CT") + implicit(8, 0x70, "Tomaris ") + implicit(8, 0x1090, "TX-64 ") + implicit(0x10, 0x10, "EXAMPLE^PATIENT "),
		"a sequence of undefined length before the patient": implicit(8, 0x60, "CT") + implicit(8, 0x70, "Tomaris ") +
			implicit(8, 0x1090, "TX-64 ") + sequence + implicit(0x10, 0x20, "000000"),
		"explicit": explicit(8, 0x60, "CS", "CT") + explicit(8, 0x70, "LO", "Tomaris ") + explicit(8, 0x1090, "LO", "TX-64 ") +
			explicit(0x10, 0x10, "PN", "EXAMPLE^PATIENT "),
	} {
		got := pt.Stream(t, dicom(), 11112, conversation(image)...)
		if len(got) != 3 {
			t.Fatalf("%s: %d observations, want the association, the command and the image", name, len(got))
		}
		pt.Want(t, got[2:], stored())
		if strings.Contains(fmt.Sprintf("%+v", got), "EXAMPLE") {
			t.Errorf("%s: a patient's name left the parser", name)
		}
	}
}

func TestDICOMWithoutAPatientNamesNone(t *testing.T) {
	got := pt.Stream(t, dicom(), 4242, conversation(implicit(8, 0x60, "CT")+implicit(0x10, 0x10, "  "))...)
	for _, b := range got {
		if b.(*observation.DICOM).Patient {
			t.Error("an empty name is a patient's name")
		}
	}
}

func TestDICOMSaysWhatItKnowsWhenTheCaptureBeginsInTheMiddle(t *testing.T) {
	got := pt.Stream(t, dicom(), 11112, pt.Out(pdv(2, implicit(8, 0x60, "MR")+implicit(0x10, 0x20, "77"))))
	pt.Want(t, got, &observation.DICOM{Data: true, Patient: true, Modality: "MR"})
}

func TestWhatIsNoDICOM(t *testing.T) {
	for _, s := range []string{"\x01\x00\x00\x00\x00\x05\x00\x01\x00\x00hello", "\x04\x00\x00\x00\x00\x04abcdefgh", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x01",
		"\x04\x01\x00\x50\x7f\x00\x00\x01\x00\x00\x00\x00"} {
		pt.NotRecognised(t, dicom(), 104, pt.Out(s))
	}
}

func FuzzMedical(f *testing.F) {
	pt.FuzzStreams(f, Streams(), []pt.Turn{pt.Out(order), pt.In(ack)},
		conversation(implicit(8, 0x60, "CT")+implicit(0x10, 0x10, "EXAMPLE^PATIENT ")))
}
