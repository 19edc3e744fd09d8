package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// scenario is a load and what is counted in it.
type scenario struct {
	name string
	unit string // of what is counted
	run  func(*process) (result, error)
}

// result is what one run showed.
type result struct {
	count    int64         // deliveries or acknowledgements, or connections
	cpu      time.Duration // of the server
	took     time.Duration
	delays   []time.Duration // sorted; of round trips
	wrong    int64           // lost, repeated or out of order
	perConn  float64         // KiB of an idle connection
	idleOnly bool
}

// perMillion is CPU-seconds for a million.
func (r result) perMillion() float64 { return r.cpu.Seconds() / float64(r.count) * 1e6 }

func scenarios(d time.Duration, conns int) []scenario {
	text := func(n int) string { return strings.Repeat("x", n) }
	cast := func(n, inFlight int, text string) func(*process) (result, error) {
		return func(p *process) (result, error) { return casts(p, n, inFlight, text, d) }
	}
	echo := func(n, inFlight int) func(*process) (result, error) {
		return func(p *process) (result, error) { return echoes(p, n, inFlight, text(32), d) }
	}
	return []scenario{
		{"cast o=1 N=1000 64 B", "delivery", cast(1000, 1, text(64))},
		{"cast o=8 N=1000 64 B", "delivery", cast(1000, 8, text(64))},
		{"cast o=8 N=1000 1 KiB", "delivery", cast(1000, 8, text(1024))},
		{"echo c=100 w=8", "ack", echo(100, 8)},
		{"echo c=1000 w=8", "ack", echo(1000, 8)},
		{"binary echo 1 KiB c=100 w=8", "answer", func(p *process) (result, error) { return binaries(p, 100, 8, 1024, d) }},
		{"rooms 1000 x 10", "delivery", func(p *process) (result, error) { return talks(p, 1000, 10, text(64), d) }},
		{fmt.Sprintf("idle c=%d", conns), "connection", func(p *process) (result, error) { return idle(p, conns) }},
	}
}

// window measures the server between the end of the warm-up and the end of the run.
type window struct {
	p     *process
	from  time.Time
	cpu   time.Duration
	count int64
}

func (p *process) open(count *atomic.Int64) (window, error) {
	cpu, err := p.cpu()
	return window{p, time.Now(), cpu, count.Load()}, err
}

func (w window) close(count *atomic.Int64) (result, error) {
	cpu, err := w.p.cpu()
	return result{count: count.Load() - w.count, cpu: cpu - w.cpu, took: time.Since(w.from)}, err
}

// watch runs for the warm-up and the measured time, and stops the load.
func watch(p *process, d time.Duration, count *atomic.Int64, failed <-chan error) (result, error) {
	pause := func(d time.Duration) error {
		select {
		case err := <-failed:
			return err
		case <-time.After(d):
			return nil
		}
	}
	if err := pause(max(d/5, 500*time.Millisecond)); err != nil {
		return result{}, err
	}
	w, err := p.open(count)
	if err != nil {
		return result{}, err
	}
	if err := pause(d); err != nil {
		return result{}, err
	}
	return w.close(count)
}

// idle connects clients that do nothing.
func idle(p *process, n int) (result, error) {
	before, err := p.rss()
	if err != nil {
		return result{}, err
	}
	cpu, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	from := time.Now()
	clients, err := crowd(p.addr, n, 256)
	if err != nil {
		return result{}, err
	}
	defer leave(clients)
	took := time.Since(from)
	after, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	var wg sync.WaitGroup
	for _, c := range clients {
		wg.Go(func() { // answers pings
			for {
				if _, err := c.read(); err != nil {
					return
				}
			}
		})
	}
	rss, err := p.rss()
	leave(clients)
	wg.Wait()
	return result{count: int64(n), cpu: after - cpu, took: took, perConn: float64(rss-before) / float64(n), idleOnly: true}, err
}
