package engineio_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Whatever bytes a connection brings (requests, bodies, frames behind an upgrade): nothing panics, every session and every
// goroutine ends, and another client is served. $SID in the bytes is the id of a session.
func FuzzConnection(f *testing.F) {
	const (
		open    = "GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: example.test\r\n\r\n"
		poll    = "GET /engine.io/?EIO=4&transport=polling&sid=$SID HTTP/1.1\r\nHost: example.test\r\n\r\n"
		post    = "POST /engine.io/?EIO=4&transport=polling&sid=$SID HTTP/1.1\r\nHost: example.test\r\nContent-Length: "
		socket  = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: example.test\r\n"
		upgrade = "GET /engine.io/?EIO=4&transport=websocket&sid=$SID HTTP/1.1\r\nHost: example.test\r\n"
		shake   = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
	)
	for _, seed := range []string{
		open + open, poll, post + "6\r\n\r\n4hello" + poll, post + "3\r\n\r\n6\x1e6" + poll, post + "7\r\n\r\nbAQID\x1e1" + poll, post + "0\r\n\r\n", post + "999999999\r\n\r\n4",
		"POST /engine.io/?EIO=4&transport=polling&sid=$SID HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n4ab\r\n0\r\n\r\n",
		"POST /engine.io/?EIO=4&transport=polling&sid=$SID HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: 4\r\n\r\n\x00\x01\x02\xff",
		socket + shake + "\r\n" + string(maskedFrame(0x81, "4hello")) + string(maskedFrame(0x82, "\x01\x02")) + string(maskedFrame(0x88, "\x03\xe8")),
		socket + shake + "Origin: https://evil.example\r\n\r\n", socket + shake + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n" + string(maskedFrame(0xc1, "\x00\x00")),
		socket + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		socket + shake + "\r\n\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", socket + shake + "\r\n\xf0\x00", socket + shake + "\r\n\xb1\x82\x01\x02\x03\x04ab",
		socket + shake + "\r\n" + string(maskedFrame(0x01, "4a")) + string(maskedFrame(0x00, "")) + string(maskedFrame(0x80, "\xff")),
		upgrade + shake + "\r\n" + string(maskedFrame(0x81, "2probe")) + string(maskedFrame(0x81, "5")) + string(maskedFrame(0x81, "4x")),
		upgrade + shake + "\r\n" + string(maskedFrame(0x81, "5")) + string(maskedFrame(0x81, "3")) + string(maskedFrame(0x81, "1")),
		"GET /engine.io/?EIO=4&transport=__proto__&sid=__proto__ HTTP/1.1\r\nHost: h\r\n\r\n", "GET /engine.io/?transport=polling&transport=polling&EIO=4 HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /engine.io/?EIO=3&transport=polling HTTP/1.1\r\nHost: h\r\n\r\n", "GET /engine.io/?EIO=3&transport=polling&j=1&b64=1 HTTP/1.1\r\nHost: h\r\n\r\n",
		"OPTIONS /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: h\r\nOrigin: https://friend.example\r\nAccess-Control-Request-Headers: x\r\n\r\n",
		"CONNECT /engine.io/ HTTP/1.1\r\nHost: h\r\n\r\n", "PUT /engine.io/?EIO=4&transport=polling&sid=$SID HTTP/1.1\r\nHost: h\r\n\r\n", "GET /engine.io HTTP/1.0\r\n\r\n", "\x16\x03\x01\x02\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		o := &engineio.Options{
			MaxPayload: 1000, OutboxPackets: 16, PingInterval: time.Second, PingTimeout: time.Second, AllowEIO3: true,
			CORS: &engineio.CORS{Origins: []string{"https://friend.example"}}, Logger: slog.New(panicked{slog.DiscardHandler, t}),
		}
		bubble(t, o, echo, func(t *testing.T, s *site) {
			s.http.ErrorLog = log.New(netPanic{t}, "", 0)
			q, _ := s.openPolling()
			sid := q[strings.LastIndexByte(q, '=')+1:]
			nc, err := s.dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			answered := later(func() bool {
				_, err := io.Copy(io.Discard, nc)
				return err == nil
			})
			later(func() bool { // the server may leave in the middle
				_, err := nc.Write(bytes.ReplaceAll(input, []byte("$SID"), []byte(sid)))
				return err == nil
			})
			time.Sleep(time.Minute) // every timer of the server has had its turn
			nc.Close()
			<-answered

			w := s.websocket("EIO=4&transport=websocket")
			last := parseOpen(t, w.text()).SID
			w.send("4still here")
			w.wantText("4still here")
			w.nc.Close()
			for p := range s.opened {
				<-p.closed
				if p.ID() == last {
					return
				}
			}
		})
	})
}

// netPanic fails a test for what net/http says of a panic of its handler.
type netPanic struct{ t *testing.T }

func (n netPanic) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("panic")) {
		n.t.Errorf("%s", line)
	}
	return len(line), nil
}

// panicked fails a test for what is logged of a panic.
type panicked struct {
	slog.Handler
	t *testing.T
}

func (p panicked) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }

func (p panicked) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "panic" {
			p.t.Errorf("%s: %v", r.Message, a.Value)
		}
		return true
	})
	return nil
}
