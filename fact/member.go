// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import "time"

// Member is a subject of the world with its relations. A zero Subject in a relation says: not known.
type Member struct {
	Subject Subject `json:"subject"`
	Product Subject `json:"product,omitzero"` // of a device
	Maker   Subject `json:"maker,omitzero"`   // of a product: the organisation that makes it
	Runner  Subject `json:"runner,omitzero"`  // of a device: the organisation that operates it
	Own     bool    `json:"own,omitempty"`    // of an organisation: it is one of ours
	// Seen is the end of the newest input in which the subject was met; zero where no input showed it.
	Seen time.Time `json:"seen,omitzero"`
}

// IsZero says that nobody is named.
func (s Subject) IsZero() bool { return s == Subject{} }
