// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package casefile

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/writ-iot/writ/fact"
	"github.com/writ-iot/writ/internal/kind"
	"github.com/writ-iot/writ/internal/store"
)

// Subject gives the subject of a kind that any of the keys names: a device's link address, a product's
// vendor and model, an organisation's name. The first key that is known decides; all others that are
// not yet known then name the same. Where none is known a new subject is made, whose ID is random and
// says nothing. Only keyed digests of the keys are kept.
//
// A new identity is kept with the next Append: no statement can speak of a subject before that.
func (c *Case) Subject(ctx context.Context, k fact.SubjectKind, keys ...string) (fact.Subject, error) {
	if len(keys) == 0 {
		return fact.Subject{}, kind.Errorf(kind.Invalid, "naming a %s: no key is given", k)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	id, unknown, err := c.identify(ctx, k, keys)
	if err != nil {
		return fact.Subject{}, fmt.Errorf("naming a %s: %w", k, err)
	}
	if id == "" {
		var b [16]byte
		rand.Read(b[:]) // never fails
		id = hex.EncodeToString(b[:])
	}
	for _, name := range unknown {
		c.subjects[[2]string{string(k), name}] = id
		i := store.Identity{Kind: string(k), Name: name, ID: id}
		i.MAC = c.keys.mac(i)
		c.pending = append(c.pending, i)
	}
	return fact.Subject{Kind: k, ID: id}, nil
}

// identify looks the keys up; it gives the keyed names that are not known yet.
func (c *Case) identify(ctx context.Context, k fact.SubjectKind,
	keys []string) (id string, unknown []string, err error) {
	for _, key := range keys {
		name := c.keys.secrets.Digest("writ identity "+string(k), []byte(key))
		at := [2]string{string(k), name}
		known, ok := c.subjects[at]
		if !ok {
			i, found, err := c.db.Identity(ctx, string(k), name)
			if err != nil {
				return "", nil, err
			}
			if !found {
				unknown = append(unknown, name)
				continue
			}
			if i.MAC != c.keys.mac(i) {
				return "", nil, damaged(database, "the identity of a %s was changed", k)
			}
			known = i.ID
			c.subjects[at] = known
		}
		if id == "" {
			id = known
		}
	}
	return id, unknown, nil
}

// mac binds an identity to the case's key.
func (k *keys) mac(i store.Identity) string {
	return k.secrets.Digest("writ identity row", fmt.Appendf(nil, "%s\x00%s\x00%s", i.Kind, i.Name, i.ID))
}
