package main

import (
	"slices"
	"strings"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/wire"
)

type roomID = chat.RoomID

// shown is how many old messages a room begins with.
const shown = 10

func (g *guest) current() wire.Room {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.room
}

// enter makes a room the current one.
func (g *guest) enter(r wire.Room) {
	g.mu.Lock()
	g.room = r
	g.mu.Unlock()
	tell("you are in #%s", r.Name)
	page, err := ask(g, wire.History, wire.PageRequest{Room: r.ID, Limit: shown})
	if err == nil {
		g.know(page.Users...)
		g.showAll(page.Messages)
		g.seen(r.ID, page.Rev)
	}
}

// seen notes that everything up to a rev was shown.
func (g *guest) seen(room roomID, rev int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.room.ID == room {
		g.room.Rev = max(g.room.Rev, rev)
	}
}

// rooms lists the public ones.
func (g *guest) rooms() {
	if list, err := ask(g, wire.ListRooms, wire.Query{}); err == nil {
		for _, r := range list.Rooms {
			tell("#%s (%d) %s", r.Name, r.Members, r.Topic)
		}
	}
}

// join goes to a room by its name.
func (g *guest) join(name string) {
	list, err := ask(g, wire.ListRooms, wire.Query{Query: name})
	if err != nil {
		return
	}
	i := slices.IndexFunc(list.Rooms, func(r wire.Listing) bool { return strings.EqualFold(r.Name, name) })
	if i < 0 {
		tell("there is no room #%s", name)
		return
	}
	if joined, err := ask(g, wire.JoinRoom, wire.RoomRef{Room: list.Rooms[i].ID}); err == nil {
		g.enter(joined.Room)
	}
}

// who lists the people of the room who are here.
func (g *guest) who() {
	members, err := ask(g, wire.ListMembers, wire.RoomRef{Room: g.current().ID})
	if err != nil {
		return
	}
	g.know(members.People...)
	var here []string
	for _, p := range members.People {
		if slices.Contains(members.Here, p.ID) {
			here = append(here, p.Name)
		}
	}
	tell("here: %s", strings.Join(here, ", "))
}
