//go:build unix

package daemon

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socketio-go/socketio/test/nodejs"
	"github.com/socketio-go/socketio/test/process"
)

// pm2 is a process manager of its own, with its home in dir.
type pm2 struct {
	t   *testing.T
	dir string
	env []string
}

// newPM2 sets up a folder as a user would have it: the file for pm2, and the binary. The manager ends with the test.
func newPM2(t *testing.T, env ...string) *pm2 {
	t.Helper()
	if _, err := os.Stat("node_modules/pm2"); err != nil {
		nodejs.Missing(t, "the npm packages of test/daemon")
	}
	p := &pm2{t: t, dir: t.TempDir()}
	p.env = append(os.Environ(), "PM2_HOME="+filepath.Join(p.dir, "pm2"), "PM2_DISABLE_VERSION_CHECK=true", "PM2_DISCRETE_MODE=true")
	p.env = append(p.env, env...)

	config, err := os.ReadFile(filepath.Join(nodejs.Root(t), "ecosystem.config.js"))
	if err != nil {
		t.Fatal(err)
	}
	// So long a patience that a chat which does not say it is ready can't pass for one that does.
	patient := strings.Replace(string(config), "listen_timeout: 30000", "listen_timeout: 3600000", 1)
	if patient == string(config) {
		t.Fatal("ecosystem.config.js sets no listen_timeout")
	}
	if err := os.WriteFile(filepath.Join(p.dir, "ecosystem.config.js"), []byte(patient), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(p.dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(chatroom(t), filepath.Join(p.dir, "bin", "chatroom")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("logs:\n%s", p.run("logs", "--nostream", "--lines", "100"))
		}
		p.run("kill")
	})
	return p
}

// run runs a pm2 command and gives what it printed on standard output.
func (p *pm2) run(args ...string) string {
	p.t.Helper()
	script, err := filepath.Abs("node_modules/pm2/bin/pm2")
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(nodejs.Tool(p.t, "node"), append([]string{script}, args...)...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.WaitDelay = 5 * time.Second // the manager itself, which the first command starts, keeps the pipes
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	timer := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Run(); err != nil {
		p.t.Errorf("pm2 %q: %v\n%s%s", args, err, &out, &errs)
	}
	return out.String()
}

// state is what pm2 knows of the chat.
type state struct {
	PID int `json:"pid"`
	Env struct {
		Status   string `json:"status"`
		Restarts int    `json:"restart_time"`
		ExitCode int    `json:"exit_code"`
	} `json:"pm2_env"`
}

func (p *pm2) state() state {
	p.t.Helper()
	out := p.run("jlist", "--silent")
	var all []state
	if err := json.Unmarshal([]byte(out[max(0, strings.Index(out, "[{")):]), &all); err != nil || len(all) != 1 {
		p.t.Fatalf("pm2 jlist: %v, %d programs in %s", err, len(all), out)
	}
	return all[0]
}

func TestUnderPM2(t *testing.T) {
	port := process.FreePort(t)
	addr := net.JoinHostPort("127.0.0.1", port)
	p := newPM2(t, "CHATROOM_LISTEN="+addr, "CHATROOM_DATA="+t.TempDir())

	// The command returns when the chat is ready, so the first request is served.
	p.run("start", "ecosystem.config.js")
	if err := page(addr); err != nil {
		t.Fatalf("after start: %v", err)
	}
	first := p.state()
	if first.Env.Status != "online" || first.Env.Restarts != 0 {
		t.Errorf("after start: %+v", first)
	}
	if logs := p.run("logs", "--nostream", "--lines", "100"); !strings.Contains(logs, "ready at http://"+addr) {
		t.Errorf("the logs do not hold what the chat said:\n%s", logs)
	}

	// Killed, it comes back.
	if err := syscall.Kill(first.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "the restart", func() bool { return page(addr) == nil && p.state().PID != first.PID })
	second := p.state()
	if second.Env.Status != "online" || second.Env.Restarts != 1 {
		t.Errorf("after kill -9: %+v", second)
	}

	// Stopped, it has left by itself, and nothing is left of it.
	p.run("stop", "chatroom")
	stopped := p.state()
	if stopped.Env.Status != "stopped" || stopped.Env.ExitCode != 0 {
		t.Errorf("after stop: %+v; want it stopped with exit code 0", stopped)
	}
	for _, pid := range []int{first.PID, second.PID} {
		if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
			t.Errorf("process %d is still there: %v", pid, err)
		}
	}
	if conn, err := net.Dial("tcp", addr); err == nil {
		conn.Close()
		t.Error("somebody still listens after stop")
	}
}

// await waits until something is so. A minute is far more than it takes; nothing is measured with it.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
	}
}
