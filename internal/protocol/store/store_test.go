// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func signIn(proto, user, password, outcome, list string) *observation.Login {
	return &observation.Login{Protocol: proto, User: user, Secret: Secret("credential", password), Readable: true, Outcome: outcome, Factory: list}
}

func hidden(proto, user, what, outcome string) *observation.Login {
	return &observation.Login{Protocol: proto, User: user, Secret: observation.Secret{What: what}, Outcome: outcome}
}

func array(words ...string) string {
	s := fmt.Sprintf("*%d\r\n", len(words))
	for _, w := range words {
		s += fmt.Sprintf("$%d\r\n%s\r\n", len(w), w)
	}
	return s
}

func TestRedisSaysWhoLoggedIn(t *testing.T) {
	session := &observation.Session{Protocol: "redis"}
	Want(t, Stream(t, redis(), 7000, Out(array("AUTH", "eve", "wrong")), In("-WRONGPASS no\r\n"), Out(array("auth", "s3cret")), In("+OK\r\n")),
		session, signIn("redis", "eve", "wrong", "rejected", ""), signIn("redis", "", "s3cret", "accepted", ""))
	Want(t, Stream(t, redis(), 7000, Out(array("HELLO", "3", "AUTH", "eve", "p", "SETNAME", "x")), In("%1\r\n$1\r\na\r\n*1\r\n:1\r\n")),
		session, signIn("redis", "eve", "p", "accepted", ""))
	Want(t, Stream(t, redis(), 6379, Out("AUTH foo\r\n"), In("+OK\r\n")), session, signIn("redis", "", "foo", "accepted", ""))
}

func TestRedisAnswersAreCountedOffTheCommands(t *testing.T) {
	piped := array("GET", "a") + array("AUTH", "p") + array("GET", "b")
	Want(t, Stream(t, redis(), 7000, Out(piped), In("-NOAUTH a\r\n>1\r\n+push\r\n-ERR b\r\n$2\r\nok\r\n")),
		&observation.Session{Protocol: "redis"}, signIn("redis", "", "p", "rejected", ""))
}

func TestRedisThatAsksForNoPassword(t *testing.T) {
	Want(t, Stream(t, redis(), 7000, Out(array("SET", "k", strings.Repeat("v", 3000))), In("+OK\r\n")),
		&observation.Session{Protocol: "redis", Detail: "no-auth"})
	Want(t, Stream(t, redis(), 7000, Out(array("GET", "k")), In("-NOAUTH Authentication required.\r\n"), Out(array("QUIT")), In("+OK\r\n")),
		&observation.Session{Protocol: "redis"})
}

func TestRedisIsNotWhatOnlyLooksLikeIt(t *testing.T) {
	NotRecognised(t, redis(), 6379, Out("* OK imap\r\n"))
	NotRecognised(t, redis(), 110, In("+OK POP3\r\n"), Out("AUTH x\r\n"))
	NotRecognised(t, redis(), 6379, Out("GET / HTTP/1.1\r\n"), In("HTTP/1.1 400\r\n"))
	NotRecognised(t, redis(), 6379, Out("*99999999999\r\n$4\r\nPING\r\n"))
}

func mysqlPacket(n byte, b string) string {
	return string([]byte{byte(len(b)), byte(len(b) >> 8), 0, n}) + b
}

const mysqlGreeting = "\x0a5.7.30\x00\x01\x00\x00\x00saltsalt\x00\xff\xff\x08\x02\x00\xff\xc1\x15"

func mysqlLogin(flags uint32, rest string) string {
	return string(binary.LittleEndian.AppendUint32(nil, flags)) + "\x00\x00\x00\x01\x21" + strings.Repeat("\x00", 23) + rest
}

func TestMySQLSaysWhoLoggedIn(t *testing.T) {
	session := &observation.Session{Protocol: "mysql", Version: "5.7.30"}
	greet := In(mysqlPacket(0, mysqlGreeting))
	const secure = mysqlProtocol41 | mysqlSecure | mysqlPluginAuth
	challenged := Out(mysqlPacket(1, mysqlLogin(secure, "root\x00\x14"+strings.Repeat("r", 20)+"mysql_native_password\x00")))
	Want(t, Stream(t, mysql(), 3306, greet, challenged, In(mysqlPacket(2, "\xff\x15\x04#28000no"))), session, hidden("mysql", "root", "challenge-response", "rejected"))
	Want(t, Stream(t, mysql(), 13306, greet, challenged, In(mysqlPacket(2, "\xfemysql_clear_password\x00")), Out(mysqlPacket(3, "s3cret\x00")), In(mysqlPacket(4, "\x00\x00\x00\x02\x00"))),
		session, signIn("mysql", "root", "s3cret", "accepted", ""))
	Want(t, Stream(t, mysql(), 13306, greet, Out(mysqlPacket(1, mysqlLogin(secure|mysqlDatabase, "eve\x00\x02p\x00db\x00mysql_clear_password\x00"))), In(mysqlPacket(2, "\x00\x00"))),
		session, signIn("mysql", "eve", "p", "accepted", ""))
	Want(t, Stream(t, mysql(), 3306, greet, Out(mysqlPacket(1, "\x85\xa4\x00\x00\x01eve\x00hash"))), session, hidden("mysql", "eve", "challenge-response", "unknown"))
}

func TestMySQLTurnsIntoTLSOrRefusesAtOnce(t *testing.T) {
	Want(t, Stream(t, mysql(), 3306, In(mysqlPacket(0, mysqlGreeting)), Out(mysqlPacket(1, mysqlLogin(mysqlProtocol41|mysqlSSL, ""))+"\x16\x03\x01")),
		&observation.Session{Protocol: "mysql", Version: "5.7.30", StartTLS: true})
	Want(t, Stream(t, mysql(), 3306, In(mysqlPacket(0, "\xff\x6a\x04Host is not allowed"))), &observation.Session{Protocol: "mysql", Banner: "Host is not allowed"})
	NotRecognised(t, mysql(), 3306, In("SSH-2.0-x\r\n"))
	NotRecognised(t, mysql(), 3306, In("220 ftp\r\n"))
	NotRecognised(t, mysql(), 3306, Out("GET / HTTP/1.1\r\n"), In(mysqlPacket(0, mysqlGreeting)))
}

func pgMessage(kind, b string) string {
	return kind + string(binary.BigEndian.AppendUint32(nil, uint32(len(b)+4))) + b
}

func TestPostgreSQLSaysHowThePasswordTravels(t *testing.T) {
	start := pgMessage("", "\x00\x03\x00\x00user\x00eve\x00database\x00d\x00\x00")
	session := &observation.Session{Protocol: "postgresql"}
	Want(t, Stream(t, postgresql(), 5432, Out(start), In(pgMessage("R", "\x00\x00\x00\x03")), Out(pgMessage("p", "s3cret\x00")), In(pgMessage("R", "\x00\x00\x00\x00"))),
		session, signIn("postgresql", "eve", "s3cret", "accepted", ""))
	Want(t, Stream(t, postgresql(), 15432, Out("\x00\x00\x00\x08\x04\xd2\x16\x2f"), In("N"), Out(start), In(pgMessage("R", "\x00\x00\x00\x05salt")),
		Out(pgMessage("p", "md5abc\x00")), In(pgMessage("E", "SFATAL\x00\x00"))), session, hidden("postgresql", "eve", "digest-response", "rejected"))
	Want(t, Stream(t, postgresql(), 5432, Out(start), In(pgMessage("R", "\x00\x00\x00\x00"))), &observation.Session{Protocol: "postgresql", Detail: "no-auth"})
	Want(t, Stream(t, postgresql(), 5432, Out("\x00\x00\x00\x08\x04\xd2\x16\x2f"), In("S"), Out("\x16\x03\x01")), &observation.Session{Protocol: "postgresql", StartTLS: true})
	NotRecognised(t, postgresql(), 5432, Out("\x00\x00\x00\x08\x04\xd2\x16\x31"))
	NotRecognised(t, postgresql(), 5432, Out("\x00\x00\x00\x2f\xffSMB\x72\x00"))
}

func tlv(tag byte, parts ...string) string {
	b := strings.Join(parts, "")
	return string([]byte{tag, byte(len(b))}) + b
}

func bind(id byte, name, auth string) string {
	return tlv(0x30, tlv(2, string(id)), tlv(0x60, tlv(2, "\x03"), tlv(4, name), auth))
}

func bound(id, code byte) string {
	return tlv(0x30, tlv(2, string(id)), tlv(0x61, tlv(10, string(code)), tlv(4), tlv(4)))
}

func TestLDAPOneConnectionBindsAsMany(t *testing.T) {
	search := tlv(0x30, tlv(2, "\x02"), tlv(0x63, tlv(4, "dc=a")))
	Want(t, Stream(t, ldap(), 3890, Out(bind(1, "cn=eve", tlv(0x80, "s3cret"))), In(bound(1, 0)), Out(search), In(tlv(0x30, tlv(2, "\x02"), tlv(0x65))),
		Out(bind(3, "cn=bob", tlv(0x80, "guess"))), In(bound(3, 49))),
		&observation.Session{Protocol: "ldap"}, signIn("ldap-simple", "cn=eve", "s3cret", "accepted", ""), signIn("ldap-simple", "cn=bob", "guess", "rejected", ""))
}

func TestLDAPAnonymousSASLAndTLS(t *testing.T) {
	Want(t, Stream(t, ldap(), 389, Out(bind(1, "cn=eve", tlv(0x80))), In(bound(1, 0))), &observation.Session{Protocol: "ldap", Detail: "anonymous"})
	Want(t, Stream(t, ldap(), 389, Out(bind(1, "", tlv(0xa3, tlv(4, "PLAIN"), tlv(4, "\x00eve\x00p")))), In(bound(1, 0))),
		&observation.Session{Protocol: "ldap"}, signIn("ldap-sasl", "eve", "p", "accepted", ""))
	Want(t, Stream(t, ldap(), 389, Out(tlv(0x30, tlv(2, "\x01"), tlv(0x77, tlv(0x80, startTLS)))), In(tlv(0x30, tlv(2, "\x01"), tlv(0x78, tlv(10, "\x00"), tlv(4), tlv(4)))), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "ldap", StartTLS: true})
	NotRecognised(t, ldap(), 389, Out(tlv(0x30, tlv(2, "\x00"), tlv(4, "public"), tlv(0xa0)))) // SNMP
	NotRecognised(t, ldap(), 389, Out("0123456789"))
}

func FuzzStore(f *testing.F) {
	FuzzStreams(f, Streams(),
		[]Turn{Out(array("HELLO", "3", "AUTH", "eve", "p")), In("%1\r\n+a\r\n$1\r\nb\r\n"), Out("PING\r\n"), In("-NOAUTH\r\n")},
		[]Turn{In(mysqlPacket(0, mysqlGreeting)), Out(mysqlPacket(1, mysqlLogin(0x8a00, "root\x00\x01a"))), In(mysqlPacket(2, "\xfemysql_clear_password\x00"))},
		[]Turn{Out("\x00\x00\x00\x08\x04\xd2\x16\x2f"), In("N"), Out(pgMessage("", "\x00\x03\x00\x00user\x00eve\x00\x00")), In(pgMessage("R", "\x00\x00\x00\x03"))},
		[]Turn{Out(bind(1, "cn=eve", tlv(0x80, "s3cret"))), In(bound(1, 14)), Out(bind(2, "", tlv(0xa3, tlv(4, "PLAIN"), tlv(4, "\x00a\x00b"))))},
		[]Turn{Out(nbss(smb2Message(smb2Setup, 0, ntlmType3("D", "eve")))), In(nbss(smb2Message(smb2Setup, 0xc000006d, "")))},
		[]Turn{Out(nbss(smb1Message(smb1Setup, 0, smb1SetupBody("pass\x00", "", "eve", "D")))), In(nbss(smb1Message(smb1Setup, 0, "\x00")))},
		[]Turn{Out(tds(tdsPrelogin, prelogin(2))), In(tds(tdsResponse, prelogin(2))), Out(tds(tdsLogin, login7("sa", "pw"))), In(tds(tdsResponse, "\xaa"))})
}

// BenchmarkRedis reads a brute force of one guess after another.
func BenchmarkRedis(b *testing.B) {
	out, in := []byte(array("AUTH", "eve", "wrong")), []byte("-WRONGPASS no\r\n")
	c := Context(6379, observation.TCP)
	b.SetBytes(int64(len(out) + len(in)))
	b.ReportAllocs()
	s := redis().New()
	for b.Loop() {
		s.Data(c, protocol.ToServer, append([]byte(nil), out...))
		s.Data(c, protocol.ToClient, in)
	}
}
