package herd

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/test/process"
)

func TestMain(m *testing.M) { process.Main(m, serve) }

// serve is the server's process: it listens on $ADDR and answers echo.
func serve() {
	io := socketio.NewServer(nil)
	io.OnCall("echo", func(_ context.Context, _ *socketio.Socket, n int) (int, error) { return n, nil })
	if err := io.Listen(os.Getenv("ADDR")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ready")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
}

// start starts the server.
func start(t *testing.T, addr string) *process.Process {
	t.Helper()
	p := process.Self(t, []string{"ADDR=" + addr})
	p.Line()
	return p
}

// checkLeaks fails when a goroutine is left after all else has been cleaned up: it is called first.
func checkLeaks(t *testing.T) { t.Cleanup(func() { goleak.VerifyNone(t) }) }
