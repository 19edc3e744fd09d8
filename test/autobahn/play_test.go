package autobahn

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
	"github.com/socketio-go/socketio/test/raw"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// size picks the size of a test.
func size(small, large int) int {
	if os.Getenv("SOAK") != "" {
		return large
	}
	return small
}

// echo serves what the suite asks of a server: each message comes back with its kind, whatever its length and however
// many fragments it came in. It returns its address.
func echo(t *testing.T, o websocket.Options) string {
	t.Helper()
	o.MaxMessage, o.MaxFragments = 64<<20, -1
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &o)
		if err != nil {
			return
		}
		running.Go(func() {
			for {
				binary, data, err := c.Read()
				if err != nil || c.Write(binary, data) != nil {
					c.CloseNow()
					return
				}
			}
		})
	})}
	running.Go(func() { server.Serve(l) })
	t.Cleanup(func() {
		server.Close()
		running.Wait()
	})
	return l.Addr().String()
}

// How the octets of a conversation leave.
const (
	together = iota // all in one write
	byFrame         // each frame by itself
	byOctet         // each octet by itself
)

// conversation is what the suite says, and what it must hear.
type conversation struct {
	id   string
	say  [][]byte // frames
	how  int      // they leave
	hear []raw.Frame
	// closes are the codes with which the peer may fail the connection. Without any, the suite closes it when it has
	// heard all, and the peer must answer in kind.
	closes []int
}

// open makes a connection; the headers are lines for the handshake.
func open(t *testing.T, addr string, headers ...string) (*raw.Conn, http.Header) {
	t.Helper()
	c, err := raw.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Send(raw.Handshake("/", headers...)); err != nil {
		t.Fatal(err)
	}
	r, err := c.Response()
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Sec-WebSocket-Accept"); r.Status != 101 || got != raw.Accept {
		t.Fatalf("handshake: %d, %q", r.Status, got)
	}
	return c, r.Header
}

// play has each conversation with each peer, as a test of its own.
func play(t *testing.T, all []conversation) {
	t.Helper()
	for _, peer := range peers {
		addr := peer.echo(t, websocket.Options{})
		for _, v := range all {
			t.Run(peer.name+v.id, func(t *testing.T) { v.have(t, addr) })
		}
	}
}

func (v conversation) have(t *testing.T, addr string) {
	c, _ := open(t, addr)
	say(c, v.say, v.how)
	for i, want := range v.hear {
		got, err := c.Frame()
		if err != nil {
			t.Fatalf("%v, where %v was to come", err, want)
		}
		if got.First != want.First || !bytes.Equal(got.Payload, want.Payload) {
			t.Fatalf("frame %d is %v, want %v", i, got, want)
		}
	}
	if v.closes == nil {
		leave(t, c)
		return
	}
	e, err := c.End()
	if err != nil || !slices.Contains(v.closes, e.Code) || len(e.Frames) > 0 {
		t.Errorf("ended with code %d after %v, %v; want one of %v", e.Code, e.Frames, err, v.closes)
	}
}

// say sends frames. An error means that the server has had enough of them, which shows in what comes back.
func say(c *raw.Conn, frames [][]byte, how int) {
	switch how {
	case together:
		c.Send(bytes.Join(frames, nil))
	case byFrame:
		for _, f := range frames {
			c.Send(f)
		}
	case byOctet:
		all := bytes.Join(frames, nil)
		for i := range all {
			if c.Send(all[i:i+1]) != nil {
				return
			}
		}
	}
}

// leave closes the connection as a client should, and wants the same of the server.
func leave(t *testing.T, c *raw.Conn) {
	t.Helper()
	if err := c.Send(raw.AppendFrame(nil, raw.Close, []byte{0x03, 0xe8})); err != nil {
		t.Fatal(err)
	}
	if e, err := c.End(); err != nil || e.Code != 1000 || len(e.Frames) > 0 {
		t.Errorf("the answer to a close frame is code %d after %v, %v", e.Code, e.Frames, err)
	}
}

// frame is a frame as a client sends it, and heard one as the server does.
func frame(first byte, payload string) []byte { return raw.AppendFrame(nil, first, []byte(payload)) }
func heard(first byte, payload string) raw.Frame {
	return raw.Frame{First: first, Payload: []byte(payload)}
}

// First bytes of frames in the middle of a message.
const (
	beginText   = 0x01
	beginBinary = 0x02
	middle      = 0x00
	end         = 0x80
)

// fragments is a message in pieces of n bytes.
func fragments(first byte, payload string, n int) (frames [][]byte) {
	first &= 0x0f
	for len(payload) > n {
		frames = append(frames, frame(first, payload[:n]))
		first, payload = middle, payload[n:]
	}
	return append(frames, frame(first|end, payload))
}

func repeat(s string, n int) string { return strings.Repeat(s, n) }
