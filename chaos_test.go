package socketio_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio/packet"
)

// Handlers panic, wait, answer twice and after the end; clients join, leave, break off and send rubbish. The server lives
// and nothing is left: no runner, no room, no socket, no awaited answer.
func TestNothingIsLeftAfterAnyLife(t *testing.T) {
	t.Run("plain", func(t *testing.T) { leadAnyLife(t, nil) })
	t.Run("with recovery and dynamic namespaces", func(t *testing.T) {
		leadAnyLife(t, &socketio.Options{
			Recovery:                    &socketio.Recovery{MaxEvents: 50, MaxSessions: 8},
			CleanupEmptyChildNamespaces: true, MaxChildNamespaces: 2,
		}, "/dynamic-1", "/dynamic-2", "/dynamic-3")
	})
}

func leadAnyLife(t *testing.T, o *socketio.Options, dynamicNames ...string) {
	server, web := serve(t, o)
	var tickets struct { // of sessions, for anybody to come back with
		sync.Mutex
		list []string
	}
	misbehave := func(n *socketio.Namespace) {
		n.Use(func(_ ctx, s *socketio.Socket) error {
			s.Join("all")
			switch rand.IntN(12) {
			case 0:
				panic("middleware")
			case 1:
				return &socketio.ConnectError{Message: "not today"}
			}
			return nil
		})
		n.OnConnection(func(s *socketio.Socket) {
			if rand.IntN(8) == 0 {
				panic("connection")
			}
			s.To("all").Volatile().Emit("joined", s.ID())
		})
		n.OnEvent("twice", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error {
			e.Ack(1)
			go func() { time.Sleep(time.Millisecond); e.Ack(2) }()
			return e.Ack(3)
		})
		n.OnCall("panic", func(ctx, *socketio.Socket, struct{}) (int, error) { panic("handler") })
		n.On("ask", func(_ ctx, s *socketio.Socket, _ struct{}) error {
			c, cancel := context.WithTimeout(s.Context(), time.Duration(rand.IntN(20))*time.Millisecond)
			defer cancel()
			_, err := s.EmitWithAck(c, "q")
			return err
		})
		n.On("poll", func(_ ctx, s *socketio.Socket, _ struct{}) error {
			_, err := s.Namespace().In("all").Timeout(5*time.Millisecond).EmitWithAck(s.Context(), "q")
			return err
		})
		n.On("room", func(_ ctx, s *socketio.Socket, i int) error {
			s.Leave(fmt.Sprint("r", i+1))
			return s.Join(fmt.Sprint("r", i))
		})
		n.On("kick", func(_ ctx, s *socketio.Socket, closeConn bool) error { s.Disconnect(closeConn); return nil })
		n.OnDisconnect(func(s *socketio.Socket, r socketio.DisconnectReason) {
			s.Emit("late")
			s.Join("late")
			s.To("all").Emit("left")
			if rand.IntN(4) == 0 {
				panic("disconnect")
			}
		})
	}
	names := []string{"/", "/a", "/b"}
	for _, name := range names {
		misbehave(server.Of(name))
	}
	server.OnNamespace(misbehave)
	server.OfMatching(dynamic)
	names = append(names, dynamicNames...)
	lines := []string{`21["twice"]`, `2["twice"]`, `22["panic"]`, `2["ask"]`, `23["ask"]`, `2["poll"]`, `2["room",1]`, `2["room",2]`,
		`30[1]`, `31[]`, `2["unknown",1]`, `2["kick",false]`, `2["room","x"]`, `1`}
	rare := []string{`2["kick",true]`, `0`, `abc`, `4{}`, `51-["x",{"_placeholder":true,"num":0}]`}
	var wg sync.WaitGroup
	for i := range 60 {
		rnd := rand.New(rand.NewPCG(uint64(i), 7))
		dial := dialWebSocket
		if i%4 == 3 {
			dial = dialPolling
		}
		p := dial(t, web)
		wg.Go(func() {
			joined := map[string]bool{}
			for range 60 {
				ns := names[rnd.IntN(len(names))]
				say := func(line string) string {
					if ns != "/" {
						line = line[:1] + ns + "," + line[1:]
					}
					return line
				}
				line := lines[rnd.IntN(len(lines))]
				switch {
				case !joined[ns]:
					line = `0`
					tickets.Lock()
					if n := len(tickets.list); n > 0 && rnd.IntN(4) == 0 {
						line += tickets.list[rnd.IntN(n)]
					}
					tickets.Unlock()
				case rnd.IntN(30) == 0:
					line = rare[rnd.IntN(len(rare))]
				}
				err := p.link.write(packet.Packet{Type: packet.Message, Data: []byte(say(line))})
				if err != nil || p.over() {
					return
				}
				switch line {
				default:
					if line[0] != '0' {
						break
					}
					for got := ""; got != "closed" && !joined[ns]; {
						got = p.next()
						if strings.HasPrefix(got, say(`4`)) {
							break
						}
						var reply struct{ SID, PID string }
						data, ok := strings.CutPrefix(got, say(`0`))
						joined[ns] = ok && json.Unmarshal([]byte(data), &reply) == nil && reply.SID != ""
						if reply.PID != "" {
							tickets.Lock()
							tickets.list = append(tickets.list, `{"pid":"`+reply.PID+`"}`)
							tickets.Unlock()
						}
					}
				case `1`, `2["kick",false]`: // what follows may be out of order, and the end
					joined[ns] = false
				}
			}
			if rnd.IntN(2) == 0 {
				p.link.close()
			}
		})
	}
	wg.Wait()
	for _, name := range names {
		server.Of(name).DisconnectSockets(true)
	}
	for _, name := range names {
		n := server.Of(name)
		eventually(t, func() bool {
			return server.Busy() == 0 && n.RoomCount() == 0 && len(n.Sockets()) == 0 && n.Awaiting() == 0 && n.SessionsHeld() == 0
		})
	}
	if stats := server.Stats(); stats.Panics == 0 || stats.RepeatedAcks == 0 {
		t.Errorf("not much has happened: %+v", stats)
	}
}

// Ten thousand questions that nobody answers leave no entry.
func TestQuestionsWithoutAnswersLeaveNothing(t *testing.T) {
	server, web := serve(t, nil)
	a := connect(t, server.Namespace, web, 1)[0]
	c, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 500 {
				asked, stop := context.WithTimeout(c, time.Microsecond)
				a.EmitWithAck(asked, "q")
				stop()
			}
		})
	}
	wg.Wait()
	cancel()
	if own, conn := a.Awaited(); own != 0 || conn != 0 {
		t.Errorf("%d and %d acknowledgements awaited", own, conn)
	}
}

// Large values pass when MaxPayload allows them, in one piece and with their attachments.
func TestLargeValues(t *testing.T) {
	o := quiet()
	o.Engine.MaxPayload = 20 << 20
	o.Engine.OutboxBytes = 64 << 20
	server, web := serve(t, o)
	server.OnEvent("echo", func(_ ctx, _ *socketio.Socket, e *socketio.Event) error { return e.Ack(e.Args()...) })
	for _, p := range []*peer{dialWebSocket(t, web), dialPolling(t, web)} {
		p.join("/")
		text := strings.Repeat("ü", 2<<20)
		p.send(`21["echo","` + text + `"]`)
		p.expect(`31["` + text + `"]`)
		bytes := strings.Repeat("\x00\xff", 1<<20)
		p.sendBinary(`53-2["echo",{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":2}]`, bytes, "", "x")
		p.expect(`63-2[{"_placeholder":true,"num":0},{"a":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":2}]`, `<`+bytes+`>`, `<>`, `<x>`)
	}
}
