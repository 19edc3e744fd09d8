package rate

import (
	"math/rand/v2"
	"testing"
	"time"
)

const second = time.Second

func TestTake(t *testing.T) {
	var b Bucket
	l := Limit{Burst: 3, Every: second}
	for _, step := range []struct {
		now, wait time.Duration
	}{
		{0, 0}, {0, 0}, {0, 0}, {0, second}, // the burst
		{second / 2, second / 2}, {second, 0}, {second, second}, // then one each second; a refusal costs nothing
		{100 * second, 0}, {100 * second, 0}, {100 * second, 0}, {100 * second, second}, // never more than a burst
	} {
		if wait := b.Take(step.now, l); wait != step.wait {
			t.Errorf("at %v: wait %v, want %v", step.now, wait, step.wait)
		}
	}
}

func TestSpend(t *testing.T) {
	var b Bucket
	l := Limit{Burst: 2, Every: second}
	for i, step := range []struct {
		now  time.Duration
		want Verdict
	}{
		{0, Within}, {0, Within}, {0, Beyond}, {0, Beyond}, {0, Far}, {0, Far},
		{second, Beyond}, {second, Far}, // as much as it gains
		{3 * second, Beyond}, {10 * second, Within}, {10 * second, Within}, {10 * second, Beyond},
	} {
		if got := b.Spend(step.now, l); got != step.want {
			t.Errorf("step %d at %v: %v, want %v", i, step.now, got, step.want)
		}
	}
}

func TestUnlimited(t *testing.T) {
	var b Bucket
	for range 1000 {
		if b.Take(0, Limit{}) != 0 || b.Spend(0, Limit{Burst: 1}) != Within {
			t.Fatal("refused without a limit")
		}
	}
	if NewTable[int](Limit{}).Take(1, 0) != 0 {
		t.Error("refused by a table without a limit")
	}
	if (&b).Take(0, Limit{Every: second}) != 0 || b.Take(0, Limit{Every: second}) == 0 {
		t.Error("a limit without a burst allows one at once")
	}
}

// In any time no more passes than the burst and what is gained meanwhile, whatever the order of arrivals.
func TestNoMoreThanTheLimit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		l := Limit{Burst: 1 + random.IntN(20), Every: time.Duration(1 + random.IntN(1000))}
		var b Bucket
		var now time.Duration
		passed := 0
		for range 500 {
			now += time.Duration(random.IntN(int(l.Every) * 2))
			if random.IntN(10) == 0 {
				now += time.Duration(random.IntN(int(l.span()) * 2))
			}
			if b.Take(now, l) == 0 {
				passed++
			}
		}
		if allowed := l.Burst + int(now/l.Every); passed > allowed {
			t.Fatalf("%+v: %d passed in %d, want %d at most", l, passed, now, allowed)
		}
	}
}

func TestTable(t *testing.T) {
	table := NewTable[int](Limit{Burst: 1, Every: second})
	if table.Take(1, 0) != 0 || table.Take(2, 0) != 0 || table.Take(1, 0) != second {
		t.Error("keys share a bucket")
	}
	for key := range 3 * maxBuckets {
		table.Take(key, 0)
	}
	if n := len(table.buckets); n != maxBuckets {
		t.Errorf("%d buckets, want %d", n, maxBuckets)
	}
	if table.Take(-1, 0) == 0 {
		t.Error("a flood of keys gets a token for each")
	}
	if table.Take(-1, 10*second) != 0 || len(table.buckets) != 1 {
		t.Errorf("%d buckets after all were full again, want the one in use", len(table.buckets))
	}
}
