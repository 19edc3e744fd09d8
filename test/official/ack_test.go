package official

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/socketio-go/socketio/client"
)

// ends asks, has leave called when the question has left, and returns the error.
func ends(l lab, s *client.Socket, e client.Emitter, leave func()) error {
	l.Helper()
	left, heard := signal()
	off := s.OnAnyOutgoing(func(string, []any) { left() })
	defer off()
	answer := make(chan error, 1)
	go func() {
		_, err := e.EmitWithAck(l.Context(), "silence", "a")
		answer <- err
	}()
	next(l, heard)
	leave()
	return next(l, answer)
}

// socket.io-client/test/socket.ts, "timeout"
func TestTimeout(t *testing.T) {
	expires := func(event string, patience time.Duration, o *client.Options) func(lab) {
		return func(l lab) {
			s := l.connect("/", o)
			_, err := s.Timeout(patience).EmitWithAck(l.Context(), event)
			if !errors.Is(err, client.ErrTimeout) {
				l.Error(err)
			}
		}
	}
	inTime := func(l lab) {
		if got := ask[int](l, l.connect("/", nil), "echo", 42); got != 42 {
			l.Error(got)
		}
	}
	cutShort := func(with func(*client.Socket) client.Emitter, o *client.Options) func(lab) {
		return func(l lab) {
			s := l.connect("/", o)
			if err := ends(l, s, with(s), s.Disconnect); !errors.Is(err, client.ErrDisconnected) {
				l.Error(err)
			}
		}
	}
	plain := func(s *client.Socket) client.Emitter { return s.Compress(true) }
	limited := func(s *client.Socket) client.Emitter { return s.Timeout(time.Hour) }
	titles{
		"should timeout after the given delay when socket is not connected": func(l lab) {
			sent := newTape()
			s := l.socket("/", &client.Options{Parser: sent})
			if _, err := s.Timeout(10*time.Millisecond).EmitWithAck(l.Context(), "echo", 1); !errors.Is(err, client.ErrTimeout) {
				l.Error(err)
			}
			packets := make(chan string, 10) // what was in the buffer is not sent any more
			s.OnAnyOutgoing(func(name string, _ []any) { packets <- name })
			s.Connect()
			l.wait(s)
			s.Emit("hi")
			if name := next(l, packets); name != "hi" {
				l.Error(name)
			}
		},
		"should timeout when the server does not acknowledge the event":           expires("unknown", 20*time.Millisecond, nil),
		"should timeout when the server does not acknowledge the event in time":   expires("slow", 20*time.Millisecond, nil),
		"should timeout when the server does not acknowledge the event (promise)": expires("unknown", 20*time.Millisecond, nil),
		"should use the default timeout value":                                    expires("unknown", 0, &client.Options{AckTimeout: 20 * time.Millisecond}),
		"should not timeout when the server does acknowledge the event":           inTime,
		"should not timeout when the server does acknowledge the event (promise)": inTime,
		"should not ack upon disconnection (callback)":                            cutShort(plain, nil),
		"should ack with an error upon disconnection (callback & timeout)":        cutShort(limited, nil),
		"should ack with an error upon disconnection (callback & ackTimeout)":     cutShort(plain, &client.Options{AckTimeout: time.Hour}),
		"should ack with an error upon disconnection (promise)":                   cutShort(plain, nil),
		"should ack with an error upon disconnection (promise & timeout)":         cutShort(limited, nil),
		"should not discard an unsent ack (callback)": func(l lab) {
			s := l.connect("/", nil)
			s.Disconnect()
			answer := make(chan string, 1)
			go func() {
				v, _ := s.Call[string](l.Context(), "echo", "a")
				answer <- v
			}()
			still() // until it is in the buffer
			s.Connect()
			if got := next(l, answer); got != "a" {
				l.Error(got)
			}
		},
	}.run(t, serve(t))
}

// socket.io-client/test/retry.ts. The ids differ from the reference's: a try has that of the try before, so that the
// server can tell.
func TestRetry(t *testing.T) {
	titles{
		"should preserve the order of the packets": func(l lab) {
			sent := newTape()
			s := l.socket("/", &client.Options{Retries: 1, AckTimeout: patience, Parser: sent})
			var packets []string
			s.OnAnyOutgoing(func(_ string, args []any) { packets = append(packets, args[0].(string)) })
			s.Emit("echo", "1")
			s.Emit("echo", "2")
			s.Connect()
			if got := ask[string](l, s, "echo", "3"); got != "3" {
				l.Error(got)
			}
			s.Close()
			if !slices.Equal(packets, []string{"1", "2", "3"}) {
				l.Error(packets)
			}
			want := []string{`20["echo","1"]`, `21["echo","2"]`, `22["echo","3"]`}
			if got := slices.DeleteFunc(sent.sent(), func(p string) bool { return p[0] != '2' }); !slices.Equal(got, want) {
				l.Errorf("%q", got)
			}
		},
		"should fail when the server does not acknowledge the packet": func(l lab) {
			s := l.socket("/", &client.Options{Retries: 3, AckTimeout: 30 * time.Millisecond})
			tries, heard := signal()
			s.OnAnyOutgoing(func(string, []any) { tries() })
			s.Connect()
			l.wait(s)
			if _, err := s.EmitWithAck(l.Context(), "unknown"); !errors.Is(err, client.ErrTimeout) {
				l.Error(err)
			}
			for range 4 {
				next(l, heard)
			}
			still()
			if len(heard) > 0 {
				l.Errorf("%d tries too many", len(heard))
			}
		},
		"should not drain the queue while the socket is disconnected": func(l lab) {
			s := l.socket("/", &client.Options{Retries: 3, AckTimeout: patience})
			answer := make(chan error, 1)
			go func() {
				_, err := s.Call[int](l.Context(), "echo", 1)
				answer <- err
			}()
			still()
			if len(answer) > 0 {
				l.Error(<-answer)
			}
			s.Connect()
			if err := next(l, answer); err != nil {
				l.Error(err)
			}
		},
		"should not emit a packet twice in the 'connect' handler": func(l lab) {
			s := l.socket("/", &client.Options{Retries: 3, AckTimeout: patience})
			tries, heard := signal()
			s.OnAnyOutgoing(func(string, []any) { tries() })
			s.OnConnect(func() { s.Emit("echo", nil) })
			s.Connect()
			next(l, heard)
			still()
			if len(heard) > 0 {
				l.Error("it was sent again")
			}
		},
	}.run(t, serve(t))
}
