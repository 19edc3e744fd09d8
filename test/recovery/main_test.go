package recovery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) {
	process.Main(m, func() {
		if err := serve(os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	})
}

var name = socketio.NewKey[string]("name").Saved()

// serve runs a server until it is told to end. It keeps the sessions in a file meanwhile.
func serve(addr, file string) error {
	io := socketio.NewServer(&socketio.Options{
		Recovery: new(socketio.Recovery),
		// Heartbeats come in between, but on a busy machine nobody is lost for one that is late: a stock client that loses its
		// connection in the middle of a replay gets part of it again, and what it emits just then is gone.
		Engine: engineio.Options{PingInterval: 300 * time.Millisecond, PingTimeout: time.Minute, WriteTimeout: time.Minute, UpgradeTimeout: time.Minute},
	})
	io.On("enter", func(_ context.Context, s *socketio.Socket, who string) error {
		name.Set(s, who)
		return s.Join("room", "left", "other")
	})
	io.OnCall("leave", func(_ context.Context, s *socketio.Socket, room string) (any, error) { s.Leave(room); return nil, nil })
	io.OnCall("whoami", func(_ context.Context, s *socketio.Socket, _ struct{}) ([]any, error) {
		who, _ := name.Get(s)
		return []any{who, s.Recovered(), len(s.Rooms())}, nil
	})
	// drop ends the connection, and emits while the client is away: from first on, as many as it says.
	io.On("drop", func(_ context.Context, s *socketio.Socket, v socketio.Args2[int, int]) error {
		for range v.B {
			s.Volatile().Emit("typing", "a text") // which the client takes for an offset, if it gets it
		}
		s.Conn().CloseWith(engineio.TransportError, nil)
		for i := range v.B {
			switch i % 3 {
			case 0:
				s.Emit("missed", v.A+i)
			case 1:
				io.To("room").Emit("missed", v.A+i, []byte{1})
			case 2:
				io.Emit("missed", v.A+i)
			}
			io.To("left").Emit("missed", -1)
		}
		return nil
	})

	f, err := os.Open(file)
	switch {
	case err == nil:
		if err := errors.Join(io.LoadSessions(f), f.Close()); err != nil {
			return err
		}
		io.To("other").Emit("missed", "after the restart")
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM)
	if err := io.Listen(addr); err != nil {
		return err
	}
	fmt.Println("listening")
	<-told
	io.To("room").Emit("missed", "before the restart")
	if err := io.Shutdown(context.Background()); err != nil {
		return err
	}
	io.To("room").Emit("missed", "in between")
	if f, err = os.Create(file); err != nil {
		return err
	}
	return errors.Join(io.SaveSessions(f), f.Close())
}
