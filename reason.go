package socketio

import "github.com/socketio-go/socketio/engineio"

// DisconnectReason says why a socket was disconnected, in the words of the reference implementation.
type DisconnectReason string

const (
	TransportError            = DisconnectReason(engineio.TransportError) // the connection broke, or the peer did not read
	TransportClose            = DisconnectReason(engineio.TransportClose) // the peer closed the connection
	ForcedClose               = DisconnectReason(engineio.ForcedClose)    // Conn().Close was called
	PingTimeout               = DisconnectReason(engineio.PingTimeout)    // the peer did not answer a ping
	ParseError                = DisconnectReason(engineio.ParseError)     // the peer sent what is not a packet
	ServerShutdown            = DisconnectReason(engineio.ServerShutdown) // [Server.Shutdown] was called
	ForcedServerClose         = DisconnectReason("forced server close")   // the peer broke the order of packets, joined nothing in time, or sent too much
	ClientNamespaceDisconnect = DisconnectReason("client namespace disconnect")
	ServerNamespaceDisconnect = DisconnectReason("server namespace disconnect")
)
