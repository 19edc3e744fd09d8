package chat_test

import (
	"errors"
	"testing"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// wait returns how long a refusal tells to wait, 0 when there was none.
func wait(t *testing.T, err error) time.Duration {
	t.Helper()
	if err == nil {
		return 0
	}
	refusal, ok := errors.AsType[*chat.Error](err)
	if !ok || refusal.Code != chat.CodeRate || refusal.RetryAfter <= 0 {
		t.Fatalf("not a rate refusal with a wait: %v", err)
	}
	return refusal.RetryAfter
}

func TestLimiterTellsTheWait(t *testing.T) {
	l := chat.NewLimiter[string](chat.Rate{Burst: 3, Every: time.Second})
	for i := range 3 {
		if err := l.Take("ann", start); err != nil {
			t.Fatalf("take %d of the burst: %v", i+1, err)
		}
	}
	if got := wait(t, l.Take("ann", start.Add(250*time.Millisecond))); got != 750*time.Millisecond {
		t.Errorf("wait = %v, want 750ms", got)
	}
	if got := wait(t, l.Take("ann", start.Add(time.Second))); got != 0 {
		t.Errorf("still refused after the time that was told: %v", got)
	}
	if err := l.Take("bo", start); err != nil {
		t.Errorf("ann's haste slows bo down: %v", err)
	}
}

func TestLimiterRefusalCostsNothing(t *testing.T) {
	l := chat.NewLimiter[int](chat.Rate{Burst: 1, Every: time.Second})
	l.Take(1, start)
	for range 100 {
		wait(t, l.Take(1, start))
	}
	if err := l.Take(1, start.Add(time.Second)); err != nil {
		t.Errorf("refusals were charged: %v", err)
	}
}

func TestLimiterReset(t *testing.T) {
	l := chat.NewLimiter[int](chat.Rate{Burst: 1, Every: time.Second})
	l.Take(1, start)
	l.Reset(1)
	if err := l.Take(1, start); err != nil {
		t.Errorf("refused after a reset: %v", err)
	}
}

// A flood of keys makes the limiter strict for new keys and leaves known ones alone.
func TestLimiterFloodOfKeys(t *testing.T) {
	const flood = 1 << 16
	l := chat.NewLimiter[int](chat.Rate{Burst: 2, Every: time.Minute})
	for key := range flood {
		if err := l.Take(key, start); err != nil {
			t.Fatalf("key %d: %v", key, err)
		}
	}
	refused := 0
	for key := flood; key < flood+10; key++ {
		if l.Take(key, start) != nil {
			refused++
		}
	}
	if refused != 8 {
		t.Errorf("%d of 10 keys beyond the limit refused, want 8: they share one bucket of 2", refused)
	}
	if err := l.Take(0, start); err != nil {
		t.Errorf("a known key suffers: %v", err)
	}
	if err := l.Take(-1, start.Add(time.Hour)); err != nil {
		t.Errorf("refused long after the flood: %v", err)
	}
}
