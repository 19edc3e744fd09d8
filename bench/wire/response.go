package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// ErrResponse is an HTTP response that no load expects.
var ErrResponse = errors.New("an unexpected HTTP response")

// Response reads the first HTTP response of b. The size is how many bytes of b it takes, 0 when it is not complete. The
// body points into b, or into scratch where it came in several chunks.
func Response(b, scratch []byte) (status int, body []byte, size int, err error) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, nil, 0, nil
	}
	head, rest := b[:end+2], b[end+4:]
	if status, err = statusOf(head); err != nil {
		return 0, nil, 0, err
	}
	if status == 101 {
		return status, nil, end + 4, nil
	}
	if length, found := header(head, "content-length"); found {
		n, err := strconv.Atoi(string(length))
		if err != nil || n < 0 || n > maxFrame {
			return 0, nil, 0, fmt.Errorf("%w: length %q", ErrResponse, length)
		}
		if len(rest) < n {
			return 0, nil, 0, nil
		}
		return status, rest[:n:n], end + 4 + n, nil
	}
	if coding, _ := header(head, "transfer-encoding"); !bytes.EqualFold(coding, []byte("chunked")) {
		return 0, nil, 0, fmt.Errorf("%w: no length: %q", ErrResponse, head)
	}
	body, n, err := chunks(rest, scratch)
	if n == 0 || err != nil {
		return 0, nil, 0, err
	}
	return status, body, end + 4 + n, nil
}

func statusOf(head []byte) (int, error) {
	rest, ok := bytes.CutPrefix(head, []byte("HTTP/1.1 "))
	if !ok || len(rest) < 3 {
		return 0, fmt.Errorf("%w: %.80q", ErrResponse, head)
	}
	status, err := strconv.Atoi(string(rest[:3]))
	if err != nil {
		return 0, fmt.Errorf("%w: %.80q", ErrResponse, head)
	}
	return status, nil
}

// header is the value of a field, whose name is given in lower case.
func header(head []byte, name string) (value []byte, found bool) {
	for len(head) > 0 {
		line, rest, _ := bytes.Cut(head, []byte("\r\n"))
		head = rest
		if len(line) > len(name) && line[len(name)] == ':' && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return bytes.TrimSpace(line[len(name)+1:]), true
		}
	}
	return nil, false
}

// chunks reads a chunked body; n is 0 when it is not complete.
func chunks(b, scratch []byte) (body []byte, n int, err error) {
	body = scratch[:0]
	for {
		line, rest, found := bytes.Cut(b[n:], []byte("\r\n"))
		if !found {
			return nil, 0, nil
		}
		size, err := strconv.ParseUint(string(line), 16, 32)
		if err != nil || size > maxFrame {
			return nil, 0, fmt.Errorf("%w: chunk %q", ErrResponse, line)
		}
		if len(rest) < int(size)+2 {
			return nil, 0, nil
		}
		body = append(body, rest[:size]...)
		n += len(line) + 2 + int(size) + 2
		if size == 0 {
			return body, n, nil
		}
	}
}
