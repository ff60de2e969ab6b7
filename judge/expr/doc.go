// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package expr reads and evaluates one expression over facts, in three values.
//
// The language is CEL behind a fence: && || ! over atoms, and an atom compares one fact with constants,
// day or at. Evaluation is always partial: every fact that is not known is an unknown pattern of its
// whole dotted name, never nil, never absent, never inside a value. Each rule of the fence closes a way
// in which CEL, or its reader, would take an unknown for an answer. The package knows no law.
package expr
