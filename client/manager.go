package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Manager keeps one connection to a server, for the sockets of all its namespaces, and opens it again when it is lost.
// All methods are safe for use by several goroutines.
type Manager struct {
	// Fixed at NewManager.
	url    string
	o      Options
	ctx    context.Context // ends when Close has, or cuts every connection
	cancel context.CancelFunc
	wall   func() time.Time // wallClock, but in tests

	// work counts attempts, and the runner.
	work sync.WaitGroup

	listeners managerListeners

	mu       sync.Mutex
	state    state              // Guarded by mu, as all that follows.
	link     *link              // the connection, while open
	epoch    int                // counts attempts: what belongs to an earlier one is stale
	giveUp   context.CancelFunc // of the attempt under way
	sockets  []*Socket          // by age; few, so a list
	backoff  backoff
	stopped  bool // closed on purpose: no reconnection until somebody connects
	closed   bool // for good
	waiting  *time.Timer
	upgraded string // the transport that a connection has changed to, if nothing has failed since
	pinging  bool   // the listeners of OnPing are about to hear of one
	inbox    inbox
}

type state uint8

const (
	closed state = iota
	opening
	open
)

// NewManager makes a manager for the server at rawURL, whose scheme is http, https, ws or wss; without one, as in
// //example.com, it is https. The path of the URL means nothing to it. It connects when the first of its sockets does. An
// address or an option that can't be meant is an error.
func NewManager(rawURL string, o *Options) (*Manager, error) {
	address, err := checkAddress(rawURL)
	if err != nil {
		return nil, err
	}
	if err := o.check(address); err != nil {
		return nil, err
	}
	m := &Manager{url: address, o: o.withDefaults(), wall: wallClock}
	m.ctx, m.cancel = context.WithCancel(context.Background())
	m.backoff = backoff{min: m.o.ReconnectionDelay, max: m.o.ReconnectionDelayMax, jitter: m.o.RandomizationFactor}
	return m, nil
}

// New makes the socket for the namespace that the path of rawURL names, with a manager of its own. Add handlers, then
// call [Socket.Connect].
func New(rawURL string, o *Options) (*Socket, error) {
	m, err := NewManager(rawURL, o)
	if err != nil {
		return nil, err
	}
	u, _ := url.Parse(rawURL) // as NewManager did
	return m.Socket(u.Path, o), nil
}

// Dial connects a socket made by [New] and waits until the server has accepted it. When the first attempt fails or ctx
// ends, the socket is closed and the error says why: a [*ConnectError] if the server refused, an [*engineio.DialError] if
// there was no connection, that of ctx. Events that come before a handler is there are lost: a program that
// cares uses New, adds its handlers, and then [Socket.Connect] and [Socket.Wait].
func Dial(ctx context.Context, rawURL string, o *Options) (*Socket, error) {
	s, err := New(rawURL, o)
	if err != nil {
		return nil, err
	}
	s.Connect()
	if err := s.Wait(ctx); err != nil {
		s.Close()
		return nil, explained(err)
	}
	return s, nil
}

// explained is err in more words: those of a failed connection are the reference's, and say little.
func explained(err error) error {
	failed, ok := errors.AsType[*engineio.DialError](err)
	switch {
	case !ok:
		return err
	case failed.Err != nil:
		return fmt.Errorf("socketio: %w: %v", err, failed.Err)
	case failed.Status != 0:
		return fmt.Errorf("socketio: %w: HTTP status %d", err, failed.Status)
	}
	return fmt.Errorf("socketio: %w", err)
}

// Socket returns the socket of a namespace, and makes it at the first call: there is one for each. A missing slash is
// added. It is not connected before [Socket.Connect].
func (m *Manager) Socket(namespace string, o *Options) *Socket {
	if !strings.HasPrefix(namespace, "/") {
		namespace = "/" + namespace
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.find(namespace)
	if s == nil {
		s = newSocket(m, namespace, o.withDefaults())
		m.sockets = append(m.sockets, s)
	}
	return s
}

// find returns the socket of a namespace, or nil. The caller holds mu.
func (m *Manager) find(namespace string) *Socket {
	for _, s := range m.sockets {
		if s.namespace == namespace {
			return s
		}
	}
	return nil
}

// Conn is the connection below, nil while there is none.
func (m *Manager) Conn() *engineio.Conn {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link == nil {
		return nil
	}
	return m.link.conn
}

// Reconfigure changes how the manager connects again. It takes NoReconnection, ReconnectionAttempts, ReconnectionDelay,
// ReconnectionDelayMax, RandomizationFactor and Timeout of o, where nil and zero mean the default, as ever. An attempt that
// is under way, or the delay before it, stays as it is; with NoReconnection that delay ends, and the attempt is not made.
// An option that can't be meant is an error, as it is for [NewManager], and then nothing changes.
func (m *Manager) Reconfigure(o *Options) error {
	if err := o.check(m.url); err != nil {
		return err
	}
	f := o.withDefaults()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.o.NoReconnection, m.o.ReconnectionAttempts, m.o.Timeout = f.NoReconnection, f.ReconnectionAttempts, f.Timeout
	m.backoff.min, m.backoff.max, m.backoff.jitter = f.ReconnectionDelay, f.ReconnectionDelayMax, f.RandomizationFactor
	if f.NoReconnection {
		m.stopWaiting()
	}
	return nil
}

// stopWaiting gives up the attempt that is being waited for. The caller holds mu.
func (m *Manager) stopWaiting() {
	if m.waiting == nil {
		return
	}
	m.waiting.Stop()
	m.waiting = nil
	m.backoff.reset()
	m.work.Done()
}

// each yields the sockets that take part. The caller holds mu.
func (m *Manager) each(yield func(*Socket) bool) {
	for _, s := range m.sockets {
		if s.active && !yield(s) {
			return
		}
	}
}
