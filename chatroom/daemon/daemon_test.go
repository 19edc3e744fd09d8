//go:build unix

package daemon_test

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socketio-go/socketio/chatroom/daemon"
)

// patience ends a wait for something that never comes.
const patience = time.Minute

func supervisor(t *testing.T) *daemon.Supervisor {
	t.Helper()
	s, err := daemon.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSystemd(t *testing.T) {
	abstract := "@chatroom-daemon-test-" + strconv.Itoa(os.Getpid())
	for name, address := range map[string]string{"file": filepath.Join(t.TempDir(), "notify"), "abstract": abstract} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
			if err != nil {
				t.Skipf("this system has no such socket: %v", err)
			}
			defer conn.Close()
			t.Setenv("NOTIFY_SOCKET", address)
			t.Setenv("NODE_CHANNEL_FD", "")
			s := supervisor(t)
			for _, step := range []struct {
				tell func() error
				want string
			}{{s.Ready, "READY=1"}, {s.Stopping, "STOPPING=1"}} {
				if err := step.tell(); err != nil {
					t.Fatal(err)
				}
				buf := make([]byte, 100)
				conn.SetReadDeadline(time.Now().Add(patience))
				n, err := conn.Read(buf)
				if err != nil || string(buf[:n]) != step.want {
					t.Errorf("systemd hears %q, %v; want %q", buf[:n], err, step.want)
				}
			}
			if _, set := os.LookupEnv("NOTIFY_SOCKET"); set {
				t.Error("child processes would find NOTIFY_SOCKET")
			}
		})
	}
}

// The channel of Node is a socket pair on which each side writes JSON lines.
func TestPM2(t *testing.T) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	parent := os.NewFile(uintptr(fds[0]), "parent")
	defer parent.Close()
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("NODE_CHANNEL_FD", strconv.Itoa(fds[1]))
	s := supervisor(t)
	if err := s.Ready(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(parent).ReadString('\n')
	if err != nil || line != "\"ready\"\n" {
		t.Errorf("pm2 hears %q, %v", line, err)
	}
	if err := s.Stopping(); err != nil {
		t.Errorf("stopping: %v", err)
	}
}

func TestNobody(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("NODE_CHANNEL_FD", "")
	s := supervisor(t)
	if err := s.Ready(); err != nil {
		t.Error(err)
	}
	if err := s.Stopping(); err != nil {
		t.Error(err)
	}
}

func TestBadEnvironment(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "nobody listens"))
	for _, fd := range []string{"x", "-1", "1"} {
		t.Setenv("NODE_CHANNEL_FD", fd)
		if _, err := daemon.FromEnv(); err == nil || !strings.Contains(err.Error(), "NODE_CHANNEL_FD") {
			t.Errorf("NODE_CHANNEL_FD=%s: %v", fd, err)
		}
	}
	t.Setenv("NODE_CHANNEL_FD", "")
	t.Setenv("NOTIFY_SOCKET", filepath.Join(t.TempDir(), "nobody listens"))
	if err := supervisor(t).Ready(); err == nil {
		t.Error("nobody listens, and that is no error")
	}
}
