// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package http reads HTTP/1 requests with what is known of their answers: who asked whom for what, with
// which software, and whether a password went over the wire in clear. Bodies pass unbuffered but for a
// bounded beginning, which tells a firmware image, a page's title or a device's description of itself.
//
// Query strings, form fields, cookies and passwords never leave it; of a password the keyed digest does.
package http

import "github.com/writ-iot/writ/internal/protocol"

// Streams are the recognisers over TCP.
func Streams() []protocol.StreamProtocol {
	pool := &streams{words: words{}}
	return []protocol.StreamProtocol{
		{Name: "http", Ports: []uint16{80, 81, 591, 631, 2869, 3128, 5000, 5357, 5985, 7547, 8000, 8008, 8080, 8081,
			8088, 8888, 49152}, Recognise: recognise, New: pool.next},
		{Name: "http2", Recognise: recognisePreface, New: func() protocol.Stream { return preface{} }},
	}
}
