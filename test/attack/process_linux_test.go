package attack

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/socketio-go/socketio/test/process"
)

// TestProcess attacks the stand-in program, with every limit at its default, in a process of its own: it must outlive
// the set and hold no more descriptors and little more memory than before.
func TestProcess(t *testing.T) {
	if addr := os.Getenv("ATTACK_ADDR"); addr != "" {
		if host, _, err := net.SplitHostPort(addr); err != nil || host != "127.0.0.1" {
			t.Fatalf("ATTACK_ADDR is %q; this attacks 127.0.0.1 only", addr)
		}
		s := &site{addr: addr, witness: startWitness(t, addr)}
		rounds(t, s, 2)
		s.witness.leave(t)
		return
	}
	port := process.FreePort(t)
	cmd := exec.Command(build(t), "attack")
	cmd.Env = append(os.Environ(), "PORT="+port)
	server := process.Start(t, cmd)
	t.Logf("the server says %q", server.Line())

	s := &site{addr: "127.0.0.1:" + port, pid: server.PID()}
	collect := func() { server.Signal(syscall.SIGUSR2) }
	before := settle(t, s.pid, collect)
	s.witness = startWitness(t, s.addr)
	if full {
		rounds(t, s, 2)
	} else {
		rounds(t, s, 1)
	}
	s.witness.leave(t)
	before.compare(t, s.pid, collect)

	for _, word := range []string{"panic", "fatal error", "DATA RACE", "goroutine "} {
		if strings.Contains(server.Stderr(), word) {
			t.Errorf("the server wrote %q:\n%.4000s", word, server.Stderr())
			break
		}
	}
}

// build compiles the stand-in program, with the race detector when the test has it.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "conformance")
	args := []string{"build", "-o", program}
	if raceDetector {
		args = append(args, "-race")
	}
	cmd := exec.Command("go", append(args, "github.com/socketio-go/socketio/test/conformance")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	return program
}
