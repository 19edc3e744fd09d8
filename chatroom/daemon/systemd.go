package daemon

import (
	"fmt"
	"net"
	"time"
)

// notifyTimeout bounds how long systemd may take to read one datagram.
const notifyTimeout = 2 * time.Second

// notify sends one state to systemd, see sd_notify(3). An address that begins with "@" names a socket in the abstract
// namespace, which package net takes the same way.
func (s *Supervisor) notify(state string) error {
	if s.systemd == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.systemd, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(notifyTimeout))
	if _, err := conn.Write([]byte(state)); err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	return nil
}
