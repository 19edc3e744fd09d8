//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// server is something to put load on.
type server struct {
	name    string
	command []string
	narrow  bool // it speaks the five events over WebSocket and nothing else
}

// meets reports whether the server can show anything in the scenario.
func (s server) meets(in scenario) bool { return !s.narrow || !in.whole }

// rivals are the servers that come from npm, by name, in folders of bench/rivals.
var rivals = map[string]struct {
	program string // in its folder; "": from the system
	args    []string
}{
	"node": {"", []string{"node", "--expose-gc"}},
	"bun":  {"node_modules/.bin/bun", nil},
}

// limit is the name of the server that shows what the machine itself asks for a message. It is in limit/.
const limit = "limit"

// field is the servers of a run: ours, another build of ours, and the rivals that are named. What has to be compiled goes
// into dir.
func field(ours, old, names, dir string) ([]server, error) {
	servers := []server{{name: "ours", command: []string{ours, "bench"}}}
	if old != "" {
		servers = append(servers, server{name: "old", command: []string{old, "bench"}})
	}
	for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ',' }) {
		if name == limit {
			path, err := build(dir, limit, "./bench/limit")
			if err != nil {
				return nil, err
			}
			servers = append(servers, server{name: limit, command: []string{path}, narrow: true})
			continue
		}
		s, err := rivalServer(name)
		if err != nil {
			return nil, err
		}
		servers = append(servers, s)
	}
	return servers, nil
}

func rivalServer(name string) (server, error) {
	r, known := rivals[name]
	if !known {
		return server{}, fmt.Errorf("no rival %q", name)
	}
	folder := rivalFolder(name)
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		return server{}, fmt.Errorf("the rival is not installed: npm ci --prefix %s", folder)
	}
	command := r.args
	if r.program != "" {
		command = append([]string{rivalBinary(name)}, r.args...)
	}
	return server{name: name, command: append(command[:len(command):len(command)], filepath.Join(folder, "server.js"))}, nil
}

func rivalFolder(name string) string { return filepath.Join("bench", "rivals", name) }
func rivalBinary(name string) string { return filepath.Join(rivalFolder(name), rivals[name].program) }

// build compiles a program of ours into dir.
func build(dir, name, source string) (string, error) {
	path := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-o", path, source)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build %s (run bench from the project's root): %w", source, err)
	}
	return path, nil
}
