// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package prooftest holds what the tests of proofs share.
package prooftest

import "testing/fstest"

// Law is a catalogue of one provision, xx/act/1: no Telnet on a device. It is the caller's to change.
func Law() fstest.MapFS {
	return fstest.MapFS{
		"catalogue.yaml":          {Data: []byte("version: test\n")},
		"facts/all.yaml":          {Data: []byte(facts)},
		"controls/all.yaml":       {Data: []byte(controls)},
		"instruments/xx/act.yaml": {Data: []byte(act)},
	}
}

const facts = `facts:
  - name: telnet.used
    subject: device
    type: bool
    meaning: Telnet was spoken
    known: [passive]
    source: RFC 854
`

const controls = `controls:
  - id: no-telnet
    title: No Telnet
    subject: device
    expr: "!telnet.used"
    severity: high
    remedy: Switch it off.
    actor: either
`

const act = `id: xx/act
title: An act for tests
short: Act
citation: 2022 c. 0
jurisdiction: XX
issuer: nobody
kind: statute
status: in force
addressees: [anyone]
checked: {day: 2026-11-24, by: us}
confidence: verified
depth: tested
sources: {act: the act}
milestones:
  - {day: 2024-04-29, event: applies, source: act}
applies-from: 2024-04-29
provisions:
  - id: "1"
    pinpoint: s. 1
    text: no Telnet
    force: must
    mode: judged
    subject: device
    bearer: operator
    requires: [no-telnet]
    source: act
`
