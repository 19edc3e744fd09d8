package socketio_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// Clients of Socket.IO 1 and 2, packet by packet. The real ones are tested in test/interop.

// serveOld runs a server that lets old clients in.
func serveOld(t testing.TB, o *socketio.Options) (*socketio.Server, *httptest.Server) {
	t.Helper()
	if o == nil {
		o = new(socketio.Options)
	}
	o.Engine.AllowEIO3 = true
	return serve(t, o)
}

// dialOld opens a connection of Engine.IO 3. Its binary messages begin with a byte 4.
func dialOld(t testing.TB, web *httptest.Server) *peer {
	t.Helper()
	return start(t, openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=3&transport=websocket&x=1", nil))
}

// Official title: "should connect if `allowEIO3` is true".
func TestOldClientIsInTheMainNamespace(t *testing.T) {
	server, web := serveOld(t, nil)
	sockets := make(chan *socketio.Socket, 1)
	server.OnConnection(func(s *socketio.Socket) {
		s.Emit("welcome")
		sockets <- s
	})
	server.OnEvent("echo", func(_ ctx, s *socketio.Socket, e *socketio.Event) error {
		if err := s.Emit("back", e.Args()...); err != nil {
			return err
		}
		return e.Ack(e.Args()...)
	})
	p := dialOld(t, web)
	p.expect(`0`, `2["welcome"]`)
	s := <-sockets
	if s.ID() != s.Conn().ID() || s.Conn().Protocol() != 3 || s.Handshake().Query.Get("x") != "1" || s.Handshake().RawAuth().String() != "{}" {
		t.Errorf("id %s, connection %s, protocol %d, query %v, auth %s", s.ID(), s.Conn().ID(), s.Conn().Protocol(), s.Handshake().Query, s.Handshake().RawAuth())
	}
	p.send(`27["echo",1]`)
	p.expect(`2["back",1]`, `37[1]`)
	p.sendBinary(`51-8["echo",{"_placeholder":true,"num":0}]`, "\x04data")
	p.expect(`51-["back",{"_placeholder":true,"num":0}]`, "<\x04data>", `61-8[{"_placeholder":true,"num":0}]`, "<\x04data>")

	now := dialWebSocket(t, web)
	now.join("/")
	now.expect(`2["welcome"]`)
	if id := (<-sockets).ID(); len(id) != 20 {
		t.Errorf("the id of another client is %s", id)
	}
	server.Emit("all", 1)
	p.expect(`2["all",1]`)
	now.expect(`2["all",1]`)
	server.To(s.ID()).Emit("one")
	p.expect(`2["one"]`)
}

// The open packet comes first, alone or with the answer that was not asked for.
func TestOldClientPolling(t *testing.T) {
	_, web := serveOld(t, nil)
	get := func(query string) string {
		res, err := http.Get(web.URL + "/socket.io/?EIO=3&transport=polling" + query)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	open := get("")
	m := regexp.MustCompile(`^\d+:0\{"sid":"([^"]+)"[^}]*\}(.*)$`).FindStringSubmatch(open)
	if m == nil {
		t.Fatalf("handshake %q", open)
	}
	answer := m[2]
	if answer == "" {
		answer = get("&sid=" + m[1])
	}
	if answer != "2:40" {
		t.Errorf("behind the open packet: %q", answer)
	}
}

// Official title: "should be able to connect to a namespace with a query".
func TestOldClientNamespace(t *testing.T) {
	server, web := serveOld(t, nil)
	admin := server.Of("/admin")
	sockets := make(chan *socketio.Socket, 1)
	admin.OnConnection(func(s *socketio.Socket) { sockets <- s })
	admin.OnEvent("echo", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	for _, c := range []struct{ query, auth string }{
		{"", `{}`},
		{"?", `{}`},
		{"?test=123", `{"test":"123"}`},
		{"?a=1&b", `{"a":"1","b":""}`},
		{"?a=1&a=2", `{"a":"1","a":"2"}`}, // the last one counts when it is decoded
		{"?a=x%20y+z%2C%C3%A9&&=q", `{"a":"x y z,é","":"q"}`},
		{`?a=%zz&b="%22\`, `{"a":"%zz","b":"\"\"\\"}`},
		{"?a=%ff", "{\"a\":\"\ufffd\"}"},
	} {
		p := dialOld(t, web)
		p.expect(`0`)
		p.send(`0/admin` + c.query + `,`)
		p.expect(`0/admin,`)
		s := <-sockets
		if s.ID() != "/admin#"+s.Conn().ID() || s.Handshake().RawAuth().String() != c.auth {
			t.Errorf("%s: id %s, auth %s; want %s", c.query, s.ID(), s.Handshake().RawAuth(), c.auth)
		}
		p.send(`2/admin,0["echo",1]`, `2/admin?again,1["echo"]`)
		p.expect(`3/admin,0[1]`, `3/admin,1[]`)
		p.send(`1/admin`)
		<-s.Context().Done()
		p.send(`0/admin`)
		p.expect(`0/admin,`)
		(<-sockets).Disconnect(false)
		p.expect(`1/admin,`)
	}
}

func TestOldClientRefused(t *testing.T) {
	server, web := serveOld(t, &socketio.Options{ConnectTimeout: 100 * time.Millisecond})
	refusals := map[string]error{
		"message": &socketio.ConnectError{Message: "not authorized"},
		"data":    &socketio.ConnectError{Message: "not authorized", Data: map[string]int{"code": 401}},
		"text":    &socketio.ConnectError{Message: "not authorized", Data: "no"},
		"zero":    &socketio.ConnectError{Message: "not authorized", Data: 0},
		"empty":   &socketio.ConnectError{Message: "not authorized", Data: ""},
		"binary":  &socketio.ConnectError{Message: "not authorized", Data: []byte("x")},
		"nothing": &socketio.ConnectError{},
		"private": errors.New("private"),
	}
	server.Of("/auth").Use(func(_ ctx, s *socketio.Socket) error {
		var auth struct{ Token string }
		if err := s.Handshake().Auth(&auth); err != nil {
			return err
		}
		return refusals[auth.Token]
	})
	p := dialOld(t, web)
	p.expect(`0`)
	for _, c := range []struct{ token, want string }{
		{"message", `"not authorized"`}, {"data", `{"code":401}`}, {"text", `"no"`}, {"zero", `"not authorized"`},
		{"empty", `"not authorized"`}, {"binary", `"not authorized"`}, {"nothing", `""`}, {"private", `"internal error"`},
	} {
		p.send(`0/auth?token=` + c.token)
		p.expect(`4/auth,` + c.want)
	}
	p.send(`0/auth?token=good`)
	p.expect(`0/auth,`)
	p.send(`0/nowhere?token=good`)
	p.expect(`4/nowhere,{"message":"Invalid namespace"}`)
	for i := range 18 {
		server.Of("/n" + itoa(i))
		p.send(`0/n` + itoa(i))
		p.expect(`0/n` + itoa(i) + `,`)
	}
	server.Of("/n18")
	p.send(`0/n18`)
	p.expect(`4/n18,"too many namespaces"`)

	server.Use(func(ctx, *socketio.Socket) error { return &socketio.ConnectError{Message: "closed today"} })
	p = dialOld(t, web)
	p.expect(`4"closed today"`, "closed") // the time to join another namespace is over
}

func TestOldClientOutOfOrder(t *testing.T) {
	server, web := serveOld(t, nil)
	server.Of("/admin")
	for _, text := range []string{`0`, `0/?x=1,`, `4{}`, `2/admin,["a"]`, `2/admin?token=1,["a"]`, `x`} {
		p := dialOld(t, web)
		p.expect(`0`)
		p.send(text)
		p.expect("closed")
	}
	p := dialOld(t, web)
	p.expect(`0`)
	p.send(`0/admin`)
	p.expect(`0/admin,`)
	p.send(`0/admin?again`)
	p.expect("closed")
}

// Official title: "should not connect if `allowEIO3` is false (default)".
func TestOldClientWithoutLeave(t *testing.T) {
	_, web := serve(t, nil)
	res, err := http.Get(web.URL + "/socket.io/?EIO=3&transport=polling")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", res.StatusCode)
	}
}

// A client of Socket.IO 0.9 has a protocol of its own. It is told that it can't be served, in the words that it gets from the
// reference.
func TestOlderClientIsRefused(t *testing.T) {
	for _, o := range []*socketio.Options{{}, {Engine: engineio.Options{AllowEIO3: true}}} {
		_, web := serve(t, o)
		res, err := http.Get(web.URL + "/socket.io/1/?t=1")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusBadRequest || string(body) != `{"code":0,"message":"Transport unknown"}` {
			t.Errorf("%d %s, %v", res.StatusCode, body, err)
		}
	}
}

// The id of an old client's connection is a secret, and the log is read by many.
func TestOldClientInTheLog(t *testing.T) {
	log := new(records)
	server, web := serveOld(t, &socketio.Options{Logger: slog.New(log)})
	ids := make(chan string, 1)
	server.OnConnection(func(s *socketio.Socket) { ids <- s.ID() })
	server.OnEvent("fail", func(ctx, *socketio.Socket, *socketio.Event) error { return errors.New("failed") })
	server.OnEvent("panic", func(ctx, *socketio.Socket, *socketio.Event) error { panic("panicked") })
	p := dialOld(t, web)
	p.expect(`0`)
	p.send(`2["fail"]`, `20["panic"]`)
	p.expect(`30[{"error":{"message":"internal error"}}]`)
	if said := log.text(); strings.Contains(said, <-ids) || strings.Count(said, `socket="protocol 4 `) != 2 {
		t.Errorf("log: %s", said)
	}
}

// Nothing is kept for a client that does not know how to come back.
func TestOldClientDoesNotComeBack(t *testing.T) {
	server, web := serveOld(t, &socketio.Options{Recovery: &socketio.Recovery{}})
	sockets := make(chan *socketio.Socket, 1)
	gone := make(chan socketio.DisconnectReason, 1)
	server.OnConnection(func(s *socketio.Socket) {
		s.OnDisconnect(func(reason socketio.DisconnectReason) { gone <- reason })
		sockets <- s
	})
	p := dialOld(t, web)
	p.expect(`0`)
	s := <-sockets
	s.Emit("hello")
	if c := new(returning); c.got(t, p.next()) != `2["hello"]` || !c.gotOffset {
		t.Error("an event bears no offset")
	}
	p.link.close()
	if reason := <-gone; reason != socketio.TransportClose && reason != socketio.TransportError {
		t.Errorf("reason %s", reason)
	}
	if err := s.Emit("too late"); !errors.Is(err, socketio.ErrDisconnected) {
		t.Errorf("emit to who will not come back: %v", err)
	}

	p = start(t, openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=3&transport=websocket&pid=12345678901234567890", nil))
	p.expect(`0`)
	if s := <-sockets; s.Recovered() || s.RecoveryError() != nil {
		t.Errorf("recovered %t, %v", s.Recovered(), s.RecoveryError())
	}
}

// A client that is there when the server shuts down gets no answer it did not ask for.
func TestOldClientAtShutdown(t *testing.T) {
	server, web := serveOld(t, &socketio.Options{Engine: engineio.Options{PingInterval: time.Second}})
	p := dialOld(t, web)
	p.expect(`0`)
	shut := make(chan error, 1)
	go func() { shut <- server.Shutdown(t.Context()) }()
	p.closed()
	if err := <-shut; err != nil {
		t.Error(err)
	}
}
