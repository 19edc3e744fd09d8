// Terminal is a chat for terminals: what one types, the others read.
//
//	go run ./examples/terminal serve
//	go run ./examples/terminal Ann
//
// PORT changes the port of both.
package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/socketio-go/socketio/client"
)

func main() {
	port := cmp.Or(os.Getenv("PORT"), "3000")
	switch {
	case len(os.Args) != 2:
		log.Fatal("usage: terminal serve, or terminal and your name")
	case os.Args[1] == "serve":
		log.Fatal(serve(":" + port))
	}
	if err := chat(os.Args[1], "http://localhost:"+port); err != nil {
		log.Fatal(err)
	}
}

// chat sends each line of the standard input, and prints what the others say, until the input ends.
func chat(name, url string) error {
	c, err := client.New(url, &client.Options{Auth: map[string]string{"name": name}})
	if err != nil {
		return err
	}
	defer c.Close()
	heard.On(c, func(_ context.Context, l line) error { fmt.Println(l.Name+":", l.Text); return nil })
	c.OnConnect(func() { fmt.Println("* connected") })
	c.OnDisconnect(func(reason client.DisconnectReason, _ error) { fmt.Println("* disconnected:", reason) })
	c.Connect()
	if err := c.Wait(context.Background()); err != nil {
		return err
	}
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		// While there is no connection the line waits for one, up to ten seconds.
		if _, err := say.Call(context.Background(), c.Timeout(10*time.Second), input.Text()); err != nil {
			fmt.Println("* not sent:", err)
		}
	}
	return input.Err()
}
