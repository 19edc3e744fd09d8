package socketio

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socketio-go/socketio/adapter/inmemory"
	"github.com/socketio-go/socketio/engineio"
	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

// Server is a Socket.IO server. It is an [http.Handler], and by its embedded field the namespace "/". All methods are
// safe for use by several goroutines.
type Server struct {
	*Namespace

	// Fixed at NewServer.
	options Options
	log     *slog.Logger
	engine  *engineio.Server
	rates   *rates // nil without Options.Rates

	plainText bool // the parser is [parser.JSON]

	mu         sync.RWMutex
	namespaces map[string]*Namespace // Guarded by mu.
	parents    []*Parent             // Guarded by mu; grows only, in the order of registration.
	kept       children              // Guarded by mu.
	created    event.Table[func(*Namespace)]
	saved      map[string]*inmemory.Store // Guarded by mu. For namespaces that are not there: loaded, or parked.
	budget     *inmemory.Budget           // Fixed at NewServer. Nil when recovery is off.

	ctx  context.Context // ends when the handlers have had their time to finish at Shutdown
	stop context.CancelFunc

	telling  sync.Map    // by *Socket: a channel that is closed when OnSlowConsumer was told of it
	runners  *runners    // Fixed at NewServer.
	busy     gauge       // runners that have something to do
	draining atomic.Bool // no event is taken any more
	listener listener

	panics, repeatedAcks    atomic.Uint64
	repeatedEvents          atomic.Uint64
	limited                 atomic.Uint64
	recovered, notRecovered atomic.Uint64
}

// NewServer makes a server. Nil options mean the defaults. It serves where it is mounted, see [Server.ServeHTTP],
// [Server.Attach] and [Server.Listen].
func NewServer(o *Options) *Server {
	io := &Server{options: o.withDefaults(), namespaces: make(map[string]*Namespace)}
	io.log = io.options.Logger
	io.budget = io.options.newBudget()
	io.rates = newRates(io.options.Rates)
	io.runners = newRunners()
	if _, io.plainText = io.options.Parser.(parser.JSON); !io.plainText {
		io.options.Parser = contained{io.options.Parser, io}
	}
	io.ctx, io.stop = context.WithCancel(context.Background())
	io.engine = engineio.NewServer(io.open, &io.options.Engine)
	io.engine.Front(io.isFront)
	io.Namespace = io.Of("/")
	return io
}

func (io *Server) open(c *engineio.Conn) engineio.Handler { return newConn(io, c) }

// Engine is the layer below.
func (io *Server) Engine() *engineio.Server { return io.engine }

// Stats are counts of a server since it was made.
type Stats struct {
	Connections  int    // open now
	Panics       uint64 // of user code, all contained
	RepeatedAcks uint64 // second answers to an event, none sent
	Repeated     uint64 // events that came again from a client that resends, none handled twice
	Recovered    uint64 // clients that got their session back
	NotRecovered uint64 // clients that asked for it and got a new one, see [Socket.RecoveryError]

	CappedHandshakes uint64 // refused because of [engineio.Caps]
	LimitedEvents    uint64 // refused because of [Rates]
}

// Stats returns the counts as they are now.
func (io *Server) Stats() Stats {
	return Stats{
		Connections: io.engine.Count(), Panics: io.panics.Load(), RepeatedAcks: io.repeatedAcks.Load(),
		Repeated:  io.repeatedEvents.Load(),
		Recovered: io.recovered.Load(), NotRecovered: io.notRecovered.Load(),
		CappedHandshakes: io.engine.Capped(), LimitedEvents: io.limited.Load(),
	}
}

// drainPatience is how long Shutdown waits at most for handlers that may still answer.
const drainPatience = 10 * time.Second

// Shutdown stops the server: new connections are refused, events that were received are handled and answered, then the
// connections are closed, with the reason [ServerShutdown] and no DISCONNECT packet, so that clients try to reconnect; at
// last the disconnect handlers run, and all handlers are waited for. Events that arrive meanwhile are not handled.
//
// Handlers have half of the time that ctx leaves, and at most 10 s, before their connections are closed and their
// contexts end.
//
// When ctx ends first, connections are cut off and handlers are not waited for; the error is that of ctx. A server that
// was attached to an [http.Server] leaves that one alone.
func (io *Server) Shutdown(ctx context.Context) error {
	io.draining.Store(true)
	io.engine.Drain()
	io.drain(ctx)
	io.stop()
	errs := []error{
		io.engine.Shutdown(ctx),
		io.listener.shutdown(ctx),
		io.busy.wait(ctx),
	}
	io.mu.RLock()
	namespaces := slices.Collect(maps.Values(io.namespaces))
	io.mu.RUnlock()
	for _, n := range namespaces {
		errs = append(errs, n.closeAdapter(ctx))
	}
	io.closeSaved()
	errs = append(errs, io.busy.wait(ctx)) // what other nodes asked meanwhile
	io.runners.close()
	errs = append(errs, io.runners.alive.wait(ctx))
	for _, err := range errs {
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(errs...)
}

// drain waits for the handlers that are at work.
func (io *Server) drain(ctx context.Context) {
	patience := drainPatience
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline)/2)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	io.busy.wait(ctx) // who is not done will see its context end
}
