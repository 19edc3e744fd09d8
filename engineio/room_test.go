package engineio_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Who answers can wait until half of the outbox is free again; nothing is lost and nobody is cut.
func TestAwaitRoom(t *testing.T) {
	bubble(t, &engineio.Options{OutboxPackets: 4}, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		for i := range 2 {
			if !p.AwaitRoom() {
				t.Fatalf("closed before message %d", i)
			}
			if err := p.Send(text(fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		made := make(chan bool)
		go func() { made <- p.AwaitRoom() }()
		synctest.Wait()
		select {
		case <-made:
			t.Fatal("there was no room")
		default:
		}
		s.want(s.get(q), 200, "40\x1e41")
		if !<-made {
			t.Error("the session is closed")
		}
	})
}

// A polling peer that asks and fetches nothing is cut after the write timeout, whoever else waits for it.
func TestAwaitRoomInVain(t *testing.T) {
	bubble(t, &engineio.Options{OutboxBytes: 1000}, nil, func(t *testing.T, s *site) {
		_, p := s.openPolling()
		if err := p.Send(text(strings.Repeat("a", 600))); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if p.AwaitRoom() {
			t.Error("there is room")
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("cut after %v", took)
		}
		if e := <-p.closed; e != (ending{engineio.TransportError, engineio.ErrBufferFull}) {
			t.Errorf("closed: %v", e)
		}
	})
}

// A session that ends sets free who waits for it.
func TestAwaitRoomEnds(t *testing.T) {
	bubble(t, &engineio.Options{OutboxPackets: 1}, nil, func(t *testing.T, s *site) {
		_, p := s.openPolling()
		p.Send(text("a"))
		made := make(chan bool)
		go func() { made <- p.AwaitRoom() }()
		synctest.Wait()
		p.CloseWith(engineio.ForcedClose, nil)
		if <-made {
			t.Error("the session is open")
		}
	})
}
