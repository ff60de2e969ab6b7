// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package protocol is the contract between conversations and the parsers that read them.
//
// A parser is told contiguous bytes, in order, of one direction at a time, and says what it met. It
// keeps no more than a bounded buffer, never panics on any input, and never keeps a slice it is given.
// Protocols are recognised by what is said; a port only orders the guesses.
//
// # How the engine calls
//
// internal/observe assembles the parsers (its file parsers.go lists them, one line a package) and
// internal/flow calls them, from one goroutine, in the order of the frames:
//
//   - TCP: the first bytes of each direction go to every recogniser, those with the server's port
//     first, then the rest in the order of the list. The first that says Yes gets the conversation: New,
//     then Data with the bytes from the very first on, then every further segment in order. Context.Frame
//     and Context.Time are those of the segment at hand. Duplicates are dropped; what was captured
//     but cannot be had, or was never captured, comes as Gap. When Data or Gap returns false, Close
//     follows at once and nothing more of the conversation is reassembled.
//   - UDP: a datagram goes to the protocol that read the conversation's last one; otherwise to those
//     of its ports, then to all that are not PortOnly. After a few datagrams that nobody reads the
//     conversation is only counted.
//   - Link: a frame without IP goes to the protocol of its EtherType, or to the first LLC protocol that
//     recognises it. Context.ClientMAC is the sender.
//
// Streams, Datagrams and Links are called once per run: closures that they return may keep scratch
// buffers, since nothing is called concurrently.
//
// # Trying a parser
//
// Once its package is in the list of internal/observe/parsers.go:
//
//	go run ./cmd/writ observe --format jsonl CAPTURE
//
// Emitted strings need no cleaning for JSON: the encoder maps control characters to U+FFFD. They must
// never hold a secret.
package protocol
