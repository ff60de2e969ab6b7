// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package ot reads the protocols that control buildings, plants and grids: Modbus, BACnet, S7, MMS, GOOSE,
// DNP3, IEC 60870-5-104, EtherNet/IP, OPC UA, HART-IP, FINS, ADS, PROFINET and KNX.
//
// A command is told once for each kind in a conversation: what matters is that it was given, not how often.
package ot

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the protocols over TCP, those with a firm mark first.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{opcua(), dnp3(), finsTCP(), s7(), mms(), enip(), ads(), iec104(), modbus(), hartTCP(), knxTCP()}
}

// Datagrams are the protocols over UDP.
func Datagrams() []protocol.DatagramProtocol {
	return []protocol.DatagramProtocol{bacnet(), knx(), profinetCM(), dnp3UDP(), enipUDP(), hartUDP(), finsUDP()}
}

// Links are the protocols below IP.
func Links() []protocol.LinkProtocol { return []protocol.LinkProtocol{goose(), profinetDCP()} }
