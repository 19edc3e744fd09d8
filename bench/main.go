//go:build linux

package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/socketio-go/socketio/bench/drive"
)

// everyRival is the list of all.
const everyRival = "node,bun"

// options are the flags.
type options struct {
	run, ours, old, rivals, profile, docs, from string
	runs, conns, cores                          int
	time                                        time.Duration
	list, sleep                                 bool
}

func main() {
	var o options
	flag.StringVar(&o.run, "run", "", "only scenarios whose name this `regexp` matches")
	flag.BoolVar(&o.list, "list", false, "print the names of the scenarios")
	flag.StringVar(&o.ours, "ours", "", "our server, a `binary` of test/conformance (default: built from the tree)")
	flag.StringVar(&o.old, "old", "", "another `binary` of it, to compare with")
	flag.StringVar(&o.rivals, "rivals", everyRival, "comma `list` of rivals")
	flag.IntVar(&o.runs, "runs", 3, "how often each server meets each scenario")
	flag.DurationVar(&o.time, "time", 5*time.Second, "how long a load is measured")
	flag.IntVar(&o.conns, "conns", 15_000, "idle connections, and of each wave of the churn")
	flag.IntVar(&o.cores, "cores", 1, "1: each server on core 0, this program on core 1; 2: everything on all cores, and many senders")
	flag.BoolVar(&o.sleep, "sleep", false, "let the load sleep while it waits: for a core that is not its own, though the servers pay for waking it")
	flag.StringVar(&o.docs, "docs", "", "put the tables and the plots of a run of all scenarios into this `folder`")
	flag.StringVar(&o.from, "from", "", "measure nothing, take the results from this `file` (docs/plots/results.json)")
	flag.StringVar(&o.profile, "profile", "", "record our server with perf into this `folder`, and print where its time goes")
	flag.Parse()
	if err := bench(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(o options) error {
	if o.from != "" {
		r, err := loadRecord(o.from)
		if err != nil {
			return err
		}
		return r.report(o)
	}
	only, err := regexp.Compile(o.run)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.ours == "" && !o.list {
		if o.ours, err = build(dir); err != nil {
			return err
		}
	}
	servers, err := field(o.ours, o.old, o.rivals)
	if err != nil {
		return err
	}
	var chosen []scenario
	for _, s := range scenarios(o.conns) {
		if !only.MatchString(s.name) {
			continue
		}
		if chosen = append(chosen, s); o.list {
			fmt.Println(s.name)
		}
	}
	if o.list {
		return nil
	}
	pinning, err := pin(o.cores)
	if err != nil {
		return err
	}
	debug.SetGCPercent(400)
	fmt.Printf("%s, %s\n", runtime.Version(), pinning)
	outcomes, err := races(o, chosen, servers)
	if err != nil {
		return err
	}
	return newRecord(o, outcomes).report(o)
}

// races lets every server meet every scenario, interleaved, and prints each scenario when it is through.
func races(o options, chosen []scenario, servers []server) ([]Outcome, error) {
	p := newProgress(len(chosen) * o.runs * len(servers))
	outcomes := make([]Outcome, 0, len(chosen))
	for _, s := range chosen {
		out := newOutcome(s, servers)
		for run := range o.runs {
			for i := range servers {
				if run%2 == 1 { // the other way round: a drift of the machine hits all
					i = len(servers) - 1 - i
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
	warmUp := max(o.time/5, 500*time.Millisecond)
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

// report prints the tables of a whole run, and puts them and the plots into the documents.
func (r Record) report(o options) error {
	whole := o.run == "" && o.old == "" && (r.section() != "results" || o.rivals == everyRival)
	if !whole {
		return nil
	}
	fmt.Printf("\n%s", r.text())
	if o.docs == "" {
		return nil
	}
	return r.write(o.docs)
}
