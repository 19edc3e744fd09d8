package socketio_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
)

// Questions and answers carry binary in both directions, over each transport.
func TestQuestionsAndAnswersCarryBinary(t *testing.T) {
	transports(t, func(t *testing.T, dial func(testing.TB, *httptest.Server) *peer) {
		server, web := serve(t, nil)
		server.OnCall("woot", func(_ ctx, _ *socketio.Socket, b []byte) (socketio.Args2[int, []byte], error) {
			return socketio.Args2[int, []byte]{A: len(b), B: b}, nil
		})
		p := dial(t, web)
		s := find(t, server.Namespace, p.join("/"))
		p.sendBinary(`51-7["woot",{"_placeholder":true,"num":0}]`, "abc")
		p.expect(`61-7[3,{"_placeholder":true,"num":0}]`, `<abc>`)

		answered := make(chan error, 1)
		go func() {
			b, err := s.Call[[]byte](t.Context(), "hi", []byte("1234"))
			if err == nil && string(b) != "5678" {
				err = errors.New("answered with " + string(b))
			}
			answered <- err
		}()
		p.expect(`51-0["hi",{"_placeholder":true,"num":0}]`, `<1234>`)
		p.sendBinary(`61-0[{"_placeholder":true,"num":0}]`, "5678")
		if err := <-answered; err != nil {
			t.Error(err)
		}
	})
}

// A timeout ends the wait for an answer that does not come in time; one that comes in time is not disturbed by it, one
// that comes late is nothing.
func TestATimeoutOfAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, dial := serveInMemory(t, nil)
		p := dial()
		s := find(t, server.Namespace, p.join("/"))
		const limit = 50 * time.Millisecond
		for _, c := range []struct {
			name  string
			after time.Duration // until the answer
			want  error
		}{
			{"at once", 0, nil},
			{"in time", limit - 1, nil},
			{"late", limit + 1, context.DeadlineExceeded},
			{"never", 0, context.DeadlineExceeded},
		} {
			go func() {
				q := p.next()
				if c.name == "never" {
					return
				}
				time.Sleep(c.after)
				p.send(`3` + q[1:2] + `[42]`)
			}()
			start := time.Now()
			args, err := s.Timeout(limit).EmitWithAck(t.Context(), "echo", 42)
			if !errors.Is(err, c.want) || (err == nil) != (len(args) == 1) {
				t.Errorf("%s: %v, %v", c.name, args, err)
			}
			want := c.after
			if c.want != nil {
				want = limit
			}
			if waited := time.Since(start); waited != want {
				t.Errorf("%s: waited %v, want %v", c.name, waited, want)
			}
			synctest.Wait()
			time.Sleep(time.Second)
			if own, conn := s.Awaited(); own != 0 || conn != 0 {
				t.Errorf("%s: %d and %d acknowledgements awaited", c.name, own, conn)
			}
		}
	})
}
