// Page is a board that everybody draws on: one file of HTML, a small server, and the client that the server hands out.
//
//	go run ./examples/page
//
// and open http://localhost:3000 in two windows. PORT changes the port.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"log"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/socketio-go/socketio"
)

//go:embed index.html
var page []byte

// stroke is a line from one point to another, in parts of the board's width and height, in a hue from 0 to 359.
type stroke struct {
	From, To [2]float64
	Hue      int
}

// maxStrokes is how many strokes the board keeps. The oldest go first.
const maxStrokes = 5000

// board is what newcomers see.
type board struct {
	mu      sync.Mutex
	strokes []stroke // guarded by mu
}

func (b *board) change(f func([]stroke) []stroke) []stroke {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.strokes = f(b.strokes)
	return slices.Clone(b.strokes)
}

func main() {
	var b board
	io := socketio.NewServer(nil)
	// A stroke is kept before it is told, so a newcomer has it from here or there; from both, it is drawn twice.
	io.OnConnection(func(s *socketio.Socket) {
		s.Emit("board", b.change(func(all []stroke) []stroke { return all }))
	})
	io.On("stroke", func(_ context.Context, s *socketio.Socket, one stroke) error {
		b.change(func(all []stroke) []stroke { return append(all[max(0, len(all)+1-maxStrokes):], one) })
		return s.Broadcast().Emit("stroke", one)
	})
	io.On("clear", func(context.Context, *socketio.Socket, struct{}) error {
		return io.Emit("board", b.change(func([]stroke) []stroke { return nil }))
	})

	mux := http.NewServeMux()
	mux.Handle("/socket.io/", io) // the client is there, too
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { w.Write(page) })
	addr := ":" + cmp.Or(os.Getenv("PORT"), "3000")
	log.Fatal((&http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 5 * time.Second}).ListenAndServe())
}
