// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package proof shows that verdicts follow from facts and law, that the facts stood in the log when it
// says so, and that nobody changed them since.
//
// It holds leaves and checkpoints of the log (RFC 6962, C2SP tlog-checkpoint), the dossier (a case as
// handed to an auditor) and Verify, which believes nothing that it can recompute: it encodes the zip
// again, checks every signature and every leaf, and judges every verdict anew. What it cannot prove it
// says: that a fact follows from its frames is the word of the collector that signed it.
package proof
