package main

import (
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/socketio-go/socketio"
)

// serveGin mounts Socket.IO as one route among others.
func serveGin(l net.Listener, io *socketio.Server) error {
	r := gin.New()
	r.Use(gin.Recovery())
	r.NoRoute(func(c *gin.Context) { c.String(http.StatusOK, "the application") })
	r.Any("/socket.io/*any", gin.WrapH(io))
	return http.Serve(l, r)
}
