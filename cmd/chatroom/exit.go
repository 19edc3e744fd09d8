package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"
)

// Exit codes. 69 and 78 are those of sysexits.h; a supervisor should not try again after 78.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitPermission  = 7
	exitInUse       = 69
	exitConfig      = 78
	exitInterrupted = 130
)

// exitError is an error that decides the exit code.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func exit(code int, format string, args ...any) error {
	return &exitError{code, fmt.Errorf(format, args...)}
}

// listenError says in plain words why nothing can listen on an address, and what to do.
func listenError(address string, err error) error {
	switch _, port, _ := net.SplitHostPort(address); {
	case errors.Is(err, syscall.EADDRINUSE):
		return exit(exitInUse, "port %s is in use: another program, or another chatroom, listens on %s. Stop it, or choose another port with --listen :PORT", port, address)
	case errors.Is(err, fs.ErrPermission):
		return exit(exitPermission, "no permission to listen on %s: ports below 1024 need a privilege. Choose a higher one with --listen :PORT", address)
	default:
		return exit(exitConfig, "listen on %q: %w", address, err)
	}
}
