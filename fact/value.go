// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package fact

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Type is the scalar type of a fact.
type Type uint8

// The scalar types. None is the type of the zero Value: no value at all.
const (
	None Type = iota
	Bool
	Number // a signed whole number; the unit is part of the fact's meaning
	Enum   // one of the words that the vocabulary lists
	Date   // a calendar day, without time or zone
)

var typeNames = [...]string{"none", "bool", "number", "enum", "date"}

func (t Type) String() string { return typeNames[t] }

// ParseType reads "bool", "number", "enum" or "date".
func ParseType(s string) (Type, error) {
	for t := Bool; t <= Date; t++ {
		if typeNames[t] == s {
			return t, nil
		}
	}
	return None, fmt.Errorf("unknown fact type %q: want bool, number, enum or date", s)
}

// Day is a calendar day: days since 1970-01-01, so days compare and subtract as numbers.
type Day int64

// DayOf gives the day of t in UTC.
func DayOf(t time.Time) Day {
	t = t.UTC()
	return Day(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads a day written as 2027-12-11.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("day %q: want YYYY-MM-DD", s)
	}
	return DayOf(t), nil
}

// Time is midnight UTC at the start of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// AddMonths moves by calendar months; a day past the month's end becomes its last day
// (2028-02-29 less 12 months is 2027-02-28).
func (d Day) AddMonths(n int) Day {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DayOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// Value is one scalar. The zero Value is no value. Values compare with ==.
type Value struct {
	typ Type
	num int64 // Bool (0 or 1), Number, Date (days)
	str string
}

// BoolValue, NumberValue, EnumValue and DateValue make values.
func BoolValue(b bool) Value {
	v := Value{typ: Bool}
	if b {
		v.num = 1
	}
	return v
}

// NumberValue makes a number.
func NumberValue(n int64) Value { return Value{typ: Number, num: n} }

// EnumValue makes an enum word.
func EnumValue(s string) Value { return Value{typ: Enum, str: s} }

// DateValue makes a date.
func DateValue(d Day) Value { return Value{typ: Date, num: int64(d)} }

// Type is None for the zero Value.
func (v Value) Type() Type { return v.typ }

// IsTrue says whether v is the boolean true; false for every other value and type.
func (v Value) IsTrue() bool { return v.typ == Bool && v.num == 1 }

// IsFalse says whether v is the boolean false; false for every other value and type.
func (v Value) IsFalse() bool { return v.typ == Bool && v.num == 0 }

// Int is the number of a Number; 0 otherwise.
func (v Value) Int() int64 {
	if v.typ != Number {
		return 0
	}
	return v.num
}

// Word is the word of an Enum; "" otherwise.
func (v Value) Word() string { return v.str }

// Day is the day of a Date; day 0 otherwise.
func (v Value) Day() Day {
	if v.typ != Date {
		return 0
	}
	return Day(v.num)
}

// String shows a value to a person: yes, no, 42, set-up, 2027-12-11; "" for no value.
func (v Value) String() string {
	switch v.typ {
	case Bool:
		if v.num == 1 {
			return "yes"
		}
		return "no"
	case Number:
		return strconv.FormatInt(v.num, 10)
	case Enum:
		return v.str
	case Date:
		return Day(v.num).String()
	}
	return ""
}

// MarshalJSON writes true, 42, "set-up" or "2027-12-11"; null for no value.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.typ {
	case Bool:
		return strconv.AppendBool(nil, v.num == 1), nil
	case Number:
		return strconv.AppendInt(nil, v.num, 10), nil
	case Enum, Date:
		return json.Marshal(v.String())
	}
	return []byte("null"), nil
}

// ParseValue reads a value of type t from text as people write it: yes/no/true/false, 42, set-up,
// 2027-12-11. It does not check an enum's word against a vocabulary: Definition.Check does.
func ParseValue(t Type, s string) (Value, error) {
	switch t {
	case Bool:
		switch s {
		case "yes", "true":
			return BoolValue(true), nil
		case "no", "false":
			return BoolValue(false), nil
		}
		return Value{}, fmt.Errorf("%q: want yes or no", s)
	case Number:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return Value{}, fmt.Errorf("%q: want a whole number", s)
		}
		return NumberValue(n), nil
	case Enum:
		if s == "" {
			return Value{}, fmt.Errorf("empty word")
		}
		return EnumValue(s), nil
	case Date:
		d, err := ParseDay(s)
		return DateValue(d), err
	}
	return Value{}, fmt.Errorf("a value of no type")
}
