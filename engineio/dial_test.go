package engineio_test

import (
	"context"
	"net"
	"syscall"
)

// dialSmall dials with a small receive buffer, which must be set before the connection is made.
func dialSmall(address string) func(context.Context) (net.Conn, error) {
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) (err error) {
		cerr := c.Control(func(fd uintptr) { err = setReceiveBuffer(fd, 4<<10) })
		if cerr != nil {
			return cerr
		}
		return err
	}}
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", address) }
}
