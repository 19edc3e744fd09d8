package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// talks fills rooms with so many clients each. In every room one client talks to all, itself included, and says the next
// thing when it hears the last. Each member must hear everything in order.
func talks(p *process, rooms, members int, text string, d time.Duration) (result, error) {
	clients, err := crowd(p.addr, rooms*members, 1024)
	if err != nil {
		return result{}, err
	}
	var (
		count, wrong atomic.Int64
		stopped      atomic.Bool
		failed       = make(chan error, len(clients))
		wg           sync.WaitGroup
		mu           sync.Mutex
		delays       []time.Duration
	)
	defer wg.Wait()
	defer leave(clients)
	defer stopped.Store(true)
	for i, c := range clients {
		if err := c.enter(i / members); err != nil {
			return result{}, err
		}
	}
	for i, c := range clients {
		wg.Go(func() {
			t := talker{client: c, room: i / members, talks: i%members == 0, text: text}
			err := t.talk(&count, &wrong)
			if !stopped.Load() {
				failed <- err
			}
			mu.Lock()
			delays = append(delays, t.delays...)
			mu.Unlock()
		})
	}
	r, err := watch(p, d, &count, failed)
	stopped.Store(true)
	leave(clients)
	wg.Wait()
	r.delays, r.wrong = sorted(delays), wrong.Load()
	return r, err
}

// enter joins a room and waits for the acknowledgement.
func (c *client) enter(room int) error {
	if err := c.send(fmt.Sprintf(`420["join","%d"]`, room)); err != nil {
		return err
	}
	m, err := c.read()
	if err == nil && string(m[:min(3, len(m))]) != "430" {
		err = fmt.Errorf("%w: %q", errAck, m)
	}
	return err
}

// talker is one member of a room.
type talker struct {
	*client
	room   int
	talks  bool // it is the one that says something
	text   string
	delays []time.Duration // of its own messages
}

// talk hears, and answers if it is its turn, until the connection ends.
func (t *talker) talk(count, wrong *atomic.Int64) error {
	sent := time.Now()
	for next := int64(0); ; next++ {
		if t.talks {
			sent = time.Now()
			if err := t.send(fmt.Sprintf(`42["room","%d","%d:%s"]`, t.room, next, t.text)); err != nil {
				return err
			}
		}
		m, err := t.read()
		if err != nil {
			return err
		}
		if t.talks {
			t.delays = append(t.delays, time.Since(sent))
		}
		k, ok := castNumber(m)
		if !ok || k != next {
			wrong.Add(1)
			next = k
		}
		count.Add(1)
	}
}
