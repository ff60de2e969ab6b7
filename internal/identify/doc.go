// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Package identify says what a device is, and how sure that is.
//
// Signals (a DHCP hostname, an mDNS service, a BACnet model name, the prefix of a link address …) match
// signatures, which are data (catalogue/devices) and carry their own examples. What matched becomes
// evidence for candidates of vendor, type, model and firmware. Evidence adds up as log-odds, once per
// family of signals, against the candidate "none of these". An address prefix alone is never worth more
// than one half, one family alone never nine tenths, and the prefix of a module maker names nothing.
package identify
