package socketio_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/socketio-go/socketio"
	"github.com/socketio-go/socketio/engineio"
)

// Whatever MaxPayload allows fits into the inbox, however small that is.
func TestAnInboxTakesTheLargestMessage(t *testing.T) {
	for _, size := range []int{1 << 10, 1 << 20, math.MaxInt} {
		server, web := serve(t, &socketio.Options{InboxBytes: size, Engine: engineio.Options{MaxPayload: 18 << 20}})
		server.OnCall("length", func(_ ctx, _ *socketio.Socket, v string) (int, error) { return len(v), nil })
		p := dialWebSocket(t, web)
		p.join("/")
		const length = 17 << 20
		p.send(`21["length","` + strings.Repeat("a", length) + `"]`)
		p.expect(fmt.Sprintf(`31[%d]`, length))
	}
}
