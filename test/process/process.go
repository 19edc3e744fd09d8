package process

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"
)

// patience ends the wait for a program that hangs; nothing is measured with it.
const patience = 2 * time.Minute

// Process is a program that runs beside a test and ends with it. Its methods are for the test's goroutine.
type Process struct {
	t     testing.TB
	cmd   *exec.Cmd
	lines chan string
	ended chan struct{}

	mu   sync.Mutex
	errs bytes.Buffer // standard error. Guarded by mu.
}

// Start starts cmd. Its standard output is read by [Process.Line], its standard error kept for when the test fails.
func Start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{t: t, cmd: cmd, lines: make(chan string, 1024), ended: make(chan struct{})}
	cmd.Stderr = (*stderr)(p)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(p.ended)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			p.lines <- scan.Text()
		}
		close(p.lines)
		_ = cmd.Wait() // how it ended is asked of ExitCode
	}()
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("%s wrote:\n%s", cmd, p.Stderr())
		}
	})
	return p
}

// Line gives the next line the program prints. The test fails when the program ends instead.
func (p *Process) Line() string {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if !ok {
			p.t.Fatalf("%s ended with code %d", p.cmd, p.ExitCode())
		}
		return line
	case <-time.After(patience):
		p.t.Fatalf("%s prints nothing", p.cmd)
		return ""
	}
}

// Signal sends a signal.
func (p *Process) Signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// ExitCode waits for the program to end and gives its code, or -1 when a signal ended it. A program that hangs is killed.
func (p *Process) ExitCode() int {
	hangs := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer hangs.Stop()
	for range p.lines { // a program that prints must not wait for a reader
	}
	<-p.ended
	return p.cmd.ProcessState.ExitCode()
}

// Kill ends the program, if it still runs, and waits for its end.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended by itself
	for range p.lines {
	}
	<-p.ended
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Stderr is what the program has written to its standard error.
func (p *Process) Stderr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.errs.String()
}

// stderr is the writer's side of a Process.
type stderr Process

func (w *stderr) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.errs.Write(b)
}

// FreePort gives a TCP port of the loopback address that nothing listens on. It is below the range from which systems
// take the ports of outgoing connections, so that none of those gets it before the program does.
func FreePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(10_000 + rand.IntN(20_000))
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no free port found")
	return ""
}

// AwaitPort waits until something listens on a port of the loopback address.
func (p *Process) AwaitPort(port string) {
	p.t.Helper()
	for {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-p.ended:
			p.t.Fatalf("%s ended with code %d", p.cmd, p.ExitCode())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
