package client

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// want begins to connect, unless that is done, under way or being waited for. The caller holds mu.
func (m *Manager) want() {
	switch {
	case m.closed || m.state == opening || m.waiting != nil:
	case m.state == open:
	default:
		m.stopped = false
		m.begin(0)
	}
}

// begin starts an attempt to connect; retry counts those since the connection was lost, from 1, and is 0 for the first.
// The caller holds mu.
func (m *Manager) begin(retry int) {
	m.state = opening
	m.epoch++
	epoch := m.epoch
	ctx, cancel := m.attemptContext()
	m.giveUp = cancel
	for s := range m.each {
		s.outcome = nil // that of an attempt before
	}
	o := m.engineOptions(epoch)
	m.work.Add(1)
	go func() {
		defer m.work.Done()
		defer cancel()
		l := &link{m: m, epoch: epoch}
		c, err := engineio.Dial(ctx, m.url, func(c *engineio.Conn) engineio.Handler {
			l.conn = c
			l.decoder = m.o.Parser.NewDecoder(m.o.Limits)
			m.opened(l, retry)
			return l
		}, o)
		if err == nil {
			cancel()
			stop := context.AfterFunc(m.ctx, func() { c.CloseWith(engineio.ForcedClose, context.Cause(m.ctx)) })
			c.Wait()
			stop()
			return
		}
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			err = errTimeout
		}
		m.failed(epoch, retry, err)
	}()
}

func (m *Manager) attemptContext() (context.Context, context.CancelFunc) {
	if m.o.Timeout > 0 {
		return context.WithTimeout(m.ctx, m.o.Timeout)
	}
	return context.WithCancel(m.ctx)
}

// errTimeout is what an attempt that took too long is told as.
var errTimeout = &engineio.DialError{Message: "timeout", Err: context.DeadlineExceeded}

// engineOptions are those of one attempt. The caller holds mu.
func (m *Manager) engineOptions(epoch int) *engineio.DialOptions {
	o := m.o.Engine
	if m.o.RememberUpgrade && m.upgraded != "" {
		rest := slices.Clone(o.Transports)
		if len(rest) == 0 {
			rest = []string{"polling", "websocket"}
		}
		rest = slices.DeleteFunc(rest, func(name string) bool { return name == m.upgraded })
		o.Transports = append([]string{m.upgraded}, rest...)
	}
	current := func(f func()) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.epoch == epoch {
			f()
		}
	}
	o.OnPing = func() {
		current(m.pinged)
	}
	o.OnUpgrade = func(name string) {
		current(func() {
			m.upgraded = name
			fire(m, &m.listeners.upgrade, func(f func(string)) { f(name) })
		})
	}
	o.OnUpgradeError = func(err error) {
		current(func() {
			m.upgraded = ""
			fire(m, &m.listeners.upgradeError, func(f func(error)) { f(err) })
		})
	}
	return &o
}

// pinged is told of a ping. Nothing holds a server back that pings without end, so one ping at a time waits for its
// listeners, whatever keeps these. The caller holds mu.
func (m *Manager) pinged() {
	if m.link != nil {
		m.link.heard = m.wall()
	}
	if m.pinging || !m.listeners.ping.Has(all) {
		return
	}
	m.pinging = true
	m.tell(func() {
		m.mu.Lock()
		m.pinging = false
		m.mu.Unlock()
		for f := range m.listeners.ping.For(all) {
			m.guard("listener", f)
		}
	})
}

// opened is told that the connection stands, before anything is read from it.
func (m *Manager) opened(l *link, retry int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch != l.epoch || m.state != opening {
		l.conn.Close()
		return
	}
	m.state, m.link, m.giveUp = open, l, nil
	l.heard = m.wall()
	m.backoff.reset()
	fire(m, &m.listeners.open, func(f func()) { f() })
	for s := range m.each {
		s.ask()
	}
	if retry == 0 {
		return
	}
	fire(m, &m.listeners.reconnect, func(f func(int)) { f(retry) })
	for s := range m.each {
		s.fireReconnect(retry)
	}
}

// failed is told that an attempt has failed.
func (m *Manager) failed(epoch, retry int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch != epoch || m.state != opening {
		return // given up meanwhile
	}
	m.state, m.giveUp, m.upgraded = closed, nil, ""
	for s := range m.each {
		s.refused(err)
	}
	fire(m, &m.listeners.error, func(f func(error)) { f(err) })
	if retry > 0 {
		fire(m, &m.listeners.reconnectError, func(f func(error)) { f(err) })
	}
	m.reconnect()
}

// reconnect waits for the next attempt, if there is to be one. The caller holds mu.
func (m *Manager) reconnect() {
	if m.o.NoReconnection || m.stopped || m.closed || m.waiting != nil {
		return
	}
	if m.backoff.attempts >= m.o.ReconnectionAttempts {
		m.backoff.reset()
		fire(m, &m.listeners.failed, func(f func()) { f() })
		for s := range m.each {
			s.fireReconnectFailed()
		}
		return
	}
	delay := m.backoff.next()
	retry := m.backoff.attempts
	m.work.Add(1)
	var timer *time.Timer
	timer = time.AfterFunc(delay, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.waiting != timer {
			return // stopped, and counted, as this call was on its way
		}
		m.waiting = nil
		defer m.work.Done()
		fire(m, &m.listeners.attempt, func(f func(int)) { f(retry) })
		for s := range m.each {
			s.fireReconnecting(retry, delay)
		}
		m.begin(retry)
	})
	m.waiting = timer
}
