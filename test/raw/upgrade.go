package raw

import "fmt"

// Upgrade moves a polling session to WebSocket as a client library does: with a poll pending, it probes, lets the poll
// end, and sends the upgrade packet. What the poll brought is kept. Only the reader may call it.
func (p *Peer) Upgrade() error {
	old, ok := p.wire.(*polling)
	if !ok {
		return fmt.Errorf("upgrade: the session is not on polling")
	}
	next, err := dialWebSocket(p.addr, Upgrade(p.SID))
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	if err := p.move(old, next); err != nil {
		next.close(true)
		return fmt.Errorf("upgrade: %w", err)
	}
	return nil
}

func (p *Peer) move(old *polling, next *webSocket) error {
	type result struct {
		records []record
		err     error
	}
	polled := make(chan result, 1)
	go func() {
		records, err := old.read()
		polled <- result{records, err}
	}()
	last, err := p.probe(old, next, func() error {
		r := <-polled
		p.pending = append(p.pending, r.records...)
		return r.err
	})
	if !last {
		old.close(true) // ends the poll
		<-polled
	}
	return err
}

// probe talks the upgrade through. done says that the pending poll was awaited.
func (p *Peer) probe(old *polling, next *webSocket, await func() error) (done bool, err error) {
	if err := next.write([]record{text("2probe")}); err != nil {
		return false, err
	}
	answer, err := next.read()
	if err != nil {
		return false, err
	}
	if answer[0].text != "3probe" {
		return false, fmt.Errorf("the probe answered by %.200q", answer[0].text)
	}
	// The server ends the poll with what is there, or with a noop.
	if err := await(); err != nil {
		return true, err
	}
	// No POST may be under way when the upgrade packet leaves.
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := next.write([]record{text("5")}); err != nil {
		return true, err
	}
	p.wire = next
	old.close(false)
	return true, nil
}
