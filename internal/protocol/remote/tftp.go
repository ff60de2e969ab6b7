// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/octets"
)

func tftp() protocol.DatagramProtocol {
	return protocol.DatagramProtocol{Name: "tftp", Ports: []uint16{69}, Read: readTFTP}
}

// readTFTP reads a request (RFC 1350, 5): opcode, file, mode. What follows comes from another port and
// says nothing of its own.
func readTFTP(c *protocol.Context, d protocol.Direction, p []byte) bool {
	r := octets.NewReader(p)
	op := r.U16()
	if op != 1 && op != 2 || d != protocol.ToServer {
		return false
	}
	file, mode := r.CString(), r.CString()
	if !r.OK() || len(file) == 0 || !octets.Printable(file) || !isTFTPMode(mode) {
		return false
	}
	for r.Len() > 0 { // options (RFC 2347): name and value
		if name := r.CString(); !r.OK() || len(name) == 0 || !octets.Printable(name) {
			return false
		}
		if v := r.CString(); !r.OK() || !octets.Printable(v) {
			return false
		}
	}
	verb := "read "
	if op == 2 {
		verb = "write "
	}
	c.Emit(0, &observation.Session{Protocol: "tftp", Detail: verb + octets.Text(file, 128)})
	return true
}

func isTFTPMode(m []byte) bool {
	return octets.EqualFold(m, "octet") || octets.EqualFold(m, "netascii") || octets.EqualFold(m, "mail")
}
