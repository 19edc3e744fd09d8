package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/socketio-go/socketio/chatroom/daemon"
	"github.com/socketio-go/socketio/chatroom/store/sqlite"
	"github.com/socketio-go/socketio/chatroom/web"
)

const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10

	// shutdownTimeout is how long clients and requests get when the program stops. Supervisors wait longer.
	shutdownTimeout = 10 * time.Second
)

// serve runs the chat until ctx ends or serving fails.
func serve(ctx context.Context, c config, stdout, stderr io.Writer) (err error) {
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: c.level}))
	supervisor, err := daemon.FromEnv()
	if err != nil {
		return exit(exitConfig, "%w", err)
	}
	defer supervisor.Close()

	// The listener comes first: a second chatroom must not touch the data of the first.
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return listenError(c.listen, err)
	}
	defer listener.Close()
	file := filepath.Join(c.data, "chat.db")
	data, err := sqlite.Open(file)
	if err != nil {
		return exit(exitConfig, "%w", err)
	}
	defer func() { err = errors.Join(err, data.Close()) }()

	chat := web.New(data, &web.Options{Origins: c.origins, TrustedProxies: c.proxies, Logger: log})
	server := &http.Server{
		Handler:           chat,
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what peers do wrong
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()

	fmt.Fprintf(stdout, "The chat is ready at %s\n", address(listener.Addr()))
	log.Info("ready", "listen", listener.Addr().String(), "data", file)
	tell(log, supervisor.Ready())
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	log.Info("stopping")
	tell(log, supervisor.Stopping())
	return errors.Join(err, shutdown(log, chat, server))
}

// shutdown tells the clients and waits for what was begun. Who needs longer than shutdownTimeout is cut off; that is no
// failure, because what was acknowledged is on the disk.
func shutdown(log *slog.Logger, chat *web.Server, server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	err := errors.Join(chat.Shutdown(ctx), server.Shutdown(ctx))
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("some clients did not let go in time")
		return server.Close()
	}
	return err
}

// tell logs that a supervisor could not be told: the chat works without.
func tell(log *slog.Logger, err error) {
	if err != nil {
		log.Warn("a supervisor was not told", "error", err)
	}
}

// address returns the URL at which a browser on this machine finds the chat.
func address(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
