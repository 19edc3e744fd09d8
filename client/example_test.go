package client_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"time"

	"github.com/socketio-go/socketio/client"
	"github.com/socketio-go/socketio/engineio"
)

// Dial is for a program that asks, and is not told anything before it has asked.
func ExampleDial() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := client.Dial(ctx, "https://example.com/chat", nil) // /chat is the namespace
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	name, err := c.Call[string](ctx, "whoami")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(name)
}

// What the server says at once is missed by nobody who adds handlers first and connects then.
func ExampleNew() {
	type Message struct{ From, Text string }

	c, err := client.New("https://example.com/chat", &client.Options{
		Auth: func(ctx context.Context) (any, error) { // asked for each connection
			return map[string]string{"token": os.Getenv("TOKEN")}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	c.On("message", func(ctx context.Context, m Message) error {
		fmt.Println(m.From+":", m.Text)
		return nil
	})
	c.OnCall("are you there?", func(ctx context.Context, _ struct{}) (string, error) { return "yes", nil })
	c.OnConnect(func() { fmt.Println("connected as", c.ID()) })
	c.OnDisconnect(func(reason client.DisconnectReason, _ error) { fmt.Println("gone:", reason) })
	c.Connect()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	<-ctx.Done()
}

// Events that must arrive are sent again until the server has answered, also over another connection.
func ExampleOptions_retries() {
	c, err := client.New("https://example.com", &client.Options{
		Retries: 5, AckTimeout: 3 * time.Second,
		BufferPackets: 1000, // what waits for a connection, and for its turn
	})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	c.OnError(func(err error) { log.Println("given up:", err) })
	c.Connect()
	if err := c.Emit("order", map[string]int{"apples": 3}); err != nil {
		log.Println("refused:", err) // the queue is full, for example
	}
}

// Proxy, TLS, cookies and headers, and what is different for one transport.
func ExampleOptions_transports() {
	proxy := &url.URL{Scheme: "http", Host: "proxy.example.com:3128"}
	c, err := client.New("https://example.com", &client.Options{Engine: engineio.DialOptions{
		Transports: []string{"websocket", "polling"}, TryAllTransports: true,
		HTTP:   &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}},
		Header: http.Header{"Authorization": {"Bearer secret"}},
		TransportOptions: map[string]engineio.TransportOptions{
			"websocket": {Header: http.Header{"X-Live": {"1"}}},
		},
	}})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	c.Connect()
}

// More namespaces share the connection.
func ExampleManager_Socket() {
	m, err := client.NewManager("https://example.com", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	news, admin := m.Socket("/news", nil), m.Socket("/admin", &client.Options{Auth: map[string]string{"token": "secret"}})
	news.Connect()
	admin.Connect()
}

// An answer may have a limit, and the server's handler may fail.
func ExampleSocket_Call() {
	type Saved struct{ ID int }

	ctx := context.Background()
	c, err := client.Dial(ctx, "https://example.com", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	saved, err := c.Timeout(2 * time.Second).Call[Saved](ctx, "message:send", "hi")
	if err != nil {
		log.Fatal(err) // a *client.Error if the handler said why
	}
	fmt.Println(saved.ID)
}
