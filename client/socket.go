package client

import (
	"context"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// Socket is a client's end of one namespace. It outlives the connections below it: what is emitted while there is none
// waits. All methods are safe for use by several goroutines, and none blocks on the network but those that wait for an
// answer.
type Socket struct {
	// Fixed at newSocket.
	m         *Manager
	namespace string
	o         Options

	handlers  handlers
	listeners socketListeners

	// Guarded by m.mu.
	active    bool // connected, connecting, or to be connected again
	asking    bool // CONNECT was sent, or is about to be, and not answered
	connected bool
	recovered bool
	first     bool // no attempt since Connect has ended yet
	epoch     int  // counts connections: what belongs to an earlier one is stale
	id        string
	ctx       context.Context // of the handlers, while connected
	cancel    context.CancelCauseFunc
	hangUp    context.CancelFunc // gives up asking Auth; nil unless it is asked
	asked     *link              // on which a CONNECT was sent that is not answered yet
	verdict   *verdict           // for who waits for the outcome of an attempt; nil unless somebody does
	outcome   error              // of the last attempt that has failed, until another begins
	early     []*Event           // came before the answer to CONNECT
	earlyCost int
	buffer    buffer      // waits for a connection
	retries   []*delivery // the queue of Options.Retries; the first may be under way
	awaited   map[uint64]*awaiting
	ids       uint64 // acknowledgement ids so far; they never restart
	pid       string // of the session that may be recovered
	offset    offset
}

func newSocket(m *Manager, namespace string, o Options) *Socket {
	return &Socket{m: m, namespace: namespace, o: o}
}

// ID is the id of the socket on the server, "" while it is not connected.
func (s *Socket) ID() string {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.id
}

// Namespace is the name of the namespace, with its slash.
func (s *Socket) Namespace() string { return s.namespace }

// Manager keeps the connection of the socket.
func (s *Socket) Manager() *Manager { return s.m }

// Connected reports whether the server has accepted the socket and the connection stands.
func (s *Socket) Connected() bool {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.connected
}

// Active reports whether the socket is connected, or will be without more ado.
func (s *Socket) Active() bool {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.active
}

// Recovered reports whether the last connection went on where the one before ended, with nothing missed.
func (s *Socket) Recovered() bool {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.recovered
}

// Connect begins to connect, and returns at once. It does nothing for a socket that is connected or about to be.
func (s *Socket) Connect() {
	m := s.m
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || s.connected || s.active && s.asking {
		return
	}
	if !s.active {
		s.first = true
	}
	s.active = true
	s.outcome = nil
	if m.state == open {
		s.ask()
		return
	}
	m.want()
}

// Disconnect leaves the namespace, and stays away until [Socket.Connect] is called. When it was the last socket of its
// manager, the connection is closed once what was emitted before is sent.
func (s *Socket) Disconnect() {
	m := s.m
	m.mu.Lock()
	c := s.leave()
	m.mu.Unlock()
	if c != nil {
		c.Flush()
	}
	m.mu.Lock()
	m.release()
	m.mu.Unlock()
}

// leave tells the server and forgets the connection. The caller holds mu, and flushes what is returned, if anything.
func (s *Socket) leave() (flush *engineio.Conn) {
	if s.connected && s.m.link != nil {
		c := s.m.link.conn
		if f, _ := c.Enqueue(s.m.disconnectPacket(s.namespace)...); f { // an error is that of a connection which ends
			flush = c
		}
	}
	connected := s.connected
	s.retire()
	if connected {
		s.down(ClientDisconnect, nil)
	}
	s.settle(ErrClosed)
	return flush
}

// retire takes the socket out of the manager's care. The caller holds mu.
func (s *Socket) retire() {
	s.active = false
	s.stopAsking()
	s.epoch++
}

// Close is [Manager.Close] of the socket's manager.
func (s *Socket) Close() { s.m.Close() }

// Volatile makes an emit that is dropped, with no error, if it can't leave at once.
func (s *Socket) Volatile() Emitter { return s.emitter().Volatile() }

// Compress says whether the transport may compress the message. It may by default.
func (s *Socket) Compress(on bool) Emitter { return s.emitter().Compress(on) }

// Timeout limits how long an emit waits for its answer.
func (s *Socket) Timeout(d time.Duration) Emitter { return s.emitter().Timeout(d) }

// Emit sends an event, see [Emitter.Emit].
func (s *Socket) Emit(event string, args ...any) error { return s.emitter().Emit(event, args...) }

// Send emits the event "message".
func (s *Socket) Send(args ...any) error { return s.emitter().Emit("message", args...) }

// EmitWithAck emits an event and waits for the server's answer, see [Emitter.EmitWithAck].
func (s *Socket) EmitWithAck(ctx context.Context, event string, args ...any) (Args, error) {
	return s.emitter().EmitWithAck(ctx, event, args...)
}

// Call emits an event and waits for the server's answer, see [Emitter.Call].
func (s *Socket) Call[R any](ctx context.Context, event string, args ...any) (R, error) {
	return s.emitter().Call[R](ctx, event, args...)
}

func (s *Socket) emitter() Emitter { return Emitter{socket: s} }
