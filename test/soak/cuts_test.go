package soak

import (
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/raw"
)

// part is what a client sends in one go, and how many frames it awaits before it sends the next.
type part struct {
	send  []byte
	await int
}

// recording is what a WebSocket client sends in a whole session: handshake and CONNECT; events with and without
// acknowledgement, binary, a message in fragments with a ping between, UTF-8 of all lengths, a long frame, a namespace
// that does not exist; and a polite end.
func recording() []part {
	text := func(dst []byte, s string) []byte { return raw.AppendFrame(dst, raw.Text, []byte(s)) }
	b := text(nil, `421["echo","plain"]`)
	b = text(b, `42["nobody listens"]`)
	b = text(b, `422["echo","é€😀"]`)
	b = text(b, `452-3["echo",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]`)
	b = raw.AppendFrame(b, raw.Binary, []byte{0, 1, 2, 0xff})
	b = raw.AppendFrame(b, raw.Binary, nil)
	b = raw.AppendFrame(b, 0x01, []byte("424[\"echo\",\"\xe2\x82"))
	b = raw.AppendFrame(b, raw.Ping, []byte("between")) // only one: of several, the last may be answered alone
	b = raw.AppendFrame(b, 0x00, []byte("\xac"))
	b = raw.AppendFrame(b, 0x80, []byte(`"]`))
	b = text(b, `425["echo","`+strings.Repeat("a", 150)+`"]`) // a length of 16 bits
	b = text(b, "40/nowhere,")
	b = text(b, "3")
	return []part{
		{text(raw.Handshake(raw.WebSocketTarget), "40"), 2}, // open, CONNECT
		{b, 9}, // five answers, one with two attachments; a refusal; a pong
		{raw.AppendFrame(text(nil, "41"), raw.Close, []byte{0x03, 0xe8}), 0},
	}
}

// compressed is what a WebSocket client sends that compresses its messages: in one frame, in fragments with a ping
// between, long enough for the answer to come compressed too, and not at all.
func compressed() []part {
	event := func(s string) string { return string(squeeze(s)) }
	b := raw.AppendFrame(nil, 0xc1, []byte(event(`421["echo","`+strings.Repeat("again and ", 10)+`"]`)))
	pieces := event("422[\"echo\",\"" + strings.Repeat("€ in pieces ", 20) + "\"]")
	b = raw.AppendFrame(b, 0x41, []byte(pieces[:5]))
	b = raw.AppendFrame(b, raw.Ping, []byte("between"))
	b = raw.AppendFrame(b, 0x00, []byte(pieces[5:20]))
	b = raw.AppendFrame(b, 0x80, []byte(pieces[20:]))
	b = raw.AppendFrame(b, 0xc1, []byte(event(`423["echo","`+strings.Repeat("long ", 400)+`"]`)))
	b = raw.AppendFrame(b, raw.Text, []byte(`424["echo","plain"]`))
	b = raw.AppendFrame(b, 0xc1, []byte(event(`451-5["echo",{"_placeholder":true,"num":0}]`)))
	b = raw.AppendFrame(b, 0xc2, []byte(event(strings.Repeat("\x00\xff", 1000))))
	hello := raw.Handshake(raw.WebSocketTarget, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
	return []part{
		{raw.AppendFrame(hello, 0xc1, []byte(event("40"))), 2},
		{b, 7}, // five answers, one with an attachment; a pong
		{raw.AppendFrame(nil, raw.Close, []byte{0x03, 0xe8}), 0},
	}
}

// squeeze compresses a message as permessage-deflate sends it (RFC 7692, section 7.2.1).
func squeeze(text string) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	w.Write([]byte(text))
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

// length is how many bytes the whole session has.
func length(session []part) (n int) {
	for _, p := range session {
		n += len(p.send)
	}
	return n
}

// However TCP cuts what a client sends, the session goes the same way: cut at every byte, and in pieces of every size.
func TestCutsAtEveryByte(t *testing.T) {
	cutEverywhere(t, length(recording()), 1, func(c *raw.Conn) (string, error) { return converse(c, recording(), c.Send) },
		`431["plain"]`, `432["é€😀"]`, "462-3[", `434["€"]`, `44/nowhere,`, "close 1000")
}

// The same holds for one that compresses its messages.
func TestCutsAtEveryByteOfCompressedMessages(t *testing.T) {
	session := compressed()
	cutEverywhere(t, length(session), 1, func(c *raw.Conn) (string, error) { return converse(c, session, c.Send) },
		`431["again and`, `432["€ in pieces`, "0xc1 ", `434["plain"]`, "461-5[", "0xc2 ", "0x8a between", "close 1000")
}

// cutEverywhere holds a session that is cut at every byte, and then comes in pieces of every size, against the one that
// is not cut, which has the answers. Total is how many bytes the client sends; of the single cuts, the small test makes
// one in step.
func cutEverywhere(t *testing.T, total, step int, talk func(*raw.Conn) (string, error), answers ...string) {
	t.Helper()
	start, replays := time.Now(), 0
	replay := replayer(t)
	want, err := replay(talk, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range answers {
		if !strings.Contains(want, answer) {
			t.Fatalf("uncut, %s is not among the answers: %s", answer, want)
		}
	}
	check := func(name string, cuts []int) {
		got, err := replay(talk, cuts)
		if replays++; err != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
	for at := 1; at < total && !t.Failed(); at += size(step, 1) {
		check(fmt.Sprintf("cut at byte %d", at), []int{at})
	}
	for piece := 1; piece <= size(20, total) && !t.Failed(); piece++ {
		var cuts []int
		for at := piece; at < total; at += piece {
			cuts = append(cuts, at)
		}
		check(fmt.Sprintf("in pieces of %d", piece), cuts)
	}
	if !t.Failed() {
		result(t, start, "a session of %d bytes replayed %d times, cut at every byte and in pieces of every size: the same outcome", total, replays)
	}
}

// A session is no different when the bytes leave the client in many segments of real TCP.
func TestOneByteInASegment(t *testing.T) {
	start := time.Now()
	_, addr := serve(t, nil)
	var outcomes []string
	for _, piece := range []int{1 << 20, 1} {
		c, err := raw.Dial(addr) // Go sets TCP_NODELAY
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		got, err := converse(c, recording(), func(b []byte) error {
			for ; len(b) > 0; b = b[min(piece, len(b)):] {
				if err := c.Send(b[:min(piece, len(b))]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, got)
	}
	if outcomes[0] != outcomes[1] {
		t.Errorf("whole:\n%s\na byte at a time:\n%s", outcomes[0], outcomes[1])
	} else {
		result(t, start, "the same session, one byte to a segment: the same outcome")
	}
}

// replayer serves a server whose reads end where the caller cuts, and gives a function that talks to it.
func replayer(t *testing.T) func(talk func(*raw.Conn) (string, error), cuts []int) (string, error) {
	t.Helper()
	io := socketio.NewServer(&socketio.Options{Engine: engineio.Options{PerMessageDeflate: &engineio.PerMessageDeflate{}}})
	io.OnEvent("echo", func(_ context.Context, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &cuttingListener{Listener: tcp, cuts: make(chan []int, 1)}
	server := &http.Server{Handler: io}
	var group sync.WaitGroup
	group.Go(func() { server.Serve(l) })
	t.Cleanup(func() {
		io.Shutdown(context.Background())
		server.Close()
		group.Wait()
	})
	return func(talk func(*raw.Conn) (string, error), cuts []int) (string, error) {
		l.cuts <- cuts
		c, err := raw.Dial(tcp.Addr().String())
		if err != nil {
			return "", err
		}
		defer c.Close()
		return talk(c)
	}
}

// secret matches what differs from session to session.
var secret = regexp.MustCompile(`"sid":"[^"]*"`)

// converse sends the parts, each when what the one before awaits has come, and writes down all that comes back: first
// what handlers sent, in order, then the rest, sorted, as nothing is promised about when it comes between.
func converse(c *raw.Conn, session []part, send func([]byte) error) (string, error) {
	var answers, rest []string
	note := func(f raw.Frame) {
		line := fmt.Sprintf("%#02x %s", f.First, secret.ReplaceAll(f.Payload, []byte(`"sid":…`)))
		if f.First == raw.Binary || bytes.HasPrefix(f.Payload, []byte("43")) || bytes.HasPrefix(f.Payload, []byte("46")) {
			answers = append(answers, line)
		} else {
			rest = append(rest, line)
		}
	}
	for i, p := range session {
		if err := send(p.send); err != nil {
			return "", err
		}
		if i == 0 {
			if err := c.Switched(); err != nil {
				return "", err
			}
		}
		for range p.await {
			f, err := c.Frame()
			if err != nil {
				return "", fmt.Errorf("%w, after %q and %q", err, answers, rest)
			}
			note(f)
		}
	}
	e, err := c.End()
	for _, f := range e.Frames {
		note(f)
	}
	slices.Sort(rest)
	return fmt.Sprintf("%s\n%s\nclose %d", strings.Join(answers, "\n"), strings.Join(rest, "\n"), e.Code), err
}

// cuttingListener accepts connections whose reads stop at the cuts that were given for them.
type cuttingListener struct {
	net.Listener
	cuts chan []int
}

func (l *cuttingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &cutConn{Conn: c, cuts: <-l.cuts}, nil
}

// cutConn ends every read at the next cut, as if the segment ended there. It is no TCP connection to who looks at its
// type, so it is served without raw system calls.
type cutConn struct {
	net.Conn
	cuts []int // offsets into the stream, rising. Owned by the reader, as is at.
	at   int
}

func (c *cutConn) Read(b []byte) (int, error) {
	if len(c.cuts) > 0 {
		b = b[:min(len(b), c.cuts[0]-c.at)]
	}
	n, err := c.Conn.Read(b)
	if c.at += n; len(c.cuts) > 0 && c.at >= c.cuts[0] {
		c.cuts = c.cuts[1:]
	}
	return n, err
}
