// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

// Command writ takes an IoT network from packets to proof of legal compliance.
package main

func main() {}
