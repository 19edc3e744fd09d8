//go:build linux

package main

import "fmt"

// scenario is a load, and what is asked of our server in it.
type scenario struct {
	name  string
	unit  string  // of what is counted
	goal  float64 // the ratio to Node at most
	reach float64 // and the one to reach for
	p99   float64 // ms at most; 0: not asked
	paced bool    // messages are due at a given pace, whatever the server does
	kind  kind
	whole bool // it takes more than the five events over WebSocket
	run   func(*stage) (Result, error)
}

// kind says what the result of a scenario is read for.
type kind byte

const (
	cost  kind = iota // CPU for a million, as a ratio
	stand             // memory and CPU of connections
	wave              // what connections leave behind
	jam               // what readers that stop do to the others
)

// scenarios are those of the table in docs/performance.md, in its order.
func scenarios(conns int) []scenario {
	load := func(p plan) func(*stage) (Result, error) {
		return func(s *stage) (Result, error) {
			l, err := p.start(s)
			if err != nil {
				return Result{}, err
			}
			return play(s, l)
		}
	}
	cast := func(receivers, inFlight, size int) func(*stage) (Result, error) {
		return load(castPlan{receivers: receivers, inFlight: inFlight, size: size})
	}
	return []scenario{
		{name: "broadcast o=1 N=1000 64 B", unit: "deliveries", goal: .45, reach: .38, run: cast(1000, 1, 64)},
		{name: "broadcast o=8 N=1000 64 B", unit: "deliveries", goal: .16, reach: .11, run: cast(1000, 8, 64)},
		{name: "broadcast o=8 N=1000 1 KiB", unit: "deliveries", goal: .16, reach: .11, run: cast(1000, 8, 1024)},
		{name: "broadcast o=2 N=5000 64 B", unit: "deliveries", goal: .32, reach: .26, run: cast(5000, 2, 64)},
		{name: "broadcast at 20k/s N=1000 64 B", unit: "deliveries", goal: .45, reach: .35, p99: 7, paced: true,
			run: load(castPlan{receivers: 1000, size: 64, rate: 20})},
		{name: "echo c=100 w=8", unit: "acks", goal: .13, reach: .08, run: load(echoPlan{clients: 100, inFlight: 8, size: 32})},
		{name: "echo c=1000 w=8", unit: "acks", goal: .14, reach: .09, run: load(echoPlan{clients: 1000, inFlight: 8, size: 32})},
		{name: "echo at 10k/s c=100", unit: "acks", goal: .42, reach: .34, p99: 1, paced: true, run: load(echoPlan{clients: 100, size: 32, rate: 10_000})},
		{name: "binary echo 1 KiB c=100 w=8", unit: "answers", goal: .14, reach: .09, run: load(binPlan{clients: 100, inFlight: 8, size: 1024})},
		{name: "binary echo 64 KiB c=20 w=2", unit: "answers", goal: .50, reach: .35, run: load(binPlan{clients: 20, inFlight: 2, size: 64 << 10})},
		{name: "rooms 1000 x 10 saturated", unit: "deliveries", goal: .34, reach: .28, run: load(roomsPlan{rooms: 1000, members: 10, size: 64})},
		{name: "rooms 1000 x 10 at 10k/s", unit: "deliveries", goal: .52, reach: .45, paced: true,
			run: load(roomsPlan{rooms: 1000, members: 10, size: 64, rate: 10_000})},
		{name: "polling echo c=200", unit: "acks", goal: .50, reach: .42, whole: true, run: load(pollPlan{clients: 200, size: 32})},
		{name: fmt.Sprintf("%d readers, %d that stop", stallPlan.receivers, stalled), unit: "deliveries", paced: true, kind: jam, whole: true, run: stall},
		{name: fmt.Sprintf("idle c=%d", conns), unit: "connections", goal: 6, reach: 3, kind: stand, whole: true, run: idle},
		{name: fmt.Sprintf("churn c=%d", conns), unit: "connections", kind: wave, whole: true, run: churn},
	}
}

// setUpGoal and setUpReach are CPU-µs for a connection, in the scenario of idle connections.
const (
	setUpGoal  = 60
	setUpReach = 40
)
