// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func sshString(s string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func sshPacket(payload string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(payload)+5))) + "\x04" + payload + "\x00\x00\x00\x00"
}

func kexInit(lists ...string) string {
	p := "\x14" + strings.Repeat("c", 16)
	for i := range 10 {
		l := ""
		if i < len(lists) {
			l = lists[i]
		}
		p += sshString(l)
	}
	return sshPacket(p + "\x00\x00\x00\x00\x00")
}

var (
	clientInit = kexInit("curve25519-sha256,diffie-hellman-group14-sha1", "ssh-rsa", "aes128-ctr", "aes128-ctr", "hmac-sha1", "hmac-sha1", "none", "none")
	serverInit = kexInit("diffie-hellman-group1-sha1", "ssh-rsa,ssh-dss", "3des-cbc", "arcfour,3des-cbc", "hmac-md5", "hmac-md5-96", "none", "none")
)

func TestSSHSaysGreetingsAlgorithmsAndHostKey(t *testing.T) {
	reply := sshPacket("\x1f" + sshString(sshString("ssh-rsa")+sshString("\x01\x00\x01")+sshString("modulus")) + sshString("f") + sshString("sig"))
	got := Stream(t, ssh(), 2022, In("SSH-2.0-dropbear_2012.55\r\n"), Out("SSH-2.0-OpenSSH_9.2\r\n"), Out(clientInit), In(serverInit),
		Out(sshPacket("\x1e"+sshString("e"))), In(reply+sshPacket("\x15")), Out(sshPacket("\x15")), Out("encrypted"))
	Want(t, got, &observation.SSH{ClientBanner: "SSH-2.0-OpenSSH_9.2", ServerBanner: "SSH-2.0-dropbear_2012.55",
		ServerKex: []string{"diffie-hellman-group1-sha1"}, ServerHostKeys: []string{"ssh-rsa", "ssh-dss"},
		ServerCiphers: []string{"arcfour", "3des-cbc"}, ServerMACs: []string{"hmac-md5-96"},
		HostKeyDigest: "ce65c43d4a5465a0c570343f6c02f25605a9c2f75548df241932420042536169",
		ClientKex:     []string{"curve25519-sha256", "diffie-hellman-group14-sha1"}, ClientCiphers: []string{"aes128-ctr"},
		HASSHS: []string{"4f57a67f40b5378ebb19497579bbe5c6", "14524d1599f0bf81325ce5bf4919f12c"}})
}

func TestSSHAGroupIsNoHostKey(t *testing.T) {
	group := sshPacket("\x1f" + sshString("prime") + sshString("\x02"))
	got := Stream(t, ssh(), 22, Out("SSH-2.0-a\r\n"), In("hello\r\nSSH-1.99-b\r\n"), In(group))
	Want(t, got, &observation.SSH{ClientBanner: "SSH-2.0-a", ServerBanner: "SSH-1.99-b"})
}

func TestSSHGreetingAlone(t *testing.T) {
	Want(t, Stream(t, ssh(), 22, In("SSH-2.0-OpenSSH_8.0\r\n")), &observation.SSH{ServerBanner: "SSH-2.0-OpenSSH_8.0"})
	NotRecognised(t, ssh(), 22, Out("SSH-9.0-x\r\n"))
	NotRecognised(t, ssh(), 22, Out("GET / HTTP/1.1\r\n"), In("SSH"))
}
