// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package medical reads what medical devices say in clear: HL7 version 2 over MLLP, and DICOM.
//
// It says that a message names a patient, and never who: no field of a patient leaves this package.
package medical

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the protocols over TCP.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{dicom(), hl7()}
}
