// Routers shows a Socket.IO server on routers and frameworks that are not in the standard library:
//
//	go run . mux | chi | gin | echo | fiber
//
// The frameworks are in a module of their own, so that nobody who uses Socket.IO has them in the list of what is needed.
package main

import (
	"cmp"
	"context"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/socketio-go/socketio"
)

// apps are applications that have pages of their own, by the name of what they are built with. Each serves a listener
// until that is closed.
var apps = map[string]func(net.Listener, *socketio.Server) error{
	"mux":   serveMux,
	"chi":   serveChi,
	"gin":   serveGin,
	"echo":  serveEcho,
	"fiber": serveFiber,
}

func main() {
	name := "mux"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	serve, known := apps[name]
	if !known {
		log.Fatalf("no application %q", name)
	}
	l, err := net.Listen("tcp", ":"+cmp.Or(os.Getenv("PORT"), "3000"))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(serve(l, newServer()))
}

func newServer() *socketio.Server {
	io := socketio.NewServer(nil)
	io.OnCall("greet", func(_ context.Context, _ *socketio.Socket, name string) (string, error) {
		return "hello " + name, nil
	})
	return io
}

// serveMux mounts Socket.IO on the router of the standard library.
func serveMux(l net.Listener, io *socketio.Server) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("the application")) })
	mux.Handle("/socket.io/", io)
	return http.Serve(l, mux)
}
