package handover

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"sync"

	"github.com/valyala/fasthttp"
)

// Bridge is the [http.Server] behind a fasthttp server. Its methods are safe for use by several goroutines.
type Bridge struct {
	fast    *fasthttp.Server
	app     fasthttp.RequestHandler
	ours    func(path string) bool
	http    *http.Server
	arrived chan net.Conn
	closed  chan struct{}
	ended   chan struct{} // closed when http has stopped serving
	once    sync.Once
}

// Mount makes fast hand the requests that ours says yes to over to h; all others go to the handler that fast has now. It
// must be called before fast serves. The limits of web, which may be nil, hold for the requests that were handed over;
// its Handler is replaced. [Bridge.Close] ends what Mount begins.
func Mount(fast *fasthttp.Server, h http.Handler, ours func(path string) bool, web *http.Server) *Bridge {
	if web == nil {
		web = &http.Server{}
	}
	b := &Bridge{
		fast: fast, app: fast.Handler, ours: ours, http: web,
		arrived: make(chan net.Conn), closed: make(chan struct{}), ended: make(chan struct{}),
	}
	fast.Handler = b.fromFast
	web.Handler = b.fromHTTP(h)
	web.ConnContext = withConn
	go func() {
		defer close(b.ended)
		web.Serve((*door)(b)) // it ends by Close alone
	}()
	return b
}

// Close ends the connections that serve a request now or wait for one, and waits for the last to be given back. Shut the
// handler down first, so that none serves one.
func (b *Bridge) Close() error {
	err := b.http.Close()
	<-b.ended
	return err
}

// fromFast is the handler of fasthttp.
func (b *Bridge) fromFast(ctx *fasthttp.RequestCtx) {
	// The path as net/http will see it: fasthttp cleans its own, and a connection must not go to and fro between two
	// opinions.
	target, err := url.ParseRequestURI(string(ctx.RequestURI()))
	if err != nil || !b.ours(target.Path) {
		b.app(ctx)
		return
	}
	// Where fasthttp has not read the body whole, its length may be anything.
	if ctx.Request.IsBodyStream() || (ctx.IsGet() || ctx.IsHead()) && announcesBody(&ctx.Request.Header) {
		ctx.Error(fasthttp.StatusMessage(fasthttp.StatusBadRequest), fasthttp.StatusBadRequest)
		ctx.SetConnectionClose()
		return
	}
	request := appendRequest(nil, &ctx.Request)
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(c net.Conn) { b.take(c, request) })
}

// announcesBody reports whether a body follows, of a length (>0) or in chunks (-1).
func announcesBody(h *fasthttp.RequestHeader) bool {
	n := h.ContentLength()
	return n > 0 || n == -1
}

// take gives the connection to the HTTP server, and waits until that is done with it: then fasthttp closes it.
func (b *Bridge) take(c net.Conn, request []byte) {
	behind, err := buffered(c)
	if err != nil {
		return
	}
	if u, ok := c.(interface{ UnsafeConn() net.Conn }); ok {
		c = u.UnsafeConn()
	}
	h := newHanded(c, append(request, behind...))
	select {
	case b.arrived <- h:
		<-h.done
	case <-b.closed:
	}
}

// appendRequest appends the request as fasthttp has read it: with the whole body, and therefore with its length.
func appendRequest(dst []byte, r *fasthttp.Request) []byte {
	body := r.Body()
	r.Header.Del(fasthttp.HeaderExpect) // it has been answered
	if !r.Header.IsGet() && !r.Header.IsHead() {
		r.Header.Del(fasthttp.HeaderTransferEncoding)
		r.Header.SetContentLength(len(body))
	}
	return append(r.Header.AppendBytes(dst), body...)
}

// fromHTTP is the handler of the HTTP server: h, and the way back for what is not ours.
func (b *Bridge) fromHTTP(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.ours(r.URL.Path) {
			secured(r)
			h.ServeHTTP(w, r)
			return
		}
		if r.Header.Get("Upgrade") != "" {
			// It can't be the last of its connection, and another connection is the way to ask for one anyway.
			w.Header().Set("Connection", "close")
			http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
			return
		}
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		behind, _ := rw.Reader.Peek(rw.Reader.Buffered()) // the body, or as much of it as has come
		b.fast.ServeConn(newHanded(c, append(lastRequest(r), behind...)))
	})
}

// lastRequest is the head of r, with word that it is the last of its connection: a connection changes hands twice, not
// for ever.
func lastRequest(r *http.Request) []byte {
	head := r.Header.Clone()
	head.Set("Connection", "close")
	if len(r.TransferEncoding) > 0 {
		head.Set("Transfer-Encoding", "chunked") // net/http takes no other
	}
	var out bytes.Buffer
	out.WriteString(r.Method + " " + r.RequestURI + " HTTP/1.1\r\nHost: " + r.Host + "\r\n")
	head.Write(&out) // a buffer takes everything
	out.WriteString("\r\n")
	return out.Bytes()
}

// connKey is the key of the connection in the context of a request.
type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// secured tells a request that came over TLS so: the HTTP server sees only that its connection is a handed one.
func secured(r *http.Request) {
	if h, ok := r.Context().Value(connKey{}).(*handed); ok && r.TLS == nil {
		if t, ok := h.Conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
			state := t.ConnectionState()
			r.TLS = &state
		}
	}
}

// door is the listener of the HTTP server: connections come to it from fasthttp.
type door Bridge

func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.arrived:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

func (d *door) Close() error {
	d.once.Do(func() { close(d.closed) })
	return nil
}

func (d *door) Addr() net.Addr { return nowhere{} }

// nowhere is the address of a door.
type nowhere struct{}

func (nowhere) Network() string { return "handover" }
func (nowhere) String() string  { return "handover" }
