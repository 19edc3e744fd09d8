package web

import "time"

// WithGrace makes the grace period of presence another one, for tests that can't wait.
func (o *Options) WithGrace(d time.Duration) *Options {
	o.grace = d
	return o
}

// WithFromAddress makes the number of sockets that one address may have another one.
func (o *Options) WithFromAddress(n int) *Options {
	o.fromAddress = n
	return o
}
