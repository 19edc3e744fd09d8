package webtransport

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/quicvarint"

	"github.com/socketio-go/socketio/engineio"
)

const (
	// maxGrowth is what an attack may make the server hold, the attacker's own memory in this process included.
	maxGrowth = 16 << 20
	// cutWithin is how long an attacker may keep a session.
	cutWithin = patience
)

// hostileOptions are short times: an attack by silence is to end within the test.
func hostileOptions() *engineio.Options {
	return &engineio.Options{
		UpgradeTimeout: time.Second, PingInterval: time.Second, PingTimeout: time.Second, MaxPayload: 100_000,
	}
}

// besiege runs an attack and fails if the heap grows by more than it may, during it or after, or if the server then does
// not serve others.
func besiege(t *testing.T, s *site, attack func(check func())) {
	t.Helper()
	base := live()
	check := func() {
		t.Helper()
		if grown := live() - base; grown > maxGrowth {
			t.Fatalf("the heap grew by %d MiB", grown>>20)
		}
	}
	attack(check)
	check()
	c := s.session()
	c.send("0")
	parseOpen(t, c.text())
	p := s.next()
	c.send("4hello")
	c.wantText("4hello")
	c.session.CloseWithError(0, "")
	receive(t, p.closed)
}

// live is what the heap holds that is still in use.
func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The first packet: whatever it is but the two that the protocol knows, the session ends and nothing is kept.
func TestHostileFirstPacket(t *testing.T) {
	s := newSite(t, hostileOptions(), echo)
	for name, first := range map[string]func(*client){
		"no stream":                  nil,
		"a stream without a byte":    func(c *client) { c.open() },
		"half a length":              func(c *client) { c.open(); c.write([]byte{126, 1}) },
		"half a frame":               func(c *client) { c.open(); c.write([]byte{31, '0', '{'}) },
		"a frame byte by byte":       func(c *client) { c.open(); trickle(c) },
		"garbage":                    func(c *client) { c.open(); c.write([]byte{1, 2, 3}) },
		"another packet":             func(c *client) { c.open(); c.send("4hello") },
		"a probe":                    func(c *client) { c.open(); c.send("2probe") },
		"a binary packet":            func(c *client) { c.open(); c.sendBinary([]byte("0")) },
		"base64":                     func(c *client) { c.open(); c.send("bMA==") },
		"no JSON":                    func(c *client) { c.open(); c.send("0{") },
		"another JSON":               func(c *client) { c.open(); c.send(`0["sid"]`) },
		"JSON that is deep":          func(c *client) { c.open(); c.send("0" + strings.Repeat("[", 90_000)) },
		"no sid":                     func(c *client) { c.open(); c.send("0{}") },
		"an empty sid":               func(c *client) { c.open(); c.send(`0{"sid":""}`) },
		"a sid that is a number":     func(c *client) { c.open(); c.send(`0{"sid":1}`) },
		"an unknown sid":             func(c *client) { c.open(); c.send(`0{"sid":"11111111111111111111"}`) },
		"the name of a prototype":    func(c *client) { c.open(); c.send(`0{"sid":"__proto__"}`) },
		"length 0":                   func(c *client) { c.open(); c.write([]byte{0}) },
		"length 0, binary":           func(c *client) { c.open(); c.write([]byte{0x80}) },
		"length 0 in nine bytes":     func(c *client) { c.open(); c.write([]byte("\x7f\x00\x00\x00\x00\x00\x00\x00\x00")) },
		"length 2^53+1":              func(c *client) { c.open(); c.write([]byte("\x7f\x00\x20\x00\x00\x00\x00\x00\x01")) },
		"length 2^63":                func(c *client) { c.open(); c.write([]byte("\xff\x80\x00\x00\x00\x00\x00\x00\x00")) },
		"length 2^64-1":              func(c *client) { c.open(); c.write([]byte("\x7f\xff\xff\xff\xff\xff\xff\xff\xff")) },
		"one byte more than allowed": func(c *client) { c.open(); c.write([]byte("\x7f\x00\x00\x00\x00\x00\x01\x86\xa1")) },
		"an upgrade to nothing":      func(c *client) { c.open(); c.send("5") },
		"two streams":                func(c *client) { c.open(); c.write([]byte{10}); c.open(); c.write([]byte{10}) },
	} {
		t.Run(name, func(t *testing.T) {
			besiege(t, s, func(func()) {
				c, _, err := s.dial(nil)
				if err != nil {
					t.Fatal(err)
				}
				if first != nil {
					first(c)
				}
				c.wantEnd()
				if n := s.engine.Count(); n != 0 {
					t.Errorf("%d sessions kept", n)
				}
			})
		})
	}
}

// trickle sends an endless frame, slowly.
func trickle(c *client) {
	c.write([]byte{126, 255, 255})
	c.t.Cleanup(func() { c.session.CloseWithError(0, "") })
	go func() {
		for {
			if _, err := c.stream.Write([]byte("0")); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
}

// In a session that stands, what is no packet ends it, with the reason of the reference.
func TestHostileFrame(t *testing.T) {
	s := newSite(t, hostileOptions(), echo)
	for name, tt := range map[string]struct {
		bytes string
		want  engineio.Reason
	}{
		"length 0":                   {"\x00", engineio.ParseError},
		"length 0, binary":           {"\x80", engineio.ParseError},
		"length 2^53+1":              {"\x7f\x00\x20\x00\x00\x00\x00\x00\x01", engineio.ParseError},
		"length 2^64-1, binary":      {"\xff\xff\xff\xff\xff\xff\xff\xff\xff", engineio.ParseError},
		"one byte more than allowed": {"\x7f\x00\x00\x00\x00\x00\x01\x86\xa1", engineio.ParseError},
		"an unknown type":            {"\x019", engineio.ParseError},
		"bad base64":                 {"\x03b!!", engineio.ParseError},
		"a ping from the client":     {"\x012", engineio.TransportError},
		"half a frame":               {"\x10abc", engineio.PingTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			besiege(t, s, func(func()) {
				c, _, p := s.connect()
				c.write([]byte(tt.bytes))
				if reason := receive(t, p.closed); reason != tt.want {
					t.Errorf("closed: %v, want %v", reason, tt.want)
				}
				c.wantEnd()
			})
		})
	}
}

// A frame of the largest size costs what has come of it, not what it says.
func TestHostileLength(t *testing.T) {
	o := hostileOptions()
	o.MaxPayload = 1 << 30
	s := newSite(t, o, echo)
	besiege(t, s, func(check func()) {
		for range 16 {
			c, _, _ := s.connect()
			c.write([]byte("\x7f\x00\x00\x00\x00\x3f\xff\xff\xff4"))
		}
		time.Sleep(100 * time.Millisecond)
		check()
	})
}

// A second stream ends the session, and no more are let in than one connection may have at once.
func TestHostileStreams(t *testing.T) {
	const many = 10_000
	s := newSite(t, hostileOptions(), echo)
	open := func(t *testing.T, c *client, uni bool) (opened int) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		for opened = range many {
			var err error
			if uni {
				var str interface{ Write([]byte) (int, error) }
				if str, err = c.session.OpenUniStreamSync(ctx); err == nil {
					_, err = str.Write([]byte("x"))
				}
			} else {
				var str interface{ Write([]byte) (int, error) }
				if str, err = c.session.OpenStreamSync(ctx); err == nil {
					_, err = str.Write([]byte("x"))
				}
			}
			if err != nil {
				return opened
			}
		}
		return many
	}
	t.Run("of both directions", func(t *testing.T) {
		besiege(t, s, func(func()) {
			c, _, p := s.connect()
			if n := open(t, c, false); n >= 1000 {
				t.Errorf("%d streams were let in", n)
			}
			c.wantEnd()
			if reason := receive(t, p.closed); reason != engineio.TransportError {
				t.Errorf("closed: %v", reason)
			}
		})
	})
	t.Run("of one direction", func(t *testing.T) {
		besiege(t, s, func(check func()) {
			c, _, p := s.connect()
			if n := open(t, c, true); n > 16 {
				t.Errorf("%d streams were let in", n)
			}
			check()
			receive(t, p.closed) // it answered no ping meanwhile
			c.wantEnd()
		})
	})
	t.Run("without a session", func(t *testing.T) {
		besiege(t, s, func(check func()) {
			r := s.rawConnect(t)
			for i := range uint64(many) {
				str, err := r.conn.OpenStream()
				if err != nil {
					break // no more are let in
				}
				b := quicvarint.Append(quicvarint.Append(nil, 0x41), 4*(1000+i))
				str.Write(append(b, make([]byte, 1000)...))
			}
			time.Sleep(100 * time.Millisecond)
			check()
		})
	})
	t.Run("that are not read", func(t *testing.T) {
		besiege(t, s, func(check func()) {
			r := s.rawConnect(t)
			full := 0
			for range 50 {
				str, err := r.conn.OpenStream()
				if err != nil {
					break // the connection was closed, for want of a session
				}
				str.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
				n, _ := str.Write(append(quicvarint.Append(quicvarint.Append(nil, 0x41), 4000), make([]byte, 2<<20)...))
				full += n
			}
			if full > 4<<20 {
				t.Errorf("%d bytes were taken in that nobody reads", full)
			}
			check()
		})
	})
}

// Capsules are what the peer says about the session itself (RFC 9297).
func TestHostileCapsules(t *testing.T) {
	const (
		closeSession = 0x2843
		unknown      = 0x1234567
		length       = 64 << 20
	)
	s := newSite(t, hostileOptions(), echo)
	for _, tt := range []struct {
		name   string
		kind   uint64
		stands bool // the session, when the capsule has been read
	}{
		{"a close message of 64 MiB", closeSession, false},
		{"an unknown capsule of 64 MiB", unknown, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			besiege(t, s, func(check func()) {
				r := s.rawConnect(t)
				stream := r.accept(t)
				stream.Write(frame(false, []byte("0")))
				p := s.next()
				r.request.Write(quicvarint.Append(quicvarint.Append(nil, tt.kind), length))
				chunk := make([]byte, 64<<10)
				for sent := 0; sent < length; sent += len(chunk) {
					if _, err := r.request.Write(chunk); err != nil {
						break // the server has had enough
					}
					if sent%(8<<20) == 0 {
						check()
					}
				}
				if reason := receive(t, p.closed); reason != engineio.TransportClose && reason != engineio.PingTimeout {
					t.Errorf("closed: %v", reason)
				}
			})
		})
	}
	t.Run("a close message that does not end", func(t *testing.T) {
		besiege(t, s, func(check func()) {
			r := s.rawConnect(t)
			stream := r.accept(t)
			stream.Write(frame(false, []byte("0")))
			p := s.next()
			r.request.Write(append(quicvarint.Append(quicvarint.Append(nil, closeSession), 1<<61), make([]byte, 100)...))
			if reason := receive(t, p.closed); reason != engineio.PingTimeout {
				t.Errorf("closed: %v", reason)
			}
		})
	})
	t.Run("half a capsule, and no stream", func(t *testing.T) {
		besiege(t, s, func(func()) {
			r := s.rawConnect(t)
			r.request.Write([]byte{0x68})
			r.wantEnd(t)
		})
	})
	t.Run("bytes that are no capsule", func(t *testing.T) {
		besiege(t, s, func(func()) {
			r := s.rawConnect(t)
			r.request.Write([]byte(strings.Repeat("\xff", 1000)))
			r.wantEnd(t)
		})
	})
}

// Many sessions that say nothing cost nothing when their time is over.
func TestHostileCrowd(t *testing.T) {
	s := newSite(t, hostileOptions(), echo)
	besiege(t, s, func(func()) {
		before := runtime.NumGoroutine()
		var cs []*client
		for range 50 {
			c, _, err := s.dial(nil)
			if err != nil {
				t.Fatal(err)
			}
			cs = append(cs, c)
		}
		for _, c := range cs {
			c.wantEnd()
		}
		deadline := time.Now().Add(cutWithin)
		for runtime.NumGoroutine() > before+20 {
			if time.Now().After(deadline) {
				t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
}

// A connection that never becomes a session is closed when it has been idle for long enough.
func TestIdleConnection(t *testing.T) {
	s := newSite(t, hostileOptions(), echo)
	conn, err := quic.DialAddr(t.Context(), s.wt.Addr().String(), clientTLS(), &quic.Config{
		EnableDatagrams: true, EnableStreamResetPartialDelivery: true, KeepAlivePeriod: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseWithError(0, "")
	select {
	case <-conn.Context().Done():
	case <-time.After(cutWithin):
		t.Fatal("the connection lives on")
	}
	if err := context.Cause(conn.Context()); !strings.Contains(fmt.Sprint(err), "idle") {
		t.Errorf("closed: %v", err)
	}
}
