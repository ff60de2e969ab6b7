// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package lawtest

// Whole gives the tests outside of the package the program's own law, read once.
var Whole = whole
