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
}

// rivals are the servers that come from npm, by name, in folders of bench/rivals.
var rivals = map[string]struct {
	program string // in its folder; "": from the system
	args    []string
}{
	"node": {"", []string{"node", "--expose-gc"}},
	"bun":  {"node_modules/.bin/bun", nil},
}

// field is the servers of a run: ours, another build of ours, and the rivals that are named.
func field(ours, old, names string) ([]server, error) {
	servers := []server{{"ours", []string{ours, "bench"}}}
	if old != "" {
		servers = append(servers, server{"old", []string{old, "bench"}})
	}
	for name := range strings.FieldsFuncSeq(names, func(r rune) bool { return r == ',' }) {
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
	return server{name, append(command[:len(command):len(command)], filepath.Join(folder, "server.js"))}, nil
}

func rivalFolder(name string) string { return filepath.Join("bench", "rivals", name) }
func rivalBinary(name string) string { return filepath.Join(rivalFolder(name), rivals[name].program) }

// build compiles our server into dir.
func build(dir string) (string, error) {
	path := filepath.Join(dir, "ours")
	cmd := exec.Command("go", "build", "-o", path, "./test/conformance")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build our server (run bench from the project's root): %w", err)
	}
	return path, nil
}
