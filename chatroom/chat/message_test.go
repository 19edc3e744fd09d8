package chat_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/socketio-go/socketio/chatroom/chat"
)

func TestDraftClean(t *testing.T) {
	draft := func(cid, body string) chat.Draft { return chat.Draft{Room: 1, Author: 2, CID: cid, Body: body} }
	tests := []struct {
		name  string
		draft chat.Draft
		want  string
		err   error
	}{
		{name: "plain", draft: draft("c1", "hello"), want: "hello"},
		{name: "indent stays, trailing space goes", draft: draft("c1", "\n  code\n\n"), want: "  code"},
		{name: "line ends become LF", draft: draft("c1", "a\r\nb\rc"), want: "a\nb\nc"},
		{name: "controls go", draft: draft("c1", "a\x00\x1b[31mb\tc"), want: "a[31mb\tc"},
		{name: "bad UTF-8 is replaced", draft: draft("c1", "a\xffb"), want: "a\uFFFDb"},
		{name: "the longest", draft: draft("c1", strings.Repeat("界", chat.MaxBody)), want: strings.Repeat("界", chat.MaxBody)},
		{name: "too long", draft: draft("c1", strings.Repeat("界", chat.MaxBody+1)), err: chat.Refuse(chat.CodeBodyLong)},
		{name: "empty", draft: draft("c1", " \n\t "), err: chat.Refuse(chat.CodeBodyEmpty)},
		{name: "nothing to see", draft: draft("c1", "\u200B\u3164"), err: chat.Refuse(chat.CodeBodyEmpty)},
		{name: "no cid", draft: draft("", "hello"), err: chat.Refuse(chat.CodeBadRequest)},
		{name: "long cid", draft: draft(strings.Repeat("c", chat.MaxCID+1), "hello"), err: chat.Refuse(chat.CodeBadRequest)},
		{name: "odd cid", draft: draft("c 1", "hello"), err: chat.Refuse(chat.CodeBadRequest)},
		{name: "no room", draft: chat.Draft{Author: 2, CID: "c", Body: "hello"}, err: chat.Refuse(chat.CodeBadRequest)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.draft.Clean()
			if got.Body != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("Clean() = %q, %v; want %q, %v", got.Body, err, tt.want, tt.err)
			}
		})
	}
}

func TestUnread(t *testing.T) {
	m := chat.Membership{Room: chat.Room{Seq: 7}, Read: 4}
	if got := m.Unread(); got != 3 {
		t.Errorf("Unread() = %d, want 3", got)
	}
}
