// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package durable

import "os"

func syncDir(d *os.File) error { return d.Sync() }
