package soak

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/residue"
)

// Clients come, go, die, change transports and rooms, and talk in rooms, to all and to themselves, in text and binary,
// with acknowledgements both ways. Nothing is lost, repeated or out of order.
//
// A round first changes who is there, and waits for that; then all act at once, while some die or upgrade; then barriers
// make sure that everything has come, without waiting for time to pass.
func TestMixedLoad(t *testing.T) {
	start := time.Now()
	io, addr := serve(t, quick())
	passOn(io)
	before := residue.Of(io)
	c := &crowd{t: t, addr: addr, random: newRand(t), members: make(map[int]*member), size: size(14, 100), acts: size(12, 20)}
	rounds := size(25, 200)
	last := make(map[[2]int]int)
	for round := range rounds {
		c.change()
		h := c.act()
		h.last = last
		if err := h.check(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	for _, m := range c.members {
		m.leave(false)
	}
	before.Await(t, io, 16<<20)
	result(t, start, "%d rounds of up to %d clients: %d entered, %d died, %d upgraded, %d messages, %d deliveries: none lost, repeated or out of order",
		rounds, c.size, c.entered, c.died, c.upgraded, c.messages, c.deliveries)
}

// passOn makes the server pass messages on in the way they ask for, and ask its clients.
func passOn(io *socketio.Server) {
	io.OnCall("join", func(_ context.Context, s *socketio.Socket, room string) (string, error) { return room, s.Join(room) })
	io.OnCall("leave", func(_ context.Context, s *socketio.Socket, room string) (string, error) {
		s.Leave(room)
		return room, nil
	})
	io.OnCall("ask", func(ctx context.Context, s *socketio.Socket, _ struct{}) (string, error) {
		return s.Call[string](ctx, "question")
	})
	io.OnEvent("say", func(_ context.Context, s *socketio.Socket, e *socketio.Event) error {
		var sender, seq int
		var way string
		var rooms []string
		var payload any
		if err := e.Decode(&sender, &seq, &way, &rooms, &payload); err != nil {
			return err
		}
		var err error
		switch way {
		case "all":
			err = io.Emit("m", sender, seq, payload)
		case "others":
			err = s.To(rooms...).Emit("m", sender, seq, payload)
		case "rooms":
			err = io.To(rooms...).Emit("m", sender, seq, payload)
		case "self":
			err = s.Emit("m", sender, seq, payload)
		}
		if err != nil {
			return err
		}
		return e.Ack(seq)
	})
}

// crowd is the clients of the mixed soak.
type crowd struct {
	t          *testing.T
	addr       string
	random     *rand.Rand
	size, acts int
	members    map[int]*member
	next       int // id of the next member

	entered, died, upgraded, messages, deliveries int
}

var rooms = []string{"red", "green", "blue", "ünï", "a room with blanks", "6"}

// change lets members leave, die, rejoin, enter and change rooms, and waits for all of it.
func (c *crowd) change() {
	c.t.Helper()
	for _, id := range c.ids() {
		switch m := c.members[id]; c.random.IntN(10) {
		case 0:
			delete(c.members, id)
			m.leave(false)
		case 1:
			delete(c.members, id)
			m.leave(true)
			c.died++
		case 2:
			c.must(m.rejoin())
		}
	}
	for len(c.members) < c.size && c.random.IntN(8) > 0 {
		m, err := enter(c.addr, []string{"websocket", "polling"}[c.random.IntN(2)], c.next)
		c.must(err)
		c.members[c.next] = m
		c.next++
		c.entered++
	}
	for _, id := range c.ids() {
		m := c.members[id]
		for range c.random.IntN(3) {
			room := rooms[c.random.IntN(len(rooms))]
			name := "join"
			if m.rooms[room] {
				name = "leave"
			}
			m.rooms[room] = !m.rooms[room]
			c.must(m.ask(fmt.Sprintf("%q,%q", name, room), "3%d["))
		}
		c.must(m.barrier())
	}
}

// act lets all members act at once and gives the history of it.
func (c *crowd) act() *history {
	c.t.Helper()
	h := &history{received: make(map[int][]message)}
	var group sync.WaitGroup
	errs := make(chan error, len(c.members))
	var dying []*member
	for _, id := range c.ids() {
		m := c.members[id]
		plan, meant := c.plan(m)
		h.spoken = append(h.spoken, meant...)
		switch {
		case c.random.IntN(12) == 0:
			dying = append(dying, m)
			delete(c.members, id)
			plan = plan[:c.random.IntN(len(plan))]
			c.died++
		case m.peer.Transport() == "polling" && c.random.IntN(4) == 0:
			m.upgrading.Store(true)
			c.upgraded++
		}
		group.Go(func() {
			for _, act := range plan {
				if err := act(); err != nil {
					errs <- fmt.Errorf("member %d: %w", m.id, err)
					return
				}
			}
		})
	}
	group.Wait()
	for _, m := range dying {
		m.leave(true)
	}
	close(errs)
	for err := range errs {
		c.must(err)
	}
	// What everybody said has been acknowledged, so it is on its way to everybody; then that has come.
	for range 2 {
		for _, id := range c.ids() {
			c.must(c.members[id].barrier())
		}
	}
	for id, m := range c.members {
		h.received[id] = m.takeReceived()
		c.deliveries += len(h.received[id])
	}
	h.spoken = slices.DeleteFunc(h.spoken, func(s spoken) bool { return c.members[s.sender] == nil })
	for i := range h.spoken {
		h.spoken[i].to = slices.DeleteFunc(h.spoken[i].to, func(id int) bool { return c.members[id] == nil })
	}
	c.messages += len(h.spoken)
	return h
}

// plan decides what a member does in a round, and to whom its messages are meant.
func (c *crowd) plan(m *member) (acts []func() error, meant []spoken) {
	for range c.acts {
		switch way := ways[c.random.IntN(len(ways))]; way {
		case "echo":
			acts = append(acts, func() error { return m.ask(`"echo",[1,{"a":"b"}]`, `3%d[[1,{"a":"b"}]]`) })
		case "ask":
			acts = append(acts, func() error { return m.ask(`"ask"`, `3%d["answer"]`) })
		default:
			m.seq++
			seq, chosen := m.seq, []string{rooms[c.random.IntN(len(rooms))], rooms[c.random.IntN(len(rooms))]}
			acts = append(acts, func() error { return m.say(seq, way, chosen) })
			meant = append(meant, spoken{message{m.id, seq}, c.receivers(m, way, chosen)})
		}
	}
	return acts, meant
}

var ways = []string{"echo", "ask", "self", "all", "others", "others", "rooms", "rooms", "rooms"}

// receivers are the members that a message is for, each once however many of its rooms they are in.
func (c *crowd) receivers(sender *member, way string, rooms []string) (to []int) {
	if way == "self" {
		return []int{sender.id}
	}
	for id, m := range c.members {
		inside := slices.ContainsFunc(rooms, func(room string) bool { return m.rooms[room] })
		if way == "all" || inside && (way == "rooms" || m != sender) {
			to = append(to, id)
		}
	}
	return to
}

// ids lists the members in an order that only the seed decides.
func (c *crowd) ids() []int { return slices.Sorted(maps.Keys(c.members)) }

func (c *crowd) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}
