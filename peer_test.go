package socketio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// patience ends a test that hangs. Nothing depends on its length. Inside of a synctest bubble a test that hangs panics
// by itself, and hours pass at once.
const patience, bubblePatience = time.Minute, 24 * time.Hour

// serve runs a server on a loopback port until the test ends.
func serve(t testing.TB, o *socketio.Options) (*socketio.Server, *httptest.Server) {
	t.Helper()
	if o == nil {
		o = new(socketio.Options)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return serveThis(t, socketio.NewServer(o))
}

// serveThis is serve for a server that is made already.
func serveThis(t testing.TB, server *socketio.Server) (*socketio.Server, *httptest.Server) {
	t.Helper()
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		if err := server.Shutdown(t.Context()); err != nil && t.Context().Err() == nil {
			t.Errorf("shutdown: %v", err)
		}
		web.Close()
	})
	return server, web
}

// peer is a client that speaks in raw Socket.IO packets.
type peer struct {
	t        testing.TB
	link     link
	patience time.Duration

	mu     sync.Mutex
	grew   chan struct{} // one token when the queue grew or ended
	queue  []packet.Packet
	ended  bool
	pause  chan struct{} // closed to read on; nil unless reading was stopped
	muteAt time.Time     // when it stops to answer pings; zero is never
}

// link carries Engine.IO packets.
type link interface {
	// write sends the packets together: one segment, one POST.
	write(ps ...packet.Packet) error
	// read returns the next packets.
	read() ([]packet.Packet, error)
	close()
}

// transports runs a test over each transport.
func transports(t *testing.T, run func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer)) {
	t.Run("websocket", func(t *testing.T) { run(t, dialWebSocket) })
	t.Run("polling", func(t *testing.T) { run(t, dialPolling) })
}

func dialWebSocket(t testing.TB, web *httptest.Server) *peer {
	t.Helper()
	return start(t, openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=4&transport=websocket", nil))
}

func dialTCP(t testing.TB, web *httptest.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func dialPolling(t testing.TB, web *httptest.Server) *peer {
	return start(t, openPolling(t, web.URL+"/socket.io/?EIO=4&transport=polling"))
}

func start(t testing.TB, l link) *peer {
	t.Helper()
	p := &peer{t: t, link: l, patience: patience, grew: make(chan struct{}, 1)}
	var reading sync.WaitGroup
	reading.Go(p.readAll)
	t.Cleanup(func() { l.close(); reading.Wait() })
	return p
}

func (p *peer) readAll() {
	for {
		p.mu.Lock()
		pause := p.pause
		p.mu.Unlock()
		if pause != nil {
			<-pause
		}
		ps, err := p.link.read()
		p.mu.Lock()
		for _, pkt := range ps {
			switch pkt.Type {
			case packet.Ping:
				if !p.muteAt.IsZero() && time.Now().After(p.muteAt) {
					continue
				}
				p.mu.Unlock()
				p.link.write(packet.Packet{Type: packet.Pong})
				p.mu.Lock()
			case packet.Close:
				err = io.EOF
			case packet.Message:
				p.queue = append(p.queue, pkt)
			}
		}
		p.ended = p.ended || err != nil
		p.mu.Unlock()
		select {
		case p.grew <- struct{}{}:
		default:
		}
		if err != nil {
			if ws, ok := p.link.(*webSocket); ok { // a POST may still wait for its answer
				ws.close()
			}
			return
		}
	}
}

// stopReading lets what the server sends pile up, behind the message that is next, until the test ends or resume is
// called.
func (p *peer) stopReading() (resume func()) {
	pause := make(chan struct{})
	p.mu.Lock()
	p.pause = pause
	p.mu.Unlock()
	resume = sync.OnceFunc(func() {
		p.mu.Lock()
		p.pause = nil
		p.mu.Unlock()
		close(pause)
	})
	p.t.Cleanup(resume)
	return resume
}

// mute makes the peer answer no ping from then on.
func (p *peer) mute(from time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.muteAt = from
}

// send sends Socket.IO packets together.
func (p *peer) send(texts ...string) {
	p.t.Helper()
	p.write(asMessages(texts)...)
}

func asMessages(texts []string) []packet.Packet {
	ps := make([]packet.Packet, len(texts))
	for i, text := range texts {
		ps[i] = packet.Packet{Type: packet.Message, Data: []byte(text)}
	}
	return ps
}

// sendBinary sends the text of a packet and its attachments.
func (p *peer) sendBinary(text string, attachments ...string) {
	p.t.Helper()
	ps := []packet.Packet{{Type: packet.Message, Data: []byte(text)}}
	for _, a := range attachments {
		ps = append(ps, packet.Packet{Type: packet.Message, Binary: true, Data: []byte(a)})
	}
	p.write(ps...)
}

func (p *peer) write(ps ...packet.Packet) {
	p.t.Helper()
	if err := p.link.write(ps...); err != nil {
		p.t.Errorf("write: %v", err)
	}
}

// next returns the next message: its text, or the bytes in angle brackets. At the end it returns "closed".
func (p *peer) next() string {
	p.t.Helper()
	limit := time.After(p.patience)
	for {
		p.mu.Lock()
		if len(p.queue) > 0 {
			m := p.queue[0]
			p.queue = p.queue[1:]
			p.mu.Unlock()
			if m.Binary {
				return fmt.Sprintf("<%s>", m.Data)
			}
			return string(m.Data)
		}
		ended := p.ended
		p.mu.Unlock()
		if ended {
			return "closed"
		}
		select {
		case <-p.grew:
		case <-limit:
			p.t.Fatal("nothing came")
		}
	}
}

// expect fails the test unless the next messages are these, in order.
func (p *peer) expect(want ...string) {
	p.t.Helper()
	for _, w := range want {
		if got := p.next(); got != w {
			p.t.Fatalf("got %.300s\nwant %.300s", got, w)
		}
	}
}

// join joins a namespace and returns the socket's id.
func (p *peer) join(namespace string) (sid string) {
	p.t.Helper()
	prefix := "0"
	if namespace != "/" {
		prefix += namespace + ","
	}
	p.send(prefix)
	got := p.next()
	var reply struct{ SID string }
	data, ok := strings.CutPrefix(got, prefix)
	if !ok || json.Unmarshal([]byte(data), &reply) != nil || len(reply.SID) != 20 {
		p.t.Fatalf("answer to CONNECT: %s", got)
	}
	return reply.SID
}

// nothingMore fails the test if the server has sent anything that was not expected: an acknowledgement asked for now comes
// next.
func (p *peer) nothingMore(server *socketio.Server) {
	p.t.Helper()
	server.OnCall("sync", func(_ ctx, _ *socketio.Socket, _ struct{}) (string, error) { return "synced", nil })
	p.send(`2999999["sync"]`)
	p.expect(`3999999["synced"]`)
}

// closed fails the test unless the connection ends, whatever comes before.
func (p *peer) closed() {
	p.t.Helper()
	for {
		if p.next() == "closed" {
			return
		}
	}
}

// polling is the HTTP long-polling link.
type polling struct {
	url    string
	client *http.Client
	ctx    context.Context // ends at close
	cancel context.CancelFunc
	post   sync.Mutex // one POST at a time
}

func openPolling(t testing.TB, url string) *polling {
	t.Helper()
	l := &polling{url: url, client: &http.Client{Transport: new(http.Transport)}}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	ps, err := l.read()
	if err != nil || len(ps) == 0 || ps[0].Type != packet.Open {
		t.Fatalf("handshake: %v, %v", ps, err)
	}
	var open struct{ SID string }
	json.Unmarshal(ps[0].Data, &open)
	l.url += "&sid=" + open.SID
	return l
}

func (l *polling) write(ps ...packet.Packet) error {
	l.post.Lock()
	defer l.post.Unlock()
	records := make([][]byte, len(ps))
	for i, p := range ps {
		records[i] = p.AppendRecord(nil)
	}
	_, err := l.do(http.MethodPost, packet.AppendPayload(nil, records...))
	return err
}

func (l *polling) read() (ps []packet.Packet, err error) {
	body, err := l.do(http.MethodGet, nil)
	if err != nil {
		return nil, err
	}
	for p, err := range packet.SplitPayload(body, 0) {
		if err != nil {
			return ps, err
		}
		ps = append(ps, p)
	}
	return ps, nil
}

func (l *polling) do(method string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(l.ctx, method, l.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	res, err := l.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d: %s", res.StatusCode, answer)
	}
	return answer, err
}

func (l *polling) close() {
	l.cancel()
	l.client.CloseIdleConnections()
}

func itoa(i int) string { return strconv.Itoa(i) }

// eventually waits for what has no event of its own.
func eventually(t testing.TB, is func() bool) {
	t.Helper()
	for limit := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it does not come to that")
		}
	}
}

// over reports whether the connection has ended.
func (p *peer) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}
