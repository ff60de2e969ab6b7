// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// MaxCheckpoint bounds a checkpoint's bytes, witnesses' signatures included.
const MaxCheckpoint = 64 << 10

// Checkpoint says how large a log is and what its root is, under its origin's signature (C2SP
// tlog-checkpoint):
//
//	writ.case/5f0c…
//	48212
//	CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//
//	— writ.case/5f0c… dpFCCi…
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
}

// text is what is signed.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

// SignCheckpoint gives the signed note.
func SignCheckpoint(c Checkpoint, s *Signer) ([]byte, error) {
	if c.Origin != s.Origin {
		return nil, fmt.Errorf("signing checkpoint of %s with the key of %s", c.Origin, s.Origin)
	}
	return note.Sign(&note.Note{Text: c.text()}, s)
}

// OpenCheckpoint reads a checkpoint that key signed. Signatures of others beside it (witnesses) are
// left alone.
func OpenCheckpoint(b []byte, key Key) (Checkpoint, error) {
	if len(b) > MaxCheckpoint {
		return Checkpoint{}, refuse(BadCheckpoint, "", "a checkpoint of %d bytes", len(b))
	}
	n, err := note.Open(b, note.VerifierList(key.verifier))
	var unsigned *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unsigned):
		by := "nobody known"
		if u := unsigned.Note.UnverifiedSigs; len(u) > 0 {
			by = fmt.Sprintf("%s (key %08x)", u[0].Name, keyHashOf(u[0].Base64))
		}
		return Checkpoint{}, refuse(OtherKey, "", "the checkpoint is signed by %s, not by %s (key %08x)", by,
			key.Origin, key.verifier.KeyHash())
	case err != nil:
		return Checkpoint{}, refuse(BadCheckpoint, "", "the checkpoint's signature does not hold: %v", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, refuse(BadCheckpoint, "", "reading checkpoint: %v", err)
	}
	if c.Origin != key.Origin {
		return Checkpoint{}, refuse(OtherCheckpoint, "",
			"the checkpoint is of log %s, the key of %s", c.Origin, key.Origin)
	}
	return c, nil
}

// OpenPin is OpenCheckpoint for one that is held outside of the log. One that cannot be read, or whose
// signature does not hold, says nothing of the log: the error is then of cause BadPin.
func OpenPin(b []byte, key Key) (Checkpoint, error) {
	c, err := OpenCheckpoint(b, key)
	var r *Refusal
	if errors.As(err, &r) && r.Cause == BadCheckpoint {
		return c, refuse(BadPin, "", "what is held outside is no checkpoint as it was signed: %s", r.Text)
	}
	return c, err
}

// ReadsAsCheckpoint says whether b is written as a checkpoint is, whoever signed it: the error is of cause
// BadPin.
func ReadsAsCheckpoint(b []byte) error {
	_, err := note.Open(b, note.VerifierList())
	var unsigned *note.UnverifiedNoteError
	if errors.As(err, &unsigned) {
		_, err = parseCheckpoint(unsigned.Note.Text)
	}
	if err != nil {
		return refuse(BadPin, "", "it is no checkpoint: %v", err)
	}
	return nil
}

// parseCheckpoint reads the signed text: three lines, each written in the one way it can be. Lines
// beyond them, which the format allows, are refused: a case's log writes none.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, fmt.Errorf("want origin, size and root, each on a line")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return Checkpoint{}, fmt.Errorf("size %q", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return Checkpoint{}, fmt.Errorf("root %q", lines[2])
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: tlog.Hash(root)}
	if c.Origin == "" || c.text() != text {
		return Checkpoint{}, fmt.Errorf("not written as a checkpoint is")
	}
	return c, nil
}
