// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func ftpLogin(user, password, outcome, list string) *observation.Login {
	return &observation.Login{Protocol: "ftp", User: user, Secret: Secret("credential", password), Readable: true, Outcome: outcome, Factory: list}
}

func TestFTPGuessesUntilOneIsTaken(t *testing.T) {
	got := Stream(t, ftp(), 2100, In("220-Welcome\r\n220 camera FTP server ready\r\n"),
		Out("USER admin\r\n"), In("331 password please\r\n"), Out("PASS one-guess\r\n"), In("530 no\r\n"),
		Out("USER admin\r\n"), In("331 password please\r\n"), Out("PASS admin\r\n"), In("230-hello\r\n230 in\r\n"), Out("LIST\r\n"))
	Want(t, got, &observation.Session{Protocol: "ftp", Banner: "-Welcome"},
		ftpLogin("admin", "one-guess", "rejected", ""), ftpLogin("admin", "admin", "accepted", "mirai-2016"))
}

func TestFTPTurnsIntoTLS(t *testing.T) {
	got := Stream(t, ftp(), 21, In("220 x\r\n"), Out("AUTH TLS\r\n"), In("234 go\r\n"), Out("\x16\x03\x01"))
	Want(t, got, &observation.Session{Protocol: "ftp", Banner: "x", StartTLS: true})
}

func TestFTPANameAloneWasEnough(t *testing.T) {
	got := Stream(t, ftp(), 21, In("220 x\r\n"), Out("USER anonymous\r\n"), In("230 in\r\n"))
	Want(t, got, &observation.Session{Protocol: "ftp", Banner: "x"},
		&observation.Login{Protocol: "ftp", User: "anonymous", Outcome: "accepted"})
}

func TestFTPIsNotMail(t *testing.T) {
	for _, other := range [][]Turn{
		{In("220 mx.example ESMTP ready\r\n"), Out("EHLO a\r\n")},
		{In("220 mail.example\r\n"), Out("HELO a\r\n"), In("250 ok\r\n")},
		{In("+OK POP3\r\n"), Out("USER a\r\n"), In("+OK\r\n")},
		{In("200 news.example\r\n"), Out("GROUP a\r\n")},
	} {
		NotRecognised(t, ftp(), 4000, other...)
	}
}

func TestFTPSurvivesALostReply(t *testing.T) {
	got := Gaps(t, ftp().New(), In("220 ftp\r\n"), Out("USER a\r\n"), Lost(protocol.ToClient, 20), Out("PASS b\r\n"))
	Want(t, got, &observation.Session{Protocol: "ftp", Banner: "ftp"}, ftpLogin("a", "b", "unknown", ""))
}
