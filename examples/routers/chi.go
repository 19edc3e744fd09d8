package main

import (
	"net"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/socketio-go/socketio"
)

// serveChi mounts Socket.IO behind chi's middleware, as one route among others. Middleware that ends requests after a
// time, or compresses, belongs on the other routes: a poll waits, and a WebSocket stays.
func serveChi(l net.Listener, io *socketio.Server) error {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer)
	r.Get("/*", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("the application")) })
	r.Handle("/socket.io/*", io)
	return http.Serve(l, r)
}
