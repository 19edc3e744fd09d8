//go:build linux

package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/drive"
)

// twist is what a server does to what passes through it: the message becomes those that it returns.
type twist func(k int, text string) []string

func honest(_ int, text string) []string { return []string{text} }

// serve runs a server with the five events, which answers twisted, until the test ends.
func serve(t *testing.T, twist twist) netip.AddrPort {
	t.Helper()
	io := socketio.NewServer(&socketio.Options{Logger: slog.New(slog.DiscardHandler)})
	var casts atomic.Int64
	io.On("cast", func(_ context.Context, _ *socketio.Socket, text string) error {
		for _, text := range twist(int(casts.Add(1)), text) {
			if err := io.Emit("m", text); err != nil {
				return err
			}
		}
		return nil
	})
	io.OnCall("echo", func(_ context.Context, _ *socketio.Socket, text string) (string, error) {
		return strings.Join(twist(0, text), ""), nil
	})
	io.On("bin", func(_ context.Context, s *socketio.Socket, data []byte) error {
		return s.Emit("bin", []byte(strings.Join(twist(0, string(data)), "")))
	})
	io.OnCall("join", func(_ context.Context, s *socketio.Socket, room string) (struct{}, error) {
		return struct{}{}, s.Join(room)
	})
	io.On("room", func(_ context.Context, _ *socketio.Socket, m socketio.Args2[string, string]) error {
		return io.To(m.A).Emit("m", strings.Join(twist(0, m.B), ""))
	})
	if err := io.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := io.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return io.Addr().(*net.TCPAddr).AddrPort()
}

// perform plays p against a server for so long, or until something is wrong.
func perform(t *testing.T, p plan, twist twist, spread bool, d time.Duration) (load, Result, error) {
	t.Helper()
	addr := serve(t, twist)
	loop, err := drive.NewLoop()
	if err != nil {
		t.Fatal(err)
	}
	defer loop.Close()
	self := &process{cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}, addr: addr}
	s := &stage{loop: loop, addr: addr, server: self, warmUp: d, time: d, spread: spread}
	l, err := p.start(s)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(s, l)
	return l, r, err
}

// glimpse is long enough for a load to send something; patience ends a test in which nothing goes wrong that should.
const (
	glimpse  = 20 * time.Millisecond
	patience = 20 * time.Second
)

// plans are the loads, small.
var plans = map[string]plan{
	"cast, closed":  castPlan{receivers: 10, inFlight: 3, size: 64},
	"cast, open":    castPlan{receivers: 10, size: 64, rate: 100},
	"echo, closed":  echoPlan{clients: 5, inFlight: 3, size: 32},
	"echo, open":    echoPlan{clients: 5, size: 32, rate: 200},
	"bin":           binPlan{clients: 3, inFlight: 2, size: 1024},
	"bin, 64 KiB":   binPlan{clients: 2, inFlight: 2, size: 64 << 10},
	"rooms, closed": roomsPlan{rooms: 3, members: 4, size: 64},
	"rooms, open":   roomsPlan{rooms: 3, members: 4, size: 64, rate: 400},
	"poll":          pollPlan{clients: 3, size: 32},
}

func TestEveryLoadAgainstTheServer(t *testing.T) {
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			well(t, p, false)
		})
	}
}

func TestManySendersAtOnce(t *testing.T) { well(t, plans["cast, closed"], true) }

// well plays p and holds that everything sent came back.
func well(t *testing.T, p plan, spread bool) {
	l, r, err := perform(t, p, honest, spread, glimpse)
	if err != nil {
		t.Fatal(err)
	}
	m := l.marks()
	if m.count == 0 || m.underWay != 0 || r.CPU <= 0 || r.Count > m.count {
		t.Errorf("%d came, %d are under way, %+v", m.count, m.underWay, r)
	}
}

func TestAWrongAnswerEndsTheRun(t *testing.T) {
	alter := func(_ int, text string) []string { return []string{text[:len(text)-1] + "!"} }
	loses := func(k int, text string) []string {
		if k == 20 {
			return nil
		}
		return []string{text}
	}
	repeats := func(k int, text string) []string {
		if k == 20 {
			return []string{text, text}
		}
		return []string{text}
	}
	var late string
	swaps := func(k int, text string) []string {
		switch k {
		case 20:
			late = text
			return nil
		case 21:
			return []string{text, late}
		}
		return []string{text}
	}
	for name, tt := range map[string]struct {
		plan  string
		twist twist
		want  error
	}{
		"a broadcast is lost":         {"cast, closed", loses, check.ErrSkipped},
		"a broadcast comes twice":     {"cast, closed", repeats, check.ErrRepeated},
		"broadcasts change places":    {"cast, closed", swaps, check.ErrSkipped},
		"a broadcast is altered":      {"cast, closed", alter, check.ErrAltered},
		"one in an open loop, too":    {"cast, open", alter, check.ErrAltered},
		"an answer is altered":        {"echo, closed", alter, check.ErrAltered},
		"an attachment is altered":    {"bin", alter, check.ErrAltered},
		"a room hears something else": {"rooms, closed", alter, check.ErrAltered},
		"a poll brings another":       {"poll", alter, check.ErrAltered},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := perform(t, plans[tt.plan], tt.twist, false, patience); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}
