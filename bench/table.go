//go:build linux

package main

import (
	"fmt"
	"strings"
)

// tables are the results as Markdown.
func (r Record) tables() string {
	var b strings.Builder
	fmt.Fprintf(&b, "- date: %s, commit %s\n- machine: %s\n- %s\n"+
		"- runs of each server in each scenario: %d, of %s, interleaved; medians, lowest and highest in brackets\n",
		r.Date, r.Commit, r.Machine, r.Versions, r.Runs, r.Time)
	b.WriteString("\nCPU-seconds of the server for a million deliveries or acknowledgements:\n\n" +
		"| scenario | Node | Bun | ours | **ours to Node** | goal | reach for | | Bun to Node | ours to Bun | the machine's limit to Node | ours to it |\n" +
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, o := range r.Outcomes {
		if o.Kind == cost {
			ratio := o.ratio("ours", "node")
			fmt.Fprintf(&b, "| %s | %s | %s | %s | **%s** | %s | %s | %s | %s | %s | %s | %s |\n", o.Scenario, o.costs("node"), o.costs("bun"), o.costs("ours"),
				decimal(ratio), decimal(o.Goal), decimal(o.Reach), verdict(ratio, o.Goal, o.Reach), decimal(o.ratio("bun", "node")), decimal(o.ratio("ours", "bun")), o.share(limit, "node"), o.share("ours", limit))
		}
	}
	b.WriteString("\nThroughput, and delays in milliseconds:\n\n" +
		"| scenario | ours per second | Node | Bun | ours p50, p99 | Node p50, p99 | Bun p50, p99 | p99 asked of us | cores busy: ours, Node, Bun |\n" +
		"| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, o := range r.Outcomes {
		if o.Kind == cost {
			asked := ""
			if o.P99 > 0 {
				asked = fmt.Sprintf("≤ %g: %s", o.P99, verdict(o.mid("ours", p99), o.P99, o.P99))
			}
			fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.0f | %s | %s | %s | %s | %s, %s, %s |\n", o.Scenario,
				o.mid("ours", Result.Rate), o.mid("node", Result.Rate), o.mid("bun", Result.Rate), o.waits("ours"), o.waits("node"), o.waits("bun"), asked,
				decimal2(o.mid("ours", busy)), decimal2(o.mid("node", busy)), decimal2(o.mid("bun", busy)))
		}
	}
	for _, o := range r.Outcomes {
		switch o.Kind {
		case stand:
			b.WriteString(o.standing())
		case jam:
			b.WriteString(o.jammed())
		case wave:
			b.WriteString(o.churned())
		}
	}
	return b.String()
}

// standing is the table of idle connections.
func (o *Outcome) standing() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, WebSocket, after a garbage collection:\n\n"+
		"| | ours | Node | Bun | goal | reach for | |\n| --- | --- | --- | --- | --- | --- | --- |\n", o.Scenario)
	row := func(name, format string, of func(Result) float64, goal, reach float64) {
		fmt.Fprintf(&b, "| %s ", name)
		for _, server := range []string{"ours", "node", "bun"} {
			s := over(o.of(server), of)
			fmt.Fprintf(&b, "| "+format+" ("+format+"–"+format+") ", s.mid, s.low, s.high)
		}
		fmt.Fprintf(&b, "| %g | %g | %s |\n", goal, reach, verdict(over(o.of("ours"), of).mid, goal, reach))
	}
	row("resident memory for each, KiB", "%.2f", kib, o.Goal, o.Reach)
	row("CPU to set one up, µs", "%.0f", Result.PerMillion, setUpGoal, setUpReach)
	return b.String()
}

// jammed is the table of readers that stop.
func (o *Outcome) jammed() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, of a broadcast of 16 KiB, 100 times a second:\n\n"+
		"| | p50, p99 of the others before, ms | p50, p99 beside them, ms | memory at most for each that stops, KiB | let go |\n| --- | --- | --- | --- | --- |\n", o.Scenario)
	for _, s := range o.Servers {
		if len(s.Runs) == 0 {
			continue
		}
		mid := func(of func(Result) float64) float64 { return over(s.Runs, of).mid }
		fmt.Fprintf(&b, "| %s | %s, %s | %s | %.0f | %.0f |\n", title(s.Server), digits(mid(func(r Result) float64 { return r.Stall.P50 })),
			digits(mid(func(r Result) float64 { return r.Stall.P99 })), o.waits(s.Server), mid(kib), mid(cut))
	}
	return b.String()
}

// churned is the table of what is left of connections.
func (o *Outcome) churned() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s, opened and reset, %d times; before the first wave and after each:\n\n"+
		"| | heap, MiB | resident, MiB | descriptors | goroutines |\n| --- | --- | --- | --- | --- |\n", o.Scenario, waves)
	for _, s := range o.Servers {
		if len(s.Runs) == 0 {
			continue
		}
		l := s.Runs[len(s.Runs)-1].Left
		goroutines := "–"
		if l.Goroutines[0] > 0 {
			goroutines = list(l.Goroutines, "%d")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", title(s.Server), list(l.Heap, "%.1f"), list(l.RSS, "%.1f"), list(l.Descriptors, "%d"), goroutines)
	}
	return b.String()
}

// together is the table of a run on all cores.
func (r Record) together() string {
	var b strings.Builder
	b.WriteString("| scenario | checked, all right | per second | p50, p99, ms | cores that the server used |\n| --- | --- | --- | --- | --- |\n")
	for _, o := range r.Outcomes {
		if o.Kind == cost {
			var count uint64
			for _, run := range o.of("ours") {
				count += run.Count
			}
			fmt.Fprintf(&b, "| %s | %d %s | %.0f | %s | %s |\n", o.Scenario, count, o.Unit, o.mid("ours", Result.Rate), o.waits("ours"), digits(o.mid("ours", busy)))
		}
	}
	return b.String()
}

// profiles is where our server's time goes, as Markdown.
func profiles(outcomes []Outcome) string {
	var b strings.Builder
	b.WriteString("| scenario | where the time goes | most in these functions |\n| --- | --- | --- |\n")
	for _, o := range outcomes {
		for _, r := range o.of("ours") {
			if r.Profile != nil {
				fmt.Fprintf(&b, "| %s | %s | %s |\n", o.Scenario, parts(r.Profile.Parts, 10, "%s %.0f %%"), parts(r.Profile.Leaves, 6, "`%s` %.1f %%"))
			}
		}
	}
	return b.String()
}
