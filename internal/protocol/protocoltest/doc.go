// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package protocoltest plays literal conversations to parsers, as the engine would, and collects what
// they say. Each conversation is played in several chunk sizes: recognition and observations must not
// depend on how the bytes were cut. It is used by tests only.
package protocoltest
