// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package media reads the protocols of cameras and telephones: RTSP and SIP, which agree on sound and pictures,
// and RTP, which carries them. It says who asked whom, with which credentials, and whether what was agreed
// on goes over the wire in clear. Nothing of the sound and the pictures is kept.
package media

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the recognisers over TCP.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{rtsp(), sip()}
}

// Datagrams are the recognisers over UDP.
func Datagrams() []protocol.DatagramProtocol {
	return []protocol.DatagramProtocol{sipDatagrams(), rtp()}
}
