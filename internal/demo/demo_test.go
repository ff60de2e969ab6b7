// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"testing"
)

func TestTheSameDayEveryTime(t *testing.T) {
	var a, b bytes.Buffer
	n, err := Capture(&a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Capture(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs made different captures")
	}
	t.Logf("%d frames, %d bytes", n, a.Len())
}
