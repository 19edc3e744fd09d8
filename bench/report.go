package main

import (
	"fmt"
	"slices"
	"time"
)

// report prints the medians of a scenario, and each server's cost as a ratio to Node's.
func report(s scenario, servers []string, results map[string][]result) {
	fmt.Printf("\n%s\n", s.name)
	base := 0.0
	if rs := results["node"]; len(rs) > 0 {
		base = median(rs, result.perMillion)
	}
	for _, server := range servers {
		rs := results[server]
		cost := median(rs, result.perMillion)
		fmt.Printf("  %-6s %8.3f CPU-s per million (%s)", server, cost, spread(rs))
		if base > 0 {
			fmt.Printf("  ratio to node %.3f", cost/base)
		}
		if rs[0].idleOnly {
			fmt.Printf("  %.1f KiB a connection  %.0f µs CPU to set one up\n", median(rs, func(r result) float64 { return r.perConn }), cost)
			continue
		}
		var wrong int64
		for _, r := range rs {
			wrong += r.wrong
		}
		fmt.Printf("  %8.0f %s/s  p50 %s p99 %s  wrong %d\n", median(rs, rate), s.unit, quantile(rs, .5), quantile(rs, .99), wrong)
	}
}

func rate(r result) float64 { return float64(r.count) / r.took.Seconds() }

func median(rs []result, of func(result) float64) float64 {
	var vs []float64
	for _, r := range rs {
		vs = append(vs, of(r))
	}
	slices.Sort(vs)
	return (vs[(len(vs)-1)/2] + vs[len(vs)/2]) / 2
}

// spread is the lowest and the highest cost.
func spread(rs []result) string {
	low, high := rs[0].perMillion(), rs[0].perMillion()
	for _, r := range rs {
		low, high = min(low, r.perMillion()), max(high, r.perMillion())
	}
	return fmt.Sprintf("%.3f–%.3f", low, high)
}

// quantile of the delays of the median run.
func quantile(rs []result, q float64) time.Duration {
	var ds []time.Duration
	for _, r := range rs {
		if n := len(r.delays); n > 0 {
			ds = append(ds, r.delays[min(n-1, int(q*float64(n)))])
		}
	}
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return ds[len(ds)/2].Round(10 * time.Microsecond)
}
