// SPDX-FileCopyrightText: The Writ authors
// SPDX-License-Identifier: Apache-2.0

package messaging

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/writ-iot/writ/internal/observation"
	"github.com/writ-iot/writ/internal/protocol"
	. "github.com/writ-iot/writ/internal/protocol/protocoltest"
)

func text(s string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(s)))) + s
}

// packet writes an MQTT packet: type and flags, length, content.
func packet(kind byte, content string) string {
	b := []byte{kind}
	n := len(content)
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return string(append(b, byte(n))) + content
}

func connect(level, flags byte, fields ...string) string {
	name := "MQTT"
	if level == 3 {
		name = "MQIsdp"
	}
	b := text(name) + string([]byte{level, flags, 0, 60})
	for _, f := range fields {
		b += f
	}
	return packet(mqttConnect, b)
}

func mqttLogin(user, password, outcome, list string) *observation.Login {
	return &observation.Login{Protocol: "mqtt", User: user, Secret: Secret("credential", password), Readable: true, Outcome: outcome, Factory: list}
}

func TestMQTTSaysWhoConnectsAndWhetherTheBrokerAgrees(t *testing.T) {
	will := text("dying/words") + text(strings.Repeat("w", 300))
	for _, row := range []struct {
		name    string
		connect string
		connack string
		want    []observation.Body
	}{
		{"3.1.1", connect(4, 0xc2, text("cam-1"), text("admin"), text("admin")), "\x20\x02\x00\x00",
			[]observation.Body{&observation.MQTT{ClientID: "cam-1", Version: "3.1.1", HasUser: true, HasPass: true}, mqttLogin("admin", "admin", "accepted", "mirai-2016")}},
		{"3.1 with a will, refused", connect(3, 0xc6, text("cam-1"), will, text("eve"), text("s3cret")), "\x20\x02\x00\x04",
			[]observation.Body{&observation.MQTT{ClientID: "cam-1", Version: "3.1", Return: 4, HasUser: true, HasPass: true}, mqttLogin("eve", "s3cret", "rejected", "")}},
		{"5 with properties and a will", connect(5, 0xc6, "\x05\x11\x00\x00\x00\x0a", text("cam-1"), "\x00", will, text("eve"), text("")), "\x20\x03\x00\x87\x00",
			[]observation.Body{&observation.MQTT{ClientID: "cam-1", Version: "5", Return: 0x87, HasUser: true, HasPass: true}, mqttLogin("eve", "", "rejected", "")}},
		{"refused for another reason", connect(4, 0xc2, text("cam-1"), text("eve"), text("x")), "\x20\x02\x00\x03",
			[]observation.Body{&observation.MQTT{ClientID: "cam-1", Version: "3.1.1", Return: 3, HasUser: true, HasPass: true}, mqttLogin("eve", "x", "unknown", "")}},
		{"a name without password", connect(4, 0x82, text("cam-1"), text("eve")), "\x20\x02\x00\x00",
			[]observation.Body{&observation.MQTT{ClientID: "cam-1", Version: "3.1.1", HasUser: true}, &observation.Login{Protocol: "mqtt", User: "eve", Outcome: "accepted"}}},
		{"nobody asked", connect(4, 2, text("")), "\x20\x02\x00\x00", []observation.Body{&observation.MQTT{Version: "3.1.1"}}},
		{"an answer that is cut", connect(4, 2, text("a")), "\x20\x01\x00", []observation.Body{&observation.MQTT{ClientID: "a", Version: "3.1.1", Return: -1}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			Want(t, Stream(t, mqtt(), 18830, Out(row.connect), In(row.connack), Out(packet(0x30, text("topic")+"21.5"))), row.want...)
		})
	}
}

func TestMQTTWithoutItsAnswer(t *testing.T) {
	Want(t, Stream(t, mqtt(), 1883, Out(connect(4, 0xc2, text("a"), text("eve"), text("p")))),
		&observation.MQTT{ClientID: "a", Version: "3.1.1", Return: -1, HasUser: true, HasPass: true}, mqttLogin("eve", "p", "unknown", ""))
	Want(t, Gaps(t, mqtt().New(), Out(connect(4, 2, text("a"))), Lost(protocol.ToClient, 4)),
		&observation.MQTT{ClientID: "a", Version: "3.1.1", Return: -1})
}

func TestMQTTAPasswordThatIsCutIsNotRead(t *testing.T) {
	short := packet(mqttConnect, text("MQTT")+"\x04\xc2\x00\x3c"+text("a")+text("eve")+"\x00\x20pass")
	Want(t, Stream(t, mqtt(), 1883, Out(short), In("\x20\x02\x00\x05")),
		&observation.MQTT{ClientID: "a", Version: "3.1.1", Return: 5, HasUser: true, HasPass: true},
		&observation.Login{Protocol: "mqtt", User: "eve", Outcome: "rejected"})
}

func TestMQTTIsNotWhatOnlyLooksLikeIt(t *testing.T) {
	for _, other := range [][]Turn{
		{Out("\x10\x0e\x00\x04HTTP\x04\x02\x00\x3c\x00\x02ab")},
		{Out("\x10\xff\xff\xff\xff\x00\x04MQTT\x04")},
		{Out("GET / HTTP/1.1\r\n")},
		{Out("\xc0\x00"), In("\xd0\x00")}, // a ping is enough midstream only
		{In("\x16\x03\x01")},
	} {
		NotRecognised(t, mqtt(), 1883, other...)
	}
}

func frame091(class, method byte, content string) string {
	b := "\x00" + string([]byte{class}) + "\x00" + string([]byte{method}) + content
	return "\x01\x00\x00" + string(binary.BigEndian.AppendUint32(nil, uint32(len(b)))) + b + "\xce"
}

func long(s string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func TestAMQP091SaysWhoLoggedIn(t *testing.T) {
	start := []Turn{Out("AMQP\x00\x00\x09\x01"), In(frame091(10, 10, "\x00\x09"+long("")+long("PLAIN")+long("en")))}
	plain := frame091(10, 11, long("")+"\x05PLAIN"+long("\x00guest\x00guest")+"\x05en_US")
	table := frame091(10, 11, long("")+"\x08AMQPLAIN"+long("\x05LOGINS"+long("eve")+"\x08PASSWORDS"+long("s3cret"))+"\x05en_US")
	session := &observation.Session{Protocol: "amqp", Version: "0-9-1"}
	signIn := &observation.Login{Protocol: "amqp", User: "guest", Secret: Secret("credential", "guest"), Readable: true, Outcome: "accepted",
		Factory: "mirai-2016"}
	Want(t, Stream(t, amqp(), 5672, append(start, Out(plain), In(frame091(10, 30, "\x00\x00\x00\x02\x00\x00\x00\x3c")))...), session, signIn)
	Want(t, Stream(t, amqp(), 15000, append(start, Out(table), In(frame091(10, 50, "\x01\x93\x00")))...), session,
		&observation.Login{Protocol: "amqp", User: "eve", Secret: Secret("credential", "s3cret"), Readable: true, Outcome: "rejected"})
}

func TestAMQP10SaysWhoLoggedIn(t *testing.T) {
	frame := func(s string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(s)+8))) + "\x02\x01\x00\x00" + s
	}
	init := frame("\x00\x53\x41\xc0\x14\x02\xa3\x05PLAIN\xa0\x09\x00eve\x00pass")
	Want(t, Stream(t, amqp(), 5672, Out("AMQP\x03\x01\x00\x00"), In("AMQP\x03\x01\x00\x00"+frame("\x00\x53\x40\xc0\x01\x00")), Out(init),
		In(frame("\x00\x53\x44\xc0\x03\x01\x50\x01"))), &observation.Session{Protocol: "amqp", Version: "1.0"},
		&observation.Login{Protocol: "amqp", User: "eve", Secret: Secret("credential", "pass"), Readable: true, Outcome: "rejected"})
	Want(t, Stream(t, amqp(), 5672, Out("AMQP\x02\x01\x00\x00"), In("AMQP\x02\x01\x00\x00"), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "amqp", Version: "1.0", StartTLS: true})
	NotRecognised(t, amqp(), 5672, Out("AMQQ"))
	NotRecognised(t, amqp(), 5672, Out(frame091(60, 40, ""))) // a frame is enough midstream only
}

const opening = "<?xml version='1.0'?><stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

func TestXMPPSaysWhoLoggedIn(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString([]byte("\x00eve\x00s3cret"))
	session := &observation.Session{Protocol: "xmpp"}
	Want(t, Stream(t, xmpp(), 5222, Out(opening), In(opening+"<stream:features/>"), Out("<auth xmlns='x' mechanism='PLAIN'>"+plain+"</auth>"), In("<failure xmlns='x'/>")), session,
		&observation.Login{Protocol: "xmpp", User: "eve", Secret: Secret("credential", "s3cret"), Readable: true, Outcome: "rejected"})
	Want(t, Stream(t, xmpp(), 9, Out(opening), In(opening), Out("<starttls xmlns='x'/>"), In("<proceed xmlns='x'/>"), Out("\x16\x03\x01")),
		&observation.Session{Protocol: "xmpp", StartTLS: true})
	NotRecognised(t, xmpp(), 5222, Out("<?xml version='1.0'?><soap:Envelope>"+strings.Repeat(" ", 1024)))
	NotRecognised(t, xmpp(), 5222, Out("<html>"))
}

func FuzzMessaging(f *testing.F) {
	FuzzStreams(f, Streams(),
		[]Turn{Out(connect(5, 0xc6, "\x00", text("a"), "\x00", text("t"), text("w"), text("u"), text("p"))), In("\x20\x03\x00\x00\x00")},
		[]Turn{Out(connect(3, 0xc2, text("a"), text("u"), text("p"))), In("\x20\x02\x00\x05")},
		[]Turn{Out("AMQP\x00\x00\x09\x01" + frame091(10, 11, long("")+"\x05PLAIN"+long("\x00a\x00b")+"\x00")), In(frame091(10, 30, "\x00\x00"))},
		[]Turn{Out("AMQP\x03\x01\x00\x00\x00\x00\x00\x1e\x02\x01\x00\x00\x00\x53\x41\xc0\x14\x02\xa3\x05PLAIN\xa0\x05\x00e\x00pa"), In("AMQP\x03\x01\x00\x00")},
		[]Turn{Out(opening + "<auth mechanism='PLAIN'>AGEAYg==</auth>"), In(opening + "<success/>")})
}

// BenchmarkMQTT reads one session up to the CONNACK.
func BenchmarkMQTT(b *testing.B) {
	out, in := []byte(connect(4, 0xc2, text("cam-1"), text("admin"), text("admin"))), []byte("\x20\x02\x00\x00")
	c := Context(1883, observation.TCP)
	b.SetBytes(int64(len(out) + len(in)))
	b.ReportAllocs()
	for b.Loop() {
		s := mqtt().New()
		s.Data(c, protocol.ToServer, out)
		s.Data(c, protocol.ToClient, in)
		s.Close(c)
	}
}
