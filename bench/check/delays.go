package check

import (
	"math/bits"
	"time"
)

// steps is how many counters each doubling of a delay has: they are wrong by 1/64 at most.
const steps = 64

// Delays counts delays in classes, without keeping them. The zero value is empty.
type Delays struct {
	classes [40 * steps]uint64
	n       uint64
	longest time.Duration
}

// Add counts one delay.
func (d *Delays) Add(delay time.Duration) {
	d.classes[class(delay)]++
	d.n++
	d.longest = max(d.longest, delay)
}

// Count is how many delays were counted.
func (d *Delays) Count() uint64 { return d.n }

// Reset forgets everything.
func (d *Delays) Reset() { *d = Delays{} }

// Quantile is the delay that the share q of all does not exceed, 0 when there is none.
func (d *Delays) Quantile(q float64) time.Duration {
	if d.n == 0 {
		return 0
	}
	if q >= 1 {
		return d.longest
	}
	left := uint64(q * float64(d.n))
	for i, n := range d.classes {
		if n > left {
			return min(upper(i), d.longest)
		}
		left -= n
	}
	return d.longest
}

// class is which counter a delay belongs to: the first ones are single nanoseconds, then 64 for each doubling.
func class(delay time.Duration) int {
	v := uint64(max(delay, 0))
	if v < steps {
		return int(v)
	}
	doubling := bits.Len64(v) - 7 // 64 to 127 is doubling 0
	i := doubling*steps + int(v>>doubling)
	return min(i, 40*steps-1)
}

// upper is the longest delay of a class.
func upper(i int) time.Duration {
	if i < 2*steps {
		return time.Duration(i)
	}
	doubling := i/steps - 1
	return time.Duration((uint64(i%steps+steps+1) << doubling) - 1)
}
