package hostile

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/socketio-go/socketio/test/raw"
)

// hostility is a server, and what the client makes of it.
type hostility struct {
	name string
	// server answers below a path of its own. It is called for each request.
	server http.Handler
	// options of the client, besides the transports.
	options map[string]any
	// ask is the time in ms for the answer to a question that the client asks once it is connected; 0 is no question.
	ask       int
	transport string // "websocket" or "polling"; "upgrade" for one after the other
	want      []string
	// quiet says that only the event "after" is written down.
	quiet bool
}

const bye = "disconnect:io client disconnect"

var (
	again        = []string{"reconnect_attempt:1", "reconnect:1", "connect"}
	alive        = []string{"connect", "event:after:[1]", bye}
	late         = []string{"connect_error:timeout", "manager_error:timeout", "reconnect_attempt:1"}
	badHandshake = []string{"connect_error:server error", "manager_error:server error", "reconnect_attempt:1"}
	refused      = []string{"connect_error:websocket error", "manager_error:websocket error", "reconnect_attempt:1", "connect_error:websocket error"}
	unreachable  = []string{"connect_error:xhr poll error", "manager_error:xhr poll error", "reconnect_attempt:1", "connect_error:xhr poll error"}
	parseError   = slices.Concat([]string{"connect", "disconnect:parse error"}, again)
	closed       = slices.Concat([]string{"connect", "disconnect:transport close"}, again)
	broken       = slices.Concat([]string{"connect", "manager_error:websocket error", "disconnect:transport error"}, again)
)

// all are the cases.
func all() []hostility { return append(some(), slices.Concat(handshakes(), packets())...) }

// some are those in which what is around the client has a part.
func some() []hostility { return slices.Concat(bytesOfAnyKind(), overPolling(), upgrades()) }

// handshakes are servers whose first words are wrong, or missing.
func handshakes() []hostility {
	list := []hostility{
		{name: "no open packet", server: talk((*peer).wait), options: map[string]any{"timeout": 100}, want: late},
		{name: "401", server: status(401), want: refused},
		{name: "no answer to CONNECT", server: talk(func(p *peer) { p.send(handshake); p.wait() })},
		{name: "refusal", server: answer(`44{"message":"nope","data":{"code":7}}`), want: []string{`connect_error:nope{"code":7}`}},
		{name: "refusal in a word", server: answer(`44"nope"`), want: []string{`connect_error:nope`}},
		{name: "refusal with an object for a reason", server: answer(`44{"message":{"toString":1,"valueOf":null}}`),
			want: []string{"connect_error:bad packet", "reconnect_attempt:1", "reconnect:1"}},
		{name: "CONNECT without sid", server: answer("40"),
			want: []string{"connect_error:It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client"}},
		{name: "gone without an answer to CONNECT", server: talk(func(p *peer) { p.send(handshake); p.expect("40") }),
			want: []string{"connect_error:transport close", "reconnect_attempt:1", "reconnect:1"}},
		{name: "a heartbeat every hundred years", server: life(with("900000", "3153600000000")), want: alive},
		{name: "a heartbeat at the end of time", server: life(with("900000", "1e308", "20000", "1e308")), want: alive},
		{name: "unknown fields", server: life(with("{", `{"more":[1],"__proto__":{"sid":1},`)), want: alive},
	}
	for name, open := range map[string]string{
		"open packet with bad JSON":       "0{",
		"open packet with nothing in it":  "0{}",
		"open packet that is null":        "0null",
		"open packet that is a list":      "0[]",
		"open packet without JSON":        "0",
		"another packet first":            "4hello",
		"an unknown packet first":         "x",
		"an empty message first":          "",
		"sid that is a number":            with(`"abc"`, "7"),
		"sid that is an object":           with(`"abc"`, `{"length":20}`),
		"empty sid":                       with(`"abc"`, `""`),
		"upgrades that are no list":       with("[]", `"websocket"`),
		"a heartbeat before time":         with("900000", "-900000"),
		"a heartbeat without a pause":     with("900000", "0"),
		"a heartbeat that is no number":   with("900000", `{"valueOf":1}`),
		"no patience":                     with("20000", "-1"),
		"payloads smaller than nothing":   with("1000000", "-1"),
		"a handshake in another's words":  "HTTP/1.1 200 OK\r\n\r\n" + handshake,
		"an Engine.IO packet in a packet": "00" + handshake,
	} {
		list = append(list, hostility{name: name, server: talk(func(p *peer) { p.send(open); p.wait() }), want: badHandshake})
	}
	return list
}

// packets are what a server may not say once it is connected, or should not.
func packets() []hostility {
	list := []hostility{
		{name: "noops", server: life(handshake, "6", "6"), want: alive},
		{name: "goodbye", server: life(handshake, "41"), want: []string{"connect", "disconnect:io server disconnect"}},
		{name: "a close packet", server: life(handshake, "1"), want: closed},
		{name: "dropped", server: talk((*peer).connected), want: closed},
		{name: "closed with 1009", server: talk(func(p *peer) { p.connected(); io.WriteString(p, frame(raw.Close, "\x03\xf1")); p.wait() }), want: closed},
		{name: "an answer nobody asked for", server: life(handshake, "4377[1]"), want: alive},
		{name: "a binary answer nobody asked for", server: talk(func(p *peer) {
			p.connected()
			p.send(`461-77[{"_placeholder":true,"num":0}]`)
			p.sendBytes("x")
			p.after()
		}), want: alive},
		{name: "another namespace", server: life(handshake, `42/foo,["a"]`, `40/foo,{"sid":"1"}`, `44/foo,{"message":"no"}`, `41/foo,`, `42/__proto__,["a"]`, `42/constructor,["a"]`), want: alive},
		{name: "welcome again", server: life(handshake, welcome, welcome), want: alive},
		{name: "refused after all", server: life(handshake, `44{"message":"no"}`), want: alive},
		{name: "an event before the answer to CONNECT", server: talk(func(p *peer) {
			p.send(handshake, `42["early",1]`)
			p.expect("40")
			p.send(welcome)
			p.wait()
		}), want: []string{"event:early:[1]", "connect", bye}},
		{name: "answered twice", ask: 20_000, server: talk(func(p *peer) {
			p.connected()
			p.expect(`420["q"]`)
			p.send(`430["first"]`, `430["second"]`)
			p.wait()
		}), want: []string{"connect", `ack:"first"`, bye}},
		{name: "never answered", ask: 100, server: talk(func(p *peer) { p.connected(); p.wait() }), want: []string{"connect", "ack-error:operation has timed out", bye}},
		{name: "names of what objects have", server: life(handshake, `42["__proto__",{"__proto__":{"x":1}}]`, `42["toString"]`, `42["hasOwnProperty"]`),
			want: []string{"connect", `event:__proto__:[{"__proto__":{"x":1}}]`, `event:toString:[]`, `event:hasOwnProperty:[]`, "event:after:[1]", bye}},
		{name: "an event named error", server: life(handshake, `42["error","boom"]`), want: []string{"connect", `event:error:["boom"]`, "event:after:[1]", bye}},
		{name: "deep JSON", server: life(handshake, `42["deep",`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+"]"), want: alive, quiet: true},
	}
	for name, messages := range map[string][]string{
		"a packet that is none":            {"4abc"},
		"a packet of type 7":               {"47"},
		"an empty packet":                  {"4"},
		"an event that is no list":         {`42{"a":1}`},
		"an event without a name":          {"42[]"},
		"an event named null":              {"42[null]"},
		"an event named by a list":         {`42[["a"]]`},
		"an event named by an object":      {`42[{"toString":"rce"}]`},
		"a reserved event":                 {`42["disconnect"]`},
		"another reserved event":           {`42["connect_error"]`},
		"an id beyond numbers":             {`429007199254740993["a"]`},
		"a very long id":                   {"4" + strings.Repeat("2", 900_000)},
		"an answer that is no list":        {"431{}"},
		"a goodbye that says why":          {`41{"a":1}`},
		"text instead of an attachment":    {`451-["b",{"_placeholder":true,"num":0}]`, `42["a"]`},
		"no attachments":                   {`450-["b"]`},
		"a billion attachments":            {`451000000000-["b"]`},
		"attachments beyond numbers":       {`459007199254740993-["b"]`},
		"a very long count of attachments": {"45" + strings.Repeat("9", 900_000) + `-["b"]`},
		"attachments that are not said":    {`45["b"]`},
		"attachments of another packet":    {`421-["b"]`},
		"a placeholder named splice":       {`451-["b",{"_placeholder":true,"num":"splice"}]`},
		"a placeholder below zero":         {`451-["b",{"_placeholder":true,"num":-1}]`},
		"half a placeholder":               {`451-["b",{"_placeholder":true,"num":0.5}]`},
		"a placeholder that is null":       {`451-["b",{"_placeholder":true,"num":null}]`},
		"a placeholder too far":            {`451-["b",{"_placeholder":true,"num":10}]`},
		"a placeholder twice":              {`452-["b",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]`},
		"a placeholder missing":            {`452-["b",{"_placeholder":true,"num":0}]`},
		"deep JSON with an attachment":     {`451-["b",{"_placeholder":true,"num":0},` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "]"},
	} {
		list = append(list, hostility{name: name, server: life(handshake, messages...), want: parseError})
	}
	list = append(list,
		hostility{name: "bytes nobody announced", server: talk(func(p *peer) { p.connected(); p.sendBytes("\x01"); p.wait() }), want: parseError},
		hostility{name: "a bad engine packet", server: life(handshake, "abc"),
			want: slices.Concat([]string{"connect", "manager_error:server error", "disconnect:transport error"}, again)},
		hostility{name: "base64 that is none", server: life(handshake, "b!!"),
			want: slices.Concat([]string{"connect", "manager_error:server error", "disconnect:transport error"}, again)},
	)
	return list
}

// bytesOfAnyKind are frames that WebSocket forbids, and some that it allows. What refuses them is the WebSocket of the
// browser or of package ws; the client is to come back.
func bytesOfAnyKind() []hostility {
	list := []hostility{
		{name: "a wrong accept key", server: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if p, err := upgrade(w, r, "other"); err == nil {
				p.Close()
			}
		}), want: refused},
		{name: "not the answer to a handshake", server: status(200), want: refused},
		{name: "fragments in the middle of a character", server: byTheByte(frame(0x01, `42["frag","`+"\xe2"), frame(raw.Ping, "ping"), frame(0x00, "\x82"), frame(0x00, ""), frame(0x80, "\xac\"]")),
			want: []string{"connect", `event:frag:["€"]`, bye}},
		{name: "all in one piece", server: byTheByte(frame(raw.Text, `42["a"]`) + frame(raw.Text, `42["b"]`) + frame(raw.Pong, "") + frame(raw.Text, `42["after",1]`)),
			want: []string{"connect", "event:a:[]", "event:b:[]", "event:after:[1]", bye}},
	}
	for name, f := range map[string]string{
		"a masked frame":         "\x81\x83\x00\x00\x00\x00422",
		"text that is not UTF-8": frame(raw.Text, "42[\"a\",\"\xff\"]"),
		"reserved bits":          frame(0xf1, `42["a"]`),
		"compressed unasked":     frame(0xe1, `42["a"]`),
		"a length of 2^63":       "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00",
		"a long ping":            "\x89\x7e\x00\x80" + strings.Repeat("x", 128),
		"a piece of nothing":     frame(0x80, "x"),
		"an opcode of nobody":    frame(0x83, "x"),
	} {
		list = append(list, hostility{name: name, server: byTheByte(f), want: broken})
	}
	return list
}

// overPolling are servers that answer polls.
func overPolling() []hostility {
	list := []hostility{
		{name: "well", server: polls(handshake, welcome, `42["after",1]`), want: alive},
		{name: "several packets in one", server: polls(handshake, welcome+"\x1e42[\"a\",1]\x1e2\x1e42[\"after\",1]"), want: []string{"connect", "event:a:[1]", "event:after:[1]", bye}},
		{name: "packets behind the handshake", server: polls(handshake+"\x1e6\x1e2", welcome, `42["after",1]`), want: alive},
		{name: "bytes", server: polls(handshake, welcome, "451-[\"b\",{\"_placeholder\":true,\"num\":0}]\x1ebAQIDBA==\x1e42[\"after\",1]"), quiet: true, want: alive},
		{name: "a close packet that was polled", server: polls(handshake, welcome, "1"), want: closed},
		{name: "a close packet in the middle", server: polls(handshake, welcome, "1\x1e42[\"after\",1]"), want: closed},
		{name: "session unknown", server: polls(handshake, welcome, "!"), want: slices.Concat([]string{"connect", "manager_error:xhr poll error", "disconnect:transport error"}, again)},
		{name: "500", server: status(500), want: unreachable},
		{name: "a page", server: says("<html>"), want: badHandshake},
		{name: "nothing", server: says(""), want: badHandshake},
		{name: "silence", server: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), options: map[string]any{"timeout": 100}, want: late},
		{name: "redirects without end", server: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), 302) }), want: unreachable},
		{name: "a handshake without end", server: http.HandlerFunc(endless), want: badHandshake},
		{name: "a bomb for a handshake", server: http.HandlerFunc(bomb), want: badHandshake},
		{name: "a poll without end", server: pollThen(http.HandlerFunc(endless)), want: slices.Concat([]string{"connect", "manager_error:server error", "disconnect:transport error"}, again)},
		{name: "a bomb for a poll", server: pollThen(http.HandlerFunc(bomb)), want: slices.Concat([]string{"connect", "manager_error:server error", "disconnect:transport error"}, again)},
		{name: "half an answer", server: pollThen(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `42["half`)
		})), want: slices.Concat([]string{"connect", "manager_error:xhr poll error", "disconnect:transport error"}, again)},
		{name: "posts refused", server: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.WriteHeader(413)
				return
			}
			polls(handshake).ServeHTTP(w, r)
		}), want: []string{"manager_error:xhr post error", "connect_error:xhr post error", "reconnect_attempt:1"}},
	}
	for name, body := range map[string]string{
		"a bad packet behind a good one": "42[\"x\",1]\x1e",
		"not a packet":                   "x",
		"separators":                     strings.Repeat("\x1e", 100_000),
		"an answer of nothing":           "",
		"bytes that are not base64":      "bA",
	} {
		list = append(list, hostility{name: name, server: polls(handshake, welcome, body), quiet: true,
			want: slices.Concat([]string{"connect", "manager_error:server error", "disconnect:transport error"}, again)})
	}
	for i := range list {
		list[i].transport = "polling"
	}
	return list
}

// upgrades are servers that offer WebSocket and then misbehave there.
func upgrades() []hostility {
	probed := func(play func(p *peer)) http.HandlerFunc {
		return talk(func(p *peer) {
			if p.expect("2probe") {
				play(p)
			}
		})
	}
	list := []hostility{
		{name: "no answer to the probe", server: &upgrader{play: probed((*peer).wait), settled: closedNow()}, want: alive},
		{name: "another answer to the probe", server: &upgrader{play: probed(func(p *peer) { p.send("3nothing"); p.wait() })},
			want: slices.Concat([]string{"upgradeError:probe error"}, alive)},
		{name: "an upgrade rejected", server: &upgrader{play: status(403)}, want: slices.Concat([]string{"upgradeError:probe error: Error: websocket error"}, alive)},
		{name: "an upgrade closed", server: &upgrader{play: probed(func(*peer) {})}, want: slices.Concat([]string{"upgradeError:probe error: transport closed"}, alive)},
	}
	for i := range list {
		list[i].transport = "upgrade"
	}
	return list
}

// with is the handshake with something else in it.
func with(oldnew ...string) string { return strings.NewReplacer(oldnew...).Replace(handshake) }

// life plays a server that connects, says something, and shows that the client lives if it does.
func life(open string, messages ...string) http.HandlerFunc {
	return talk(func(p *peer) {
		p.send(open)
		p.expect("40")
		p.send(welcome)
		p.send(messages...)
		p.after()
	})
}

// answer plays a server that answers CONNECT with a message.
func answer(message string) http.HandlerFunc {
	return talk(func(p *peer) { p.send(handshake); p.expect("40"); p.send(message); p.wait() })
}

// byTheByte plays a server that connects and then writes what it wants.
func byTheByte(pieces ...string) http.HandlerFunc {
	return talk(func(p *peer) {
		p.connected()
		p.send("2")
		p.expect("3") // a browser may tell of an error before what came ahead of it
		for _, s := range pieces {
			io.WriteString(p, s)
		}
		p.wait()
	})
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

// endless answers with noughts for as long as they are taken.
func endless(w http.ResponseWriter, _ *http.Request) {
	noughts := bytes.Repeat([]byte("0"), 64<<10)
	for {
		if _, err := w.Write(noughts); err != nil {
			return
		}
	}
}

// bomb answers with a little that becomes much.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	noughts := bytes.Repeat([]byte("0"), 64<<10)
	for range 512 {
		z.Write(noughts)
	}
	z.Close()
}

// polls answers the polls of each session with these bodies, in order, and none after them. "!" is a session that the
// server does not know.
func polls(bodies ...string) http.Handler { return pollThen(nil, bodies...) }

// pollThen is the same, and gives the poll after the bodies to last. Without bodies it connects.
func pollThen(last http.Handler, bodies ...string) http.Handler {
	if bodies == nil {
		bodies = []string{handshake, welcome}
	}
	var gets atomic.Int32
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, "ok")
			return
		}
		if r.URL.Query().Get("sid") == "" {
			gets.Store(0)
		}
		switch n := int(gets.Add(1)) - 1; {
		case n == len(bodies) && last != nil:
			last.ServeHTTP(w, r)
		case n >= len(bodies):
			<-r.Context().Done()
		case bodies[n] == "!":
			w.WriteHeader(400)
		default:
			io.WriteString(w, bodies[n])
		}
	})
}

// upgrader is a server of one session that offers WebSocket. CONNECT is answered when the upgrade has come to its end, so
// that the order of what happens is known.
type upgrader struct {
	play    http.HandlerFunc // the handshake of WebSocket, and what follows
	settled chan struct{}    // closed when the client has given the upgrade up
	once    sync.Once
	gets    atomic.Int32
}

func closedNow() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func (s *upgrader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Upgrade") != "":
		s.play(w, r)
	case r.Method == http.MethodPost:
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "ok")
	case r.URL.Query().Get("sid") == "":
		io.WriteString(w, with("[]", `["websocket"]`))
	default:
		switch s.gets.Add(1) {
		case 1:
			select {
			case <-s.settled:
				io.WriteString(w, welcome)
			case <-r.Context().Done():
			}
		case 2:
			io.WriteString(w, `42["after",1]`)
		default:
			<-r.Context().Done()
		}
	}
}

// settle says that the client has given the upgrade up.
func (s *upgrader) settle() {
	s.once.Do(func() { close(s.settled) })
}
