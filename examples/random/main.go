// Random takes random numbers from its clients. When one is above 0.95 it warns that client a second later, with the
// number of its warnings so far.
//
//	go run ./examples/random
//
// and open http://localhost:3000. PORT changes the port.
package main

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/socketio-go/socketio"
)

//go:embed index.html client.js
var page embed.FS

// warnings counts the warnings of each socket.
var warnings = socketio.NewKey[int]("warnings")

func main() {
	io := socketio.NewServer(nil)

	io.On("random", func(_ context.Context, s *socketio.Socket, value float64) error {
		fmt.Println(value)
		if value > 0.95 {
			time.AfterFunc(time.Second, func() { warn(s) })
		}
		return nil
	})

	mux := http.NewServeMux()
	mux.Handle("/socket.io/", io)
	mux.Handle("/", http.FileServerFS(page))
	addr := ":" + cmp.Or(os.Getenv("PORT"), "3000")
	log.Fatal((&http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 5 * time.Second}).ListenAndServe())
}

// warn does no harm when the socket has gone meanwhile: Emit returns an error then.
func warn(s *socketio.Socket) {
	count := warnings.Update(s, func(n int) int { return n + 1 })
	if err := s.Emit("warn", count); err != nil {
		log.Printf("socket %s: %v", s.ID(), err)
	}
}
