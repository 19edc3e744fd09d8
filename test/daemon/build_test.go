//go:build unix

package daemon

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/nodejs"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		if err := os.RemoveAll(built.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// built is the chat's program, built once.
var built struct {
	once sync.Once
	dir  string
	err  error
}

// chatroom gives the program as it is delivered, only that it has the race detector where this test has it: then it
// shares the compiled packages with the tests.
func chatroom(t *testing.T) (path string) {
	t.Helper()
	root := nodejs.Root(t)
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "chatroom"); built.err != nil {
			return
		}
		args := []string{"build", "-o", built.dir}
		if raceEnabled {
			args = append(args, "-race")
		}
		cmd := exec.Command("go", append(args, "./cmd/chatroom")...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%s: %w\n%s", cmd, err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, "chatroom")
}

// page asks the chat for its page, once.
func page(addr string) error {
	client := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + addr + "/")
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || !bytes.Contains(bytes.ToLower(body), []byte("<!doctype html>")) {
		return fmt.Errorf("answered %s %.200q", resp.Status, body)
	}
	return nil
}
