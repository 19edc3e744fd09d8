// Binding shows the ways to put a Socket.IO server on the web:
//
//	go run ./examples/binding implicit | package | attach | handler
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/socketio-go/socketio"
)

// forms are the ways to serve, by name.
var forms = map[string]func(addr string, io *socketio.Server) error{
	// Implicit: the server owns the listener and its timeouts. What is not Socket.IO is not found.
	"implicit": func(addr string, io *socketio.Server) error {
		if err := io.Listen(addr); err != nil {
			return err
		}
		return io.Wait()
	},
	// The same, as a function of the package.
	"package": func(addr string, io *socketio.Server) error {
		if err := socketio.Listen(addr, io); err != nil {
			return err
		}
		return io.Wait()
	},
	// Explicit: an HTTP server that exists already keeps its handler for everything else.
	"attach": func(addr string, io *socketio.Server) error {
		server := &http.Server{Addr: addr, Handler: http.HandlerFunc(app)}
		if err := io.Attach(server); err != nil {
			return err
		}
		return server.ListenAndServe()
	},
	// Explicit: a handler like any other, on whatever router takes one.
	"handler": func(addr string, io *socketio.Server) error {
		mux := http.NewServeMux()
		mux.HandleFunc("/", app)
		mux.Handle("/socket.io/", io)
		return http.ListenAndServe(addr, mux)
	},
}

func main() {
	io := socketio.NewServer(nil)
	io.OnCall("greet", func(_ context.Context, _ *socketio.Socket, name string) (string, error) {
		return "hello " + name, nil
	})
	name := "implicit"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	form, known := forms[name]
	if !known {
		log.Fatalf("no form %q", name)
	}
	log.Fatal(form(":"+cmp.Or(os.Getenv("PORT"), "3000"), io))
}

func app(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "the application") }
