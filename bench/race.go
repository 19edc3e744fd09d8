//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/socketio-go/socketio/bench/drive"
)

// races lets every server meet every scenario, interleaved, and prints each scenario when it is through.
func races(o options, chosen []scenario, servers []server) ([]Outcome, error) {
	p := newProgress(o.runs * meetings(chosen, servers))
	outcomes := make([]Outcome, 0, len(chosen))
	for _, s := range chosen {
		out := newOutcome(s, servers)
		for run := range o.runs {
			for i := range servers {
				if run%2 == 1 { // the other way round: a drift of the machine hits all
					i = len(servers) - 1 - i
				}
				if !servers[i].meets(s) {
					continue
				}
				p.step(s.name, servers[i].name, run+1)
				r, err := race(o, s, servers[i])
				if err != nil {
					p.clear()
					return nil, fmt.Errorf("%s: %s: %w", s.name, servers[i].name, err)
				}
				out.Servers[i].Runs = append(out.Servers[i].Runs, r)
			}
		}
		p.clear()
		out.print(os.Stdout)
		outcomes = append(outcomes, out)
	}
	return outcomes, nil
}

// meetings counts which server meets which scenario.
func meetings(chosen []scenario, servers []server) (n int) {
	for _, s := range chosen {
		for _, one := range servers {
			if one.meets(s) {
				n++
			}
		}
	}
	return n
}

// race starts a server, lets the scenario loose on it and stops it.
func race(o options, s scenario, on server) (Result, error) {
	cores := ""
	if o.cores == 1 {
		cores = "0"
	}
	p, err := start(on, cores)
	if err != nil {
		return Result{}, err
	}
	defer p.stop()
	loop, err := drive.NewLoop()
	if err != nil {
		return Result{}, err
	}
	defer loop.Close()
	loop.Awake = o.cores == 1 && !o.sleep
	warmUp := max(o.time*2/5, 500*time.Millisecond) // JavaScript is compiled while it runs
	return s.run(&stage{loop: loop, addr: p.addr, server: p, warmUp: warmUp, time: o.time, spread: o.cores > 1, conns: o.conns, perf: o.data(s, on)})
}

// pin moves this program away from the core that the servers get.
func pin(cores int) (string, error) {
	if cores != 1 {
		return fmt.Sprintf("everything on %d cores", runtime.NumCPU()), nil
	}
	if runtime.NumCPU() < 2 {
		return "", fmt.Errorf("it takes two cores, one for the servers and one for the load")
	}
	out, err := exec.Command("taskset", "-a", "-p", "-c", "1", fmt.Sprint(os.Getpid())).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("taskset: %w: %s", err, out)
	}
	return "servers on core 0, load on core 1", nil
}
