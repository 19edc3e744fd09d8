//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// process is a server that runs.
type process struct {
	cmd   *exec.Cmd
	addr  netip.AddrPort
	lines *bufio.Reader
}

// start starts a server on a free port of loopback, on one core if cores is not empty.
func start(s server, cores string) (*process, error) {
	args := s.command
	if cores != "" {
		args = append([]string{"taskset", "-c", cores}, args...)
	}
	addr, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(int(addr.Port())), "NODE_ENV=production")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd, addr, bufio.NewReader(out)}
	if _, err := p.lines.ReadString('\n'); err != nil {
		p.stop()
		return nil, errors.New("it ended before it was ready")
	}
	return p, nil
}

func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func freePort() (netip.AddrPort, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

// cpu is the user and system time that the server has used, from its CPU clock (clock_getcpuclockid(3)).
func (p *process) cpu() (time.Duration, error) {
	const scheduled = 2 // CPUCLOCK_SCHED: to the nanosecond
	var t syscall.Timespec
	clock := int32(^p.cmd.Process.Pid)<<3 | scheduled
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0, os.NewSyscallError("clock_gettime", errno)
	}
	return time.Duration(t.Nano()), nil
}

// holding is what a server holds when it has collected its garbage.
type holding struct {
	rss         float64 // KiB
	heap        float64 // bytes
	goroutines  int     // 0 where there are none
	descriptors int
}

// collected lets the server collect its garbage, and looks. Servers do it for SIGUSR2 and print what is left.
func (p *process) collected() (holding, error) {
	var told struct {
		Heap       float64
		Goroutines int
	}
	for range 2 { // the second time finds what the first set free
		if err := p.cmd.Process.Signal(syscall.SIGUSR2); err != nil {
			return holding{}, err
		}
		line, err := p.lines.ReadBytes('\n')
		if err != nil {
			return holding{}, fmt.Errorf("it ended when asked to collect garbage: %w", err)
		}
		if err := json.Unmarshal(line, &told); err != nil {
			return holding{}, fmt.Errorf("%q after a collection: %w", line, err)
		}
	}
	rss, err := p.memory("VmRSS:")
	files, err2 := os.ReadDir(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "fd"))
	return holding{rss, told.Heap, told.Goroutines, len(files)}, errors.Join(err, err2)
}

// memory is a line of /proc/PID/status, in KiB: VmRSS is what is resident, VmHWM the most that ever was.
func (p *process) memory(name string) (float64, error) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, name); ok {
			return strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(v), "kB")), 64)
		}
	}
	return 0, errors.New("no " + name)
}
