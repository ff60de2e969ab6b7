// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package lawlint finds what is wrong with a catalogue, beyond what its loader refuses: expressions,
// pinpoints, figures, law tests that lack. Each problem has its place and, where one is known, a hint.
package lawlint
