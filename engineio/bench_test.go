package engineio_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// receivers are n WebSocket sessions on the loopback whose clients read and forget.
func receivers(t testing.TB, n int) []*engineio.Conn {
	_, conns := crowd(t, n)
	return conns
}

// crowd is the same with the server.
func crowd(t testing.TB, n int) (*engineio.Server, []*engineio.Conn) {
	s := loopback(t, &engineio.Options{OutboxPackets: 1 << 20, OutboxBytes: 1 << 30}, ignore)
	conns := make([]*engineio.Conn, n)
	var readers sync.WaitGroup
	for i := range conns {
		w, _, p := s.openWebSocket()
		conns[i] = p.Conn
		readers.Go(func() { sinkAll(w.nc) })
	}
	t.Cleanup(func() {
		s.engine.Close()
		readers.Wait()
	})
	return s.engine, conns
}

func drained(c *engineio.Conn) {
	for c.BufferedAmount() > 0 {
		time.Sleep(50 * time.Microsecond)
	}
}

// The road out costs nothing on the heap: not for a frame that has many receivers, not for those that wait.
func TestAllocsOnTheRoadOut(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s, conns := crowd(t, 8)
	p := text(strings.Repeat("a", 64))
	one := []*packet.Prepared{p}
	for name, f := range map[string]func(c *engineio.Conn){
		"Send":             func(c *engineio.Conn) { c.Send(one...) },
		"SendVolatile":     func(c *engineio.Conn) { c.SendVolatile(one...) },
		"Enqueue, Flush":   func(c *engineio.Conn) { c.Enqueue(one...); c.Flush() },
		"Enqueue, soon":    func(c *engineio.Conn) { c.Enqueue(one...); c.FlushSoon() },
		"3 Enqueue, Flush": func(c *engineio.Conn) { c.Enqueue(one...); c.Enqueue(one...); c.Enqueue(one...); c.Flush() },
	} {
		got := testing.AllocsPerRun(200, func() {
			for _, c := range conns {
				f(c)
			}
		})
		if got/float64(len(conns)) >= 0.5 { // a timer or the pool may allocate now and then
			t.Errorf("%s: %v allocations for %d deliveries", name, got, len(conns))
		}
		for _, c := range conns {
			drained(c)
		}
	}
	if got := testing.AllocsPerRun(200, func() { fanOut(s, conns, p) }); got >= 4 { // one for each other receiver would be as many
		t.Errorf("a fan-out: %v allocations for %d deliveries", got, len(conns))
	}
}

// The road in costs at most one object a message, its data, which is the receiver's; short ones that were read together
// share it.
func TestAllocsOnTheRoadIn(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	var got atomic.Int64
	s := loopback(t, nil, func(*engineio.Conn, engineio.Message) { got.Add(1) })
	w, _, _ := s.openWebSocket()
	var burst []byte
	const n = 100
	for range n {
		burst = append(burst, maskedFrame(0x81, "4"+strings.Repeat("a", 64))...)
	}
	want := int64(0)
	if per := testing.AllocsPerRun(100, func() {
		w.nc.Write(burst)
		for want += n; got.Load() < want; {
			runtime.Gosched()
		}
	}) / n; per > 0.3 {
		t.Errorf("%v allocations a message", per)
	}
}

// BenchmarkSend is one delivery to one of 100 receivers, written at once.
func BenchmarkSend(b *testing.B) {
	conns := receivers(b, 100)
	p := text(strings.Repeat("a", 64))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := conns[i%len(conns)].Send(p); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkAnswer is eight packets for one receiver, written together.
func BenchmarkAnswer(b *testing.B) {
	for _, size := range []int{64, 1 << 10, 3 << 10, 5 << 10, 64 << 10} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			c := receivers(b, 1)[0]
			data := []byte(strings.Repeat("a", size))
			b.ReportAllocs()
			for b.Loop() {
				c.AwaitRoom()
				for range 8 {
					p := packet.NewSingle(0)
					p.Packet = packet.Packet{Type: packet.Message, Binary: true, Data: data}
					c.Enqueue(p)
				}
				c.Flush()
			}
		})
	}
}

// BenchmarkBroadcast is one packet to 1,000 receivers: queued for all, then flushed for all, at once, by the flushers, or as a
// fan-out. The figure that counts is ns/delivery.
func BenchmarkBroadcast(b *testing.B) {
	for name, flush := range map[string]func(*engineio.Conn){
		"Flush":     (*engineio.Conn).Flush,
		"FlushSoon": (*engineio.Conn).FlushSoon,
	} {
		b.Run(name, func(b *testing.B) {
			broadcast(b, 1000, func(_ *engineio.Server, conns []*engineio.Conn, p *packet.Prepared) {
				for _, c := range conns {
					if due, _ := c.Enqueue(p); due {
						flush(c)
					}
				}
			})
		})
	}
	b.Run("FanOut", func(b *testing.B) { broadcast(b, 1000, fanOut) })
}

// BenchmarkFanOut is one packet to each ten of 5,000 receivers, as in many rooms: each has left before the
// next, and what it needs of a receiver is in no cache any more when its turn comes again.
func BenchmarkFanOut(b *testing.B) {
	broadcast(b, 5000, func(s *engineio.Server, all []*engineio.Conn, p *packet.Prepared) {
		for conns := all; len(conns) > 0; conns = conns[10:] {
			fanOut(s, conns[:10], p)
		}
		for _, c := range all {
			drained(c)
		}
	})
}

// fanOut sends p as the layer above does.
func fanOut(s *engineio.Server, conns []*engineio.Conn, p *packet.Prepared) {
	ps := []*packet.Prepared{p}
	f := s.FanOut()
	defer f.Flush()
	for i, c := range conns {
		if i%engineio.Ahead == 0 {
			for _, c := range conns[i:min(i+engineio.Ahead, len(conns))] {
				c.Prefetch()
			}
		}
		f.Enqueue(c, nil, false, ps)
	}
}

// broadcast measures what it takes to send a packet to n receivers.
func broadcast(b *testing.B, n int, send func(*engineio.Server, []*engineio.Conn, *packet.Prepared)) {
	s, conns := crowd(b, n)
	p := text(strings.Repeat("a", 64))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		send(s, conns, p)
	}
	for _, c := range conns {
		drained(c)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/delivery")
}

// BenchmarkPolling is an echo over polling: a GET that waits, and the POST that answers it, on connections that stay.
func BenchmarkPolling(b *testing.B) {
	s := loopback(b, nil, echo)
	q, _ := s.openPolling()
	dial := func() (net.Conn, *bufio.Reader) {
		nc, err := s.dial(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { nc.Close() })
		return nc, bufio.NewReader(nc)
	}
	getConn, getReader := dial()
	postConn, postReader := dial()
	const head = " HTTP/1.1\r\nHost: example.test\r\nUser-Agent: bench\r\nAccept: */*\r\n"
	get := []byte("GET /engine.io/?" + q + head + "\r\n")
	post := []byte("POST /engine.io/?" + q + head + "Content-Type: text/plain\r\nContent-Length: 6\r\n\r\n4hello")
	answer := func(r *bufio.Reader) {
		res, err := http.ReadResponse(r, nil)
		if err != nil || res.StatusCode != 200 {
			b.Fatal(res, err)
		}
		io.Copy(io.Discard, res.Body)
	}
	b.ReportAllocs()
	for b.Loop() {
		getConn.Write(get)
		postConn.Write(post)
		answer(postReader)
		answer(getReader)
	}
}

// BenchmarkCompressedBroadcast is one packet of 4 KiB to 100 receivers that agreed to permessage-deflate, beside the same
// without it: the packet is compressed once, so what it costs a receiver is a hundredth of that.
func BenchmarkCompressedBroadcast(b *testing.B) {
	for name, o := range map[string]*engineio.PerMessageDeflate{"plain": nil, "deflate": {}, "deflate, fast": {Level: 1}} {
		b.Run(name, func(b *testing.B) {
			s := loopback(b, &engineio.Options{PerMessageDeflate: o, OutboxPackets: 1 << 20, OutboxBytes: 1 << 30}, ignore)
			conns := make([]*engineio.Conn, 100)
			var readers sync.WaitGroup
			for i := range conns {
				w, _ := s.request("EIO=4&transport=websocket", offer, "")
				w.message() // the open packet
				conns[i] = (<-s.opened).Conn
				readers.Go(func() { sinkAll(w.nc) })
			}
			b.Cleanup(func() {
				s.engine.Close()
				readers.Wait()
			})
			body := []byte(strings.Repeat(`{"user":"Ann","text":"what we say, we say again"},`, 4<<10/50))
			b.ReportAllocs()
			for b.Loop() {
				p := message(false, body)
				for _, c := range conns {
					if due, _ := c.Enqueue(p); due {
						c.Flush()
					}
				}
			}
			for _, c := range conns {
				drained(c)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(conns)), "ns/delivery")
		})
	}
}
