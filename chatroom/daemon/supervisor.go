package daemon

import (
	"errors"
	"os"
)

// Supervisor is whoever waits to hear from this process. The zero value is nobody.
type Supervisor struct {
	systemd string // address of systemd's socket
	node    *os.File
}

// FromEnv finds the supervisors that the environment names: NOTIFY_SOCKET is systemd's, NODE_CHANNEL_FD that of pm2. It
// takes the variables out of the environment, so that child processes don't speak for this one. Call it once.
func FromEnv() (*Supervisor, error) {
	s := &Supervisor{systemd: os.Getenv("NOTIFY_SOCKET")}
	os.Unsetenv("NOTIFY_SOCKET")
	channel := os.Getenv("NODE_CHANNEL_FD")
	os.Unsetenv("NODE_CHANNEL_FD")
	if channel == "" {
		return s, nil
	}
	var err error
	s.node, err = openChannel(channel)
	return s, err
}

// Ready tells that the process is ready to serve. Tell it once, when the listener is up.
func (s *Supervisor) Ready() error {
	return errors.Join(s.notify("READY=1"), s.send("ready"))
}

// Stopping tells that the process is about to end.
func (s *Supervisor) Stopping() error { return s.notify("STOPPING=1") }

// Close gives the channel back. What was told stays told.
func (s *Supervisor) Close() error {
	if s.node == nil {
		return nil
	}
	return s.node.Close()
}
