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
)

// everyRival is the list of all.
const everyRival = "node,bun,limit"

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
	chosen, err := choose(o)
	if err != nil || o.list {
		return err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.ours == "" {
		if o.ours, err = build(dir, "ours", "./test/conformance"); err != nil {
			return err
		}
	}
	debug.SetGCPercent(400)
	for _, part := range o.parts(dir) {
		servers, err := field(part.ours, part.old, part.rivals, dir)
		if err != nil {
			return err
		}
		pinning, err := pin(part.cores)
		if err != nil {
			return err
		}
		fmt.Printf("\n%s, %s\n", runtime.Version(), pinning)
		outcomes, err := races(part, chosen, servers)
		if err != nil {
			return err
		}
		if err := newRecord(part, outcomes).report(part); err != nil {
			return err
		}
	}
	return nil
}

// choose picks the scenarios, and prints their names if it shall.
func choose(o options) ([]scenario, error) {
	only, err := regexp.Compile(o.run)
	if err != nil {
		return nil, err
	}
	var chosen []scenario
	for _, s := range scenarios(o.conns) {
		if only.MatchString(s.name) {
			if chosen = append(chosen, s); o.list {
				fmt.Println(s.name)
			}
		}
	}
	return chosen, nil
}

// whole reports whether the results belong into the documents.
func (o options) whole() bool {
	return o.run == "" && o.old == "" && (o.rivals == everyRival || o.cores > 1 || o.profile != "")
}

// parts are the runs that a run consists of: for the documents ours is run on all cores before, and recorded after.
func (o options) parts(dir string) []options {
	if o.docs == "" || !o.whole() || o.rivals != everyRival || o.cores > 1 || o.profile != "" {
		return []options{o}
	}
	alone := o
	alone.rivals, alone.runs = "", 1
	together, recorded := alone, alone
	together.cores, recorded.profile = 2, dir
	if _, err := exec.LookPath("perf"); err != nil {
		fmt.Println("no profiles: there is no perf")
		return []options{together, o}
	}
	return []options{together, o, recorded}
}
