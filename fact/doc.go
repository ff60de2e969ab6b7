// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package fact holds what Writ knows: the vocabulary, values, subjects, claims and their resolution.
//
// Every fact is one scalar about one subject. A claim says that a fact had a value, at a time, by a
// method, resting on sources. Resolve turns claims into a state at a moment: known, unknown or in
// conflict. Unknown is the zero value everywhere: nothing in this package ever turns silence into an
// answer. The package does no I/O and takes the time as an argument.
package fact
