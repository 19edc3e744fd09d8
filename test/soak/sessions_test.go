package soak

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/test/raw"
	"github.com/socketio-go/socketio/test/residue"
)

// A client may send CONNECT in the same segment as the handshake. Every one is answered, one session after the other and
// many at once, and the session works. Afterwards nothing is left.
func TestConnectWithTheHandshake(t *testing.T) {
	n, start := size(800, 100_000), time.Now()
	io, addr := serve(t, nil)
	before := residue.Of(io)
	for i := range n / 2 {
		if err := oneSegment(addr, i); err != nil {
			t.Fatalf("session %d: %v", i, err)
		}
	}
	parallel(t, 64, n-n/2, func(i int) error { return oneSegment(addr, n/2+i) })
	before.Await(t, io, 8<<20)
	if !t.Failed() {
		result(t, start, "%d sessions, half one by one and half 64 at once, CONNECT in the segment of the handshake: all answered, none left", n)
	}
}

// oneSegment opens session i. How it ends depends on i: a close packet, a close frame, or a RST.
func oneSegment(addr string, i int) error {
	c, err := raw.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Reset()
	if err := c.Send(raw.AppendFrame(raw.Handshake(raw.WebSocketTarget), raw.Text, []byte("40"))); err != nil {
		return err
	}
	if err := c.Switched(); err != nil {
		return err
	}
	if err := expect(c, `0{"sid":"`, `40{"sid":"`); err != nil {
		return err
	}
	if err := c.Send(raw.AppendFrame(nil, raw.Text, fmt.Appendf(nil, `42%d["echo",%d]`, i, i))); err != nil {
		return err
	}
	if err := expect(c, fmt.Sprintf("43%d[%d]", i, i)); err != nil {
		return err
	}
	switch i % 3 {
	case 0:
		return c.Send(raw.AppendFrame(nil, raw.Text, []byte("1")))
	case 1:
		return c.Send(raw.AppendFrame(nil, raw.Close, []byte{0x03, 0xe8}))
	}
	return nil
}

// expect reads one text frame for each prefix.
func expect(c *raw.Conn, prefixes ...string) error {
	for _, want := range prefixes {
		f, err := c.Frame()
		if err != nil {
			return fmt.Errorf("%w; want %s", err, want)
		}
		if f.First != raw.Text || !strings.HasPrefix(string(f.Payload), want) {
			return fmt.Errorf("got %v; want %s", f, want)
		}
	}
	return nil
}

// One layer below there is nothing to join: messages in the segment of the handshake are answered, all and in order.
func TestMessagesWithTheHandshake(t *testing.T) {
	n, start := size(400, 20_000), time.Now()
	engine := engineio.NewServer(func(*engineio.Conn) engineio.Handler { return mirror{} }, &engineio.Options{Path: "/socket.io"})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: engine}
	var group sync.WaitGroup
	group.Go(func() { server.Serve(l) })
	defer group.Wait()
	defer server.Close()
	defer engine.Close()
	parallel(t, 32, n, func(int) error { return greeting(l.Addr().String()) })
	if !t.Failed() {
		result(t, start, "%d Engine.IO sessions, five messages in the segment of the handshake: all answered, in order", n)
	}
}

// mirror sends every message back.
type mirror struct{}

func (mirror) Message(c *engineio.Conn, m engineio.Message) {
	c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Binary: m.Binary, Data: m.Data}))
}

func (mirror) Closed(*engineio.Conn, engineio.Reason, error) {}

func greeting(addr string) error {
	c, err := raw.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Reset()
	segment, want := raw.Handshake(raw.WebSocketTarget), []string{`0{"sid":"`}
	for i := range 5 {
		segment = raw.AppendFrame(segment, raw.Text, fmt.Appendf(nil, "4%d", i))
		want = append(want, fmt.Sprintf("4%d", i))
	}
	if err := c.Send(segment); err != nil {
		return err
	}
	if err := c.Switched(); err != nil {
		return err
	}
	return expect(c, want...)
}

// Over polling a client may post CONNECT at once, before its first poll or beside it.
func TestConnectWithTheFirstPost(t *testing.T) {
	n, start := size(200, 20_000), time.Now()
	io, addr := serve(t, nil)
	before := residue.Of(io)
	parallel(t, 16, n, func(i int) error { return firstPost(addr, i) })
	before.Await(t, io, 8<<20)
	if !t.Failed() {
		result(t, start, "%d polling sessions, CONNECT posted at once, half of them beside a poll: all answered, none left", n)
	}
}

func firstPost(addr string, i int) error {
	p, err := raw.OpenPolling(addr)
	if err != nil {
		return err
	}
	defer p.Close()
	posted := make(chan error, 1)
	post := func() { posted <- p.Say("40") }
	if i%2 == 0 {
		post()
	} else {
		go post()
	}
	got, err := p.Next()
	if err := errors.Join(err, <-posted); err != nil {
		return err
	}
	if !strings.HasPrefix(got.Text, `0{"sid":"`) {
		return fmt.Errorf("CONNECT answered by %.200q", got.Text)
	}
	return p.Ask(fmt.Sprintf(`42%d["echo",%d]`, i, i), fmt.Sprintf("3%d[%d]", i, i))
}
