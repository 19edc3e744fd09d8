// Terminal is the chat room in a terminal: what one types, the room reads, whether it sits at terminals or before the page.
//
//	make run                            # the chat room
//	go run ./examples/terminal Ann      # in as many terminals as you like
//
// URL names another server than http://localhost:3000. /help tells what else can be typed.
package main

import (
	"bufio"
	"cmp"
	"context"
	"log"
	"os"
	"strings"
	"time"

	"github.com/socketio-go/socketio/client"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: terminal and your name")
	}
	if err := run(cmp.Or(os.Getenv("URL"), "http://localhost:3000"), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// run talks until the input ends.
func run(url, name string) error {
	g := &guest{name: name, names: make(names)}
	var err error
	g.socket, err = client.New(url, &client.Options{Auth: g.auth, ReconnectionDelay: 200 * time.Millisecond})
	if err != nil {
		return err
	}
	defer g.socket.Close()
	g.listen()
	g.socket.Connect()
	if err := g.socket.Wait(context.Background()); err != nil {
		return err
	}
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		switch command, rest, _ := strings.Cut(strings.TrimSpace(input.Text()), " "); command {
		case "":
		case "/rooms":
			g.rooms()
		case "/join":
			g.join(strings.TrimPrefix(rest, "#"))
		case "/who":
			g.who()
		case "/quit":
			return nil
		default:
			if strings.HasPrefix(command, "/") {
				tell("/rooms, /join ROOM, /who, /quit; anything else is said")
			} else {
				g.say(input.Text())
			}
		}
	}
	return input.Err()
}
