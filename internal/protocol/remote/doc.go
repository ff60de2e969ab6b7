// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package remote reads the protocols by which people and programs reach into a device: SSH, Telnet, FTP,
// TFTP, the r-commands, VNC, RDP, X11, ADB and SOCKS. It says who logged in and whether the device agreed;
// never what was typed.
package remote

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the recognisers of the family over TCP.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{ssh(), telnet(), ftp(), rsh(), rexec(), rlogin(), vnc(), rdp(), x11(), adb(), socks()}
}

// Datagrams are the recognisers of the family over UDP.
func Datagrams() []protocol.DatagramProtocol { return []protocol.DatagramProtocol{tftp()} }
