package main

import (
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// The heartbeat of the protocol suites, which wait for it.
const (
	pingInterval = 300 * time.Millisecond
	pingTimeout  = 200 * time.Millisecond
)

// serveEngine is the Engine.IO server of the engine.io-protocol suite: it echoes each message with its kind. With EIO3=1
// in the environment it lets clients of protocol 3 in.
func serveEngine() error {
	return serve(engineio.NewServer(func(*engineio.Conn) engineio.Handler { return echo{} }, &engineio.Options{
		PingInterval: pingInterval,
		PingTimeout:  pingTimeout,
		AllowEIO3:    allowEIO3(),
		CORS:         &engineio.CORS{Origins: []string{"*"}},
	}))
}

// echo sends every message back.
type echo struct{}

func (echo) Message(c *engineio.Conn, m engineio.Message) {
	c.AwaitRoom() // a peer that sends faster than it reads is slowed down
	// The error of a peer that does not read is the end of its session, which Closed hears of.
	_ = c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Binary: m.Binary, Data: m.Data}))
}

func (echo) Closed(*engineio.Conn, engineio.Reason, error) {}
