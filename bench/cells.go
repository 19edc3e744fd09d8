//go:build linux

package main

import (
	"fmt"
	"strings"

	"github.com/socketio-go/socketio/bench/profile"
)

// What is read from a result.
func p50(r Result) float64  { return r.P50 }
func p99(r Result) float64  { return r.P99 }
func busy(r Result) float64 { return r.Busy }
func kib(r Result) float64  { return r.KiB }
func cut(r Result) float64  { return float64(r.Stall.Cut) }

// mid is the median of what a server showed.
func (o *Outcome) mid(server string, of func(Result) float64) float64 {
	return over(o.of(server), of).mid
}

// costs is the spread of what a server used.
func (o *Outcome) costs(server string) string {
	if len(o.of(server)) == 0 {
		return "–"
	}
	s := over(o.of(server), Result.PerMillion)
	return fmt.Sprintf("%s (%s–%s)", digits(s.mid), digits(s.low), digits(s.high))
}

// share is the ratio of two servers, where both were there.
func (o *Outcome) share(server, to string) string {
	if r := o.ratio(server, to); r > 0 {
		return digits(r)
	}
	return "–"
}

// waits is the delays of a server.
func (o *Outcome) waits(server string) string {
	if len(o.of(server)) == 0 {
		return "–"
	}
	return digits(o.mid(server, p50)) + ", " + digits(o.mid(server, p99))
}

// digits is a number with three digits that count.
func digits(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return decimal(v)
}

// decimal is a ratio, decimal2 one with two digits.
func decimal(v float64) string  { return strings.TrimPrefix(fmt.Sprintf("%.3f", v), "0") }
func decimal2(v float64) string { return strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0") }

// verdict says how a value stands to its goal.
func verdict(v, goal, reach float64) string {
	switch {
	case v == 0:
		return "–"
	case v <= reach && reach < goal:
		return "reached"
	case v <= goal:
		return "met"
	}
	return "**missed**"
}

// title is a server's name as a table shows it.
func title(server string) string {
	if server == "ours" || server == "old" {
		return server
	}
	return strings.ToUpper(server[:1]) + server[1:]
}

func list[T any](all []T, format string) string {
	var s []string
	for _, one := range all {
		s = append(s, fmt.Sprintf(format, one))
	}
	return strings.Join(s, ", ")
}

// parts are the first n shares of a profile, without those under one percent.
func parts(all []profile.Share, n int, format string) string {
	var s []string
	for _, one := range all[:min(n, len(all))] {
		if one.Of >= .01 {
			name := one.Name[strings.LastIndex(one.Name, "/socketio/")+1:]
			s = append(s, fmt.Sprintf(format, strings.TrimPrefix(name, "socketio/"), 100*one.Of))
		}
	}
	return strings.Join(s, ", ")
}
