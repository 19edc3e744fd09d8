package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// clientTime is how long the client lives.
const clientTime = 1700 * time.Millisecond

// runClient runs one client and prints a line for each thing that happens to it.
func runClient() error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	o := &client.Options{
		Path:                 os.Getenv("SIO_PATH"),
		Timeout:              800 * time.Millisecond,
		ReconnectionDelay:    200 * time.Millisecond,
		RandomizationFactor:  -1,
		ReconnectionAttempts: 3,
		Engine: engineio.DialOptions{
			HTTP: &http.Client{Jar: jar, Transport: http.DefaultTransport.(*http.Transport).Clone()},
		},
	}
	if list := os.Getenv("TRANSPORTS"); list != "" {
		o.Engine.Transports = strings.Split(list, ",")
	}
	c, err := client.New(os.Getenv("SERVER_URL"), o)
	if err != nil {
		return err
	}
	say := func(parts ...string) { fmt.Println(strings.Join(parts, ":")) }
	emit := os.Getenv("EMIT")
	c.OnConnect(func() {
		say("connect")
		switch emit {
		case "ack", "timeout":
			e := c.Timeout(0)
			if emit == "timeout" {
				e = c.Timeout(300 * time.Millisecond)
			}
			go func() {
				args, err := e.EmitWithAck(context.Background(), "q")
				switch {
				case errors.Is(err, client.ErrTimeout):
					say("ack-error", client.ErrTimeout.Error())
				case err != nil:
					say("ack-error", err.Error())
				default:
					var v any
					args.Decode(&v)
					say("ack", fmt.Sprint(v))
				}
			}()
		case "burst":
			for range 6 {
				c.Emit("m", strings.Repeat("x", 30))
			}
			c.Emit("big", strings.Repeat("x", 150))
		}
	})
	c.OnDisconnect(func(r client.DisconnectReason, _ error) { say("disconnect", string(r)) })
	c.OnConnectError(func(err error) { say("connect_error", err.Error()+refusalData(err)) })
	c.OnAny(func(_ context.Context, e *client.Event) error {
		say("event", e.Name(), argumentsAsJSON(e))
		return nil
	})
	m := c.Manager()
	m.OnError(func(err error) { say("manager_error", err.Error()) })
	m.OnReconnectAttempt(func(n int) { say("reconnect_attempt", fmt.Sprint(n)) })
	m.OnReconnect(func(n int) { say("reconnect", fmt.Sprint(n)) })
	m.OnReconnectFailed(func() { say("reconnect_failed") })
	m.OnUpgrade(func(name string) { say("upgrade", name) })
	m.OnUpgradeError(func(err error) { say("upgradeError", err.Error()) })

	c.Connect()
	time.Sleep(clientTime)
	c.Close()
	return nil
}

// refusalData is what a server's middleware says beside the message.
func refusalData(err error) string {
	if refusal, ok := errors.AsType[*client.ConnectError](err); ok && refusal.Data.String() != "null" {
		return refusal.Data.String()
	}
	return ""
}

// argumentsAsJSON writes bytes as JSON.stringify writes a Buffer.
func argumentsAsJSON(e *client.Event) string {
	list := make([]any, e.Len())
	for i := range list {
		v := e.Args().Value(i)
		if b, ok := v.Binary(); ok {
			numbers := make([]int, len(b))
			for j := range b {
				numbers[j] = int(b[j])
			}
			list[i] = struct {
				Type string `json:"type"`
				Data []int  `json:"data"`
			}{"Buffer", numbers}
			continue
		}
		list[i] = json.RawMessage(v.Raw())
	}
	b, err := json.Marshal(list)
	return cmp.Or(string(b), fmt.Sprint(err))
}
