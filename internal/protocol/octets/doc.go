// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package octets is what parsers share to read bytes without trusting them: a cursor that never leaves
// its slice, lines and records that are put together whatever the segments they came in, and BER.
//
// Everything here is bounded, tells a gap apart from an end, and gives the same whatever the chunking.
package octets
