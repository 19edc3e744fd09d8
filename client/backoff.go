package client

import (
	"math"
	"math/rand/v2"
	"time"
)

// backoff is how long to wait before the next attempt: min·2^attempts, less or more a random part of at most jitter
// times that, never over max (socket.io-client, "backo2").
type backoff struct {
	min, max time.Duration
	jitter   float64
	random   func() float64 // nil means [rand.Float64]
	attempts int
}

// next is the delay before the next attempt, in whole milliseconds. It counts the attempt.
func (b *backoff) next() time.Duration {
	ms := math.Min(float64(b.min.Milliseconds())*math.Pow(2, float64(b.attempts)), 1<<53)
	b.attempts++
	if b.jitter > 0 {
		random := b.random
		if random == nil {
			random = rand.Float64
		}
		r := random()
		deviation := math.Floor(r * b.jitter * ms)
		if int(math.Floor(r*10))&1 == 0 { // the parity of the first decimal is the sign
			deviation = -deviation
		}
		ms += deviation
	}
	return time.Duration(math.Min(ms, float64(b.max.Milliseconds()))) * time.Millisecond
}

func (b *backoff) reset() { b.attempts = 0 }
