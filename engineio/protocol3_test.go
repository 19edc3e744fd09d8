package engineio_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"github.com/socketio-go/socketio/engineio"
)

// The same rules for clients of protocol 3, as socketioxide's suite has them.

// suite3 is suite for a server that lets clients of protocol 3 in.
func suite3() *engineio.Options {
	o := suite()
	o.AllowEIO3 = true
	return o
}

// length3 puts the length in front of a packet, counted as JavaScript counts.
func length3(packet string) string {
	return strconv.Itoa(len(utf16.Encode([]rune(packet)))) + ":" + packet
}

// only is the one packet of a payload.
func only(t testing.TB, payload string) string {
	t.Helper()
	length, packet, _ := strings.Cut(payload, ":")
	if n, err := strconv.Atoi(length); err != nil || n != len(packet) {
		t.Fatalf("payload %q", payload)
	}
	return packet
}

// openPolling3 opens a session of protocol 3 and returns the query of its further requests, and its server side.
func (s *site) openPolling3(extra string) (query string, p *peer) {
	s.t.Helper()
	a := s.get("EIO=3&transport=polling" + extra)
	if a.status != 200 {
		s.t.Fatalf("handshake: %d %q", a.status, a.body)
	}
	return "EIO=3&transport=polling&sid=" + parseOpen(s.t, only(s.t, a.body)).SID, <-s.opened
}

func TestHandshake3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		for _, query := range []string{"EIO=3&transport=polling", "transport=polling", "EIO=abc&transport=polling", "EIO=&transport=polling"} {
			a := s.get(query)
			h := parseOpen(t, only(t, a.body))
			s.want(a, 200, length3(`0{"sid":"`+h.SID+`","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}`))
			if a.header.Get("Content-Type") != "text/plain; charset=UTF-8" {
				t.Errorf("Content-Type %q", a.header.Get("Content-Type"))
			}
			if p := <-s.opened; p.Protocol() != 3 {
				t.Errorf("protocol %d", p.Protocol())
			}
		}
		w := s.websocket("EIO=3&transport=websocket")
		if h := parseOpen(t, w.text()); len(h.SID) != 20 || h.Upgrades == nil || len(h.Upgrades) != 0 {
			t.Errorf("%+v", h)
		}
		if p := <-s.opened; p.Protocol() != 3 {
			t.Errorf("protocol %d", p.Protocol())
		}
		if _, p := s.openPolling(); p.Protocol() != 4 {
			t.Errorf("protocol %d", p.Protocol())
		}
	})
}

// An initial packet comes in the payload of the handshake; what the owner sends then waits for the first poll.
func TestFirstPackets3(t *testing.T) {
	o := suite3()
	o.InitialPacket = text("€")
	bubble(t, o, nil, func(t *testing.T, s *site) {
		a := s.get("EIO=3&transport=polling")
		open, rest, _ := strings.Cut(a.body, "}")
		if rest != "2:4€" {
			t.Errorf("%q", a.body)
		}
		sid := parseOpen(t, only(t, open+"}")).SID
		(<-s.opened).Send(text("0"))
		s.want(s.get("EIO=3&transport=polling&sid="+sid), 200, "2:40")

		w := s.websocket("EIO=3&transport=websocket")
		w.text()
		w.wantText("4€")
	})
}

func TestHandshake3Refused(t *testing.T) {
	const badTransport = `{"code":0,"message":"Transport unknown"}`
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		s.want(s.get("EIO=3"), 400, badTransport)
		s.want(s.get("EIO=3&transport=abc"), 400, badTransport)
		s.want(s.post("EIO=3&transport=polling", ""), 400, `{"code":2,"message":"Bad handshake method"}`)
		s.wantRefused(400, badTransport, "EIO=3", "")
		s.wantRefused(400, badTransport, "EIO=3&transport=abc", "")
	})
	bubble(t, suite(), echo, func(t *testing.T, s *site) {
		s.want(s.get("EIO=3&transport=polling"), 400, `{"code":5,"message":"Unsupported protocol version"}`)
		s.wantRefused(400, `{"code":5,"message":"Unsupported protocol version"}`, "EIO=3&transport=websocket", "")
	})
}

// A request of one protocol does not reach a session of the other.
func TestProtocolOfASession(t *testing.T) {
	const badRequest = `{"code":3,"message":"Bad request"}`
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		q3, _ := s.openPolling3("")
		q4, _ := s.openPolling()
		for _, q := range []string{strings.Replace(q3, "EIO=3", "EIO=4", 1), strings.Replace(q4, "EIO=4", "EIO=3", 1), strings.Replace(q4, "EIO=4&", "", 1)} {
			s.want(s.get(q), 400, badRequest)
			s.want(s.post(q, "4x"), 400, badRequest)
			s.wantRefused(400, badRequest, asWebSocket(q), "")
		}
		s.want(s.post(q3, "6:4hello"), 200, "ok")
		s.want(s.get(strings.Replace(q3, "EIO=3&", "", 1)), 200, "6:4hello")
		s.want(s.post(q4, "4hello"), 200, "ok")
		s.want(s.get(q4), 200, "4hello")
	})
}

const octets = "application/octet-stream"

func TestMessagesPolling3(t *testing.T) {
	mixed := "\x00\x06\xff4hello\x01\x05\xff\x04\x01\x02\x03\x04"
	for _, tt := range []struct{ name, extra, kind, sent, answered, answer string }{
		{"one plain text packet", "&b64=1", "", "6:4hello", "", "6:4hello"},
		{"several plain text packets", "&b64=1", "", "6:4test16:4test26:4test3", "", "6:4test16:4test26:4test3"},
		{"plain text and binary packets, base64", "&b64=1", "", "6:4hello10:b4AQIDBA==", "", "6:4hello10:b4AQIDBA=="},
		{"plain text and binary packets, binary", "", "", "6:4hello10:b4AQIDBA==", octets, mixed},
		{"a binary body", "", octets, mixed, octets, mixed},
		{"a binary body for who takes no binary", "&b64=1", octets, mixed, "", "6:4hello10:b4AQIDBA=="},
		{"plain text only, from who takes binary", "", octets, "\x00\x06\xff4hello", "", "6:4hello"},
		{"lengths of UTF-16", "", "", length3("4h€ö😀") + length3("4"), "", "6:4h€ö😀1:4"},
		{"lengths of UTF-8", "", octets, "\x00\x08\xff4€😀\x01\x02\xff\x04\x80", octets, "\x00\x08\xff4€😀\x01\x02\xff\x04\x80"},
		{"a long message", "", octets, "\x01\x01\x00\x00\x00\x01\xff\x04" + strings.Repeat("\xff", 10000), octets, "\x01\x01\x00\x00\x00\x01\xff\x04" + strings.Repeat("\xff", 10000)},
		{"what is no text", "", "", "3:4\xffa", "", "3:4\uFFFDa"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, suite3(), echo, func(t *testing.T, s *site) {
				q, _ := s.openPolling3(tt.extra)
				if tt.kind == "" {
					tt.kind = "text/plain;charset=UTF-8"
				}
				if tt.answered == "" {
					tt.answered = "text/plain; charset=UTF-8"
				}
				s.want(s.do("POST", q, tt.sent, "Content-Type", tt.kind), 200, "ok")
				a := s.get(q)
				if a.status != 200 || a.body != tt.answer || a.header.Get("Content-Type") != tt.answered {
					t.Errorf("%d %s %q, want %s %q", a.status, a.header.Get("Content-Type"), a.body, tt.answered, tt.answer)
				}
			})
		})
	}
}

func TestInvalidPacketPolling3(t *testing.T) {
	for _, tt := range []struct{ name, kind, body string }{
		{"no payload", "", "abc"}, {"nothing", "", ""}, {"no length", "", ":4"}, {"half", "", "9:4hello"},
		{"half a character", "", "2:4😀"}, {"bad type", "", "1:9"},
		{"binary, half", octets, "\x00\x09\xff4hello"}, {"binary, no text", octets, "\x00\x02\xff4\xff"},
		{"binary, bad type", octets, "\x01\x02\xff\x07a"},
		{"too many", "", strings.Repeat("1:6", 16385)},
		{"binary, too many", octets, strings.Repeat("\x01\x00\xff", 16385)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, suite3(), echo, func(t *testing.T, s *site) {
				q, p := s.openPolling3("")
				s.want(s.do("POST", q, tt.body, "Content-Type", tt.kind), 400, "")
				s.want(s.get(q), 400, unknown)
				if e := <-p.closed; e.reason != engineio.ParseError {
					t.Errorf("closed: %v", e)
				}
			})
		})
	}
}

func TestDuplicatePoll3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling3("")
		first := later(func() answer { return s.get(q) })
		synctest.Wait()
		s.want(s.get(q+"&t=burst"), 400, "")
		s.want(<-first, 200, "1:1")
		s.want(s.get(q), 400, unknown)
	})
}

func TestMessagesWebSocket3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		w := s.websocket("EIO=3&transport=websocket")
		w.text()
		w.send("4hello")
		w.wantText("4hello")
		w.sendBinary("\x04\x01\x02\x03\x04") // the type comes first
		if first, payload, err := w.frame(); first != 0x82 || string(payload) != "\x04\x01\x02\x03\x04" {
			t.Errorf("frame %#x %q %v", first, payload, err)
		}
		w.send("b4AQIDBA==")
		if first, payload, err := w.frame(); first != 0x82 || string(payload) != "\x04\x01\x02\x03\x04" {
			t.Errorf("frame %#x %q %v", first, payload, err)
		}
		if m := (<-s.opened).Protocol(); m != 3 {
			t.Errorf("protocol %d", m)
		}

		w = s.websocket("EIO=3&transport=websocket&b64=1")
		w.text()
		w.sendBinary("\x04\x01\x02\x03\x04")
		w.wantText("b4AQIDBA==")
	})
}

func TestInvalidPacketWebSocket3(t *testing.T) {
	for _, frame := range [][]byte{maskedFrame(0x81, "abc"), maskedFrame(0x82, "\x07abc"), maskedFrame(0x82, "")} {
		bubble(t, suite3(), echo, func(t *testing.T, s *site) {
			w := s.websocket("EIO=3&transport=websocket")
			w.text()
			w.write(frame)
			w.wantClose(noCode)
			if e := <-(<-s.opened).closed; e.reason != engineio.ParseError {
				t.Errorf("closed: %v", e)
			}
		})
	}
}

// The client pings, the server answers.
func TestHeartbeat3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		q, _ := s.openPolling3("")
		w := s.websocket("EIO=3&transport=websocket")
		w.text()
		for range 5 {
			time.Sleep(300 * time.Millisecond)
			s.want(s.post(q, "1:2"), 200, "ok")
			s.want(s.get(q), 200, "1:3")
			w.send("2")
			w.wantText("3")
		}
	})
}

// Silence for the interval and the timeout ends the session; messages are no ping.
func TestPingTimeout3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		start := time.Now()
		q, p := s.openPolling3("")
		w := s.websocket("EIO=3&transport=websocket")
		w.text()
		w.wantClose(noCode)
		for _, p := range []*peer{p, <-s.opened} {
			if e := <-p.closed; e.reason != engineio.PingTimeout || time.Since(start) != 500*time.Millisecond {
				t.Errorf("closed: %v after %v", e, time.Since(start))
			}
		}
		s.want(s.post(q, "1:2"), 400, unknown)

		q, p = s.openPolling3("")
		start = time.Now()
		time.Sleep(400 * time.Millisecond)
		s.want(s.post(q, "1:2"), 200, "ok")
		time.Sleep(400 * time.Millisecond)
		s.want(s.post(q, "2:4a"), 200, "ok")
		// A second more, as the ping might be right behind the message.
		if e := <-p.closed; e.reason != engineio.PingTimeout || time.Since(start) != 1900*time.Millisecond {
			t.Errorf("closed: %v after %v", e, time.Since(start))
		}
	})
}

func TestHeartbeatDirection3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		w := s.websocket("EIO=3&transport=websocket")
		w.text()
		w.send("3")
		w.wantClose(noCode)
		if e := <-(<-s.opened).closed; e.reason != engineio.TransportError {
			t.Errorf("closed: %v", e)
		}
	})
}

// A client that pings and never reads is cut off when its outbox is full of answers.
func TestFloodOfPings(t *testing.T) {
	o := suite3()
	o.OutboxPackets = 10
	bubble(t, o, echo, func(t *testing.T, s *site) {
		q, p := s.openPolling3("")
		s.post(q, strings.Repeat("1:2", 1000))
		if e := <-p.closed; e != (ending{engineio.TransportError, engineio.ErrBufferFull}) {
			t.Errorf("closed: %v", e)
		}
	})
}

func TestClose3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling3("")
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		s.want(s.post(q, "1:1"), 200, "ok")
		s.want(<-poll, 200, "1:6")
		s.want(s.get(q), 400, unknown)
		if e := <-p.closed; e != (ending{engineio.TransportClose, nil}) {
			t.Errorf("closed: %v", e)
		}

		w := s.websocket("EIO=3&transport=websocket")
		w.text()
		w.send("1")
		w.wantClose(noCode)
		<-s.opened

		q, p = s.openPolling3("")
		p.Send(text("last"))
		p.Close()
		s.want(s.get(q), 200, "5:4last")
		s.want(s.get(q), 200, "1:1")
	})
}

// A volatile packet leaves at once or not at all.
func TestVolatile3(t *testing.T) {
	bubble(t, suite3(), nil, func(t *testing.T, s *site) {
		q, p := s.openPolling3("")
		if err := p.SendVolatile(text("a")); err != engineio.ErrDropped {
			t.Errorf("nobody waits: %v", err)
		}
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		if err := p.SendVolatile(text("b"), message(true, []byte{1})); err != nil {
			t.Error(err)
		}
		s.want(<-poll, 200, "\x00\x02\xff4b\x01\x02\xff\x04\x01")
	})
}

func TestUpgrade3(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		q, p := s.openPolling3("")
		w := s.websocket(asWebSocket(q))
		w.send("2probe")
		w.wantText("3probe")
		s.want(s.get(q), 200, "1:6")
		w.send("5")
		w.send("4hello")
		w.wantText("4hello")
		if got := p.Transport(); got != "websocket" {
			t.Errorf("transport %q", got)
		}
		s.want(s.get(q), 400, `{"code":3,"message":"Bad request"}`)
		s.websocket(asWebSocket(q)).wantClose(noCode)
		w.sendBinary("\x04\x00")
		if first, payload, err := w.frame(); first != 0x82 || string(payload) != "\x04\x00" {
			t.Errorf("frame %#x %q %v", first, payload, err)
		}
		for range 3 { // and the heartbeat goes on
			time.Sleep(450 * time.Millisecond)
			w.send("2")
			w.wantText("3")
		}
		w.wantClose(noCode)
		if e := <-p.closed; e.reason != engineio.PingTimeout {
			t.Errorf("closed: %v", e)
		}
	})
}

// Jsonp is a client's copy of a script: the number of the callback and its argument.
func jsonp(t testing.TB, a answer) (j, payload string) {
	t.Helper()
	rest, ok := strings.CutPrefix(a.body, "___eio[")
	j, rest, _ = strings.Cut(rest, "](")
	rest, ok2 := strings.CutSuffix(rest, ");")
	payload, err := strconv.Unquote(rest) // of Go, which knows all escapes that occur
	if a.status != 200 || !ok || !ok2 || err != nil || a.header.Get("Content-Type") != "application/javascript; charset=UTF-8" ||
		a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("%d %v %q: %v", a.status, a.header, a.body, err)
	}
	return j, payload
}

func TestJSONP(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		a := s.get("EIO=3&transport=polling&b64=1&j=7")
		j, payload := jsonp(t, a)
		q := "EIO=3&transport=polling&j=7&sid=" + parseOpen(t, only(t, payload)).SID
		if j != "7" {
			t.Errorf("callback %q", j)
		}
		for _, tt := range []struct{ name, body, payload string }{
			{"a message", "d=6%3A4hello", "6:4hello"},
			{"blanks and other fields", "x=1&d=5%3A4a+%2Bb&y=2", "5:4a +b"},
			{"a line feed", `d=4%3A4a\nb`, "4:4a\nb"},
			{"a backslash and an n", `d=5%3A4a\\nb`, `5:4a\nb`},
			{"other backslashes", `d=5%3A4\t\"`, `5:4\t\"`},
			{"separators of lines", "d=5%3A4%E2%80%A8%E2%80%A9%3C%7F", "5:4\u2028\u2029<\u007f"},
			{"binary", "d=10%3Ab4AQIDBA%3D%3D", "10:b4AQIDBA=="},
		} {
			s.want(s.do("POST", q, tt.body, "Content-Type", form), 200, "ok")
			a := s.get(q)
			if _, payload := jsonp(t, a); payload != tt.payload {
				t.Errorf("%s: %q, want %q", tt.name, payload, tt.payload)
			}
			if strings.ContainsAny(a.body, "\u2028\u2029<\n") {
				t.Errorf("%s: %q", tt.name, a.body)
			}
		}
		s.want(s.do("POST", q, "6:4hello", "Content-Type", form), 400, "") // no form
		s.want(s.get(q), 400, unknown)
	})
}

// Nothing but digits of j comes back, and protocol 4 has no scripts at all.
func TestJSONPCallback(t *testing.T) {
	bubble(t, suite3(), echo, func(t *testing.T, s *site) {
		for j, want := range map[string]string{"12": "12", "": "", "1)%3Balert(2": "12", "a%22%3Cscript%3E": "", "%F0%9F%98%80%D9%A33": "3"} {
			if got, _ := jsonp(t, s.get("EIO=3&transport=polling&j="+j)); got != want {
				t.Errorf("j=%s gives %q, want %q", j, got, want)
			}
		}
		a := s.get("EIO=4&transport=polling&j=1")
		parseOpen(t, a.body)
		if !slices.Equal(a.header["Content-Type"], []string{"text/plain; charset=UTF-8"}) {
			t.Errorf("%v", a.header)
		}
		a = s.get("EIO=3&transport=polling&t=x%26j=1")
		parseOpen(t, only(t, a.body))
	})
}

// A page of another origin polls by script only where it might poll without.
func TestJSONPOfAnotherOrigin(t *testing.T) {
	foreign := []string{"Sec-Fetch-Site", "cross-site", "Referer", "https://evil.example/page"}
	for _, tt := range []struct {
		name    string
		cors    *engineio.CORS
		header  []string
		allowed bool
	}{
		{"an old browser", nil, nil, true},
		{"a page of this origin", nil, []string{"Sec-Fetch-Site", "same-origin"}, true},
		{"another origin", nil, foreign, false},
		{"another host of the same site", nil, []string{"Sec-Fetch-Site", "same-site", "Referer", "https://evil.example/"}, false},
		{"no referer", &engineio.CORS{Origins: []string{"https://app.example"}}, []string{"Sec-Fetch-Site", "cross-site"}, false},
		{"any origin is allowed", &engineio.CORS{Origins: []string{"*"}}, foreign, true},
		{"this one is allowed", &engineio.CORS{Origins: []string{"https://evil.example"}}, foreign, true},
		{"another is allowed", &engineio.CORS{Origins: []string{"https://app.example"}}, foreign, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := suite3()
			o.CORS = tt.cors
			bubble(t, o, echo, func(t *testing.T, s *site) {
				a := s.do("GET", "EIO=3&transport=polling&j=0", "", tt.header...)
				if !tt.allowed {
					s.want(a, 403, `{"code":4,"message":"Forbidden"}`)
				} else {
					jsonp(t, a)
				}
				// Without a script it is the browser that keeps the answer from the page.
				if a := s.do("GET", "EIO=3&transport=polling", "", tt.header...); a.status != 200 {
					t.Errorf("%d %q", a.status, a.body)
				}
			})
		})
	}
}

// Compression is of HTTP and WebSocket, whatever version is inside.
func TestCompression3(t *testing.T) {
	o := suite3()
	o.PerMessageDeflate = &engineio.PerMessageDeflate{}
	bubble(t, o, echo, func(t *testing.T, s *site) {
		long := strings.Repeat("a", 2000)
		q, _ := s.openPolling3("")
		s.want(s.post(q, length3("4"+long)), 200, "ok")
		a := s.do("GET", q, "", "Accept-Encoding", "gzip")
		if got := unpack(t, a); got != length3("4"+long) || a.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%v %.40q", a.header, got)
		}
		s.want(s.do("POST", q, "\x01\x02\x00\x00\x01\xff\x04"+long, "Content-Type", octets), 200, "ok")
		a = s.do("GET", q, "", "Accept-Encoding", "gzip")
		if got := unpack(t, a); got != "\x01\x02\x00\x00\x01\xff\x04"+long || a.header.Get("Content-Type") != octets {
			t.Errorf("%v %.40q", a.header, got)
		}

		w, res := s.request("EIO=3&transport=websocket", offer, "")
		if got := res.Header.Get("Sec-WebSocket-Extensions"); got != agreed {
			t.Fatalf("extensions %q", got)
		}
		w.message()
		w.write(maskedFrame(0xc1, squeeze("4"+long)))
		if compressed, got := w.message(); !compressed || got != "4"+long {
			t.Errorf("%v %.40q", compressed, got)
		}
		w.write(maskedFrame(0xc2, squeeze("\x04"+long)))
		if _, got := w.message(); got != "\x04"+long {
			t.Errorf("%.40q", got)
		}
	})
}
