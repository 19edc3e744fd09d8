package check_test

import (
	"testing"
	"time"

	"github.com/socketio-go/socketio/bench/check"
)

func TestQuantilesAreCloseFromNanosecondsToMinutes(t *testing.T) {
	for _, unit := range []time.Duration{1, 7, 63, 64, 65, 127, 128, 1000, time.Microsecond, 977 * time.Microsecond, time.Second} {
		var d check.Delays
		for i := range 1000 {
			d.Add(time.Duration(i+1) * unit)
		}
		for _, q := range []float64{0, .01, .5, .9, .99, .999, 1} {
			exact := time.Duration(min(int(q*1000)+1, 1000)) * unit
			got := d.Quantile(q)
			if got < exact || float64(got) > float64(exact)*(1+1./64)+1 {
				t.Errorf("%v of 1 to 1000 times %v: %v, want %v", q, unit, got, exact)
			}
		}
	}
}

func TestDelaysOfNothing(t *testing.T) {
	var d check.Delays
	if d.Quantile(.5) != 0 || d.Count() != 0 {
		t.Error("there is something")
	}
	d.Add(time.Hour)
	d.Add(-1)
	if d.Quantile(1) != time.Hour || d.Quantile(0) != 0 || d.Count() != 2 {
		t.Error(d.Quantile(1), d.Quantile(0), d.Count())
	}
	d.Reset()
	if d.Quantile(1) != 0 || d.Count() != 0 {
		t.Error("it is still there")
	}
}
