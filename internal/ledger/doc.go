// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package ledger does the arithmetic of the log: how the tree grows, and where its tiles lie in the
// layout of C2SP tlog-tiles, so that anyone's client and witness can read them.
//
//	checkpoint
//	tile/0/000            256 leaf hashes
//	tile/0/001.p/7        the next 7
//	tile/1/000.p/1        one hash over each full tile of the level below
//	tile/entries/000      256 leaves, each after its length in two bytes
//
// It is pure: hashes are read through tlog.HashReader, and nothing is written.
package ledger
