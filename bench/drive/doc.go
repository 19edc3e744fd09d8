//go:build linux

// Package drive keeps thousands of connections to one server on a single thread: one epoll set, one read for what a
// connection has, one write for what is to leave on it. Nothing is allocated for a message, so that one core of load
// saturates one core of any server.
//
// It makes WebSocket connections that have joined the default namespace, and plain HTTP connections for long-polling; it
// answers pings; all else is told to a [Load]. It refuses to know what a load sends and what is right.
//
// Linux from 5.11 on.
package drive
