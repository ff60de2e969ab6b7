// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package plan

import "github.com/writ-iot/writ/fact"

// Medical says of devices and products whether they are medical devices, declared or named so by identification.
func (v *Vocabulary) Medical(w *World) func(fact.Subject) bool {
	s := newStanding(w, v)
	return func(x fact.Subject) bool { return s.medical[x] }
}
