package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// listen takes the port and says that it has.
func listen() (net.Listener, error) {
	port := os.Getenv("PORT")
	if port == "" {
		return nil, errors.New("PORT is not set")
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	fmt.Println("listening on", l.Addr())
	return l, nil
}

// serve answers HTTP with h until the process is ended.
func serve(h http.Handler) error {
	l, err := listen()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 64 << 10}
	return server.Serve(l)
}
