// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package law holds the law as data: instruments, provisions, controls, clocks, and the loader that
// reads them from YAML with line-and-column errors.
//
// The wording is our own paraphrase; the pinpoint is exact; each entry carries its source, its
// confidence and its depth. The package says what the law is; it never judges.
package law
