package socketio_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// Whatever MaxPayload allows fits into the inbox, however small that is.
func TestAnInboxTakesTheLargestMessage(t *testing.T) {
	for _, size := range []int{1 << 10, 1 << 20, math.MaxInt} {
		server, web := serve(t, &socketio.Options{InboxBytes: size, Engine: engineio.Options{MaxPayload: 18 << 20}})
		server.OnCall("length", func(_ ctx, _ *socketio.Socket, v string) (int, error) { return len(v), nil })
		p := dialWebSocket(t, web)
		p.join("/")
		const length = 17 << 20
		p.send(`21["length","` + strings.Repeat("a", length) + `"]`)
		p.expect(fmt.Sprintf(`31[%d]`, length))
	}
}

// A handler may wait for the end of its socket with a full inbox behind it: after one heartbeat the server
// reads on, and misses the pong.
func TestAPausedReaderLearnsThatThePeerHasGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{InboxBytes: 4 << 10})
		ended := make(chan time.Time, 1)
		server.On("wait", func(c ctx, _ *socketio.Socket, _ struct{}) error {
			<-c.Done()
			ended <- time.Now()
			return nil
		})
		p := dial()
		s := find(t, server.Namespace, p.join("/"))
		p.send(append([]string{`2["wait"]`}, slices.Repeat([]string{`2["n"]`}, 20)...)...)
		synctest.Wait()
		if !s.InboxPaused() {
			t.Fatal("the reader goes on")
		}
		start := time.Now()
		p.mute(start)
		if after := (<-ended).Sub(start); after < 45*time.Second || after > 70*time.Second { // a heartbeat, and time for the pong
			t.Errorf("after %v", after)
		}
	})
}

// A peer that stays loses nothing to a handler that takes longer than a heartbeat.
func TestASlowHandlerKeepsItsPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, &socketio.Options{InboxBytes: 4 << 10})
		handled := 0
		server.On("slow", func(ctx, *socketio.Socket, struct{}) error { time.Sleep(10 * time.Minute); return nil })
		server.On("n", func(ctx, *socketio.Socket, struct{}) error { handled++; return nil })
		server.OnCall("count", func(ctx, *socketio.Socket, struct{}) (int, error) { return handled, nil })
		p := dial()
		p.join("/")
		p.send(append(append([]string{`2["slow"]`}, slices.Repeat([]string{`2["n"]`}, 40)...), `21["count"]`)...)
		p.expect(`31[40]`)
	})
}
