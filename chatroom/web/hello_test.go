package web_test

import (
	"strings"
	"testing"
)

func TestHello(t *testing.T) {
	h := newHouse(t)
	_, first := h.guest("Ann")
	_, second := h.guest("李娜")
	switch {
	case first.V != 1 || first.Build == "":
		t.Errorf("version %d, build %q", first.V, first.Build)
	case second.Me.Name != "李娜" || second.Me.ID == first.Me.ID:
		t.Errorf("guests are %+v and %+v", first.Me, second.Me)
	case len(second.Rooms) != 1 || second.Rooms[0].Name != "general" || second.Rooms[0].Kind != "public":
		t.Errorf("a newcomer's rooms are %+v", second.Rooms)
	case second.Here.Count != 2 || len(second.Here.People) != 2:
		t.Errorf("here: %+v, want both", second.Here)
	case len(first.Token) < 26:
		t.Errorf("token %q has less than 128 bits", first.Token)
	}
}

// A token brings the same person back; nothing of it is told again.
func TestToken(t *testing.T) {
	h := newHouse(t)
	p, first := h.guest("Ann")
	p.leave()
	again := h.dial(`{"token":"` + first.Token + `"}`).welcome()
	if again.Me != first.Me || again.Token != "" {
		t.Errorf("came back as %+v with token %q, want %+v", again.Me, again.Token, first.Me)
	}
}

func TestConnectRefused(t *testing.T) {
	h := newHouse(t)
	h.guest("Ann")
	for _, tt := range []struct{ auth, code string }{
		{``, "auth"},
		{`{}`, "auth"},
		{`{"token":"guess"}`, "auth"},
		{`{"token":7}`, "bad_request"},
		{`{"name":"ann"}`, "name_taken"},
		{`{"name":"  "}`, "name_empty"},
		{`{"name":"a\u202eb"}`, "name_chars"},
		{`{"name":"` + strings.Repeat("x", 33) + `"}`, "name_long"},
	} {
		got := h.dial(tt.auth).until("4", 0)
		if want := `"data":{"ok":false,"code":"` + tt.code + `"}`; !strings.Contains(got, want) {
			t.Errorf("auth %s: refused with %s, want %s", tt.auth, got, want)
		}
	}
}
