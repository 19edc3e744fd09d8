package engineio_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// An outbox has room for a number of packets and bytes. One message may overshoot, so large messages pass. At the limit
// a volatile packet is dropped; any other closes the peer, which does not read.
func TestOutboxLimits(t *testing.T) {
	for _, tt := range []struct {
		name    string
		o       engineio.Options
		message []*packet.Prepared
		fits    int
		amount  int
	}{
		{"packets", engineio.Options{OutboxPackets: 4}, []*packet.Prepared{text("a")}, 4, 4},
		{"packets of a message together", engineio.Options{OutboxPackets: 4}, []*packet.Prepared{text("a"), text("b"), text("c")}, 2, 6},
		{"bytes", engineio.Options{OutboxBytes: 1000}, []*packet.Prepared{text(strings.Repeat("a", 400))}, 3, 1200},
		{"one large message", engineio.Options{OutboxBytes: 1000}, []*packet.Prepared{text(strings.Repeat("a", 5000))}, 1, 5000},
		{"default packets", engineio.Options{}, []*packet.Prepared{text("a")}, 1024, 1024},
		{"default bytes", engineio.Options{}, []*packet.Prepared{text(strings.Repeat("a", 1<<17))}, 8, 1 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, &tt.o, nil, func(t *testing.T, s *site) {
				_, p := s.openPolling()
				for i := range tt.fits {
					if err := p.Send(tt.message...); err != nil {
						t.Fatalf("message %d: %v", i, err)
					}
				}
				if n := p.BufferedAmount(); n != tt.amount {
					t.Errorf("buffered %d, want %d", n, tt.amount)
				}
				if err := p.SendVolatile(text("v")); err != engineio.ErrDropped {
					t.Errorf("volatile: %v", err)
				}
				if err := p.Send(text("x")); err != engineio.ErrBufferFull {
					t.Errorf("one too many: %v", err)
				}
				if e := <-p.closed; e != (ending{engineio.TransportError, engineio.ErrBufferFull}) {
					t.Errorf("closed: %v", e)
				}
				if err := p.Send(text("x")); err != engineio.ErrClosed || p.BufferedAmount() != 0 {
					t.Errorf("after: %v, %d buffered", err, p.BufferedAmount())
				}
			})
		})
	}
}

// A session's own packets do not count: a ping must not close a peer that is merely slow.
func TestPingDoesNotOverflow(t *testing.T) {
	o := suite()
	o.OutboxPackets = 1
	bubble(t, o, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		p.Send(text("a"))
		time.Sleep(350 * time.Millisecond)
		s.want(s.get(q), 200, "4a\x1e2")
	})
}

// Volatile packets leave at once or not at all.
func TestVolatile(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		q, p := s.openPolling()
		if err := p.SendVolatile(text("no poll")); err != engineio.ErrDropped {
			t.Errorf("without a poll: %v", err)
		}
		poll := later(func() answer { return s.get(q) })
		synctest.Wait()
		if err := p.SendVolatile(text("v1"), text("v2")); err != nil {
			t.Errorf("with a poll: %v", err)
		}
		s.want(<-poll, 200, "4v1\x1e4v2")

		w, _, p := s.openWebSocket()
		synctest.Wait()
		if err := p.SendVolatile(text("v")); err != nil {
			t.Errorf("WebSocket: %v", err)
		}
		if err := p.SendVolatile(text("busy")); err != engineio.ErrDropped { // the pipe has no buffer
			t.Errorf("WebSocket that is not read: %v", err)
		}
		w.wantText("4v")
		synctest.Wait()
		flush, err := p.EnqueueVolatile(text("w"))
		if !flush || err != nil {
			t.Errorf("enqueue: %v %v", flush, err)
		}
		if err := p.SendVolatile(text("behind")); err != engineio.ErrDropped {
			t.Errorf("outbox not empty: %v", err)
		}
		p.Flush()
		w.wantText("4w")
	})
}

// A peer that does not read at all is given up after the write timeout, and Send has not waited for it.
func TestPeerNotReading(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		_, _, p := s.openWebSocket()
		start := time.Now()
		for range 10 {
			if err := p.Send(text("a")); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("Send took %v", d)
		}
		e := <-p.closed
		if d := time.Since(start); e.reason != engineio.TransportError || e.err == nil || d != 10*time.Second {
			t.Errorf("closed: %v after %v", e, d)
		}
	})
}

// The order of packets is that of their Enqueue, whoever flushes and when.
func TestOrderIsFixedAtEnqueue(t *testing.T) {
	s := loopback(t, nil, ignore)
	w, _, p := s.openWebSocket()
	const n = 1000
	var order sync.Mutex
	var want []string
	var senders sync.WaitGroup
	for g := range 4 {
		senders.Go(func() {
			for i := range n {
				m := fmt.Sprint(g, "-", i)
				order.Lock()
				flush, err := p.Enqueue(text(m))
				want = append(want, "4"+m)
				order.Unlock()
				switch {
				case err != nil:
					t.Error(err)
				case flush && i%3 == 0:
					p.FlushSoon()
				case flush:
					p.Flush()
				}
				if i%64 == 0 {
					for p.BufferedAmount() > 1000 {
						time.Sleep(time.Millisecond)
					}
				}
			}
		})
	}
	got := make([]string, 4*n)
	for i := range got {
		got[i] = w.text()
	}
	senders.Wait()
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("message %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// What a small socket buffer cuts in the middle of frames arrives whole: a reader that is slow, and messages of many
// sizes that are written in all ways there are.
func TestPartialWrites(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, start, smallBuffers{l}, dialSmall(l.Addr().String()), &engineio.Options{OutboxBytes: 8 << 20}, ignore)
	w, _, p := s.openWebSocket()
	sizes := []int{0, 1, 124, 125, 126, 5000, 15_000, 17_000, 65_534, 65_535, 70_000, 300_000}
	const rounds = 8
	done := later(func() error {
		for r := range rounds {
			for i, n := range sizes {
				m := message(i%2 == 1, []byte(strings.Repeat(string(rune('a'+(r+i)%26)), n)))
				if r%2 == 1 {
					m = single(m.Packet)
				}
				if err := p.Send(m); err != nil {
					return err
				}
				for p.BufferedAmount() > 1<<20 {
					time.Sleep(time.Millisecond)
				}
			}
		}
		return nil
	})
	for r := range rounds {
		for i, n := range sizes {
			first, payload, err := w.frame()
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Repeat(string(rune('a'+(r+i)%26)), n)
			if i%2 == 0 {
				want = "4" + want
			}
			if string(payload) != want || (first == 0x82) != (i%2 == 1) {
				t.Fatalf("round %d: message of %d bytes arrived as %#x of %d", r, n, first, len(payload))
			}
			if r%3 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// single is a packet for one receiver, in memory that is used again.
func single(p packet.Packet) *packet.Prepared {
	s := packet.NewSingle(len(p.Data))
	p.Data = append(s.Room(), p.Data...)
	s.Packet = p
	return s
}

// smallBuffers accepts connections with small socket buffers.
type smallBuffers struct{ net.Listener }

func (l smallBuffers) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	if err == nil {
		nc.(*net.TCPConn).SetWriteBuffer(4 << 10)
	}
	return nc, err
}

// The loopback is a long row of system calls, and no goroutine waits to write: the send buffer of a peer that reads
// nothing takes some, the outbox the rest, and the peer is closed.
func TestOutboxFullOnTCP(t *testing.T) {
	s := loopback(t, nil, ignore)
	_, _, p := s.openWebSocket()
	m := text(strings.Repeat("a", 100_000))
	for range 1000 {
		if err := p.Send(m); err != nil {
			if err != engineio.ErrBufferFull {
				t.Error(err)
			}
			if e := <-p.closed; e != (ending{engineio.TransportError, engineio.ErrBufferFull}) {
				t.Errorf("closed: %v", e)
			}
			return
		}
	}
	t.Error("100 MB went nowhere")
}

// sinkAll reads and forgets, without allocating.
func sinkAll(nc net.Conn) {
	io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{nc}, make([]byte, 64<<10))
}

// A transport that would block has more to write, also when nothing is queued any more: the answer to a ping on a
// connection that is no plain one.
func TestWhatATransportHasLeftIsWritten(t *testing.T) {
	bubble(t, nil, nil, func(t *testing.T, s *site) {
		w, _, _ := s.openWebSocket()
		synctest.Wait() // until nobody writes any more
		start := time.Now()
		w.write(maskedFrame(0x89, "are you there"))
		if first, payload, err := w.frame(); err != nil || first != 0x8a || string(payload) != "are you there" {
			t.Errorf("frame %#x %q %v", first, payload, err)
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("it came after %v, with the next packet", d)
		}
	})
}
