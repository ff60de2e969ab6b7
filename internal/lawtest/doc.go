// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package lawtest reads the law tests that lawyers write (given these facts on this day, the verdict is …)
// and runs them: it asks package judge, exactly as an assessment does, and compares.
package lawtest
