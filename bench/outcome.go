//go:build linux

package main

import (
	"fmt"
	"io"
)

// Outcome is what all servers showed in one scenario.
type Outcome struct {
	Scenario string  `json:"scenario"`
	Unit     string  `json:"unit"`
	Goal     float64 `json:"goal,omitempty"`
	Reach    float64 `json:"reach,omitempty"`
	P99      float64 `json:"p99,omitempty"` // ms at most
	Kind     kind    `json:"kind"`
	Paced    bool    `json:"paced,omitempty"` // the pace was given
	Servers  []Runs  `json:"servers"`
}

// Runs is what one server showed, run by run.
type Runs struct {
	Server string   `json:"server"`
	Runs   []Result `json:"runs"`
}

func newOutcome(s scenario, servers []server) Outcome {
	o := Outcome{Scenario: s.name, Unit: s.unit, Goal: s.goal, Reach: s.reach, P99: s.p99, Kind: s.kind, Paced: s.paced}
	for _, one := range servers {
		o.Servers = append(o.Servers, Runs{Server: one.name})
	}
	return o
}

// of is what a server showed; none when it was not there.
func (o *Outcome) of(server string) []Result {
	for _, s := range o.Servers {
		if s.Server == server {
			return s.Runs
		}
	}
	return nil
}

// ratio is the cost of a server by that of another, between the medians; 0 when one is missing.
func (o *Outcome) ratio(server, to string) float64 {
	mine, theirs := over(o.of(server), Result.PerMillion), over(o.of(to), Result.PerMillion)
	if theirs.mid == 0 {
		return 0
	}
	return mine.mid / theirs.mid
}

// pairs is the ratio of two servers in each pair of runs that followed one another.
func (o *Outcome) pairs(server, to string) spread {
	mine, theirs := o.of(server), o.of(to)
	var ratios []float64
	for i := range min(len(mine), len(theirs)) {
		ratios = append(ratios, mine[i].PerMillion()/theirs[i].PerMillion())
	}
	return over(ratios, func(r float64) float64 { return r })
}

func (o *Outcome) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s", o.Scenario)
	switch o.Kind {
	case cost:
		fmt.Fprintf(w, "   (goal %.2f, reach for %.2f)\n", o.Goal, o.Reach)
	case stand:
		fmt.Fprintf(w, "   (goal %.0f KiB and %d µs, reach for %.0f and %d)\n", o.Goal, setUpGoal, o.Reach, setUpReach)
	default:
		fmt.Fprintln(w)
	}
	for _, s := range o.Servers {
		if len(s.Runs) == 0 {
			continue
		}
		fmt.Fprintf(w, "  %-5s", s.Server)
		switch o.Kind {
		case cost:
			printCost(w, s.Runs)
		case stand:
			kib, cpu := over(s.Runs, func(r Result) float64 { return r.KiB }), over(s.Runs, Result.PerMillion)
			fmt.Fprintf(w, " %6.2f KiB (%.2f–%.2f)  %6.1f CPU-µs (%.1f–%.1f)", kib.mid, kib.low, kib.high, cpu.mid, cpu.low, cpu.high)
		case jam:
			printStall(w, s.Runs)
		case wave:
			printLeft(w, s.Runs[len(s.Runs)-1])
		}
		if r := o.ratio(s.Server, "node"); r > 0 && s.Server != "node" && o.Kind <= stand {
			fmt.Fprintf(w, "  to node %.3f", r)
		}
		if s.Server == "ours" && o.of("old") != nil && o.Kind <= stand {
			p := o.pairs("ours", "old")
			fmt.Fprintf(w, "  to old %.3f (%.3f–%.3f)", p.mid, p.low, p.high)
		}
		if r := o.ratio("ours", limit); r > 0 && s.Server == "ours" {
			fmt.Fprintf(w, "  to limit %.3f", r)
		}
		fmt.Fprintln(w)
		for _, r := range s.Runs {
			if r.Profile != nil {
				printProfile(w, r.Profile)
			}
		}
	}
}

func printCost(w io.Writer, runs []Result) {
	cpu := over(runs, Result.PerMillion)
	mid := func(of func(Result) float64) float64 { return over(runs, of).mid }
	fmt.Fprintf(w, " %7.3f CPU-s/M (%.3f–%.3f) %8.0f/s  p50 %6.2f p99 %7.2f ms  busy %3.0f%% load %3.0f%%",
		cpu.mid, cpu.low, cpu.high, mid(Result.Rate),
		mid(func(r Result) float64 { return r.P50 }), mid(func(r Result) float64 { return r.P99 }),
		100*mid(func(r Result) float64 { return r.Busy }), 100*mid(func(r Result) float64 { return r.LoadBusy }))
}

func printStall(w io.Writer, runs []Result) {
	mid := func(of func(Result) float64) float64 { return over(runs, of).mid }
	fmt.Fprintf(w, " p50 %.2f p99 %.2f ms alone, %.2f and %.2f beside them  %.0f KiB for each at most  %.0f let go",
		mid(func(r Result) float64 { return r.Stall.P50 }), mid(func(r Result) float64 { return r.Stall.P99 }), mid(p50), mid(p99), mid(kib), mid(cut))
}

func printLeft(w io.Writer, r Result) {
	fmt.Fprintf(w, " heap MiB %.1f  RSS MiB %.1f  descriptors %v  goroutines %v", r.Left.Heap, r.Left.RSS, r.Left.Descriptors, r.Left.Goroutines)
}
