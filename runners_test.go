package socketio_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio"
)

// Runners wait a moment for more to do, then there is none: however many were at work at once.
func TestIdleRunnersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := socketio.NewRunners()
		var busy sync.WaitGroup
		stay := make(chan bool)
		for range 200 {
			busy.Add(1)
			r.Run(func() { busy.Done(); <-stay })
		}
		busy.Wait()
		if n := r.Alive(); n != 200 {
			t.Errorf("%d runners for 200 sockets that are busy at once", n)
		}
		close(stay)
		synctest.Wait()
		few := r.Alive()
		if few == 0 || few > 64 {
			t.Errorf("%d runners wait", few)
		}
		for range 1000 {
			r.Run(func() {})
			synctest.Wait()
		}
		if n := r.Alive(); n != few {
			t.Errorf("%d runners instead of %d, although one would do", n, few)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if n := r.Alive(); n != 0 {
			t.Errorf("%d runners wait for ever", n)
		}
		r.Run(func() {})
		synctest.Wait()
		r.Close()
		synctest.Wait()
		if n := r.Alive(); n != 0 {
			t.Errorf("%d runners outlive the server", n)
		}
	})
}
