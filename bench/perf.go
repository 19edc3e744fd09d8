//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/socketio-go/socketio/bench/profile"
)

// recording is perf at work on a server. The zero value records nothing.
type recording struct {
	cmd  *exec.Cmd
	data string
}

// record starts perf on a process. What it records goes to a file.
func record(pid int, data string) (recording, error) {
	if data == "" {
		return recording{}, nil
	}
	cmd := exec.Command("perf", "record", "-q", "-e", "cpu-clock", "-F", "997", "-g", "-p", strconv.Itoa(pid), "-o", data)
	cmd.Stderr = os.Stderr
	return recording{cmd, data}, cmd.Start()
}

// stop ends the recording and gives what it shows.
func (r recording) stop() (*profile.Profile, error) {
	if r.cmd == nil {
		return nil, nil
	}
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		return nil, err
	}
	_ = r.cmd.Wait() // it ends with the signal's status
	out, err := exec.Command("perf", "script", "-F", "ip,sym,dso", "-i", r.data).Output()
	if err != nil {
		return nil, fmt.Errorf("perf script: %w", err)
	}
	p, err := profile.Read(bytes.NewReader(out))
	return &p, err
}

// slug is a name as part of a file's name.
func slug(name string) string {
	return strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// data is where the recording of a scenario goes, "" if none is asked for.
func (o options) data(s scenario, on server) string {
	if o.profile == "" || on.name != "ours" {
		return ""
	}
	return filepath.Join(o.profile, slug(s.name)+".perf")
}

// printProfile prints the largest parts.
func printProfile(w io.Writer, p *profile.Profile) {
	list := func(all []profile.Share, n int) string {
		var b strings.Builder
		for _, s := range all[:min(n, len(all))] {
			fmt.Fprintf(&b, "%s %.1f %%, ", s.Name, 100*s.Of)
		}
		return strings.TrimSuffix(b.String(), ", ")
	}
	fmt.Fprintf(w, "        %d samples: %s\n        functions: %s\n", p.Samples, list(p.Parts, 12), list(p.Leaves, 12))
}
