// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package lawsite writes the whole catalogue as a small site of static pages: a page for each
// instrument, control and fact, the calendar, the clocks, and a search that needs no server.
//
// The pages ask for nothing from outside, work from a directory on disk as well as from a web server,
// and need no script but to search. Everything on them stands in the catalogue; nothing is judged.
package lawsite
