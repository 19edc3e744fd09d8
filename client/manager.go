package client

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
)

// Manager keeps one connection to a server, for the sockets of all its namespaces, and opens it again when it is lost.
// All methods are safe for use by several goroutines.
type Manager struct {
	// Fixed at NewManager.
	url    string
	o      Options
	ctx    context.Context // ends with Close
	cancel context.CancelFunc

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

// NewManager makes a manager for the server at rawURL, whose scheme is http, https, ws or wss. It connects when the first
// of its sockets does. The path of the URL means nothing to it.
func NewManager(rawURL string, o *Options) (*Manager, error) {
	if len(rawURL) > maxURL {
		return nil, errors.New("socketio: URI too long")
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	if u.Host == "" {
		return nil, errors.New("socketio: the address has no host, as in https://example.com")
	}
	m := &Manager{url: rawURL, o: o.withDefaults()}
	m.ctx, m.cancel = context.WithCancel(context.Background())
	m.backoff = backoff{min: m.o.ReconnectionDelay, max: m.o.ReconnectionDelayMax, jitter: m.o.RandomizationFactor}
	return m, nil
}

// maxURL is the longest address that is taken; servers take no longer one. The limit is that of the reference.
const maxURL = 8000

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
// ends, the socket is closed and the error says why. Events that come before a handler is there are lost: a program that
// cares uses New, adds its handlers, and then [Socket.Connect] and [Socket.Wait].
func Dial(ctx context.Context, rawURL string, o *Options) (*Socket, error) {
	s, err := New(rawURL, o)
	if err != nil {
		return nil, err
	}
	s.Connect()
	if err := s.Wait(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
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

// Close disconnects every socket and closes the connection, once what was emitted before is sent, and waits for all
// goroutines of the manager. It must not be called by a handler or listener of its sockets; [Socket.Disconnect] may.
// A manager that was closed stays so: what waits for a connection is gone, and who waits for its answer gets [ErrClosed].
func (m *Manager) Close() {
	m.mu.Lock()
	m.closed = true
	var flush []*engineio.Conn
	for _, s := range m.sockets {
		flush = append(flush, s.leave())
		s.dismiss()
	}
	m.shut()
	m.mu.Unlock()
	for _, c := range flush {
		if c != nil {
			c.Flush()
		}
	}
	m.work.Wait()
	m.cancel()
}

// release closes the connection after the last socket has left. The caller holds mu.
func (m *Manager) release() {
	for _, s := range m.sockets {
		if s.active {
			return
		}
	}
	m.shut()
}

// shut closes the connection and keeps it so. The caller holds mu.
func (m *Manager) shut() {
	m.stopped = true
	if m.waiting != nil {
		m.waiting.Stop()
		m.waiting = nil
		m.work.Done()
	}
	m.backoff.reset()
	if m.giveUp != nil {
		m.giveUp()
	}
	if l := m.link; l != nil {
		m.lost(ForcedClose, nil)
		l.conn.Close()
	}
	m.state = closed
	m.epoch++
}

// each yields the sockets that take part. The caller holds mu.
func (m *Manager) each(yield func(*Socket) bool) {
	for _, s := range m.sockets {
		if s.active && !yield(s) {
			return
		}
	}
}

// OnOpen hears that the connection stands. Sockets are connected later.
func (m *Manager) OnOpen(f func()) (off func()) { return m.listeners.open.Add(all, f, false) }

// OnError hears of failed attempts and of what ended a connection.
func (m *Manager) OnError(f func(error)) (off func()) { return m.listeners.error.Add(all, f, false) }

// OnPing hears of the server's pings; of several that come while other user code runs, once.
func (m *Manager) OnPing(f func()) (off func()) { return m.listeners.ping.Add(all, f, false) }

// OnUpgrade hears that the connection has changed to the named transport.
func (m *Manager) OnUpgrade(f func(transport string)) (off func()) {
	return m.listeners.upgrade.Add(all, f, false)
}

// OnUpgradeError hears that such a change failed. The connection goes on as it was.
func (m *Manager) OnUpgradeError(f func(error)) (off func()) {
	return m.listeners.upgradeError.Add(all, f, false)
}

// OnClose hears that the connection has ended.
func (m *Manager) OnClose(f func(DisconnectReason, error)) (off func()) {
	return m.listeners.close.Add(all, f, false)
}

// OnReconnect hears that the connection is back, after so many attempts.
func (m *Manager) OnReconnect(f func(attempt int)) (off func()) {
	return m.listeners.reconnect.Add(all, f, false)
}

// OnReconnectAttempt hears of each attempt, counted from 1, as it begins.
func (m *Manager) OnReconnectAttempt(f func(attempt int)) (off func()) {
	return m.listeners.attempt.Add(all, f, false)
}

// OnReconnectError hears why an attempt failed.
func (m *Manager) OnReconnectError(f func(error)) (off func()) {
	return m.listeners.reconnectError.Add(all, f, false)
}

// OnReconnectFailed hears that the attempts are used up.
func (m *Manager) OnReconnectFailed(f func()) (off func()) {
	return m.listeners.failed.Add(all, f, false)
}

// managerListeners are those of a manager's life.
type managerListeners struct {
	open, ping, failed    event.Table[func()]
	error, reconnectError event.Table[func(error)]
	upgradeError          event.Table[func(error)]
	upgrade               event.Table[func(string)]
	close                 event.Table[func(DisconnectReason, error)]
	reconnect, attempt    event.Table[func(int)]
}

// all is the name under which tables hold what goes by no name.
const all = ""

// fire queues a call of every listener. The caller holds mu.
func fire[F any](m *Manager, t *event.Table[F], call func(F)) {
	m.tell(func() {
		for f := range t.For(all) {
			m.guard("listener", func() { call(f) })
		}
	})
}
