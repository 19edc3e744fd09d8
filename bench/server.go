package main

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// garage builds and starts the servers.
type garage struct {
	dir     string // of what was built
	pinning string
	pinned  bool
}

func newGarage() (*garage, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	g := &garage{dir: dir}
	build := exec.Command("go", "build", "-o", g.ours(), "./test/conformance")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		g.close()
		return nil, fmt.Errorf("build our server (run bench from the project's root): %w", err)
	}
	g.pinning = pin()
	g.pinned = strings.HasPrefix(g.pinning, "servers")
	return g, nil
}

func (g *garage) close()       { os.RemoveAll(g.dir) }
func (g *garage) ours() string { return filepath.Join(g.dir, "ours") }

// rival is the folder of a server that comes from npm.
const rival = "bench/rivals/node"

// command is how a server is started.
func (g *garage) command(server string) ([]string, error) {
	switch server {
	case "ours":
		return []string{g.ours(), "bench"}, nil
	case "node":
		if _, err := os.Stat(rival + "/node_modules"); err != nil {
			return nil, fmt.Errorf("the rival is not installed: npm ci --prefix %s", rival)
		}
		return []string{"node", "--expose-gc", rival + "/server.js"}, nil
	}
	return nil, fmt.Errorf("no server %q", server)
}

// process is a server that runs.
type process struct {
	cmd  *exec.Cmd
	addr string
}

func (g *garage) start(server string) (*process, error) {
	args, err := g.command(server)
	if err != nil {
		return nil, err
	}
	if g.pinned {
		args = append([]string{"taskset", "-c", "0"}, args...)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(port), "NODE_ENV=production")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		p.stop()
		return nil, errors.New("the server ended before it was ready")
	}
	return p, nil
}

func (p *process) stop() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// tick is what /proc counts CPU time in: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// cpu is the user and system time that the server has used.
func (p *process) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name may hold blanks
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0, errors.New("unreadable /proc/PID/stat")
	}
	user, err1 := strconv.Atoi(f[11])
	system, err2 := strconv.Atoi(f[12])
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// rss is the memory of the server, in KiB, once it has collected its garbage.
func (p *process) rss() (int, error) {
	if err := p.cmd.Process.Signal(syscall.SIGUSR2); err != nil {
		return 0, err
	}
	time.Sleep(2 * time.Second) // nothing tells when it is done
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")))
		}
	}
	return 0, errors.New("no VmRSS")
}
