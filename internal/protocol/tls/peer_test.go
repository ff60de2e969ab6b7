// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package tls

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	real "crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

// tape records what two real peers write to each other, in order.
type tape struct {
	mu    sync.Mutex
	turns []Turn
}

// end is one end of a connection that never makes a writer wait, as a network would not either.
type end struct {
	net.Conn // for the addresses; nothing is called on it
	tape     *tape
	turn     func(string) Turn
	in, out  chan []byte
	rest     []byte
	once     *sync.Once
}

func (c *end) Write(b []byte) (int, error) {
	c.tape.mu.Lock()
	c.tape.turns = append(c.tape.turns, c.turn(string(b)))
	c.tape.mu.Unlock()
	c.out <- bytes.Clone(b)
	return len(b), nil
}

func (c *end) Read(b []byte) (int, error) {
	if len(c.rest) == 0 {
		more, ok := <-c.in
		if !ok {
			return 0, io.EOF
		}
		c.rest = more
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *end) Close() error {
	c.once.Do(func() { close(c.out) })
	return nil
}

func (c *end) SetDeadline(time.Time) error      { return nil }
func (c *end) SetWriteDeadline(time.Time) error { return nil }

// talk lets a real client and a real server shake hands and say a word each.
func talk(t testing.TB, client, server *real.Config) []Turn {
	t.Helper()
	var rec tape
	up, down := make(chan []byte, 100), make(chan []byte, 100)
	a := &end{tape: &rec, turn: Out, in: down, out: up, once: &sync.Once{}}
	b := &end{tape: &rec, turn: In, in: up, out: down, once: &sync.Once{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer b.Close()
		s := real.Server(b, server)
		if s.Handshake() == nil {
			buf := make([]byte, 64)
			if n, err := s.Read(buf); err == nil && n > 0 {
				s.Write([]byte("a word back, longer than an alert"))
			}
		}
	}()
	c := real.Client(a, client)
	if c.Handshake() == nil {
		c.Write([]byte("a word, longer than an alert is"))
		c.Read(make([]byte, 64))
	}
	a.Close()
	<-done
	return rec.turns
}

// authority makes a certificate for a key that signs itself.
func authority(t testing.TB, key crypto.Signer, change func(*x509.Certificate)) real.Certificate {
	t.Helper()
	if key == nil {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		key = k
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(0x1234), Subject: pkix.Name{CommonName: "camera, hall", Organization: []string{"Example"},
		Country: []string{"DE"}}, NotBefore: time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), NotAfter: time.Date(2051, 6, 7, 8, 9, 10, 0, time.UTC),
		DNSNames: []string{"camera.example", "*.example"}, IPAddresses: []net.IP{net.IPv4(192, 0, 2, 2)}}
	if change != nil {
		change(c)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return real.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
