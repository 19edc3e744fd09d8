package main

import (
	"net/http"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// serveFrames is the WebSocket server of the Autobahn suite: it echoes each message with its kind. The suite's largest
// message is 16 MiB, and it sends it in fragments of 64 bytes.
func serveFrames() error {
	o := &websocket.Options{MaxMessage: 64 << 20, MaxFragments: -1}
	return serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, o)
		if err != nil {
			return // Accept has answered
		}
		for {
			binary, data, err := c.Read()
			if err != nil {
				return // Read has closed the connection
			}
			if err := c.Write(binary, data); err != nil {
				c.CloseNow()
				return
			}
		}
	}))
}
