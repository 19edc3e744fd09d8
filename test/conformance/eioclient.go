package main

import (
	"encoding/json/v2"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// serveEngineClient is the support server of the official Engine.IO client's own tests.
func serveEngineClient() error {
	return serve(engineio.NewServer(greet, &engineio.Options{
		PingInterval: 500 * time.Millisecond,
		MaxPayload:   100,
		AllowRequest: func(r *http.Request) error {
			if r.URL.Query().Has("deny") {
				return errors.New("")
			}
			return nil
		},
		InitialHeaders: func(h http.Header, _ *http.Request) {
			h["Set-Cookie"] = []string{
				"1=1; Max-Age=86400",
				"2=2; Path=/; HttpOnly; Secure; SameSite=Strict",
				"3=3; Max-Age=0",
				"4=4; Expires=" + time.Now().UTC().Format(http.TimeFormat),
			}
		},
	}))
}

func greet(c *engineio.Conn) engineio.Handler {
	sendText(c, "hi")
	return requests{}
}

// requests does what a text message says, and echoes the others.
type requests struct{ echo }

func (r requests) Message(c *engineio.Conn, m engineio.Message) {
	switch string(m.Data) {
	case "give binary":
		r.echo.Message(c, engineio.Message{Binary: true, Data: []byte{0, 1, 2, 3, 4}})
	case "give utf8":
		sendText(c, "пойду спать всем спокойной ночи")
	case "sendHeaders":
		headers := map[string]string{}
		for name, values := range m.Header {
			headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
		text, err := json.Marshal(headers)
		if err != nil {
			c.Close()
			return
		}
		sendText(c, string(text))
	default:
		r.echo.Message(c, m)
	}
}

// sendText sends a text message. Its error is the end of the session, which the handler hears of.
func sendText(c *engineio.Conn, text string) {
	_ = c.Send(packet.Prepare(packet.Packet{Type: packet.Message, Data: []byte(text)}))
}
