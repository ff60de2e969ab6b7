// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/writ-iot/writ/internal/report"
)

// patient is how long work may take before a person is shown how far it is.
const patient = 300 * time.Millisecond

// progress draws a bar on a terminal's error stream while an input is read; elsewhere there is none.
func (d *door) progress() func(path string, done, size int64) {
	if !d.errTTY {
		return nil
	}
	began := d.now()
	return func(path string, done, size int64) {
		if d.now().Sub(began) < patient || size <= 0 {
			return
		}
		const width = 30
		done = min(done, size)
		full := int(done * width / size)
		fmt.Fprintf(d.err, "\r\x1b[K%s%s %3d %%  %s", strings.Repeat("█", full), strings.Repeat("░",
			width-full), done*100/size,
			report.Clean(filepath.Base(path)))
		d.drawn = true
	}
}

// settle takes the bar away.
func (d *door) settle() {
	if d.drawn {
		fmt.Fprint(d.err, "\r\x1b[K")
		d.drawn = false
	}
}
