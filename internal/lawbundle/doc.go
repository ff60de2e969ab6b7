// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package lawbundle is the law's own way of supply: a catalogue as one signed file, apart from the program.
//
// A bundle is a canonical zip (package proof): the catalogue's files below catalogue/, manifest.json, which
// lists each by its SHA-256, and manifest.sig, the hex of an Ed25519 signature over "writ bundle v1\n" and the
// manifest's bytes. The file of a law that the program came with, as a case keeps it, is the same without
// manifest and signature.
//
// Everything in a bundle comes from a stranger: nothing of it is used before its signature, its list and its
// digest hold, and its law compiles. Nothing is unpacked to a disk; entries are stored, so none can grow.
package lawbundle
