package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"github.com/socketio-go/socketio/engineio/transport/websocket"
)

// runFrames is the WebSocket client of the Autobahn suite, whose server is at the URL in SERVER: it asks how many cases
// there are, echoes each message of each case with its kind, and has the reports written. DEFLATE=1 offers
// permessage-deflate. It ends when all cases have run.
func runFrames() error {
	server := os.Getenv("SERVER")
	if server == "" {
		return errors.New("SERVER is not set")
	}
	o := &websocket.Options{MaxMessage: 64 << 20, MaxFragments: -1}
	if os.Getenv("DEFLATE") == "1" {
		o.Deflate = &websocket.Deflate{Threshold: -1}
	}
	client := &http.Client{Transport: new(http.Transport)}
	dial := func(format string, args ...any) (*websocket.Conn, error) {
		return websocket.DialConn(context.Background(), client, server+fmt.Sprintf(format, args...), nil, o)
	}
	c, err := dial("/getCaseCount")
	if err != nil {
		return err
	}
	_, data, err := c.Read()
	if err != nil {
		return err
	}
	c.CloseNow()
	count, err := strconv.Atoi(string(data))
	if err != nil {
		return err
	}
	const agent = "socketio-go"
	for n := 1; n <= count; n++ {
		c, err := dial("/runCase?case=%d&agent=%s", n, agent)
		if err != nil {
			return fmt.Errorf("case %d: %w", n, err)
		}
		echoFrames(c)
	}
	if c, err = dial("/updateReports?agent=%s", agent); err != nil {
		return err
	}
	echoFrames(c)
	fmt.Println(count, "cases")
	return nil
}

// echoFrames sends each message back until the connection ends.
func echoFrames(c *websocket.Conn) {
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
}
