// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package catalogue embeds the law as data: facts, controls, instruments, pinpoints and law tests,
// with JSON Schemas for editors. docs/law-authoring.md is its manual; package law reads it.
package catalogue

import "embed"

// FS holds the catalogue's files, rooted at this directory.
//
//go:embed catalogue.yaml facts controls devices instruments holidays pinpoints lawtests schema
var FS embed.FS
