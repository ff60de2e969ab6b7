// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package lawtool is the lawyer's bench: it lists, shows and searches the catalogue, says which laws hold
// somebody and where laws meet, draws the calendar, and writes what lint and law tests found.
//
// It writes to the writer it is given, and judges nothing by itself.
package lawtool
