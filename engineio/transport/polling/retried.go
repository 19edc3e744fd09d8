package polling

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
)

var errRetried = errors.New("polling: connection lost behind a request; what its response held may be lost")

// once is ctx for a request that is sent over HTTP/1 once. The standard library sends a GET again whose connection ends
// without a response, on the word that GETs change nothing. A poll does: the response that was lost may have held
// messages, and the next poll would go on behind them as if nothing were missing. So the session ends instead, and whoever
// can recover it does. Over HTTP/2 servers say which requests they have not begun.
func once(ctx context.Context, cancel context.CancelCauseFunc) context.Context {
	var waits, tells atomic.Bool // for a response to what was written; the protocol tells by itself
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			if waits.Load() && !tells.Load() {
				cancel(errRetried)
			}
		},
		GotConn: func(i httptrace.GotConnInfo) {
			c, secure := i.Conn.(*tls.Conn)
			tells.Store(secure && c.ConnectionState().NegotiatedProtocol == "h2")
		},
		WroteRequest:         func(i httptrace.WroteRequestInfo) { waits.Store(i.Err == nil) },
		GotFirstResponseByte: func() { waits.Store(false) }, // from here on it may be redirected
	})
}
