// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package messaging reads the protocols that carry messages between devices and brokers: MQTT, AMQP and
// XMPP. It reads who connects and whether the broker agreed, and stops there: no message is read.
package messaging

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the recognisers of the family.
func Streams() []protocol.StreamProtocol {
	return []protocol.StreamProtocol{mqtt(), amqp(), xmpp()}
}

// prefix is Yes when b begins with want, Maybe while it still could.
func prefix(b []byte, want string) protocol.Guess {
	n := min(len(b), len(want))
	switch {
	case string(b[:n]) != want[:n]:
		return protocol.No
	case n == len(want):
		return protocol.Yes
	}
	return protocol.Maybe
}
