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

func TestTheMendedWardIsAnotherDayWithoutPatientsInClear(t *testing.T) {
	var b bytes.Buffer
	if _, err := Mended(&b); err != nil {
		t.Fatal(err)
	}
	for _, clear := range []string{"EXAMPLE^PATIENT", "MSH|", "IPC-3060", "login: "} {
		if bytes.Contains(b.Bytes(), []byte(clear)) {
			t.Errorf("%q is on the mended wire", clear)
		}
	}
}
