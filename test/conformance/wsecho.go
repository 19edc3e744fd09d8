package main

import (
	"net/http"
	"os"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// serveFrames is the WebSocket server of the Autobahn suite: it echoes each message with its kind. The suite's largest
// message is 16 MiB, and it sends it in fragments of 64 bytes. DEFLATE=1 turns permessage-deflate on, for messages of any
// size.
func serveFrames() error {
	o := &websocket.Options{MaxMessage: 64 << 20, MaxFragments: -1}
	if os.Getenv("DEFLATE") == "1" {
		o.Deflate = &websocket.Deflate{Threshold: -1}
	}
	return serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, o)
		if err != nil {
			return // Accept has answered
		}
		echoFrames(c)
	}))
}
