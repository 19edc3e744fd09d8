package house

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/chatroom/store/sqlite"
	"github.com/socketio-go/socketio/chatroom/web"
)

// patience ends a shutdown that hangs; nothing is measured with it.
const patience = 2 * time.Minute

// Open serves the chat at an address, such as 127.0.0.1:0, with its data in a file. It gives the address that it got. The
// chat ends with close, and with the test.
func Open(t testing.TB, addr, file string) (at string, close func()) {
	t.Helper()
	store, err := sqlite.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	room := web.New(store, &web.Options{Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	server := &http.Server{Handler: room}
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(listener) }) // how it ends is up to close
	close = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		listener.Close()
		if err := room.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		server.Close()
		serving.Wait()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(close)
	return listener.Addr().String(), close
}
