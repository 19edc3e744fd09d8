package main

import (
	"net"
	"net/http"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/socketio-go/socketio"
)

// serveEcho mounts Socket.IO as one route among others.
func serveEcho(l net.Listener, io *socketio.Server) error {
	e := echo.New()
	e.Use(middleware.Recover())
	e.GET("/*", func(c *echo.Context) error { return c.String(http.StatusOK, "the application") })
	e.Any("/socket.io/*", echo.WrapHandler(io))
	return http.Serve(l, e)
}
