package rate

import (
	"sync"
	"time"
)

// Limit allows Burst at once, and then one each Every. A limit whose Every is not positive allows everything.
type Limit struct {
	Burst int
	Every time.Duration
}

// Unlimited reports whether everything is allowed.
func (l Limit) Unlimited() bool { return l.Every <= 0 }

// span is the time in which an empty bucket becomes full.
func (l Limit) span() time.Duration { return time.Duration(max(l.Burst, 1)) * l.Every }

// Bucket is a token bucket: the instant at which it is full again. Instants are counted from any fixed one before the
// first use. The zero value is full. Not safe for use by several goroutines.
type Bucket time.Duration

// Take takes a token. If there is none it takes nothing and returns the time until there is one.
func (b *Bucket) Take(now time.Duration, l Limit) (wait time.Duration) {
	if l.Unlimited() {
		return 0
	}
	full := max(time.Duration(*b), now) + l.Every
	if wait = full - now - l.span(); wait > 0 {
		return wait
	}
	*b = Bucket(full)
	return 0
}

// Verdict is what [Bucket.Spend] says.
type Verdict uint8

const (
	Within Verdict = iota // there was a token
	Beyond                // there was none: the bucket owes one more
	Far                   // it owes a whole burst already
)

// Spend takes a token whether there is one or not, up to a debt of a whole burst. Who goes on spending never gets out of
// debt; who pauses does.
func (b *Bucket) Spend(now time.Duration, l Limit) Verdict {
	if l.Unlimited() {
		return Within
	}
	full := max(time.Duration(*b), now) + l.Every
	switch over := full - now - l.span(); {
	case over > l.span():
		return Far
	case over > 0:
		*b = Bucket(full)
		return Beyond
	}
	*b = Bucket(full)
	return Within
}

// Full reports whether the bucket is as good as a new one.
func (b Bucket) Full(now time.Duration) bool { return time.Duration(b) <= now }

// Shared is a [Bucket] that several goroutines may use. The zero value is full.
type Shared struct {
	mu     sync.Mutex
	bucket Bucket // Guarded by mu.
}

// Take is [Bucket.Take].
func (s *Shared) Take(now time.Duration, l Limit) (wait time.Duration) {
	if l.Unlimited() {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bucket.Take(now, l)
}
