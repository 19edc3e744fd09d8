// Package adapter is the door between one node and the others: what is broadcast in a namespace here must reach the
// sockets of that namespace there.
//
// It knows the shape of what travels ([Message]) and who takes part ([Node], [Adapter]), and what one node can ask of the others ([Requester]). It refuses to know who is in a
// room: each node finds its own receivers. An adapter for a broker lives in a folder of its own; [Memory] is for a
// server that is alone.
package adapter
