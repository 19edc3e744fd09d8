package socketio_test

import (
	"encoding/json"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
)

// Clients are away for up to 110 s, again and again for minutes, while ten events a second go to all: each is
// recovered every time, and has every event once, in order.
func TestAwayForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{Recovery: new(socketio.Recovery)})
		var dialing sync.Mutex
		over := make(chan struct{})
		var emitting, clients sync.WaitGroup
		emitting.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				case <-time.After(100 * time.Millisecond):
					server.Emit("n", n)
				}
			}
		})
		for i := range 10 {
			random := rand.New(rand.NewPCG(7, uint64(i)))
			clients.Go(func() {
				open := func() *peer {
					dialing.Lock()
					defer dialing.Unlock()
					return dial()
				}
				p := open()
				c := enter(t, p)
				next := -1
				read := func(most int) bool { // until the answer to CONNECT, or so many events
					for range most {
						got := p.next()
						if got == c.welcome() {
							return true
						}
						var event []any
						if json.Unmarshal([]byte(c.got(t, got)[1:]), &event) != nil {
							t.Errorf("client %d: %s", i, got)
							return false
						}
						n := int(event[1].(float64))
						if next >= 0 && n != next {
							t.Errorf("client %d: event %d, want %d", i, n, next)
							return false
						}
						next = n + 1
					}
					return false
				}
				for round := range 6 {
					read(random.IntN(100))
					p.link.close()
					time.Sleep(time.Duration(100+random.IntN(110_000)) * time.Millisecond)
					p = open()
					p.send(c.connect())
					if !read(5000) {
						t.Errorf("client %d was not recovered in round %d", i, round)
						return
					}
				}
			})
		}
		clients.Wait()
		close(over)
		emitting.Wait()
		if st := server.Stats(); st.Recovered != 60 || st.NotRecovered != 0 {
			t.Errorf("%+v", st)
		}
	})
}
