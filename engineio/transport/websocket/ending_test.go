package websocket

import (
	"bytes"
	"errors"
	"io"
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

// endingSink is a session that ends with its transport.
type endingSink struct{ idleSink }

func (endingSink) Closed(t transport.Transport, _ transport.Cause, _ error) {
	t.Close(transport.Orderly)
}

// A peer that goes on sending after the end is not read for ever, nor for as long as lingering may take.
func TestGoodbyeToAFlood(t *testing.T) {
	for name, flood := range map[string][]byte{
		"messages":     clientFrame(0x82, make([]byte, 1_000)),
		"empty frames": bytes.Repeat(clientFrame(0x82, nil), 100),
		"rubbish":      bytes.Repeat([]byte{0xff}, 1_000),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, nc := net.Pipe()
				defer nc.Close()
				tr := new(Transport)
				tr.start(server, nil, new(Options).WithDefaults())
				served := make(chan struct{})
				go func() {
					defer close(served)
					tr.Serve(endingSink{})
				}()
				if name == "rubbish" {
					go nc.Write(flood)
				} else {
					go tr.Close(transport.Orderly)
				}
				head := make([]byte, 2) // of the close frame
				if _, err := io.ReadFull(nc, head); err != nil || head[0] != 0x88 {
					t.Fatalf("got %x, %v", head, err)
				}
				go io.Copy(io.Discard, nc)
				start, sent := time.Now(), 0
				for {
					n, err := nc.Write(flood)
					if sent += n; err != nil {
						break
					}
				}
				<-served
				if most := 2 * drainBytes; sent > most || time.Since(start) > 0 {
					t.Errorf("read %d bytes and waited %v", sent, time.Since(start))
				}
			})
		})
	}
}
