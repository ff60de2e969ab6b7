// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package observe

import (
	"slices"

	"github.com/writ-iot/writ/internal/protocol"
	"github.com/writ-iot/writ/internal/protocol/dhcp"
	"github.com/writ-iot/writ/internal/protocol/http"
	"github.com/writ-iot/writ/internal/protocol/infra"
	"github.com/writ-iot/writ/internal/protocol/local"
	"github.com/writ-iot/writ/internal/protocol/mail"
	"github.com/writ-iot/writ/internal/protocol/media"
	"github.com/writ-iot/writ/internal/protocol/medical"
	"github.com/writ-iot/writ/internal/protocol/messaging"
	"github.com/writ-iot/writ/internal/protocol/names"
	"github.com/writ-iot/writ/internal/protocol/ot"
	"github.com/writ-iot/writ/internal/protocol/quic"
	"github.com/writ-iot/writ/internal/protocol/remote"
	"github.com/writ-iot/writ/internal/protocol/store"
	"github.com/writ-iot/writ/internal/protocol/tls"
)

// The parsers, in the order in which they are asked where no port decides: those that know themselves by
// a firm mark first.

// Streams are the protocols over TCP.
func Streams() []protocol.StreamProtocol {
	return slices.Concat[[]protocol.StreamProtocol](
		tls.Streams(),
		medical.Streams(),
		ot.Streams(),
		remote.Streams(),
		names.Streams(),
		mail.Streams(),
		messaging.Streams(),
		local.Streams(),
		store.Streams(),
		infra.Streams(),
		http.Streams(),
		media.Streams(),
	)
}

// Datagrams are the protocols over UDP.
func Datagrams() []protocol.DatagramProtocol {
	return slices.Concat[[]protocol.DatagramProtocol](
		quic.Datagrams(),
		tls.Datagrams(),
		dhcp.Datagrams(),
		names.Datagrams(),
		ot.Datagrams(),
		remote.Datagrams(),
		local.Datagrams(),
		infra.Datagrams(),
		media.Datagrams(),
	)
}

// Links are the protocols below IP.
func Links() []protocol.LinkProtocol {
	return slices.Concat[[]protocol.LinkProtocol](
		ot.Links(),
		local.Links(),
	)
}
