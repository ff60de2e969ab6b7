// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package catalogue embeds the law as data: facts, controls, instruments, pinpoints and law tests,
// with JSON Schemas for editors. docs/law-authoring.md is its manual; package law reads it.
package catalogue

import "embed"

// FS holds the catalogue's files, rooted at this directory.
//
//go:embed catalogue.yaml actions facts controls devices instruments holidays recipients records pinpoints risk lawtests schema
//go:embed incidents
var FS embed.FS

// Trees are the files of FS as they parse, for law.ReadTrees: starting is then a matter of milliseconds. Make them
// again after a change: go generate ./catalogue.
//
//go:generate go run ../internal/lawtool/gen
//go:embed trees.bin
var Trees string
