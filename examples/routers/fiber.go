package main

import (
	"net"

	"github.com/gofiber/fiber/v3"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/examples/routers/handover"
)

// serveFiber mounts Socket.IO in front of fiber, whatever its routes are: fiber stands on another HTTP stack, and the
// connections of Socket.IO are handed over to the one of the standard library.
func serveFiber(l net.Listener, io *socketio.Server) error {
	app := fiber.New()
	app.Get("/*", func(c fiber.Ctx) error { return c.SendString("the application") })
	bridge := handover.Mount(app.Server(), io, io.Engine().Handles, nil)
	defer bridge.Close()
	return app.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
}
