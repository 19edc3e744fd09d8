package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/residue"
)

// Connections break at random moments under load, also in the middle of the handshake and of the replay, and their clients
// come back, over either transport. Nobody who is recovered has missed anything or has anything twice, and what it gets is
// exactly what was for it, though its rooms changed all the time. Nearly everybody is recovered.
//
// One goroutine emits, joins and leaves, so that it knows what is for whom.
func TestRecoveryUnderLoad(t *testing.T) {
	start := time.Now()
	o := quick()
	o.Recovery = new(socketio.Recovery)
	io, addr := serve(t, o)
	before := residue.Of(io)
	r := newRand(t)
	h := &host{t: t, io: io, random: rand.New(rand.NewPCG(r.Uint64(), 1)), stop: make(chan struct{}), finish: make(chan string), sessions: make(map[string]*story)}
	io.OnConnection(h.connected)
	var emitting sync.WaitGroup
	emitting.Go(h.run)

	clients, losses := size(24, 100), size(400, 12_000)
	budget := make(chan struct{}, losses)
	for range losses {
		budget <- struct{}{}
	}
	close(budget)
	var group sync.WaitGroup
	all := make([]*returner, clients)
	for i := range all {
		all[i] = &returner{addr: addr, host: h, random: rand.New(rand.NewPCG(r.Uint64(), uint64(i)))}
		group.Go(func() { all[i].run(budget) })
	}
	group.Wait()
	close(h.stop)
	emitting.Wait()

	var lost, recovered, renewed, received int
	for _, c := range all {
		if c.err != nil {
			t.Error(c.err)
			continue
		}
		c.leave()
		lost, recovered, renewed, received = lost+c.lost, recovered+c.recovered, renewed+c.renewed, received+c.received
	}
	if share := size(100, 1000); recovered+renewed == 0 || share*renewed > recovered { // a few are too many for one in a thousand
		t.Errorf("%d recovered, %d were not: more than one in %d", recovered, renewed, share)
	}
	before.Await(t, io, 64<<20)
	result(t, start, "%d connections of %d clients broke: %d recovered, %d were not; %d events received, %d emitted: no hole, no repeat, nothing that was for others",
		lost, clients, recovered, renewed, received, h.seq)
}

// story is what was for one session, in order.
type story struct {
	// Owned by the host's goroutine.
	told  bool // the session has begun
	over  bool // and has ended: nothing more is for it
	rooms map[string]bool

	mu      sync.Mutex
	socket  *socketio.Socket // Guarded by mu. The present one.
	want    []int            // Guarded by mu.
	unknown bool             // Guarded by mu. What was for it can't be told.
}

// wanted is what was for a session until now, and whether that is certain.
func (h *host) wanted(id string) (want []int, certain bool) {
	st := h.story(id)
	st.mu.Lock()
	defer st.mu.Unlock()
	return slices.Clone(st.want), !st.unknown
}

// host emits to all and to some.
type host struct {
	t      *testing.T
	io     *socketio.Server
	random *rand.Rand
	stop   chan struct{}
	finish chan string // socket ids: nothing more is for them but the event "end"
	seq    int

	mu       sync.Mutex
	sessions map[string]*story // by socket id
	order    []string
}

func (h *host) connected(s *socketio.Socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if st := h.sessions[s.ID()]; st != nil {
		st.mu.Lock()
		st.socket = s
		st.mu.Unlock()
		return
	}
	if err := s.RecoveryError(); err != nil {
		h.t.Logf("not recovered: %v", err)
	}
	h.sessions[s.ID()] = &story{socket: s, rooms: make(map[string]bool)}
	h.order = append(h.order, s.ID())
}

func (h *host) run() {
	for {
		select {
		case <-h.stop:
			return
		case id := <-h.finish:
			h.begin(id)
			h.story(id).over = true
			h.io.To(id).Emit("end")
			continue
		case <-time.After(time.Millisecond):
		}
		h.mu.Lock()
		ids := slices.Clone(h.order)
		h.mu.Unlock()
		for _, id := range ids {
			h.begin(id)
		}
		for range 1 + h.random.IntN(3) {
			h.move(ids)
			h.emit(ids)
		}
	}
}

func (h *host) story(id string) *story {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[id]
}

// begin tells a new session that from now on everything counts.
func (h *host) begin(id string) {
	if st := h.story(id); !st.told {
		st.told = true
		h.io.To(id).Emit("begin")
	}
}

// move lets one socket change one room. What can't be told for certain, as the socket was just going, ends its story.
func (h *host) move(ids []string) {
	if len(ids) == 0 {
		return
	}
	st := h.story(ids[h.random.IntN(len(ids))])
	st.mu.Lock()
	s := st.socket
	st.mu.Unlock()
	room := rooms[h.random.IntN(len(rooms))]
	if !st.rooms[room] {
		if s.Join(room) == nil {
			st.rooms[room] = true
		}
		return
	}
	if !slices.Contains(s.Rooms(), room) {
		return // it has gone already
	}
	s.Leave(room)
	if len(s.Rooms()) == 0 { // it went at the same time: before or after
		st.mu.Lock()
		st.unknown = true
		st.mu.Unlock()
	}
	st.rooms[room] = false
}

// emit emits one event, in one of the ways there are.
func (h *host) emit(ids []string) {
	h.seq++
	n := h.seq
	note := func(is func(id string, st *story) bool) {
		for _, id := range ids {
			if st := h.story(id); st.told && !st.over && is(id, st) {
				st.mu.Lock()
				st.want = append(st.want, n)
				st.mu.Unlock()
			}
		}
	}
	room, other := rooms[h.random.IntN(len(rooms))], rooms[h.random.IntN(len(rooms))]
	switch way := h.random.IntN(12); {
	case way < 2:
		h.io.Emit("m", n)
		note(func(string, *story) bool { return true })
	case way < 6:
		h.io.To(room).Emit("m", n, []byte{byte(n)})
		note(func(_ string, st *story) bool { return st.rooms[room] })
	case way < 8:
		h.io.Except(room, other).Emit("m", n, "text")
		note(func(_ string, st *story) bool { return !st.rooms[room] && !st.rooms[other] })
	case len(ids) == 0:
	case way < 10:
		chosen := ids[h.random.IntN(len(ids))]
		h.io.To(chosen, room).Emit("m", n)
		note(func(id string, st *story) bool { return id == chosen || st.rooms[room] })
	case way < 11:
		chosen := ids[h.random.IntN(len(ids))]
		st := h.story(chosen)
		st.mu.Lock()
		s := st.socket
		st.mu.Unlock()
		if s.Emit("m", n) == nil {
			note(func(id string, _ *story) bool { return id == chosen })
		}
	default:
		h.io.Volatile().Emit("v", fmt.Sprint("a text ", n)) // which a client takes for an offset
	}
}
