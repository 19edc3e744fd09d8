package client_test

import (
	"context"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// Compression is the choice of each emit, once both sides have agreed to it.
func TestCompressIsAChoiceOfEachEmit(t *testing.T) {
	io, url := serve(t, &socketio.Options{Engine: engineio.Options{PerMessageDeflate: &engineio.PerMessageDeflate{}}})
	io.OnCall("size", func(_ context.Context, _ *socketio.Socket, s string) (int, error) { return len(s), nil })
	p := newProxy(t, url, func(int) fault { return fault{} })
	c := connect(t, p.url(), &client.Options{Engine: engineio.DialOptions{
		Transports: []string{"websocket"}, PerMessageDeflate: &engineio.PerMessageDeflate{},
	}})
	text := strings.Repeat("the same again and again ", 2000)
	for _, compress := range []bool{true, false, true} {
		before := p.sent.Load()
		n, err := c.Compress(compress).Call[int](t.Context(), "size", text)
		if err != nil || n != len(text) {
			t.Fatalf("size %d, %v", n, err)
		}
		if bytes := p.sent.Load() - before; (bytes < int64(len(text))/2) != compress {
			t.Errorf("compress=%t: %d bytes for %d", compress, bytes, len(text))
		}
	}
}
