package socketio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/adapter"
)

// Whatever other nodes answer: no panic, and what is taken is JSON, as it may go out again.
func FuzzAnswersOfOtherNodes(f *testing.F) {
	f.Add([]byte(`[1,{"_placeholder":true,"num":0}]`), []byte(`{"headers":{"a":"b","c":["d",5]},"query":{"EIO":"4"},"issued":1e300,"auth":[]}`), []byte("b"), true)
	f.Add([]byte(`{"profile":{"name":"x"}}`), []byte(`{"headers":[],"time":5}`), []byte{}, false)
	f.Add([]byte(`["`), []byte(`{"auth":`), []byte{}, true)
	f.Add([]byte(`[1]5-[`), []byte(nil), []byte{}, false)
	server := socketio.NewServer(nil)
	f.Cleanup(func() { server.Shutdown(context.Background()) })
	f.Fuzz(func(t *testing.T, data, handshake, attachment []byte, attached bool) {
		a := adapter.Answer{ID: "id", Rooms: []string{"id"}, Data: bytes.Clone(data), Handshake: bytes.Clone(handshake)}
		if attached {
			a.Attachments = [][]byte{attachment}
		}
		r, reply := server.ReadAnswer(a)
		if h := r.Handshake(); h == nil || h.Header == nil || h.Query == nil {
			t.Fatalf("handshake %+v", h)
		}
		var auth any
		r.Handshake().Auth(&auth)
		r.Handshake().Time.Format(time.RFC3339)
		profileKey.From(r)
		if reply.Err != nil {
			if len(reply.Args) > 0 {
				t.Error("arguments and an error")
			}
			return
		}
		for i := range reply.Args {
			if v := reply.Args.Value(i); !json.Valid(v.Raw()) {
				t.Errorf("argument %d is %q", i, v.Raw())
			}
		}
	})
}
