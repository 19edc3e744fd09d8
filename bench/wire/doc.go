// Package wire writes and reads what a Socket.IO client puts on a connection, as bytes: masked WebSocket frames (RFC 6455,
// section 5.2) and HTTP responses.
//
// It does no input or output and keeps nothing: what it reads points into the bytes it was given. It knows no more of the
// protocols than a load generator meets, and says so with an error where it stops. No library of this project takes part.
package wire
