package engineio_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Hurry asks at once, and ends a session that does not answer in time; one that answers goes on as before.
func TestHurry(t *testing.T) {
	bubble(t, nil, echo, func(t *testing.T, s *site) {
		w, _, p := s.openWebSocket()
		start := time.Now()
		p.Hurry(2 * time.Second)
		p.Hurry(time.Hour) // can't put it off
		w.wantText("2")
		w.send("3")
		synctest.Wait()
		time.Sleep(20 * time.Second)
		w.send("4still there")
		w.wantText("4still there")
		w.wantText("2") // the heartbeat
		if after := time.Since(start); after != 25*time.Second {
			t.Errorf("the next ping after %v", after)
		}
		p.Hurry(2 * time.Second) // while the pong is awaited
		w.wantClose(noCode)
		if e := <-p.closed; e != (ending{engineio.PingTimeout, nil}) {
			t.Errorf("closed: %v", e)
		}
		if after := time.Since(start); after != 27*time.Second {
			t.Errorf("closed after %v", after)
		}
		p.Hurry(time.Second) // too late for anything
	})
}
