package event_test

import (
	"testing"

	"github.com/socketio-go/socketio/internal/event"
	"github.com/socketio-go/socketio/parser"
)

func TestFailuresAreToldFromOtherAnswers(t *testing.T) {
	data, _, err := event.AppendArgs([]any{event.Failed("no \"way\"")})
	if err != nil || string(data) != `[{"error":{"message":"no \"way\""}}]` {
		t.Fatalf("written %s, %v", data, err)
	}
	for answer, want := range map[string]string{
		string(data):                           `no "way"`,
		`[{"error":{"message":""},"more":1}]`:  "",
		`[{"error":{"message":"a","code":1}}]`: "a",
	} {
		if got, failed := event.FailureOf(event.Values(parser.Elements([]byte(answer)), nil)); !failed || got != want {
			t.Errorf("%s: %q, %t", answer, got, failed)
		}
	}
	for _, answer := range []string{`[]`, `[null]`, `["error"]`, `[{}]`, `[{"error":null}]`, `[{"error":"a"}]`, `[{"error":{"message":1}}]`,
		`[{"error":{"message":"a"}},1]`, `[[{"error":{"message":"a"}}]]`} {
		if got, failed := event.FailureOf(event.Values(parser.Elements([]byte(answer)), nil)); failed {
			t.Errorf("%s is a failure: %q", answer, got)
		}
	}
}
