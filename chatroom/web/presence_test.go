package web_test

import (
	"net/http"
	"testing"

	"github.com/socketio-go/socketio/chatroom/web"
)

type arrival struct {
	User  user
	Quiet bool
}

type departure struct{ User int64 }

// Arrivals and departures are those of people, not of tabs, and a reload is neither.
func TestPresence(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	bo, boHello := h.guest("Bo")
	if got := await[arrival](ann, "member:join"); got.User != boHello.Me || got.Quiet {
		t.Errorf("ann hears %+v", got)
	}
	boToo := h.tab(boHello.Token)
	bo.leave()
	boToo.leave()
	boToo = h.tab(boHello.Token) // within the grace period
	cy, cyHello := h.guest("Cy")
	if got := await[arrival](ann, "member:join"); got.User != cyHello.Me {
		t.Errorf("ann hears %+v, want nothing of bo but cy's arrival", got)
	}
	cy.leave()
	if got := await[departure](ann, "member:leave"); got.User != cyHello.Me.ID {
		t.Errorf("ann hears that %+v has left", got)
	}
	boToo.leave()
	if got := await[departure](ann, "member:leave"); got.User != boHello.Me.ID {
		t.Errorf("ann hears that %+v has left", got)
	}
	h.tab(boHello.Token)
	if got := await[arrival](ann, "member:join"); got.User != boHello.Me {
		t.Errorf("ann hears %+v, want bo again", got)
	}
}

// After a restart of the server everybody comes back; who was here before does so quietly.
func TestRestartMakesNoNoise(t *testing.T) {
	h := newHouse(t)
	_, annHello := h.guest("Ann")
	_, boHello := h.guest("Bo")
	h.stop()
	h.start(&web.Options{})
	ann := h.tab(annHello.Token)
	h.tab(boHello.Token)
	if got := await[arrival](ann, "member:join"); got.User != boHello.Me || !got.Quiet {
		t.Errorf("ann hears %+v, want a quiet arrival of bo", got)
	}
	_, cyHello := h.guest("Cy")
	if got := await[arrival](ann, "member:join"); got.User != cyHello.Me || got.Quiet {
		t.Errorf("ann hears %+v, want an arrival of cy that is not quiet", got)
	}
}

// The lobby tells those outside how many are in, and nothing else.
func TestLobby(t *testing.T) {
	h := newHouse(t)
	p := h.dial("/lobby,")
	if got := p.until(`2/lobby,["here",`, 0); got != "0]" {
		t.Errorf("the lobby says %q at first", got)
	}
	h.guest("Ann")
	if got := p.until(`2/lobby,["here",`, 1); got != "1]" {
		t.Errorf("the lobby says %q after an arrival", got)
	}
}

// Signing out ends all connections of the person at once and gives the name back.
func TestSignOut(t *testing.T) {
	h := newHouse(t)
	ann, _ := h.guest("Ann")
	bo, boHello := h.guest("Bo")
	request, err := http.NewRequest(http.MethodDelete, h.http.URL+"/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: "chatroom", Value: boHello.Token})
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	bo.until("1", 0) // DISCONNECT: it must not come back by itself
	if got := await[departure](ann, "member:gone"); got.User != boHello.Me.ID {
		t.Errorf("ann hears that %+v is gone", got)
	}
	h.dial(`{"token":"`+boHello.Token+`"}`).until("4", 0)
	if _, other := h.guest("bo"); other.Me.ID == boHello.Me.ID {
		t.Error("the name came back with its owner's id")
	}
}
