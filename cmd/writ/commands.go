// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/spf13/cobra"

// commands is the program's table of contents.
func commands(d *door) []*cobra.Command {
	return []*cobra.Command{
		assessCommand(d),
		observeCommand(d),
		lawCommand(d),
		catalogueCommand(d),
		demoCommand(d),
		whyCommand(d),
		historyCommand(d),
		dossierCommand(d),
		verifyCommand(d),
		fsckCommand(d),
		rebuildCommand(d),
		profileCommand(d),
		reportCommand(d),
		readinessCommand(d),
		recordCommand(d),
		planCommand(d),
		riskCommand(d),
		issueCommand(d),
		shareCommand(d),
		inboxCommand(d),
		requestCommand(d),
		supplierCommand(d),
		incidentCommand(d),
		versionCommand(d),
	}
}
