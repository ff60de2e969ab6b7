// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package examples embeds the worked examples of a profile: a hospital, a bank, a maker, a group.
package examples

import "embed"

// FS holds the profiles, rooted at this directory.
//
//go:embed *.yaml
var FS embed.FS
