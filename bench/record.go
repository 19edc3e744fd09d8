//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Record is one run of the program, with where and how it was.
type Record struct {
	Date     string    `json:"date"`
	Commit   string    `json:"commit"`
	Machine  string    `json:"machine"`
	Versions string    `json:"versions"`
	Cores    int       `json:"cores"`
	Runs     int       `json:"runs"`
	Time     string    `json:"time"` // of each
	Outcomes []Outcome `json:"outcomes"`
}

func newRecord(o options, outcomes []Outcome) Record {
	var load [3]string
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		copy(load[:], strings.Fields(string(b)))
	}
	versions := []string{runtime.Version()}
	for _, rival := range [][]string{{"Node", "node"}, {"Bun", rivalBinary("bun")}} {
		if out, err := exec.Command(rival[1], "--version").Output(); err == nil {
			versions = append(versions, rival[0]+" "+strings.TrimPrefix(strings.TrimSpace(string(out)), "v"))
		}
	}
	commit, _ := exec.Command("git", "rev-parse", "--short", "HEAD").Output() // none outside of a checkout
	return Record{
		Date:     time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		Commit:   strings.TrimSpace(string(commit)),
		Machine:  fmt.Sprintf("%d virtual cores, %s, Linux %s; load average at the end %s", runtime.NumCPU(), processor(), kernel(), load[0]),
		Versions: strings.Join(versions, ", "),
		Cores:    o.cores,
		Runs:     o.runs,
		Time:     o.time.String(),
		Outcomes: outcomes,
	}
}

// processor is what the kernel calls it.
func processor() string {
	b, _ := os.ReadFile("/proc/cpuinfo") // without it there is no name
	for line := range strings.Lines(string(b)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// kernel is its version, without what the one who built it added.
func kernel() string {
	var u syscall.Utsname
	if err := syscall.Uname(&u); err != nil {
		return "?"
	}
	var b strings.Builder
	for _, c := range u.Release {
		if c == 0 || c == '-' {
			break
		}
		b.WriteByte(byte(c))
	}
	return b.String()
}

// save writes the record as JSON.
func (r Record) save(path string) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o666)
}

// loadRecord reads what save wrote.
func loadRecord(path string) (Record, error) {
	var r Record
	b, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}
