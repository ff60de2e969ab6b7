// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package writ is the root of Writ, which takes an IoT network from packets to proof of legal
// compliance. It holds no code: cmd/writ is the program, docs/architecture.md the way in.
package writ
