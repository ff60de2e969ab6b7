// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package incident

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/clock"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/law"
)

// maxText bounds a text, in bytes.
const maxText = 16 << 10

// itemPrefix begins the key of a text for one item of a notice: say.contact.
const itemPrefix = "say."

// Assign reads what a person says of an incident: KEY=VALUE, or KEY@LAW=VALUE where it holds for one law or clock.
// Times without an offset are those of the zone's clocks.
func (v *Vocabulary) Assign(text string, zone *time.Location) (Said, error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return Said{}, kind.Errorf(kind.Invalid, "%q says nothing: want KEY=VALUE, such as awareness=2026-11-24T10:20", text)
	}
	key, scope, _ := strings.Cut(strings.TrimSpace(name), "@")
	s := Said{Key: strings.TrimSpace(key), For: strings.TrimSpace(scope)}
	if err := v.Scope(s.For); err != nil {
		return Said{}, fmt.Errorf("%s: %w", name, err)
	}
	var err error
	if s.Value, err = v.canonical(s.Key, strings.TrimSpace(value), zone); err != nil {
		return Said{}, kind.Errorf(kind.Invalid, "%s: %w", name, err)
	}
	return s, nil
}

// Scope refuses what is neither a law nor a clock.
func (v *Vocabulary) Scope(scope string) error {
	if scope == "" {
		return nil
	}
	if _, ok := v.law.Instrument(law.InstrumentID(scope)); ok {
		return nil
	}
	_, _, err := v.Clock(scope)
	if err == nil {
		return nil
	}
	var ids []string
	for _, i := range v.law.Instruments {
		ids = append(ids, string(i.ID))
	}
	near := law.Suggest(scope, ids)
	if n := slices.IndexFunc(ids, func(id string) bool { return strings.HasPrefix(id, scope) }); near == "" && n >= 0 {
		near = ids[n]
	}
	if near != "" {
		return kind.Errorf(kind.NotFound, "%q is neither a law nor a clock: did you mean %q?", scope, near)
	}
	return err
}

// canonical reads a value in the one form in which it is kept.
func (v *Vocabulary) canonical(key, value string, zone *time.Location) (string, error) {
	switch {
	case !utf8.ValidString(value) || len(value) > maxText:
		return "", fmt.Errorf("want text of at most %d bytes", maxText)
	case value == Unknown:
		_, err := v.known(key)
		return value, err
	case value == "":
		return "", fmt.Errorf("nothing is said: unknown takes back what was said before")
	}
	sort, err := v.known(key)
	if err != nil {
		return "", err
	}
	switch sort {
	case Time:
		t, err := clock.Moment(value, zone)
		if err != nil {
			return "", err
		}
		return t.Format(time.RFC3339), nil
	case YesNo:
		if value != "yes" && value != "no" {
			return "", fmt.Errorf("%q: want yes, no or unknown", value)
		}
	case Count:
		if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < 0 || n > 100_000_000_000 {
			return "", fmt.Errorf("%q: want a whole number of people or records", value)
		}
	case Text:
		return value, nil
	default:
		d, _ := v.law.Vocabulary.Lookup(fact.Name(key))
		said, err := fact.ParseValue(d.Type, value)
		if err == nil {
			err = d.Check(said)
		}
		if err != nil {
			return "", err
		}
	}
	return value, nil
}

// common is the sort of a fact of the common vocabulary.
const common Sort = "common"

// known is the sort of value that a key has; an unknown key is an error that says what may be meant.
func (v *Vocabulary) known(key string) (Sort, error) {
	if d := v.define(key); d != nil {
		return d.Sort, nil
	}
	if strings.HasPrefix(key, itemPrefix) && len(key) > len(itemPrefix) {
		return Text, nil
	}
	if _, ok := v.law.Vocabulary.Lookup(fact.Name(key)); ok && v.incidental(fact.Name(key)) {
		return common, nil
	} else if ok {
		return "", fmt.Errorf("%s speaks of the organisation, not of one incident: its place is the profile, or a record", key)
	}
	var keys []string
	for _, d := range v.Facts {
		keys = append(keys, d.ID)
	}
	for _, n := range v.law.Vocabulary.Names() {
		if v.incidental(n) {
			keys = append(keys, string(n))
		}
	}
	hint := "writ incident facts lists what can be said"
	if near := law.Suggest(key, keys); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return "", fmt.Errorf("incidents have no fact %q: %s", key, hint)
}
