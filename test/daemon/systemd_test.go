//go:build unix

package daemon

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/process"
)

// TestUnderSystemd plays the part of systemd that Type=notify needs: the socket for notices.
func TestUnderSystemd(t *testing.T) {
	program := chatroom(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			notices, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "notify"), Net: "unixgram"})
			if err != nil {
				t.Fatal(err)
			}
			defer notices.Close()
			notices.SetReadDeadline(time.Now().Add(2 * time.Minute)) // for a chat that says nothing at all
			expect := func(want string) {
				t.Helper()
				for buf := make([]byte, 4096); ; {
					n, err := notices.Read(buf)
					if err != nil {
						t.Fatal(err)
					}
					if strings.Contains("\n"+string(buf[:n])+"\n", "\n"+want+"\n") {
						return
					}
				}
			}

			addr := net.JoinHostPort("127.0.0.1", process.FreePort(t))
			cmd := exec.Command(program)
			cmd.Env = append(cmd.Environ(),
				"CHATROOM_LISTEN="+addr, "STATE_DIRECTORY="+t.TempDir(), "NOTIFY_SOCKET="+notices.LocalAddr().String())
			chat := process.Start(t, cmd)

			expect("READY=1")
			if err := page(addr); err != nil {
				t.Errorf("ready, but %v", err)
			}
			chat.Signal(signal)
			expect("STOPPING=1")
			if code := chat.ExitCode(); code != 0 {
				t.Errorf("exit code %d; want 0", code)
			}
		})
	}
}
