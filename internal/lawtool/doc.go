// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package lawtool is the lawyer's bench: it lists, shows and searches the catalogue, lints it, runs its
// law tests, and says which laws hold somebody.
//
// It reads files through fs.FS only, writes to the writer it is given, and judges nothing by itself: law
// tests ask package judge, exactly as an assessment does.
package lawtool
