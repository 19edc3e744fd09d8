package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/wire"
	"github.com/socketio-go/socketio/engineio"
)

// Options of a [Server]. Nil, and every zero field, means the default.
type Options struct {
	// Origins are the origins, such as "https://example.com", whose pages may talk to the chat besides its own.
	Origins []string
	// TrustedProxies are the peers whose X-Forwarded-For, -Host and -Proto are believed. The default is none.
	TrustedProxies []netip.Prefix
	// Logger gets what goes wrong. It gets no names and no messages. The default is [slog.Default].
	Logger *slog.Logger

	grace       time.Duration // of presence; the default is chat.Grace
	fromAddress int           // sockets of one address; the default is maxFromAddress
}

// Server is the chat as an [http.Handler]. Create it with [New], end it with [Server.Shutdown].
type Server struct {
	// Fixed at New.
	store   store.Store
	log     *slog.Logger
	io      *socketio.Server
	lobby   *socketio.Namespace
	http    http.Handler
	proxies []netip.Prefix
	began   time.Time

	presence *chat.Presence
	sockets  tally

	// Limits by person, by address, and by person and room.
	sends, creates, reads *chat.Limiter[chat.UserID]
	signIns, handshakes   *chat.Limiter[netip.Addr]
	typing                *chat.Limiter[typingKey]
}

// New returns a chat that keeps its data in s. The store stays the caller's: close it after [Server.Shutdown].
func New(s store.Store, o *Options) *Server {
	if o == nil {
		o = &Options{}
	}
	w := &Server{
		store:      s,
		log:        o.Logger,
		proxies:    o.TrustedProxies,
		began:      time.Now(),
		sends:      chat.NewLimiter[chat.UserID](chat.RateSend),
		creates:    chat.NewLimiter[chat.UserID](chat.RateCreate),
		reads:      chat.NewLimiter[chat.UserID](chat.RateRead),
		signIns:    chat.NewLimiter[netip.Addr](chat.RateSignIn),
		handshakes: chat.NewLimiter[netip.Addr](chat.RateHandshake),
		typing:     chat.NewLimiter[typingKey](chat.RateTyping),
	}
	if w.log == nil {
		w.log = slog.Default()
	}
	w.sockets.limit = cmp.Or(o.fromAddress, maxFromAddress)
	w.presence = chat.NewPresence(cmp.Or(o.grace, chat.Grace), w.left)
	w.io = socketio.NewServer(&socketio.Options{
		EncodeError: encodeError,
		Logger:      w.log,
		Engine:      engineio.Options{CORS: cors(o.Origins), TrustedProxies: o.TrustedProxies},
	})
	w.lobby = w.io.Of("/lobby")
	w.handle()
	w.http = w.routes()
	return w
}

// ServeHTTP serves the page, its files, sign-in and Socket.IO.
func (w *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.http.ServeHTTP(rw, r) }

// Shutdown refuses new connections, answers what was asked, and closes the connections so that clients come back by
// themselves. What was acknowledged is committed. When ctx ends first, connections are cut off; the error is then that of
// ctx.
func (w *Server) Shutdown(ctx context.Context) error {
	wire.Drain.Emit(w.io.Local(), struct{}{}) // only the clients of this node are concerned
	w.presence.Close()
	return w.io.Shutdown(ctx)
}
