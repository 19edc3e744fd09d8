package socketio_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
)

type user struct {
	Name string
	Tags []string
}

var (
	savedUser   = socketio.NewKey[user]("user").Saved()
	savedCount  = socketio.NewKey[int]("count").Saved()
	unsavedUser = socketio.NewKey[user]("user")
)

// restart shuts the server down, saves, and loads into a new one.
func restart(t testing.TB, server *socketio.Server, o socketio.Options) *socketio.Server {
	t.Helper()
	if err := server.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := server.SaveSessions(&file); err != nil {
		t.Fatal(err)
	}
	o.Logger = slog.New(slog.DiscardHandler)
	next := socketio.NewServer(&o)
	if err := next.LoadSessions(&file); err != nil {
		t.Fatal(err)
	}
	return next
}

// A client comes back to another process: with id, rooms, data and what it missed on both sides of the restart, in a
// namespace that is there already and in one that is made when it comes.
func TestRecoveryAcrossARestart(t *testing.T) {
	o := socketio.Options{Recovery: new(socketio.Recovery)}
	server, web := serve(t, &o)
	for _, n := range []*socketio.Namespace{server.Namespace, server.Of("/late")} {
		n.OnConnection(func(s *socketio.Socket) {
			s.Join("room")
			savedUser.Set(s, user{"Ann", []string{"a", "b"}})
			savedCount.Set(s, 7)
			s.Emit("ready")
		})
	}
	p := dialWebSocket(t, web)
	c := enter(t, p)
	c.receive(t, p, `2["ready"]`)
	p.send("0/late,")
	late := new(returning)
	late.welcomed(t, "0"+strings.TrimPrefix(p.next(), "0/late,"))
	late.got(t, strings.Replace(p.next(), "2/late,", "2", 1))
	lose(t, server, p)
	server.To("room").Emit("before the restart", []byte{1})

	next := restart(t, server, o)
	// A second restart, with nobody there in between.
	next = restart(t, next, o)
	_, web2 := serveThis(t, next)
	next.To("room").Emit("after the restart")
	back := make(chan *socketio.Socket, 2)
	next.OnConnection(func(s *socketio.Socket) { back <- s })
	next.OnNamespace(func(n *socketio.Namespace) { n.OnConnection(func(s *socketio.Socket) { back <- s }) })
	next.Of("/late").To("room").Emit("after the restart")

	p = dialWebSocket(t, web2)
	p.send(c.connect())
	if got := p.next(); !strings.HasPrefix(got, `51-["before the restart",{"_placeholder":true,"num":0},"`) {
		t.Fatal(got)
	}
	p.expect("<\x01>")
	c.receive(t, p, `2["after the restart"]`)
	p.expect(c.welcome())
	s := <-back
	if u, ok := savedUser.Get(s); !ok || u.Name != "Ann" || len(u.Tags) != 2 {
		t.Errorf("%+v, %v", u, ok)
	}
	if n := savedCount.Update(s, func(n int) int { return n + 1 }); n != 8 {
		t.Errorf("count %d", n)
	}
	if _, ok := unsavedUser.Get(s); ok {
		t.Error("a key that is not saved has the value of its namesake")
	}
	if !s.Recovered() || s.ID() != c.sid || len(s.Rooms()) != 2 {
		t.Errorf("%v, %s, %v", s.Recovered(), s.ID(), s.Rooms())
	}

	p.send("0/late," + strings.TrimPrefix(late.connect(), "0"))
	if got := late.got(t, strings.Replace(p.next(), "2/late,", "2", 1)); got != `2["after the restart"]` {
		t.Error(got)
	}
	p.expect(`0/late,{"sid":"` + late.sid + `","pid":"` + late.pid + `"}`)
	if s := <-back; !s.Recovered() {
		t.Error(s.RecoveryError())
	}
}

// A session with data that are not to be saved is not: its client begins anew, and passes the middleware.
func TestASessionIsSavedWholeOrNotAtAll(t *testing.T) {
	o := socketio.Options{Recovery: new(socketio.Recovery)}
	server, web := serve(t, &o)
	server.OnConnection(func(s *socketio.Socket) {
		savedUser.Set(s, user{Name: "Ann"})
		unsavedUser.Set(s, user{Name: "Bob"})
	})
	p := dialWebSocket(t, web)
	c := enter(t, p)
	lose(t, server, p)
	next := restart(t, server, o)
	_, web2 := serveThis(t, next)
	why := make(chan error, 1)
	next.OnConnection(func(s *socketio.Socket) { why <- s.RecoveryError() })
	p = dialWebSocket(t, web2)
	p.send(c.connect())
	new(returning).welcomed(t, p.next())
	if err := <-why; !errors.Is(err, socketio.ErrSessionUnknown) {
		t.Error(err)
	}
}

// What is not a file of sessions is refused, and so is one when it comes too late.
func TestLoadSessionsRefuses(t *testing.T) {
	o := &socketio.Options{Recovery: new(socketio.Recovery)}
	server, web := serve(t, o)
	server.Of("/other").Emit("e")
	var file bytes.Buffer
	if err := server.SaveSessions(&file); err != nil {
		t.Fatal(err)
	}
	for i := range file.Len() {
		if err := socketio.NewServer(o).LoadSessions(bytes.NewReader(file.Bytes()[:i])); err == nil {
			t.Errorf("%d of %d bytes are enough", i, file.Len())
		}
	}
	damaged := bytes.Clone(file.Bytes())
	damaged[0] ^= 1
	if err := socketio.NewServer(o).LoadSessions(bytes.NewReader(damaged)); err == nil {
		t.Error("a damaged head")
	}
	p := dialWebSocket(t, web)
	enter(t, p)
	if err := server.LoadSessions(bytes.NewReader(file.Bytes())); err == nil {
		t.Error("loaded into a server at work")
	}
	off := socketio.NewServer(nil)
	if err := errors.Join(off.SaveSessions(io.Discard)); err == nil {
		t.Error("saved though recovery is off")
	}
	if err := off.LoadSessions(bytes.NewReader(file.Bytes())); err == nil {
		t.Error("loaded though recovery is off")
	}
}

// A child namespace that is removed when it is empty leaves its sessions to the next one of its name, and to the file.
func TestSessionsOfAChildThatIsRemoved(t *testing.T) {
	o := socketio.Options{Recovery: new(socketio.Recovery), CleanupEmptyChildNamespaces: true}
	server, web := serve(t, &o)
	parent := server.OfMatching(regexp.MustCompile(`^/child`))
	recovered := make(chan bool, 1)
	parent.OnConnection(func(s *socketio.Socket) { recovered <- s.Recovered() })
	p := dialWebSocket(t, web)
	p.send("0/child,")
	answer := p.next()
	<-recovered
	for range 3 {
		p.link.close()
		eventually(t, func() bool { return !server.Exists("/child") })
		p = dialWebSocket(t, web)
		p.send(answer)
		p.expect(answer)
		if !<-recovered {
			t.Fatal("not recovered")
		}
	}
	p.link.close()
	eventually(t, func() bool { return !server.Exists("/child") })
	next := restart(t, server, o)
	_, web2 := serveThis(t, next)
	next.OfMatching(regexp.MustCompile(`^/child`))
	p = dialWebSocket(t, web2)
	p.send(answer)
	p.expect(answer)
}
