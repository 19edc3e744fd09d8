package main

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/socketio-go/socketio/test/process"
	"github.com/socketio-go/socketio/test/raw"
)

func TestMain(m *testing.M) { process.Main(m, main) }

// start starts the program with its data in a folder of the test, and gives the address that it prints.
func start(t *testing.T, env []string, args ...string) (*process.Process, string) {
	t.Helper()
	env = append([]string{"CHATROOM_DATA=" + filepath.Join(t.TempDir(), "data"), "NOTIFY_SOCKET=", "NODE_CHANNEL_FD="}, env...)
	p := process.Self(t, env, args...)
	line := p.Line()
	_, url, found := strings.Cut(line, "http://")
	if !found {
		t.Fatalf("the program says %q, want an address", line)
	}
	return p, url
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get("http://" + url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("%s: %d, %v", url, response.StatusCode, err)
	}
	return string(body)
}

// Either signal stops it: clients are told, and the exit code is 0.
func TestStop(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			p, url := start(t, nil, "--listen", "127.0.0.1:0")
			if got := get(t, url+"/healthz"); got != "ok\n" {
				t.Errorf("healthz says %q", got)
			}
			c, err := raw.Dial(url)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.Send(raw.Handshake(raw.WebSocketTarget)); err != nil {
				t.Fatal(err)
			}
			if err := c.Switched(); err != nil {
				t.Fatal(err)
			}
			if err := c.Send(raw.AppendFrame(nil, raw.Text, []byte("40/lobby,"))); err != nil {
				t.Fatal(err)
			}
			for f, err := c.Frame(); !strings.HasPrefix(string(f.Payload), "40/lobby,"); f, err = c.Frame() {
				if err != nil {
					t.Fatal(err)
				}
			}
			p.Signal(signal)
			for {
				f, err := c.Frame()
				if err != nil {
					t.Fatalf("the connection ended without a close frame: %v", err)
				}
				if f.First == raw.Close {
					break
				}
			}
			c.Close()
			if code := p.ExitCode(); code != 0 {
				t.Errorf("exit code %d, want 0\n%s", code, p.Stderr())
			}
			if _, err := net.Dial("tcp", url); err == nil {
				t.Error("something still listens")
			}
		})
	}
}

// A second signal does not wait for anybody.
func TestStopAtOnce(t *testing.T) {
	p, url := start(t, nil, "--listen", "127.0.0.1:0")
	// A request whose body never comes keeps the first signal waiting.
	c, err := raw.Dial(url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Send([]byte("POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	get(t, url+"/healthz")
	p.Signal(syscall.SIGINT)
	for !strings.Contains(p.Stderr(), "stopping") {
	}
	p.Signal(syscall.SIGINT)
	if code := p.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
}

// A flag wins over the environment, the environment over the default.
func TestPrecedence(t *testing.T) {
	_, url := start(t, []string{"CHATROOM_LISTEN=127.0.0.1:1", "CHATROOM_LOG_LEVEL=error"}, "serve", "--listen", "127.0.0.1:0")
	get(t, url+"/healthz")
	_, url = start(t, []string{"CHATROOM_LISTEN=127.0.0.1:0"})
	get(t, url+"/healthz")
}

// The data lies where it was asked for, and is there again after a restart.
func TestData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "here")
	for range 2 {
		p, url := start(t, nil, "--listen", "127.0.0.1:0", "--data", dir)
		get(t, url+"/")
		p.Signal(syscall.SIGTERM)
		if code := p.ExitCode(); code != 0 {
			t.Errorf("exit code %d\n%s", code, p.Stderr())
		}
		if _, err := os.Stat(filepath.Join(dir, "chat.db")); err != nil {
			t.Error(err)
		}
	}
}

func TestPortInUse(t *testing.T) {
	_, url := start(t, nil, "--listen", "127.0.0.1:0")
	_, port, _ := net.SplitHostPort(url)
	p := process.Self(t, []string{"CHATROOM_DATA=" + t.TempDir()}, "--listen", url)
	if code := p.ExitCode(); code != exitInUse {
		t.Errorf("exit code %d, want %d", code, exitInUse)
	}
	if !strings.Contains(p.Stderr(), "port "+port+" is in use") || !strings.Contains(p.Stderr(), "--listen") {
		t.Errorf("it says %q", p.Stderr())
	}
}

func TestWrongConfiguration(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		env  []string
		args []string
		code int
		says string
	}{
		{"an unknown flag", nil, []string{"--bogus"}, exitUsage, "--bogus"},
		{"an unknown command", nil, []string{"fly"}, exitUsage, "fly"},
		{"a level", nil, []string{"--log-level", "loud"}, exitConfig, "loud"},
		{"a level in the environment", []string{"CHATROOM_LOG_LEVEL=loud"}, nil, exitConfig, "loud"},
		{"an origin", nil, []string{"--cors", "example.com"}, exitConfig, "example.com"},
		{"a proxy", nil, []string{"--trusted-proxy", "everybody"}, exitConfig, "everybody"},
		{"an address", nil, []string{"--listen", "nonsense"}, exitConfig, "nonsense"},
		{"a file for a folder", nil, []string{"--listen", "127.0.0.1:0", "--data", file}, exitConfig, file},
		{"a channel", []string{"NODE_CHANNEL_FD=x"}, []string{"--listen", "127.0.0.1:0"}, exitConfig, "NODE_CHANNEL_FD"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := process.Self(t, append([]string{"CHATROOM_DATA=" + t.TempDir()}, tt.env...), tt.args...)
			if code := p.ExitCode(); code != tt.code || !strings.Contains(p.Stderr(), tt.says) {
				t.Errorf("exit code %d, want %d; it says %q", code, tt.code, p.Stderr())
			}
		})
	}
}

func TestHelp(t *testing.T) {
	p := process.Self(t, nil, "--help")
	var text strings.Builder
	for line := p.Line(); !strings.Contains(line, "more information"); line = p.Line() {
		text.WriteString(line)
	}
	for _, word := range []string{"--listen", "CHATROOM_DATA", "--trusted-proxy", "serve"} {
		if !strings.Contains(text.String(), word) {
			t.Errorf("the help does not name %s", word)
		}
	}
	if code := p.ExitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
