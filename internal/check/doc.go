// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package check turns observations into facts about devices: each with the frames that show it, its time
// and the coverage of the look.
//
// A check is a name of the vocabulary and a small function that says whose doing an observation is: a
// fact belongs to the end that did it. Seeing once shows that something is so. That it is not so is
// claimed only for a device that was watched long enough (the vocabulary says how long), in both
// directions, with a loss known to be under one per cent, in a view that was never partial, and by
// readers that know the protocol. All else is silence: no claim, hence unknown.
//
// Every check carries its examples: one that violates, one that meets, one that looks like it and is not.
package check
