//go:build amd64 || arm64

package websocket

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"github.com/socketio-go/socketio/engineio/packet"
	"github.com/socketio-go/socketio/engineio/transport"
)

// parking is a lot with connections that echo.
type parking struct {
	t       *testing.T
	lot     *Lot
	running sync.WaitGroup
	o       *Options

	left, closed atomic.Int32
}

// newParking makes a lot in which peers stop being busy after silence. It is empty when the test ends.
func newParking(t *testing.T, silence time.Duration) *parking {
	p := &parking{t: t, o: new(Options).WithDefaults()}
	p.lot = NewLot(&p.running, func(*Transport) {
		p.left.Add(1)
		p.running.Done()
	})
	p.lot.silence = silence
	t.Cleanup(p.running.Wait)
	return p
}

// open opens a connection, and is its session.
func (p *parking) open() (*Transport, net.Conn) {
	p.t.Helper()
	server, client := tcpPair(p.t)
	return p.take(server), client
}

// take has the lot serve a connection.
func (p *parking) take(nc net.Conn) *Transport {
	tr := new(Transport)
	tr.start(nc, nil, p.o)
	p.running.Add(1)
	p.lot.Serve(tr, p)
	return tr
}

func (p *parking) Packet(t transport.Transport, in packet.Packet, _ http.Header) bool {
	_, err := t.Send([]*packet.Prepared{packet.Prepare(in)}, true)
	return err == nil
}

func (p *parking) Flush(transport.Transport) {}

func (p *parking) Closed(t transport.Transport, _ transport.Cause, _ error) {
	p.closed.Add(1)
	t.Close(transport.Orderly)
}

// call sends a message and reads its echo.
func call(c net.Conn, message string) error {
	if _, err := c.Write(clientFrame(0x81, []byte("4"+message))); err != nil {
		return err
	}
	h, err := ws.ReadHeader(c)
	if err != nil {
		return err
	}
	b := make([]byte, h.Length)
	if _, err := io.ReadFull(c, b); err != nil {
		return err
	}
	if string(b) != "4"+message {
		return fmt.Errorf("got %q, want the echo of %q", b, message)
	}
	return nil
}

// eventually waits for what is sure to come.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 60_000 {
		if is() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it does not come: " + what)
}

// Whose peer says nothing has no goroutine, neither at first, nor when it was woken, nor when it was busy for a while.
func TestIdleNeedsNoGoroutine(t *testing.T) {
	for _, silence := range []time.Duration{0, 50 * time.Millisecond} { // with 0 nobody is ever busy
		p := newParking(t, silence)
		before := runtime.NumGoroutine()
		idle := func() bool { return runtime.NumGoroutine() <= before+1 } // the watcher
		var clients []net.Conn
		for range 20 {
			_, c := p.open()
			clients = append(clients, c)
		}
		eventually(t, "all are parked", idle)
		for range 3 {
			for i, c := range clients {
				for range 1 + i%3 {
					if err := call(c, "hello"); err != nil {
						t.Fatal(err)
					}
				}
			}
			eventually(t, "all are parked again", idle)
		}
		for _, c := range clients {
			c.Close()
		}
		p.running.Wait()
		if n := p.left.Load(); n != 20 || p.closed.Load() != 20 {
			t.Errorf("%d of 20 left, %d were told of their end", n, p.closed.Load())
		}
	}
}

// Peers come, speak and go at any moment, some parked, some busy, some about to become either; some are closed by this
// side meanwhile. Nothing that is said is lost or said twice, and all leave, once.
func TestNobodyIsLostInTheLot(t *testing.T) {
	p := newParking(t, 2*time.Millisecond)
	const peers = 24
	var wg sync.WaitGroup
	for i := range peers {
		tr, c := p.open()
		random := rand.New(rand.NewPCG(1, uint64(i)))
		ending := i % 4 // 0: the peer closes, 1: this side does, 2: this side cuts, 3: the peer says something and closes
		wg.Go(func() {
			defer c.Close()
			for n := range 150 {
				if err := call(c, fmt.Sprintf("%d of peer %d", n, i)); err != nil {
					t.Errorf("peer %d: %v", i, err)
					return
				}
				if random.IntN(4) == 0 {
					time.Sleep(time.Duration(random.IntN(5)) * time.Millisecond)
				}
			}
			switch ending {
			case 1, 2:
				tr.Close([]transport.Ending{1: transport.Orderly, 2: transport.Cut}[ending])
				for { // a close frame, or nothing
					if _, err := c.Read(make([]byte, 64)); err != nil {
						return
					}
				}
			case 3:
				c.Write(clientFrame(0x81, []byte("4the last word")))
			}
		})
	}
	wg.Wait()
	p.running.Wait()
	if n := p.left.Load(); n != peers {
		t.Errorf("%d of %d left", n, peers)
	}
	if n := p.closed.Load(); n != peers/2 {
		t.Errorf("%d were told that their peer ended, want %d", n, peers/2)
	}
}

// An end that comes together with the last words is not overlooked.
func TestEndBehindTheLastWords(t *testing.T) {
	p := newParking(t, time.Second)
	for range 50 {
		_, c := p.open()
		if _, err := c.Write(clientFrame(0x81, []byte("4bye"))); err != nil {
			t.Fatal(err)
		}
		c.(*net.TCPConn).CloseWrite()
		if b, _ := io.ReadAll(c); string(b[:min(len(b), 6)]) != "\x81\x044bye" {
			t.Fatalf("got %q", b)
		}
		c.Close()
	}
	p.running.Wait()
}

// The lot is a convenience: where the kernel does not watch, a connection has a goroutine, as with TLS.
func TestLotServesAnyConnection(t *testing.T) {
	p := newParking(t, time.Second)
	server, client := net.Pipe()
	p.take(server)
	go client.Write(clientFrame(0x81, []byte("4x")))
	if h, err := ws.ReadHeader(client); err != nil || h.Length != 2 {
		t.Fatal(h, err)
	}
	client.Close()
	p.running.Wait()
	if p.left.Load() != 1 {
		t.Error("it did not leave")
	}
}
