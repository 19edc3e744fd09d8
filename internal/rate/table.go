package rate

import (
	"sync"
	"time"
)

// maxBuckets is how many keys a table follows. Beyond it those whose buckets are full are forgotten, and if none is, the
// keys that are new share one bucket: a flood of keys makes a table stricter, never larger.
const maxBuckets = 1 << 16

// Table holds a bucket for each key. Safe for use by several goroutines.
type Table[K comparable] struct {
	limit Limit

	mu      sync.Mutex
	buckets map[K]Bucket // Guarded by mu, as all that follows.
	shared  Bucket       // of the keys beyond maxBuckets
	swept   time.Duration
}

// NewTable makes a table whose buckets are all full. Nil, which is what an unlimited one is, allows everything.
func NewTable[K comparable](l Limit) *Table[K] {
	if l.Unlimited() {
		return nil
	}
	return &Table[K]{limit: l, buckets: make(map[K]Bucket)}
}

// Take takes a token of the key's bucket. If there is none it takes nothing and returns the time until there is one.
func (t *Table[K]) Take(key K, now time.Duration) (wait time.Duration) {
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b, known := t.buckets[key]
	if !known && len(t.buckets) >= maxBuckets {
		t.sweep(now)
		if len(t.buckets) >= maxBuckets {
			return t.shared.Take(now, t.limit)
		}
	}
	wait = b.Take(now, t.limit)
	t.buckets[key] = b
	return wait
}

// sweep forgets what is as good as new. It looks at every bucket, so it is done once in the time in which a bucket gains
// a token, at most: before, there is nothing to gain.
func (t *Table[K]) sweep(now time.Duration) {
	if now-t.swept < t.limit.Every {
		return
	}
	t.swept = now
	for key, b := range t.buckets {
		if b.Full(now) {
			delete(t.buckets, key)
		}
	}
}
