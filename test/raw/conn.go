package raw

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Patience bounds every read and write of this package. It is no expectation about speed: it only turns a server that
// hangs into a failed test.
const Patience = 30 * time.Second

// Conn is one TCP connection to the server under test. Reading and writing may run in two goroutines.
type Conn struct {
	TCP *net.TCPConn
	In  *bufio.Reader
}

// Dial connects to addr ("127.0.0.1:port").
func Dial(addr string) (*Conn, error) {
	c, err := net.DialTimeout("tcp", addr, Patience)
	if err != nil {
		return nil, err
	}
	return &Conn{TCP: c.(*net.TCPConn), In: bufio.NewReaderSize(c, 1024)}, nil
}

// Send writes b as it is.
func (c *Conn) Send(b []byte) error {
	c.TCP.SetWriteDeadline(time.Now().Add(Patience))
	_, err := c.TCP.Write(b)
	return err
}

// Close ends the connection with a FIN.
func (c *Conn) Close() error { return c.TCP.Close() }

// Reset ends the connection with a RST, as a peer does that dies or does not care.
func (c *Conn) Reset() error {
	c.TCP.SetLinger(0)
	return c.TCP.Close()
}

// Response is an HTTP response, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// Closes says that the server announced or needs the end of the connection after this response.
	Closes bool
}

// Response reads one HTTP response. Responses to HEAD requests are not supported.
func (c *Conn) Response() (*Response, error) {
	c.TCP.SetReadDeadline(time.Now().Add(Patience))
	r, err := http.ReadResponse(c.In, nil)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read the body of a %d: %w", r.StatusCode, err)
	}
	return &Response{r.StatusCode, r.Header, body, r.Close}, nil
}

// Drain reads until the server ends the connection, by FIN or RST, and gives what came. An error means that it did not
// end it.
func (c *Conn) Drain() ([]byte, error) {
	c.TCP.SetReadDeadline(time.Now().Add(Patience))
	var all bytes.Buffer
	_, err := all.ReadFrom(c.In)
	if err != nil && errors.Is(err, errTimeout) {
		return all.Bytes(), fmt.Errorf("the connection is still open after %v", Patience)
	}
	return all.Bytes(), nil
}

// Exchange dials addr, sends request, reads one response and closes.
func Exchange(addr string, request []byte) (*Response, error) {
	c, err := Dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	// A server may answer and close before it has read everything: what counts is the answer.
	sent := c.Send(request)
	r, err := c.Response()
	if err != nil {
		return nil, errors.Join(err, sent)
	}
	return r, nil
}
