package web

import "time"

// WithGrace makes the grace period of presence another one, for tests that can't wait.
func (o *Options) WithGrace(d time.Duration) *Options {
	o.grace = d
	return o
}
