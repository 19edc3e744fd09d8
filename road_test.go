package socketio_test

import (
	"io"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// drained joins the namespace over WebSocket and lets the kernel's copy of what comes go, without an allocation here.
func drained(t testing.TB, web *httptest.Server) *webSocket {
	t.Helper()
	l := openWebSocket(t, dialTCP(t, web), "/socket.io/?EIO=4&transport=websocket", nil)
	l.write(packet.Packet{Type: packet.Message, Data: []byte("0")})
	if _, err := l.read(); err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	go func() { io.CopyBuffer(onlyWriter{}, l.conn, make([]byte, 64<<10)); close(done) }()
	t.Cleanup(func() { l.close(); <-done })
	return l
}

type onlyWriter struct{}

func (onlyWriter) Write(b []byte) (int, error) { return len(b), nil }

// A delivery costs no allocation: a broadcast to many costs what one to few does.
func TestADeliveryCostsNoAllocation(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	server, web := serve(t, nil)
	cost := func(receivers int) float64 {
		for len(server.Sockets()) < receivers {
			drained(t, web)
		}
		for range 100 { // queues grow until they fit
			server.Emit("m", "0123456789")
		}
		return testing.AllocsPerRun(50, func() { server.Emit("m", "0123456789") })
	}
	few, many := cost(5), cost(105)
	t.Logf("%v allocations for 5 receivers, %v for 105", few, many)
	if (many-few)/100 > 0.1 {
		t.Errorf("%v allocations for 5 receivers, %v for 105", few, many)
	}
}

// An emit to a room costs the packet, which is its frame as well, and the name of the room.
func TestAnEmitCostsFewAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	server, web := serve(t, nil)
	drained(t, web)
	drained(t, web)
	for _, s := range server.Sockets() {
		s.Join("room")
	}
	text := any("0123456789")
	emit := func() { server.To("room").Emit("m", text) }
	for range 100 { // queues grow until they fit
		emit()
	}
	n := testing.AllocsPerRun(200, emit)
	t.Logf("%v allocations an emit", n)
	if n > 4 {
		t.Errorf("%v allocations an emit", n)
	}
}

// An event that is received, handled and answered costs a handful of allocations.
func TestAnEventCostsFewAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	const events = 2000
	server, web := serve(t, nil)
	done := make(chan bool)
	server.OnCall("echo", func(_ ctx, _ *socketio.Socket, text string) (string, error) { return text, nil })
	server.On("done", func(ctx, *socketio.Socket, struct{}) error { done <- true; return nil })
	l := drained(t, web)
	ps := make([]packet.Packet, events)
	for i := range ps {
		ps[i] = packet.Packet{Type: packet.Message, Data: []byte(`2` + strconv.Itoa(i) + `["echo","hello world"]`)}
	}
	ps = append(ps, packet.Packet{Type: packet.Message, Data: []byte(`2["done"]`)})
	var segment []byte
	for _, p := range ps {
		segment = appendFrame(segment, 1, p.AppendRecord(nil))
	}
	var before, after runtime.MemStats
	run := func() {
		l.conn.Write(segment)
		<-done
	}
	run() // pools fill
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	each := float64(after.Mallocs-before.Mallocs) / events
	t.Logf("%.1f allocations and %.0f bytes an event", each, float64(after.TotalAlloc-before.TotalAlloc)/events)
	if each > 3 { // its text decoded, its answer, and a share of what was read and of the events in it
		t.Errorf("%.1f allocations an event", each)
	}
}

func BenchmarkEcho(b *testing.B) {
	server, web := serve(b, nil)
	done := make(chan bool)
	server.OnEvent("echo", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	server.On("done", func(ctx, *socketio.Socket, struct{}) error { done <- true; return nil })
	l := drained(b, web)
	frame := appendFrame(nil, 1, []byte(`4212["echo","hello world"]`))
	end := appendFrame(nil, 1, []byte(`42["done"]`))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		l.conn.Write(frame)
	}
	l.conn.Write(end)
	<-done
}

func BenchmarkBroadcast(b *testing.B) {
	for _, receivers := range []int{10, 100} {
		b.Run(strconv.Itoa(receivers), func(b *testing.B) {
			server, web := serve(b, nil)
			for len(server.Sockets()) < receivers {
				drained(b, web)
			}
			text := strings.Repeat("x", 64)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				server.Emit("m", text)
			}
		})
	}
}

// Handlers of a namespace, or of a parent, cost nothing for a socket: it takes as much memory to come with a thousand of
// them as with none.
func TestHandlersOfANamespaceCostNothingForASocket(t *testing.T) {
	server, web := serve(t, nil)
	parent := server.OfMatching(regexp.MustCompile(`^/many/`))
	for i := range 1000 {
		parent.On(itoa(i), func(ctx, *socketio.Socket, int) error { return nil })
		server.Of("/many/handlers").On(itoa(i), func(ctx, *socketio.Socket, int) error { return nil })
		server.Of("/many/handlers").OnAnyOutgoing(func(*socketio.Socket, string, []any) {})
	}
	server.Of("/none/handlers")
	p := dialWebSocket(t, web)
	cost := func(name string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 300 {
			p.join(name)
			p.send("1" + name)
		}
		eventually(t, func() bool { return server.Busy() == 0 })
		runtime.ReadMemStats(&after)
		return (after.TotalAlloc - before.TotalAlloc) / 300
	}
	cost("/none/handlers") // what pools and tables need once
	none, many := cost("/none/handlers"), cost("/many/handlers")
	t.Logf("%d bytes a socket without handlers, %d with two thousand", none, many)
	if many > none+8_000 { // a pointer for each would be 16,000
		t.Errorf("%d bytes a socket without handlers, %d with two thousand", none, many)
	}
}
