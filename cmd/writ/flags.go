// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/law"
)

// dayFlag is the law day.
type dayFlag struct {
	day fact.Day
	set bool
}

func (f *dayFlag) add(c *cobra.Command) {
	c.Flags().Var(f, "as-of", "the law of this day (YYYY-MM-DD); today by default")
}

func (f *dayFlag) or(d *door) fact.Day {
	if f.set {
		return f.day
	}
	return fact.DayOf(d.now())
}

// Set, String and Type make it a flag.
func (f *dayFlag) Set(s string) (err error) {
	f.day, err = fact.ParseDay(s)
	f.set = err == nil
	return err
}

func (f *dayFlag) String() string {
	if f.set {
		return f.day.String()
	}
	return ""
}

// Type names the value in the help.
func (f *dayFlag) Type() string { return "DAY" }

// wordFlag is one of the words that a command knows; the first is the default.
type wordFlag struct {
	value string
	known []string
	kind  string
}

func (f *wordFlag) add(c *cobra.Command, name, usage string, known ...string) {
	f.value, f.known = known[0], known
	c.Flags().Var(f, name, usage)
}

// Set, String and Type make it a flag.
func (f *wordFlag) Set(s string) error {
	for _, k := range f.known {
		if k == s {
			f.value = s
			return nil
		}
	}
	hint := ""
	if near := law.Suggest(s, f.known); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("this command knows %s%s", strings.Join(f.known, ", "), hint)
}

func (f *wordFlag) String() string { return f.value }

// Type names the value in the help.
func (f *wordFlag) Type() string { return f.kind }

// formatFlag is one of the formats that a command writes.
type formatFlag struct{ wordFlag }

func (f *formatFlag) add(c *cobra.Command, known ...string) {
	f.kind = "FORMAT"
	f.wordFlag.add(c, "format", strings.Join(known, ", "), known...)
}

func (f *formatFlag) json() bool { return f.value == "json" }

// timeFlag is a moment: RFC 3339, or a day (its end).
type timeFlag struct{ at time.Time }

// Set, String and Type make it a flag.
func (f *timeFlag) Set(s string) error {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		day, e := fact.ParseDay(s)
		if e != nil {
			return fmt.Errorf("%q: want a time like 2026-11-02T14:07:00Z, or a day", s)
		}
		t = endOf(day)
	}
	f.at = t.UTC()
	return nil
}

// endOf is the last moment of a day.
func endOf(day fact.Day) time.Time { return day.Time().Add(24*time.Hour - time.Nanosecond) }

func (f *timeFlag) String() string {
	if f.at.IsZero() {
		return ""
	}
	return f.at.Format(time.RFC3339)
}

// Type names the value in the help.
func (f *timeFlag) Type() string { return "TIME" }
