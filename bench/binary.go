package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// binaries lets n clients send an attachment of some size and get it back, each with so many under way.
func binaries(p *process, n, inFlight, size int, d time.Duration) (result, error) {
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
			mine, err := c.bounce(inFlight, strings.Repeat("b", size), &count)
			if !stopped.Load() {
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
	r.delays = sorted(delays)
	return r, err
}

const binHeader = `451-["bin",{"_placeholder":true,"num":0}]`

// bounce sends attachments and checks what comes back, until the connection ends. The first bytes of an attachment are
// its number.
func (c *client) bounce(inFlight int, data string, count *atomic.Int64) ([]time.Duration, error) {
	sent := make([]time.Time, inFlight)
	var batch []byte
	throw := func(k int) {
		sent[k%inFlight] = time.Now()
		batch = appendData(appendFrame(batch, binHeader), binaryFrame, number(k)+data[8:])
	}
	flush := func() error {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, err := c.conn.Write(batch)
		batch = batch[:0]
		return err
	}
	for k := range inFlight {
		throw(k)
	}
	if err := flush(); err != nil {
		return nil, err
	}
	var delays []time.Duration
	for k := 0; ; k++ {
		head, err := c.read()
		if err != nil {
			return delays, err
		}
		if string(head) != binHeader {
			return delays, fmt.Errorf("%w: %q", errAck, head)
		}
		m, err := c.read()
		if err != nil {
			return delays, err
		}
		if len(m) != len(data) || !bytes.HasPrefix(m, []byte(number(k))) {
			return delays, fmt.Errorf("%w: attachment %d is %.20q, %d bytes", errAck, k, m, len(m))
		}
		count.Add(1)
		if k%16 == 0 {
			delays = append(delays, time.Since(sent[k%inFlight]))
		}
		throw(k + inFlight)
		if c.in.Buffered() > 0 {
			continue // as in echo
		}
		if err := flush(); err != nil {
			return delays, err
		}
	}
}

// number is k in eight characters.
func number(k int) string { return fmt.Sprintf("%08d", k) }

func sorted(delays []time.Duration) []time.Duration {
	slices.Sort(delays)
	return delays
}
