package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
)

// visitor is who a socket speaks for.
type visitor struct {
	chat.User
	// Token is set when the connection itself has signed the visitor in: hello tells it.
	Token string
}

var visitorKey = socketio.NewKey[visitor]("visitor")

// visitorOf returns who a socket speaks for. Every socket has passed admit.
func visitorOf(s *socketio.Socket) visitor {
	v, _ := visitorKey.Get(s)
	return v
}

// credentials is what a client may send when it connects. A browser sends none: it has the cookie. A program sends the
// token that hello gave it, or at first the name that it wants.
type credentials struct {
	Token string `json:"token"`
	Name  string `json:"name"`
}

// admit is the middleware that lets people in: by token, by cookie, or by a new name.
func (w *Server) admit(ctx context.Context, s *socketio.Socket) error {
	v, err := w.identify(ctx, s)
	if err != nil {
		refusal := refusal(err)
		if refusal.Code == chat.CodeInternal {
			w.log.Error("admit a socket", "error", err)
		}
		return &socketio.ConnectError{Message: string(refusal.Code), Data: refusal}
	}
	visitorKey.Set(s, v)
	s.Use(w.calm(s))
	return nil
}

func (w *Server) identify(ctx context.Context, s *socketio.Socket) (visitor, error) {
	if w.sockets.full(w.addressOf(s)) {
		return visitor{}, &chat.Error{Code: chat.CodeBusy, RetryAfter: crowdWait}
	}
	var c credentials
	if err := s.Handshake().Auth(&c); err != nil {
		return visitor{}, chat.Refuse(chat.CodeBadRequest)
	}
	if c.Token == "" && c.Name != "" {
		user, token, err := w.signIn(ctx, c.Name, w.addressOf(s))
		return visitor{User: user, Token: token}, err
	}
	if c.Token == "" {
		c.Token = cookieToken(s.Handshake().Header)
	}
	if c.Token == "" {
		return visitor{}, chat.Refuse(chat.CodeNoSession)
	}
	user, err := w.store.Session(ctx, store.HashToken(c.Token))
	return visitor{User: user}, err
}

// newToken returns a session's secret: 130 random bits and more.
func newToken() string { return rand.Text() }

// calm returns the socket's middleware that ends connections which flood the server.
func (w *Server) calm(s *socketio.Socket) func(context.Context, *socketio.Event) error {
	limit := chat.NewLimiter[struct{}](chat.RateEvents)
	return func(context.Context, *socketio.Event) error {
		if limit.Take(struct{}{}, time.Now()) != nil {
			w.log.Warn("a client floods the server", "socket", s.ID(), "address", s.Handshake().Address)
			s.Disconnect(true)
			return public(chat.Refuse(chat.CodeRate))
		}
		return nil
	}
}

// cookieToken returns the token in the cookie of a request, "" if there is none.
func cookieToken(h http.Header) string {
	r := http.Request{Header: h}
	for _, name := range []string{secureCookie, plainCookie} {
		if c, err := r.Cookie(name); err == nil && c.Value != "" {
			return c.Value
		}
	}
	return ""
}
