// Package proxy runs a server behind a real nginx, configured as docs/nginx.conf has it, and has clients come through.
//
// It knows nginx and the wire. It refuses to know how a server keeps what it promises. Without nginx its tests are
// skipped; `make test` installs it.
package proxy
