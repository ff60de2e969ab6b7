// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

// unlocked is SQLite's layer over the file system that takes no locks: a file that is open to be read
// only cannot be locked against others.
const unlocked = "win32-none"
