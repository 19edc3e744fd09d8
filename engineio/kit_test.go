package engineio_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json/v2"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// suite are the times that the protocol's own test suite asks for.
func suite() *engineio.Options {
	return &engineio.Options{PingInterval: 300 * time.Millisecond, PingTimeout: 200 * time.Millisecond}
}

// site is a server and a client on a network in memory, or on the loopback.
type site struct {
	t      testing.TB
	engine *engineio.Server
	http   *http.Server
	lane   *engineio.Lane // in front of http, or nil
	listen net.Listener
	dial   func(context.Context) (net.Conn, error)
	client *http.Client
	opened chan *peer // every session, in order
}

// peer is the server's side of a session: a handler that records.
type peer struct {
	*engineio.Conn
	onMessage func(*engineio.Conn, engineio.Message) // Fixed by the test's open.
	messages  chan engineio.Message                  // if onMessage is nil
	closed    chan ending
}

type ending struct {
	reason engineio.Reason
	err    error
}

func (p *peer) Message(c *engineio.Conn, m engineio.Message) {
	if p.onMessage != nil {
		p.onMessage(c, m)
		return
	}
	p.messages <- m
}

func (p *peer) Closed(_ *engineio.Conn, reason engineio.Reason, err error) {
	p.closed <- ending{reason, err}
}

// echo sends every message back.
func echo(c *engineio.Conn, m engineio.Message) { c.Send(message(m.Binary, m.Data)) }

// ignore does nothing with a message.
func ignore(*engineio.Conn, engineio.Message) {}

func message(binary bool, data []byte) *packet.Prepared {
	return packet.Prepare(packet.Packet{Type: packet.Message, Binary: binary, Data: data})
}

func text(s string) *packet.Prepared { return message(false, []byte(s)) }

// bubble runs f against a server in memory, with fake time: once behind net/http, and once behind a lane.
func bubble(t *testing.T, o *engineio.Options, onMessage func(*engineio.Conn, engineio.Message), f func(*testing.T, *site)) {
	t.Helper()
	if o == nil {
		o = &engineio.Options{}
	}
	again := *o // f may change them
	bubbleBehind(t, start, o, onMessage, f)
	if !t.Failed() {
		t.Run("lane", func(t *testing.T) { bubbleBehind(t, startLane, &again, onMessage, f) })
	}
}

// bubbleBehind is bubble for one way to serve.
func bubbleBehind(t *testing.T, start starter, o *engineio.Options, onMessage func(*engineio.Conn, engineio.Message),
	f func(*testing.T, *site)) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		t.Cleanup(func() { time.Sleep(time.Second) }) // net/http takes its time to close a connection
		f(t, newSite(t, start, l, l.dial, o, onMessage))
	})
}

// loopback makes a server on a TCP port.
func loopback(t testing.TB, o *engineio.Options, onMessage func(*engineio.Conn, engineio.Message)) *site {
	return loopbackBehind(t, start, o, onMessage)
}

// loopbackBehind is loopback for one way to serve.
func loopbackBehind(t testing.TB, start starter, o *engineio.Options, onMessage func(*engineio.Conn, engineio.Message)) *site {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return newSite(t, start, l, func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", l.Addr().String())
	}, o, onMessage)
}

func newSite(t testing.TB, start starter, l net.Listener, dial func(context.Context) (net.Conn, error), o *engineio.Options,
	onMessage func(*engineio.Conn, engineio.Message)) *site {
	if o == nil {
		o = &engineio.Options{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	opened := make(chan *peer, 1024)
	engine := engineio.NewServer(func(c *engineio.Conn) engineio.Handler {
		p := &peer{Conn: c, onMessage: onMessage, messages: make(chan engineio.Message, 64), closed: make(chan ending, 2)}
		opened <- p
		return p
	}, o)
	s := start(t, l, dial, engine, &http.Server{})
	s.opened = opened
	return s
}

// starter is a way to serve engine with h.
type starter func(t testing.TB, l net.Listener, dial func(context.Context) (net.Conn, error), engine *engineio.Server, h *http.Server) *site

// start serves engine with h.
func start(t testing.TB, l net.Listener, dial func(context.Context) (net.Conn, error), engine *engineio.Server, h *http.Server) *site {
	return startWith(t, h.Serve, h.Close, l, dial, engine, h)
}

// startLane serves engine with a lane in front of h.
func startLane(t testing.TB, l net.Listener, dial func(context.Context) (net.Conn, error), engine *engineio.Server, h *http.Server) *site {
	h.ReadHeaderTimeout, h.IdleTimeout = 5*time.Second, 2*time.Minute
	lane := engine.NewLane(h)
	s := startWith(t, lane.Serve, lane.Close, l, dial, engine, h)
	s.lane = lane
	return s
}

func startWith(t testing.TB, serve func(net.Listener) error, end func() error, l net.Listener,
	dial func(context.Context) (net.Conn, error), engine *engineio.Server, h *http.Server) *site {
	s := &site{t: t, listen: l, dial: dial, engine: engine, http: h}
	h.Handler = engine
	h.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.client = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) },
	}}
	var served sync.WaitGroup
	served.Go(func() { serve(l) })
	t.Cleanup(func() {
		s.engine.Close()
		s.client.CloseIdleConnections()
		end()
		served.Wait()
		if n := s.engine.Count(); n != 0 {
			t.Errorf("%d sessions left", n)
		}
	})
	return s
}

// answer is an HTTP response, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *site) do(method, query, body string, header ...string) answer {
	s.t.Helper()
	a, err := s.try(method, query, body, header...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, query, err)
	}
	return a
}

func (s *site) try(method, query, body string, header ...string) (answer, error) {
	r, err := http.NewRequest(method, "http://example.test/engine.io/?"+query, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(b)}, err
}

func (s *site) get(query string) answer        { s.t.Helper(); return s.do("GET", query, "") }
func (s *site) post(query, body string) answer { s.t.Helper(); return s.do("POST", query, body) }

// want fails unless the answer has the status and body.
func (s *site) want(a answer, status int, body string) {
	s.t.Helper()
	if a.status != status || a.body != body {
		s.t.Fatalf("got %d %q, want %d %q", a.status, a.body, status, body)
	}
}

// handshake is what the open packet says.
type handshake struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

func parseOpen(t testing.TB, record string) handshake {
	t.Helper()
	var h handshake
	if !strings.HasPrefix(record, "0") {
		t.Fatalf("open packet %q", record)
	}
	if err := json.Unmarshal([]byte(record[1:]), &h, json.RejectUnknownMembers(true)); err != nil {
		t.Fatalf("open packet %q: %v", record, err)
	}
	return h
}

// openPolling opens a session and returns the query of its further requests, and its server side.
func (s *site) openPolling() (query string, p *peer) {
	s.t.Helper()
	a := s.get("EIO=4&transport=polling")
	if a.status != 200 {
		s.t.Fatalf("handshake: %d %q", a.status, a.body)
	}
	return "EIO=4&transport=polling&sid=" + parseOpen(s.t, a.body).SID, <-s.opened
}

// asWebSocket is the query of the same session on the other transport.
func asWebSocket(query string) string { return strings.Replace(query, "polling", "websocket", 1) }

// unknown is the answer to a request for a session that is no more.
const unknown = `{"code":1,"message":"Session ID unknown"}`

// later runs f on a goroutine and returns where its result will be.
func later[T any](f func() T) <-chan T {
	c := make(chan T, 1)
	go func() { c <- f() }()
	return c
}

// wsClient is a WebSocket client that can do wrong.
type wsClient struct {
	t  testing.TB
	nc net.Conn
	br *bufio.Reader
}

const goodHandshake = "GET /engine.io/?%s HTTP/1.1\r\nHost: example.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"

// request writes a WebSocket handshake with the extra header lines, and extra bytes right behind it, in one write.
func (s *site) request(query, lines, extra string) (*wsClient, *http.Response) {
	s.t.Helper()
	return s.raw(strings.Replace(goodHandshake, "%s", query, 1) + lines + "\r\n" + extra)
}

// raw writes a request as it is, and reads the response.
func (s *site) raw(request string) (*wsClient, *http.Response) {
	s.t.Helper()
	w, res := s.rawTry(request)
	if res == nil {
		s.t.Fatal("no response")
	}
	return w, res
}

// rawTry is raw for a request that may have no response: then it is nil.
func (s *site) rawTry(request string) (*wsClient, *http.Response) {
	s.t.Helper()
	nc, err := s.dial(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { nc.Close() })
	// A pipe has no buffer: the server may answer before it has read everything.
	written := make(chan struct{})
	go func() {
		defer close(written)
		io.WriteString(nc, request)
	}()
	w := &wsClient{s.t, nc, bufio.NewReader(nc)}
	res, err := http.ReadResponse(w.br, nil)
	if err != nil {
		res = nil
	}
	s.t.Cleanup(func() { nc.Close(); <-written })
	return w, res
}

// websocket opens a WebSocket connection.
func (s *site) websocket(query string) *wsClient {
	s.t.Helper()
	w, res := s.request(query, "", "")
	if res.StatusCode != http.StatusSwitchingProtocols {
		b, _ := io.ReadAll(res.Body)
		s.t.Fatalf("WebSocket handshake: %s %s", res.Status, b)
	}
	return w
}

// openWebSocket opens a session on WebSocket.
func (s *site) openWebSocket() (*wsClient, handshake, *peer) {
	s.t.Helper()
	w := s.websocket("EIO=4&transport=websocket")
	return w, parseOpen(s.t, w.text()), <-s.opened
}

// maskedFrame is a frame as a client sends it.
func maskedFrame(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{0x12, 0x34, 0x56, 0x78}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

func (w *wsClient) write(b []byte) {
	w.t.Helper()
	if _, err := w.nc.Write(b); err != nil {
		w.t.Fatal(err)
	}
}

func (w *wsClient) send(text string)    { w.t.Helper(); w.write(maskedFrame(0x81, text)) }
func (w *wsClient) sendBinary(b string) { w.t.Helper(); w.write(maskedFrame(0x82, b)) }

// frame reads one frame.
func (w *wsClient) frame() (first byte, payload []byte, err error) {
	var h [2]byte
	if _, err = io.ReadFull(w.br, h[:]); err != nil {
		return 0, nil, err
	}
	if h[1]&0x80 != 0 {
		return 0, nil, errors.New("masked frame from a server")
	}
	n := uint64(h[1])
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(w.br, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
	case 127:
		var b [8]byte
		_, err = io.ReadFull(w.br, b[:])
		n = binary.BigEndian.Uint64(b[:])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(w.br, payload)
	return h[0], payload, err
}

// text reads a text message.
func (w *wsClient) text() string {
	w.t.Helper()
	first, payload, err := w.frame()
	if err != nil || first != 0x81 {
		w.t.Fatalf("frame %#x %q %v, want a text", first, payload, err)
	}
	return string(payload)
}

// wantText fails unless the next message is the text.
func (w *wsClient) wantText(want string) {
	w.t.Helper()
	if got := w.text(); got != want {
		w.t.Fatalf("got %q, want %q", got, want)
	}
}

// noCode stands for an empty close frame.
const noCode = 1005

// wantClose fails unless a close frame with the code comes next, and then the end of the connection.
func (w *wsClient) wantClose(code int) {
	w.t.Helper()
	first, payload, err := w.frame()
	if err != nil || first != 0x88 {
		w.t.Fatalf("frame %#x %q %v, want a close frame", first, payload, err)
	}
	got := noCode
	if len(payload) >= 2 {
		got = int(binary.BigEndian.Uint16(payload))
	}
	if got != code {
		w.t.Fatalf("close code %d, want %d", got, code)
	}
	w.nc.Write(maskedFrame(0x88, string(payload)))
	if _, _, err := w.frame(); err == nil {
		w.t.Fatal("a frame after the close frame")
	}
}

// pipes is a listener in memory.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (l *pipes) dial(ctx context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// data is the text of a message.
func data(m engineio.Message) string { return string(bytes.Clone(m.Data)) }

// wantRefused fails unless a WebSocket handshake is answered with the status and body.
func (s *site) wantRefused(status int, body, query, lines string) {
	s.t.Helper()
	_, res := s.request(query, lines, "")
	b, _ := io.ReadAll(res.Body)
	if res.StatusCode != status || string(b) != body {
		s.t.Fatalf("got %d %q, want %d %q", res.StatusCode, b, status, body)
	}
}
