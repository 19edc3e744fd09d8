//go:build linux

package main

import (
	"slices"
	"time"

	"github.com/socketio-go/socketio/bench/check"
	"github.com/socketio-go/socketio/bench/profile"
)

// Result is what one run of one server showed. Times of messages are in milliseconds.
type Result struct {
	Count    uint64           `json:"count"`         // deliveries, acknowledgements or connections
	Seconds  float64          `json:"seconds"`       // that the run took
	CPU      float64          `json:"cpu"`           // seconds of the server
	Busy     float64          `json:"busy"`          // the share of a core that the server used
	LoadBusy float64          `json:"loadBusy"`      // and the load generator, while it had something to do
	P50      float64          `json:"p50,omitempty"` // delays
	P99      float64          `json:"p99,omitempty"`
	Max      float64          `json:"max,omitempty"`
	KiB      float64          `json:"kib,omitempty"`   // resident memory of one connection that is idle, or that does not read
	Profile  *profile.Profile `json:"-"`               // where it was asked for
	Stall    *Stall           `json:"stall,omitempty"` // of readers that stop
	Left     *Left            `json:"left,omitempty"`  // of a churn
}

// PerMillion is CPU-seconds for a million.
func (r Result) PerMillion() float64 { return r.CPU / float64(r.Count) * 1e6 }

// Rate is how many a second.
func (r Result) Rate() float64 { return float64(r.Count) / r.Seconds }

func (r *Result) delays(d *check.Delays) {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	r.P50, r.P99, r.Max = ms(d.Quantile(.5)), ms(d.Quantile(.99)), ms(d.Quantile(1))
}

// spread is the lowest, the middle and the highest of something.
type spread struct{ low, mid, high float64 }

// over is the spread of what of gives for each.
func over[T any](all []T, of func(T) float64) spread {
	if len(all) == 0 {
		return spread{}
	}
	vs := make([]float64, 0, len(all))
	for _, one := range all {
		vs = append(vs, of(one))
	}
	slices.Sort(vs)
	n := len(vs)
	return spread{vs[0], (vs[(n-1)/2] + vs[n/2]) / 2, vs[n-1]}
}
