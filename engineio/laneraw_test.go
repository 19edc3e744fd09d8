package engineio_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socketio-go/socketio/engineio"
)

// startTimed is start with the times that a lane has.
func startTimed(t testing.TB, l net.Listener, dial func(context.Context) (net.Conn, error), engine *engineio.Server, h *http.Server) *site {
	h.ReadHeaderTimeout, h.IdleTimeout = 5*time.Second, 2*time.Minute
	return start(t, l, dial, engine, h)
}

var (
	pollLine = "GET /engine.io/?%s HTTP/1.1\r\n"
	postLine = "POST /engine.io/?%s HTTP/1.1\r\n"
	aPoll    = pollLine + "Host: a\r\n\r\n"
	aPost    = postLine + "Host: a\r\nContent-Length: 3\r\n\r\n4hi"
	shake    = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
	version  = "Sec-WebSocket-Version: 13\r\n"
	asks     = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
	nowhere  = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
)

// rawStreams are what a client may write, of whatever mind; %s is for the query of a session, and | for a pause of a second.
// There is one before what makes no frame: how much a WebSocket connection that breaks is told before is up to chance.
var rawStreams = []string{
	aPoll, aPost, aPost + aPoll, aPoll + aPost, aPost + aPost + aPost, aPoll + aPoll,
	nowhere + aPost, aPost + nowhere + aPost, aPost + nowhere + nowhere + aPost + aPoll, nowhere + aPoll + nowhere,
	// cut in pieces
	"", "|" + aPost, "G|" + aPoll[1:], aPost[:40] + "|" + aPost[40:], aPost + "P|" + aPost[1:], nowhere + "P|" + aPost[1:],
	postLine + "Host: a\r\nContent-Length: 3\r\n\r\n|4|h|i" + aPost, postLine + "Host: a\r\nContent-Length: 3\r\n|\r\n4h|i|" + nowhere + aPost,
	// the connection
	postLine + "Host: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\ncOnNeCtIoN: CLOSE\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nConnection: keep-alive, close\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nConnection: keep-alive\r\nConnection: close\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	aPost + "POST /engine.io/?%s HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	aPost + "POST /engine.io/?%s HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	aPost + postLine + "Host: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n||4hi" + aPost,
	aPost + postLine + "Host: a\r\nExpect: magic\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	aPost + postLine + "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n4hi\r\n0\r\n\r\n" + aPost,
	aPost + postLine + "Host: a\r\nTransfer-Encoding: gzip\r\n\r\n3\r\n4hi\r\n0\r\n\r\n" + aPost,
	aPost + "HEAD /engine.io/?%s HTTP/1.1\r\nHost: a\r\n\r\n" + aPost,
	aPost + "OPTIONS /engine.io/?%s HTTP/1.1\r\nHost: a\r\n\r\n" + aPost,
	aPost + "PUT /engine.io/?%s HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	aPost + "DELETE /engine.io/?%s HTTP/1.1\r\nHost: a\r\n\r\n" + aPost,
	aPost + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\r\n" + aPost, aPost + "\r\n" + aPost, aPost + "\r\n", aPost + "\n\n" + aPost, aPoll + "\r\n" + aPoll,
	nowhere + "\r\n" + aPost,
	// where a request ends
	pollLine + "Host: a\r\nContent-Length: 3\r\n\r\n4hi" + aPost, pollLine + "Host: a\r\nContent-Length: 0\r\n\r\n" + aPost,
	aPost + "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n4hi" + aPost, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n4|h|i" + aPost,
	"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 6000\r\n\r\n" + strings.Repeat("x", 6000) + aPost,
	"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n" + strings.Repeat("x", 600000) + aPost,
	postLine + "Host: a\r\nContent-Length: 1000001\r\n\r\n" + strings.Repeat("x", 1000001) + aPost,
	postLine + "Host: a\r\nContent-Length: 03\r\n\r\n4hi" + aPost, postLine + "Host: a\r\nContent-Length: +3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length: 3 \r\n\r\n4hi" + aPost, postLine + "Host: a\r\nContent-Length: 3,3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length: 3\r\ncontent-length: 4\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length : 3\r\n\r\n4hi" + aPost, postLine + "Host: a\r\nX: y\r\n Content-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\nContent-Length: 3\n\n4hi" + aPost, postLine + "Host: a\r\nContent-Length: 3\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length: 0\r\n\r\n" + aPost, postLine + "Host: a\r\n\r\n" + aPost,
	postLine + "Host: a\r\nContent-Length: 99999999999\r\n\r\n4hi" + aPost,
	// whom it is for
	postLine + "Host: a\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host:\r\nContent-Length: 3\r\n\r\n4hi",
	postLine + "Content-Length: 3\r\n\r\n4hi", postLine + "Host: u@a\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host: a,b\r\nContent-Length: 3\r\n\r\n4hi",
	postLine + "Host: a\x00b\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host: \xc3\xa4\r\nContent-Length: 3\r\n\r\n4hi",
	"POST http://a/engine.io/?%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST //engine.io/?%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /x/../engine.io/?%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /%%65ngine.io/?%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/x?%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io?%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s#x HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&sid=x HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?sid=x&%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?sid&%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&s%%69d=x HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&EIO=4 HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&EIO=3 HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&%%45IO=4 HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&transport=polling HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s&transport=websocket HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?%s;x HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?x;y&%s HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?x=;&%s&t=%%zz HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?x=??&%s&b64=1 HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"POST /engine.io/?&&=&%s&&j=1 HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	"GET /engine.io/?%s&j=1 HTTP/1.1\r\nHost: b\r\nSec-Fetch-Site: cross-site\r\n\r\n",
	"GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: b\r\n\r\n" + aPost, // a handshake
	"POST /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n" + aPost,
	"GET /engine.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1\r\nHost: b\r\n\r\n" + aPost,
	"POST /engine.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	// what it says
	postLine + "Host: a\r\nOrigin: x\r\nOrigin: y\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host: a\r\nOrigin: a\tb\r\nContent-Length: 3\r\n\r\n4hi",
	postLine + "Host: a\r\nOrigin: \xff\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host: a\r\nOrigin:\r\nContent-Length: 3\r\n\r\n4hi",
	postLine + "Host: a\r\nX: \x00\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host: a\r\nX: \x7f\r\nContent-Length: 3\r\n\r\n4hi",
	postLine + "Host: a\r\nX\r\nContent-Length: 3\r\n\r\n4hi", postLine + "Host: a\r\n: x\r\nContent-Length: 3\r\n\r\n4hi",
	postLine + "Host: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Type: APPLICATION/octet-stream ; x\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Type: \xc2\xa0application/octet-stream\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nContent-Length: 3\r\n\r\n\x1e\x1e\x1e" + aPost, postLine + "Host: a\r\nContent-Length: 3\r\n\r\n4\xff\xff" + aPost,
	postLine + "Host: a\r\nContent-Length: 1\r\n\r\n1" + aPoll, postLine + "Host: a\r\nContent-Length: 1\r\n\r\n2" + aPost, postLine + "Host: a\r\nContent-Length: 1\r\n\r\n9" + aPost,
	postLine + "Host: a\r\nX: " + strings.Repeat("x", 5000) + "\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\nX: " + strings.Repeat("x", 80_000) + "\r\nContent-Length: 3\r\n\r\n4hi" + aPost,
	postLine + "Host: a\r\n" + strings.Repeat("X: y\r\n", 100) + "Content-Length: 3\r\n\r\n4hi" + aPost,
	// to another protocol
	aPost + strings.Replace(goodHandshake, "polling", "websocket", 1) + "\r\n" + aPost,
	aPost + shake + version + asks + "\r\n\x81\x83\x00\x00\x00\x004hi", shake + version + asks + "\r\n\x81\x83\x00\x00|\x00\x004hi|\x88\x80\x00\x00\x00\x00",
	shake + version + asks + "\r\n|" + aPost, shake + version + "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n",
	shake + version + "Connection: keep-alive\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
	shake + version + asks + "Connection: close\r\n\r\n", shake + version + asks + "Connection: upgrade\r\n\r\n", shake + version + asks + "Upgrade: websocket\r\n\r\n",
	shake + version + asks + "Upgrade: h2c\r\n\r\n", shake + version + "Upgrade: websocket\r\n\r\n", shake + version + "Connection: Upgrade\r\n\r\n",
	shake + version + "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n", shake + asks + "\r\n", shake + asks + version + version + "\r\n",
	shake + asks + "Sec-WebSocket-Version: 12\r\n\r\n", shake + asks + version + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
	shake + asks + version + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", shake + asks + version + "Origin: http://b\r\n\r\n",
	shake + asks + version + "Origin: http://a\r\n\r\n", shake + asks + version + "Origin: null\r\n\r\n", shake + asks + version + "Origin:\r\n\r\n",
	shake + asks + version + "Content-Length: 0\r\n\r\n", shake + asks + version + "Content-Length: 3\r\n\r\n|abc",
	shake + asks + version + "Sec-WebSocket-Protocol: x\r\nCookie: a=b\r\n\r\n",
	strings.Replace(shake, "AAAA==", "AAAA", 1) + asks + version + "\r\n", strings.Replace(shake, "AAAA==", "AAAAAA", 1) + asks + version + "\r\n",
	strings.Replace(shake, "GET", "POST", 1) + asks + version + "Content-Length: 0\r\n\r\n", strings.Replace(shake, "1.1", "1.0", 1) + asks + version + "\r\n",
	strings.Replace(shake, "EIO=4", "EIO=3", 1) + asks + version + "\r\n", strings.Replace(shake, "EIO=4", "EIO=5", 1) + asks + version + "\r\n",
	strings.Replace(shake, "=websocket", "=polling", 1) + asks + version + "\r\n", strings.Replace(shake, "=websocket", "=websocket&sid=x", 1) + asks + version + "\r\n",
	strings.Replace(shake, "EIO=4&transport=websocket", "%s", 1) + asks + version + "\r\n|" + aPost,
	aPost + pollLine + "Host: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
}

// leftStreams stop in the middle, and are cut after so many seconds.
var leftStreams = []struct {
	stream  string
	seconds int
}{
	{"P", 5}, {aPost[:40], 5}, {aPost + "P", 5}, {aPost + "POST /x", 5}, {nowhere + "P", 5}, {nowhere + nowhere[:20], 5}, {aPost + postLine, 5},
	{aPost + "||P", 7}, {"|P|O|S|T|", 5}, {aPost + "|P|O|S|T|", 6}, {aPost + "\r\nP", 5}, {aPost + "\r\n", 120}, {aPost + "|\r\n|", 121},
	{aPost + "|\r|\n|\r|\n|P", 10}, {aPoll + postLine, 30}, // the ping ends the poll after 25 s
	{postLine + "Host: a\r\nContent-Length: 3\r\n\r\n", 5}, {postLine + "Host: a\r\nContent-Length: 3\r\n\r\n4h", 5},
	{postLine + "Host: a\r\nContent-Length: 3000\r\n\r\n4h", 5},
}

// Who stops in the middle of a head has the time for a head, wherever that begins.
func TestLaneCutsWhatIsLeft(t *testing.T) {
	for _, left := range leftStreams {
		bubbleBehind(t, startLane, nil, echo, func(t *testing.T, s *site) {
			got := s.exchange(left.stream)
			if want := fmt.Sprintf(" %d s <nil>", left.seconds); !strings.HasSuffix(got, want) {
				t.Errorf("%.200q: got\n%s\nwant %s", left.stream, got, want)
			}
		})
	}
}

var secret = regexp.MustCompile(`"sid":"[^"]*"|Date: [^\r]*`)

// However a client writes, what it reads is what net/http answers, and the connection ends when it ends there.
func TestLaneReadsAsNetHTTP(t *testing.T) {
	for i, stream := range rawStreams {
		var want string
		for _, start := range []starter{startTimed, startLane} {
			var got string
			bubbleBehind(t, start, nil, echo, func(t *testing.T, s *site) { got = s.exchange(stream) })
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%d %.200q: got\n%s\nwant\n%s", i, stream, got, want)
			}
		}
	}
}

// exchange writes a stream, and returns what comes back, and after how many seconds the connection ends.
func (s *site) exchange(stream string) string {
	s.t.Helper()
	q, _ := s.openPolling()
	if n := strings.Count(stream, "%s"); n > 0 {
		args := make([]any, n)
		for i := range args {
			args[i] = q
		}
		stream = fmt.Sprintf(stream, args...)
	}
	nc, err := s.dial(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	begun := time.Now()
	written := make(chan struct{})
	go func() {
		defer close(written)
		for piece := range strings.SplitSeq(stream, "|") {
			io.WriteString(nc, piece)
			time.Sleep(time.Second)
		}
	}()
	nc.SetReadDeadline(begun.Add(200 * time.Second))
	out, err := io.ReadAll(nc)
	took := time.Since(begun)
	nc.Close()
	<-written
	synctest.Wait()
	parts := strings.Split(secret.ReplaceAllString(string(out), "…"), "\r\n\r\n")
	for i, head := range parts {
		lines := strings.Split(head, "\r\n")
		slices.Sort(lines)
		parts[i] = strings.Join(lines, "\r\n")
		// A session that ends at the first frame may do so before its open packet has left.
		if open, end, found := strings.Cut(parts[i], "}\x88"); found && strings.HasPrefix(open, "\x81") {
			parts[i] = "\x88" + end
		}
	}
	return fmt.Sprintf("%q %d s %v", parts, int(took.Seconds()), err)
}
