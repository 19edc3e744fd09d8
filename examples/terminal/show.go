package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// names are the people who were heard of.
type names map[chat.UserID]string

func (g *guest) know(users ...wire.User) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, u := range users {
		g.names[u.ID] = u.Name
	}
}

func (g *guest) showAll(messages []wire.Message) {
	for _, m := range messages {
		g.mu.Lock()
		author := wire.User{ID: m.User, Name: g.names[m.User]}
		g.mu.Unlock()
		g.show(m, author)
	}
}

// show prints a message, and where it was said unless that is here.
func (g *guest) show(m wire.Message, author wire.User) {
	g.know(author)
	where := ""
	if m.Room != g.current().ID {
		where = "elsewhere, "
	}
	g.seen(m.Room, m.Rev)
	fmt.Printf("%s %s%s: %s\n", dim(time.UnixMilli(m.TS).Format("15:04")), where, colored(author), m.Body)
}

// tell prints what nobody said.
func tell(format string, args ...any) {
	fmt.Println(dim("* " + strings.TrimSpace(fmt.Sprintf(format, args...))))
}

// colors tells whether a person looks, and likes them.
var colors = func() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == ""
}()

func dim(text string) string { return paint(2, text) }

// colored gives everybody a color of their own, more or less.
func colored(u wire.User) string { return paint(31+int(u.ID)%6, u.Name) }

func paint(code int, text string) string {
	if !colors {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", code, text)
}
