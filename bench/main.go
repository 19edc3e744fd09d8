package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

func main() {
	var (
		run      = flag.String("run", "", "only scenarios whose `name` contains this")
		servers  = flag.String("servers", "ours,node", "comma `list` of servers: ours, node")
		runs     = flag.Int("runs", 3, "how often each server meets each scenario")
		duration = flag.Duration("time", 5*time.Second, "how long a scenario is measured")
		conns    = flag.Int("conns", 15_000, "idle connections")
	)
	flag.Parse()
	if err := bench(*run, strings.Split(*servers, ","), *runs, *duration, *conns); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(filter string, servers []string, runs int, duration time.Duration, conns int) error {
	garage, err := newGarage()
	if err != nil {
		return err
	}
	defer garage.close()
	fmt.Printf("%s, %d cores, %s\n", runtime.Version(), runtime.NumCPU(), garage.pinning)
	for _, s := range scenarios(duration, conns) {
		if !strings.Contains(s.name, filter) {
			continue
		}
		results := map[string][]result{}
		for range runs {
			for _, server := range servers {
				r, err := garage.measure(server, s)
				if err != nil {
					return fmt.Errorf("%s against %s: %w", s.name, server, err)
				}
				results[server] = append(results[server], r)
			}
		}
		report(s, servers, results)
	}
	return nil
}

// measure starts a server, lets the scenario loose on it and stops it.
func (g *garage) measure(server string, s scenario) (result, error) {
	p, err := g.start(server)
	if err != nil {
		return result{}, err
	}
	defer p.stop()
	return s.run(p)
}

// pin moves this program away from the core that the servers get.
func pin() string {
	if runtime.NumCPU() < 2 {
		return "one core for all"
	}
	if _, err := exec.LookPath("taskset"); err != nil {
		return "not pinned: no taskset"
	}
	rest := fmt.Sprintf("1-%d", runtime.NumCPU()-1)
	if err := exec.Command("taskset", "-a", "-p", "-c", rest, fmt.Sprint(os.Getpid())).Run(); err != nil {
		return "not pinned: " + err.Error()
	}
	runtime.GOMAXPROCS(runtime.NumCPU() - 1)
	return "servers on core 0, load on " + rest
}
