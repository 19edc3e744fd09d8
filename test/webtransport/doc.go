// Package webtransport is nothing but tests: the server's WebTransport transport over real QUIC, against clients that
// keep the protocol, clients that break it, and a browser.
//
// It knows how to speak WebTransport, HTTP/3 and QUIC with the hands of a client. It refuses to know how the server does
// it: everything is observed from outside, or through the handler of a session.
package webtransport
