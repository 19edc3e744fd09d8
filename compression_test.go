package socketio_test

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// compressedLink tells how the latest packet came.
type compressedLink struct {
	link
	latest func() bool // whether it was compressed
}

// deflated is a WebSocket link on which permessage-deflate was agreed.
type deflated struct {
	*webSocket
	compressed *atomic.Bool
}

func (l deflated) read() ([]packet.Packet, error) {
	first, err := l.in.Peek(1)
	if err != nil {
		return nil, err
	}
	if l.compressed.Store(first[0]&0x40 != 0); !l.compressed.Load() {
		return l.webSocket.read()
	}
	opcode, payload, err := l.frame()
	if err != nil {
		return nil, err
	}
	end := strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff")
	payload, err = io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(payload), end)))
	if err != nil || opcode == 2 {
		return []packet.Packet{{Type: packet.Message, Binary: true, Data: payload}}, err
	}
	p, err := packet.Parse(payload)
	return []packet.Packet{p}, err
}

// unpacked notes whether a response was compressed.
type unpacked struct {
	http.RoundTripper
	compressed *atomic.Bool
}

func (u unpacked) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := u.RoundTripper.RoundTrip(r)
	if err == nil && r.Method == http.MethodGet {
		u.compressed.Store(res.Uncompressed)
	}
	return res, err
}

func (u unpacked) CloseIdleConnections() { u.RoundTripper.(*http.Transport).CloseIdleConnections() }

func dialDeflated(t *testing.T, web *httptest.Server) compressedLink {
	offer := http.Header{"Sec-WebSocket-Extensions": {"permessage-deflate; client_max_window_bits"}}
	l := deflated{openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=4&transport=websocket", offer), new(atomic.Bool)}
	return compressedLink{l, l.compressed.Load}
}

func dialGzipped(t *testing.T, web *httptest.Server) compressedLink {
	l := openPolling(t, web.URL+"/socket.io/?EIO=4&transport=polling")
	u := unpacked{l.client.Transport, new(atomic.Bool)}
	l.client.Transport = u
	return compressedLink{l, u.compressed.Load}
}

// A message goes uncompressed if it asks for that, on every transport, with its attachments, to one or to many.
func TestCompress(t *testing.T) {
	for name, dial := range map[string]func(*testing.T, *httptest.Server) compressedLink{
		"websocket": dialDeflated, "polling": dialGzipped,
	} {
		t.Run(name, func(t *testing.T) {
			server, web := serve(t, &socketio.Options{Engine: engineio.Options{PerMessageDeflate: &engineio.PerMessageDeflate{}}})
			sockets := make(chan *socketio.Socket, 1)
			server.OnConnection(func(s *socketio.Socket) { sockets <- s })
			l := dial(t, web)
			p := start(t, l)
			p.join("/")
			s := <-sockets
			long := strings.Repeat("what we say, we say again. ", 100)
			quoted, _ := json.Marshal(long)
			want := `2["m",` + string(quoted) + `]`
			for _, tt := range []struct {
				name       string
				emit       func(string, ...any) error
				compressed bool
			}{
				{"as ever", s.Emit, true},
				{"to the client, without", s.Compress(false).Emit, false},
				{"to the client, with", s.Compress(false).Compress(true).Emit, true},
				{"to all", server.Emit, true},
				{"to all, without", server.Compress(false).Emit, false},
				{"to a room, without", server.In(s.ID()).Compress(false).Emit, false},
				{"to a namespace, without", server.Of("/").Compress(false).Emit, false},
			} {
				if err := tt.emit("m", long); err != nil {
					t.Fatal(err)
				}
				p.expect(want)
				if l.latest() != tt.compressed {
					t.Errorf("%s: compressed %v", tt.name, l.latest())
				}
			}
			if err := s.Compress(false).Emit("m", []byte(long)); err != nil {
				t.Fatal(err)
			}
			p.expect(`51-["m",{"_placeholder":true,"num":0}]`, "<"+long+">")
			if l.latest() {
				t.Error("an attachment is compressed")
			}
			if err := s.Emit("m", []byte(long)); err != nil {
				t.Fatal(err)
			}
			p.expect(`51-["m",{"_placeholder":true,"num":0}]`, "<"+long+">")
			if !l.latest() {
				t.Error("an attachment is not compressed")
			}
		})
	}
}
