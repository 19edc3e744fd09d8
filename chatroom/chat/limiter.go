package chat

import (
	"sync"
	"time"
)

// Rate is a token bucket: Burst at once, then one each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// Rates of the chat. They are generous for people and tight for programs that run wild.
var (
	RateSend      = Rate{Burst: 10, Every: 700 * time.Millisecond} // messages of a user
	RateCreate    = Rate{Burst: 5, Every: 30 * time.Second}        // rooms created by a user
	RateRead      = Rate{Burst: 60, Every: 100 * time.Millisecond} // pages, syncs, lists and joins of a user
	RateTyping    = Rate{Burst: 1, Every: 3 * time.Second}         // typing notices of a user in a room
	RateSignIn    = Rate{Burst: 30, Every: 2 * time.Second}        // sign-ins from an address
	RateHandshake = Rate{Burst: 400, Every: 5 * time.Millisecond}  // connections made from an address
	RateEvents    = Rate{Burst: 1000, Every: 5 * time.Millisecond} // events of a connection; beyond it is closed
)

// maxBuckets is how many keys a limiter follows. Beyond it the idle ones are forgotten, and if all are busy the rest
// share one bucket: a flood of addresses makes the limiter stricter, never larger.
const maxBuckets = 1 << 16

// Limiter holds one bucket for each key. Safe for use by several goroutines.
type Limiter[K comparable] struct {
	rate Rate

	mu      sync.Mutex
	buckets map[K]time.Time // guarded by mu: when the bucket is (or was) full again
	shared  time.Time       // guarded by mu: the bucket of all keys beyond maxBuckets
}

// NewLimiter returns a limiter whose buckets are all full.
func NewLimiter[K comparable](rate Rate) *Limiter[K] {
	return &Limiter[K]{rate: rate, buckets: make(map[K]time.Time)}
}

// Take takes one token of the key's bucket. When there is none it takes nothing and returns a refusal with [CodeRate]
// and the time until there is one.
func (l *Limiter[K]) Take(key K, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	full, known := l.buckets[key]
	if !known && len(l.buckets) >= maxBuckets {
		l.forget(now)
	}
	if !known && len(l.buckets) >= maxBuckets {
		return l.spend(&l.shared, now)
	}
	err := l.spend(&full, now)
	l.buckets[key] = full
	return err
}

// Reset fills the key's bucket.
func (l *Limiter[K]) Reset(key K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.buckets, key)
}

// spend moves the instant at which the bucket is full by one token. A bucket is empty when that instant is a whole
// burst away.
func (l *Limiter[K]) spend(full *time.Time, now time.Time) error {
	next := *full
	if next.Before(now) {
		next = now
	}
	next = next.Add(l.rate.Every)
	if wait := next.Sub(now) - time.Duration(l.rate.Burst)*l.rate.Every; wait > 0 {
		return &Error{Code: CodeRate, RetryAfter: wait}
	}
	*full = next
	return nil
}

// forget drops the buckets that are full: they are the same as new ones.
func (l *Limiter[K]) forget(now time.Time) {
	for key, full := range l.buckets {
		if !full.After(now) {
			delete(l.buckets, key)
		}
	}
}
