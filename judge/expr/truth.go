// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package expr

// Truth is a value of strong Kleene logic. The zero value is Unknown.
type Truth uint8

// The truths.
const (
	Unknown Truth = iota
	True
	False
)

var truthNames = [...]string{"unknown", "true", "false"}

func (t Truth) String() string { return truthNames[t] }

// Of gives True or False.
func Of(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Not turns true and false round; unknown stays.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

// And is false if one is, true if all are; of nothing it is true.
func And(ts ...Truth) Truth {
	out := True
	for _, t := range ts {
		if t == False {
			return False
		}
		if t == Unknown {
			out = Unknown
		}
	}
	return out
}

// Or is true if one is, false if all are; of nothing it is false.
func Or(ts ...Truth) Truth {
	out := False
	for _, t := range ts {
		if t == True {
			return True
		}
		if t == Unknown {
			out = Unknown
		}
	}
	return out
}
