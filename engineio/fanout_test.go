package engineio_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

type noGate struct{}

func (noGate) Open() bool { return false }

// A fan-out queues by the same rules as a Send, and at the same place in each outbox: what was queued before comes before.
func TestFanOutKeepsTheRulesOfSend(t *testing.T) {
	bubble(t, &engineio.Options{OutboxPackets: 2}, nil, func(t *testing.T, s *site) {
		first, a := s.openPolling()
		_, full := s.openPolling()
		_, closed := s.openPolling()
		gated, g := s.openPolling()
		last, b := s.openPolling()
		a.Send(text("before"))
		full.Send(text("1"))
		full.Send(text("2"))
		closed.CloseWith(engineio.ForcedClose, nil)

		ps := []*packet.Prepared{text("all")}
		out := s.engine.FanOut()
		for _, c := range []struct {
			conn     *engineio.Conn
			gate     engineio.Gate
			volatile bool
			want     error
		}{
			{a.Conn, nil, true, engineio.ErrDropped},
			{a.Conn, nil, false, nil},
			{full.Conn, nil, false, engineio.ErrBufferFull},
			{closed.Conn, nil, false, engineio.ErrClosed},
			{g.Conn, noGate{}, false, engineio.ErrClosed},
			{b.Conn, nil, false, nil},
		} {
			c.conn.Prefetch()
			if err := out.Enqueue(c.conn, c.gate, c.volatile, ps); err != c.want {
				t.Errorf("%v, want %v", err, c.want)
			}
		}
		out.Flush()
		if e := <-full.closed; e != (ending{engineio.TransportError, engineio.ErrBufferFull}) {
			t.Errorf("closed: %v", e)
		}
		g.Send(text("its own"))
		b.Send(text("after"))
		s.want(s.get(first), 200, "4before\x1e4all")
		s.want(s.get(gated), 200, "4its own")
		s.want(s.get(last), 200, "4all\x1e4after")
	})
}

// Fan-outs of several goroutines, to few and to many, reach every receiver, each goroutine's in its order, however much
// waits: at a great many the fan-out writes itself.
func TestFanOutsReachEverybody(t *testing.T) {
	const senders, messages = 4, 200
	s := loopback(t, &engineio.Options{OutboxPackets: 1 << 20}, ignore)
	var conns []*engineio.Conn
	var readers, writers sync.WaitGroup
	for range 20 {
		w, _, p := s.openWebSocket()
		conns = append(conns, p.Conn)
		readers.Go(func() {
			var next [senders]int
			for range senders * messages {
				_, payload, err := w.frame()
				if err != nil || len(payload) < 3 {
					t.Errorf("%q, %v", payload, err)
					return
				}
				who := payload[1] - 'a'
				if n, _ := strconv.Atoi(string(payload[2:])); n != next[who] {
					t.Errorf("%q after %d", payload, next[who]-1)
					return
				}
				next[who]++
			}
		})
	}
	for who := range senders {
		writers.Go(func() {
			for i := range messages {
				ps := []*packet.Prepared{text(string(rune('a'+who)) + strconv.Itoa(i))}
				for rest := conns; len(rest) > 0; {
					n := min(1+(i*7)%len(conns), len(rest)) // one receiver, some, all
					out := s.engine.FanOut()
					for _, c := range rest[:n] {
						out.Enqueue(c, nil, false, ps)
					}
					out.Flush()
					rest = rest[n:]
				}
			}
		})
	}
	writers.Wait()
	readers.Wait()
}
