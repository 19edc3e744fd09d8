package web

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/socketio-go/socketio/chatroom/chat"
	"github.com/socketio-go/socketio/chatroom/store"
	"github.com/socketio-go/socketio/chatroom/wire"
)

// The name of the session's cookie. Over HTTPS the prefix makes browsers refuse one that another host, or a page over
// plain HTTP, has set.
const (
	secureCookie = "__Host-chatroom"
	plainCookie  = "chatroom"
)

// maxSessionBody is the largest body of a request to sign in, in bytes.
const maxSessionBody = 4096

// sessionAnswer says who is signed in; nobody when User is nil.
type sessionAnswer struct {
	wire.Accepted
	User *wire.User `json:"user"`
}

// signIn makes a guest and a session for somebody at an address.
func (w *Server) signIn(ctx context.Context, raw string, address netip.Addr) (chat.User, string, error) {
	name, err := chat.CleanName(raw)
	if err != nil {
		return chat.User{}, "", err
	}
	if err := w.signIns.Take(address, time.Now()); err != nil {
		return chat.User{}, "", err
	}
	token := newToken()
	user, err := w.store.SignIn(ctx, name, store.HashToken(token))
	if err != nil {
		return chat.User{}, "", err
	}
	return user, token, w.introduce(ctx, user)
}

// introduce tells the rooms that a newcomer is a member of.
func (w *Server) introduce(ctx context.Context, user chat.User) error {
	memberships, err := w.store.Memberships(ctx, user.ID)
	for _, m := range memberships {
		err = errors.Join(err, wire.RoomJoin.Emit(w.io.In(socketRoom(m.ID)), wire.RoomMember{Room: m.ID, User: userOnWire(user)}))
	}
	return err
}

// getSession answers who the browser is, and prolongs its cookie.
func (w *Server) getSession(rw http.ResponseWriter, r *http.Request) {
	answer := sessionAnswer{Accepted: wire.OK}
	if token := cookieToken(r.Header); token != "" {
		user, err := w.store.Session(r.Context(), store.HashToken(token))
		switch {
		case err == nil:
			u := userOnWire(user)
			answer.User = &u
			w.setCookie(rw, r, token)
		case refusal(err).Code != chat.CodeNoSession:
			w.refuse(rw, err)
			return
		}
	}
	writeJSON(rw, http.StatusOK, answer)
}

// postSession signs a guest in.
func (w *Server) postSession(rw http.ResponseWriter, r *http.Request) {
	var in credentials
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		w.refuse(rw, chat.Refuse(chat.CodeBadRequest))
		return
	}
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxSessionBody)).Decode(&in); err != nil {
		w.refuse(rw, chat.Refuse(chat.CodeBadRequest))
		return
	}
	user, token, err := w.signIn(r.Context(), in.Name, w.client(r.RemoteAddr, r.Header))
	if err != nil {
		w.refuse(rw, err)
		return
	}
	w.setCookie(rw, r, token)
	u := userOnWire(user)
	writeJSON(rw, http.StatusOK, sessionAnswer{wire.OK, &u})
}

// deleteSession signs out: the session ends, and the person's connections with it.
func (w *Server) deleteSession(rw http.ResponseWriter, r *http.Request) {
	if token := cookieToken(r.Header); token != "" {
		hash := store.HashToken(token)
		user, err := w.store.Session(r.Context(), hash)
		if err == nil {
			err = w.store.SignOut(r.Context(), hash)
		}
		if err != nil && refusal(err).Code != chat.CodeNoSession {
			w.refuse(rw, err)
			return
		}
		w.setCookie(rw, r, "")
		if err == nil {
			w.io.In(userRoom(user.ID)).DisconnectSockets(true)
			wire.MemberGone.Emit(w.io, wire.Departure{User: user.ID})
		}
	}
	writeJSON(rw, http.StatusOK, sessionAnswer{Accepted: wire.OK})
}

// setCookie sets the session's cookie, and with no token deletes it.
func (w *Server) setCookie(rw http.ResponseWriter, r *http.Request, token string) {
	c := &http.Cookie{
		Name: plainCookie, Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		MaxAge: int(store.SessionLife.Seconds()),
	}
	if token == "" {
		c.MaxAge = -1
	}
	if w.secure(r) {
		c.Name, c.Secure = secureCookie, true
	}
	http.SetCookie(rw, c)
}

// refuse answers a request that can't be done.
func (w *Server) refuse(rw http.ResponseWriter, err error) {
	answer := refusal(err)
	status := http.StatusUnprocessableEntity
	switch answer.Code {
	case chat.CodeRate:
		status = http.StatusTooManyRequests
	case chat.CodeBusy:
		status = http.StatusServiceUnavailable
	case chat.CodeInternal:
		status = http.StatusInternalServerError
		w.log.Error("serve a session", "error", err)
	}
	if answer.RetryAfter > 0 {
		rw.Header().Set("Retry-After", strconv.Itoa(int(answer.RetryAfter+1)))
	}
	writeJSON(rw, status, answer)
}

func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.Header().Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	json.NewEncoder(rw).Encode(v) // an error is that of a peer which has gone
}
