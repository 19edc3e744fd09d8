package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/socketio-go/socketio"
)

// address is where a role listens.
func address() (string, error) {
	port := os.Getenv("PORT")
	if port == "" {
		return "", errors.New("PORT is not set")
	}
	return net.JoinHostPort("127.0.0.1", port), nil
}

// serve answers HTTP with h until the process is ended.
func serve(h http.Handler) error {
	addr, err := address()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	ready(l.Addr())
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 64 << 10}
	return server.Serve(l)
}

// serveIO lets io listen by itself, with the limits it has then, until the process is ended.
func serveIO(io *socketio.Server) error {
	addr, err := address()
	if err != nil {
		return err
	}
	if err := io.Listen(addr); err != nil {
		return err
	}
	ready(io.Addr())
	return io.Wait()
}

// ready prints the one line that a role prints.
func ready(addr net.Addr) { fmt.Println("listening on", addr) }
