// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package law holds the law as data: instruments, provisions, controls and clocks.
//
// The model carries what a lawyer needs to check it: the exact pinpoint, the source, the day on which
// it was checked and how sure that was. All text is our own paraphrase. A provision decides nothing by
// itself: package judge evaluates its controls over facts. Load reads a catalogue from any file system
// and reports everything that is wrong with it, with file, line and column; it performs no other I/O,
// and a file can neither run anything nor cost more than a bounded time and memory.
package law
