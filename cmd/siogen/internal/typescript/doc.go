// Package typescript writes contracts as TypeScript: for each namespace the two interfaces that the types of socket.io-client
// take, Socket<ServerToClientEvents, ClientToServerEvents>, and the types of what the events carry.
//
// It turns data into text. It refuses to know Go, and where the text goes.
package typescript
