package websocket

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// A write that failed may have left half a frame behind, so nothing is written after it.
func TestNothingFollowsATornFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, nc := net.Pipe()
		ended := make(chan struct{})
		c := accepted(t, server, nc, &Options{WriteTimeout: time.Second}, func(c *Conn) {
			defer close(ended)
			if err := c.Write(false, make([]byte, 100)); err == nil {
				t.Error("a frame of which half was taken was written")
			}
			if err := c.Write(false, []byte("next")); !errors.Is(err, net.ErrClosed) {
				t.Errorf("write after that: %v", err)
			}
			if err := c.Close(CodeNormal, ""); !errors.Is(err, net.ErrClosed) {
				t.Errorf("close after that: %v", err)
			}
		})
		if _, err := nc.Read(make([]byte, 50)); err != nil {
			t.Fatal(err)
		}
		<-ended
		c.wantEnd()
	})
}

// deadlines is a connection that notes the deadlines of its reader, and is slow to set those that have passed already.
type deadlines struct {
	net.Conn
	gate chan struct{}

	mu    sync.Mutex
	order []string
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	note := "later"
	if t.Before(time.Now()) {
		<-d.gate
		note = "past"
	}
	d.mu.Lock()
	d.order = append(d.order, note)
	d.mu.Unlock()
	return d.Conn.SetReadDeadline(t)
}

// idleSink is a session that keeps nothing.
type idleSink struct{}

func (idleSink) Packet(transport.Transport, packet.Packet, http.Header) bool { return true }
func (idleSink) Flush(transport.Transport)                                   {}
func (idleSink) Closed(transport.Transport, transport.Cause, error)          {}

// Close interrupts the reader by a deadline in the past. The one that the reader sets for the peer's close frame comes
// after it, or the goodbye would end before the peer could answer.
func TestGoodbyeFollowsTheInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, nc := net.Pipe()
		d := &deadlines{Conn: server, gate: make(chan struct{})}
		tr := new(Transport)
		tr.start(d, nil, new(Options).WithDefaults())
		served := make(chan struct{})
		go func() {
			defer close(served)
			tr.Serve(idleSink{})
		}()
		synctest.Wait()
		go tr.Close(transport.Orderly)
		synctest.Wait()
		go nc.Write(clientFrame(0x81, []byte("abc"))) // reading ends by itself meanwhile
		synctest.Wait()
		close(d.gate)
		c := &client{t, nc, nc}
		c.want(ws.OpClose, "")
		time.Sleep(lingerTime / 2)
		go nc.Write(clientFrame(0x88, nil))
		start := time.Now()
		<-served
		if d := time.Since(start); d != 0 {
			t.Errorf("waited %v", d)
		}
		if want := []string{"past", "later"}; !slices.Equal(d.order, want) {
			t.Errorf("deadlines %q, want %q", d.order, want)
		}
		nc.Close()
	})
}
