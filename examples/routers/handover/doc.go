// Package handover puts an [http.Handler] on a server of fasthttp, and so under frameworks that stand on it, such as
// fiber.
//
// fasthttp is another HTTP stack: it knows no [http.Request], and what it offers to convert one keeps a poll from noticing
// that its client has gone, and loses what a client sent right behind a WebSocket handshake. So nothing is converted here.
// The first request of a connection that is for the handler hands the whole connection over to a real [http.Server],
// with the bytes that fasthttp has read put in front of it. A request for the application that comes on that connection
// later is handed back the same way, and is the last of its connection.
//
// It knows bytes and connections. It refuses to know what the handler does with them.
package handover
