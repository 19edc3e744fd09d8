package client

import (
	"testing"
	"time"
)

// The formula is that of the reference, so the same random numbers give the same delays.
func TestBackoffFormula(t *testing.T) {
	ms := time.Millisecond
	for _, c := range []struct {
		name   string
		b      backoff
		random float64
		want   []time.Duration
	}{
		{"doubles to the limit", backoff{min: 1000 * ms, max: 5000 * ms}, 0, []time.Duration{1000 * ms, 2000 * ms, 4000 * ms, 5000 * ms, 5000 * ms}},
		{"less: the first decimal is even", backoff{min: 100 * ms, max: 10000 * ms, jitter: .5}, .25, []time.Duration{88 * ms, 175 * ms, 350 * ms}},
		{"more: it is odd", backoff{min: 100 * ms, max: 10000 * ms, jitter: .5}, .5, []time.Duration{125 * ms, 250 * ms, 500 * ms}},
	} {
		c.b.random = func() float64 { return c.random }
		for i, want := range c.want {
			if got := c.b.next(); got != want {
				t.Errorf("%s: delay %d is %v, want %v", c.name, i, got, want)
			}
		}
	}
	b := backoff{min: time.Second, max: 5 * time.Second, jitter: .5}
	for range 10_000 { // a program left alone for days
		if d := b.next(); d < 500*ms || d > 5*time.Second {
			t.Fatalf("delay %v after %d attempts", d, b.attempts)
		}
	}
	if b.reset(); b.next() > 1500*ms {
		t.Error("a reset does not start anew")
	}
}

func TestOffsetsAreToldFromOtherStrings(t *testing.T) {
	var o offset
	for _, s := range []string{"hi", "a b c d e f g", "", "ünïcödé"} {
		o.note(s)
	}
	if o.value != "" {
		t.Errorf("%q is no offset", o.value)
	}
	for _, s := range []string{"PexYz1q", "PexYz1q.2", "PexYz2a", "PexYz2a.10"} {
		if o.note(s); o.value != s {
			t.Errorf("%q is an offset, have %q", s, o.value)
		}
	}
	for _, s := range []string{"hello-world", "QexYz1q", "PexYz1q7", "nothing"} {
		if o.note(s); o.value == s {
			t.Errorf("%q is not like the one before", s)
		}
	}
	o.start("1700000000000-0")
	if o.note("1700000000001-12"); o.value != "1700000000001-12" {
		t.Errorf("stream id: %q", o.value)
	}
}
