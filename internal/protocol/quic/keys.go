// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package quic

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
)

// keys remove the protection of one side's Initial packets.
type keys struct {
	aead   cipher.AEAD
	header cipher.Block
	iv     []byte
}

// initialKeys derives both sides' keys from the identifier that the client chose for the server (RFC 9001, 5.2).
func initialKeys(d dialect, destination []byte) (k [2]keys, ok bool) {
	secret, err := hkdf.Extract(sha256.New, destination, []byte(d.salt))
	if err != nil {
		return k, false
	}
	for i, label := range []string{"client in", "server in"} {
		side, err := expand(secret, label, sha256.Size)
		if err != nil {
			return k, false
		}
		if k[i], err = sideKeys(d, side); err != nil {
			return k, false
		}
	}
	return k, true
}

func sideKeys(d dialect, secret []byte) (k keys, err error) {
	key, err := expand(secret, d.prefix+"key", 16)
	if err != nil {
		return k, err
	}
	if k.iv, err = expand(secret, d.prefix+"iv", 12); err != nil {
		return k, err
	}
	hp, err := expand(secret, d.prefix+"hp", 16)
	if err != nil {
		return k, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return k, err
	}
	if k.aead, err = cipher.NewGCM(block); err != nil {
		return k, err
	}
	k.header, err = aes.NewCipher(hp)
	return k, err
}

// expand is HKDF-Expand-Label with an empty context (RFC 8446, 7.1).
func expand(secret []byte, label string, n int) ([]byte, error) {
	info := string([]byte{0, byte(n), byte(len("tls13 ") + len(label))}) + "tls13 " + label + "\x00"
	return hkdf.Expand(sha256.New, secret, info, n)
}

const sampleSize = 16

// open removes the protection of packet p, whose number begins at an offset, into scratch (RFC 9001, 5.4, 5.3).
// p is left as it was.
func (k *keys) open(scratch, p []byte, number int) (plain, buffer []byte, ok bool) {
	if number+4+sampleSize > len(p) {
		return nil, scratch, false
	}
	scratch = append(scratch[:0], p...)
	var mask [sampleSize]byte
	k.header.Encrypt(mask[:], p[number+4:number+4+sampleSize])
	scratch[0] ^= mask[0] & 0x0f
	size := int(scratch[0]&3) + 1
	var nonce [12]byte
	copy(nonce[:], k.iv)
	for i := range size {
		scratch[number+i] ^= mask[1+i]
		nonce[12-size+i] ^= scratch[number+i]
	}
	at := number + size
	plain, err := k.aead.Open(scratch[at:at], nonce[:], scratch[at:], scratch[:at])
	return plain, scratch, err == nil
}
