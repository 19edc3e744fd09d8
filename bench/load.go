package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// casts lets one client of n broadcast to all, with so many broadcasts in flight: a broadcast has landed when all have
// it. Each bears a number, and each receiver must get all numbers in order.
func casts(p *process, n, inFlight int, text string, d time.Duration) (result, error) {
	clients, err := crowd(p.addr, n, 4096)
	if err != nil {
		return result{}, err
	}
	var (
		count, wrong atomic.Int64
		stopped      atomic.Bool
		failed       = make(chan error, 2*n)
		landed       = make(chan int64, inFlight)
		open         landing
		wg           sync.WaitGroup
	)
	defer wg.Wait()
	defer leave(clients)
	defer stopped.Store(true)
	open.waits = map[int64]int{}

	for _, c := range clients {
		wg.Go(func() {
			for next := int64(0); ; next++ {
				m, err := c.read()
				if err != nil {
					if !stopped.Load() {
						failed <- err
					}
					return
				}
				k, ok := castNumber(m)
				if !ok || k != next {
					wrong.Add(1)
					next = k
				}
				count.Add(1)
				if open.arrived(k, n) {
					landed <- k
				}
			}
		})
	}
	var delays []time.Duration
	var delaysMu sync.Mutex
	done := make(chan struct{})
	defer close(done)
	wg.Go(func() {
		sent := map[int64]time.Time{}
		for k := int64(0); ; k++ {
			if k >= int64(inFlight) {
				select {
				case j := <-landed:
					delaysMu.Lock()
					delays = append(delays, time.Since(sent[j]))
					delaysMu.Unlock()
					delete(sent, j)
				case <-done:
					return
				}
			}
			sent[k] = time.Now()
			if err := clients[0].send(fmt.Sprintf(`42["cast","%d:%s"]`, k, text)); err != nil {
				if !stopped.Load() {
					failed <- err
				}
				return
			}
		}
	})
	r, err := watch(p, d, &count, failed)
	delaysMu.Lock()
	r.delays = slices.Sorted(slices.Values(delays))
	delaysMu.Unlock()
	r.wrong = wrong.Load()
	return r, err
}

// landing counts who has a broadcast.
type landing struct {
	mu    sync.Mutex
	waits map[int64]int
}

// arrived reports whether k has now arrived n times.
func (l *landing) arrived(k int64, n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waits[k]++
	if l.waits[k] < n {
		return false
	}
	delete(l.waits, k)
	return true
}

// castNumber is the number in 42["m","<number>:…"].
func castNumber(m []byte) (int64, bool) {
	rest, ok := bytes.CutPrefix(m, []byte(`42["m","`))
	digits, _, found := bytes.Cut(rest, []byte(":"))
	k, err := strconv.ParseInt(string(digits), 10, 64)
	return k, ok && found && err == nil
}

var errAck = errors.New("not the acknowledgement that was due")

// echoes lets n clients ask for echoes, each with so many questions open. Answers must come in the order of the
// questions.
func echoes(p *process, n, inFlight int, text string, d time.Duration) (result, error) {
	clients, err := crowd(p.addr, n, 4096)
	if err != nil {
		return result{}, err
	}
	var (
		count   atomic.Int64
		stopped atomic.Bool
		failed  = make(chan error, n)
		wg      sync.WaitGroup
		mu      sync.Mutex
		delays  []time.Duration
	)
	for _, c := range clients {
		wg.Go(func() {
			mine, err := c.echo(inFlight, text, &count, &stopped)
			if err != nil && !stopped.Load() {
				failed <- err
			}
			mu.Lock()
			delays = append(delays, mine...)
			mu.Unlock()
		})
	}
	r, err := watch(p, d, &count, failed)
	stopped.Store(true)
	leave(clients)
	wg.Wait()
	r.delays = delays
	slices.Sort(r.delays)
	return r, err
}

func (c *client) echo(inFlight int, text string, count *atomic.Int64, stopped *atomic.Bool) ([]time.Duration, error) {
	sent := make([]time.Time, inFlight)
	batch := make([]string, 0, inFlight)
	for k := range inFlight {
		sent[k] = time.Now()
		batch = append(batch, fmt.Sprintf(`42%d["echo","%s"]`, k, text))
	}
	if err := c.send(batch...); err != nil {
		return nil, err
	}
	var delays []time.Duration
	batch = batch[:0]
	for k := 0; ; k++ {
		m, err := c.read()
		if err != nil {
			return delays, err
		}
		if want := fmt.Sprintf(`43%d["%s"]`, k, text); string(m) != want {
			return delays, fmt.Errorf("%w: %q instead of %q", errAck, m, want)
		}
		count.Add(1)
		if k%16 == 0 {
			delays = append(delays, time.Since(sent[k%inFlight]))
		}
		if stopped.Load() {
			return delays, nil
		}
		sent[k%inFlight] = time.Now()
		batch = append(batch, fmt.Sprintf(`42%d["echo","%s"]`, k+inFlight, text))
		if c.in.Buffered() > 0 {
			continue // what was answered together is asked together, as clients do: or the load would be slower than the server
		}
		if err := c.send(batch...); err != nil {
			return delays, err
		}
		batch = batch[:0]
	}
}
